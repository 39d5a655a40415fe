"""A folder for a new client: client.yml with every setting explained, exports and templates.

Templates are for what no platform exports. They stand beside exports/: an empty one is no data.
"""

import re
from importlib.resources import files
from pathlib import Path

from goulot.errors import UsageError

KINDS = ("ecommerce", "saas")


def make_client(home: Path, name: str, kind: str) -> Path:
    """Make ``data/<name>/`` and return it.

    ``templates/`` holds headings to fill where no platform has an export: they are recognised in
    ``exports/``.

    Raises
    ------
    UsageError
        The name cannot be a folder's, the kind is unknown, or the client is there already.
    """
    if kind not in KINDS:
        raise UsageError(f"--kind {kind!r} is unknown: write ecommerce or saas.")
    if not re.fullmatch(r"[\w][\w.-]*", name) or name == "examples":
        raise UsageError(
            f"{name!r} cannot name a client's folder: use letters, digits, - and _, as in "
            "atelier-brume. The company's full name goes into client.yml."
        )
    folder = home / "data" / name
    if folder.exists():
        raise UsageError(f"data/{name} is there already, and was left as it is.")
    (folder / "exports").mkdir(parents=True)
    (folder / "templates").mkdir()
    for sheet in (files("goulot") / "templates").iterdir():
        if sheet.name.endswith(".csv"):
            (folder / "templates" / sheet.name).write_bytes(sheet.read_bytes())
    template = (files("goulot") / "templates" / "client.yml").read_text(encoding="utf-8")
    title = name.replace("-", " ").replace("_", " ").title()
    text = template.replace("{name}", title).replace("{kind}", kind)
    (folder / "client.yml").write_text(text, encoding="utf-8")
    return folder
