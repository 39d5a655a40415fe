"""Files that hold several tables, one under the other, as Google Analytics writes an overview page.

All tables below one set of headings are read; the lines of the others are ignored, and counted.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from goulot.errors import ExportError

# Google Analytics puts the dates above each table of an overview page.
DATES = re.compile(r"^#\s*(?:start date|date de début)\b", re.IGNORECASE | re.MULTILINE)


class Aside(Enum):
    """A line of a stacked file that is no row of the tables that are read."""

    TITLE = "preamble"
    OTHER = "another table"


Row = list[str] | str | Aside  # cells; or why there are none; or what the line is instead


def count_tables(text: str) -> int:
    """How many tables ``text``, the head of a file, has, as far as marks above them tell."""
    return max(len(DATES.findall(text)), 1)


def heading_lines(lines: Sequence[str]) -> list[int]:
    """Where the headings of the tables stand: below lines that begin with #."""
    waits, places = False, []
    for place, line in enumerate(lines):
        if line.startswith("#"):
            waits = True
        elif waits and line.strip(' ,;\t"'):
            places.append(place)
            waits = False
    return places


def tables_below(rows: Iterator[list[str] | str], headings: Sequence[str]) -> Iterator[Row]:
    """The rows of every table with these headings; what the other lines are in their place."""
    waits = inside = False
    for cells in rows:
        is_blank = not isinstance(cells, str) and not any(map(str.strip, cells))
        if not is_blank and cells[0].startswith("#"):
            waits, inside = True, False
            yield Aside.TITLE
        elif waits and not is_blank:
            waits, inside = False, [cell.strip() for cell in cells] == list(headings)
            yield Aside.TITLE if inside else Aside.OTHER
        else:
            yield cells if inside or is_blank else Aside.OTHER


def none_of_use(name: str, tables: int) -> ExportError:
    """The error for a file of several tables, none of which is a table of any format."""
    return ExportError(
        f"{name}: {tables} tables stand in this file, one under the other, as Google Analytics "
        "writes an overview page. Nothing was loaded from it: none of them says what came through "
        "which channel on which day. Open Reports › Acquisition › Traffic acquisition, press + "
        "beside the dimension, choose Time › Date, download that, and take this file out of "
        "exports/."
    )
