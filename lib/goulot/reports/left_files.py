"""The files that notebooks leave for whoever acts, as they go beside the page."""

import re
from collections.abc import Sequence

from goulot.errors import NotebookError
from goulot.findings import FILE
from goulot.reports.run import Executed

FOLDER = "actions"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


def left_files(executed: Sequence[Executed]) -> dict[str, bytes]:
    """``actions/<name>`` → content, sorted by name.

    Raises
    ------
    NotebookError
        A name that is no plain file name, or one that two notebooks use.
    """
    found: dict[str, bytes] = {}
    for ran in executed:
        for cell in ran.notebook.cells:
            for output in cell.get("outputs", []):
                if FILE in output.get("data", {}):
                    left = output["data"][FILE]
                    _refuse_odd(left["name"], ran.name, found)
                    found[f"{FOLDER}/{left['name']}"] = left["text"].encode("utf-8")
    return dict(sorted(found.items()))


def _refuse_odd(name: str, notebook: str, found: dict[str, bytes]) -> None:
    if not _NAME.fullmatch(name):
        raise NotebookError(
            f"Notebook {notebook} leaves a file {name!r}: write a plain name of letters, digits, "
            "dots, hyphens and underscores, as in order_dates.ics."
        )
    if f"{FOLDER}/{name}" in found:
        raise NotebookError(
            f"Notebook {notebook} leaves {name} a second time: a name is one file. Rename it."
        )
