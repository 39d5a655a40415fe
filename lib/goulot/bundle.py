"""The one script that draws every chart of a page, without a network."""

import os
import re
import tempfile
from pathlib import Path

from markupsafe import Markup


def drawing_script() -> Markup:
    """Vega, Vega-Lite and Vega-Embed in one script, made once per version (seconds) and kept."""
    import vl_convert

    vega_lite = vl_convert.get_vegalite_versions()[-1]
    kept = cache_folder() / f"vega-{vl_convert.__version__}-{vega_lite}.js"
    try:
        script = kept.read_text(encoding="utf-8")
    except OSError:
        script = for_script_element(vl_convert.javascript_bundle(vl_version=vega_lite))
        _keep(kept, script)
    return Markup(script)  # code, not text


def for_script_element(script: str) -> str:
    """The same program, without a text that would end its script element."""
    return re.sub(r"</(script)", r"<\\/\1", script, flags=re.IGNORECASE)


def cache_folder() -> Path:
    """Where what can be made again is kept, outside of any client's folder."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return Path(given or Path.home() / ".cache") / "goulot"


def _keep(path: Path, text: str) -> None:
    """Write beside, then rename; a folder that cannot be written only costs the time again."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=".", delete=False
        ) as beside:
            beside.write(text)
        os.replace(beside.name, path)
    except OSError:
        return
