"""The files that draw a panel on a page, in JupyterLab and in the report alike."""

from pathlib import Path


def read(name: str) -> str:
    """``panel.js``, ``panel.css`` or ``live.js``."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
