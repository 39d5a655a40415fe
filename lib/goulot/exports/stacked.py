"""Files that hold several tables, one under the other: none of them is the file's."""

import re

from goulot.errors import ExportError

# Google Analytics puts the dates above each table of an overview page.
HEADING = re.compile(r"^#\s*(?:start date|date de début)\b", re.IGNORECASE | re.MULTILINE)


def refuse_stacked(name: str, text: str) -> None:
    """Raise ExportError where ``text``, the head of a file, has more than one table."""
    tables = len(HEADING.findall(text))
    if tables > 1:
        raise ExportError(
            f"{name}: {tables} tables stand in this file, one under the other, as Google Analytics "
            "writes an overview page. Nothing was loaded from it: they are totals of the whole "
            "period. Open Reports › Acquisition › Traffic acquisition, press + beside the "
            "dimension, choose Time › Date, download that, and take this file out of exports/."
        )
