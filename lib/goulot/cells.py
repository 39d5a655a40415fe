"""Text for a cell of a spreadsheet: what would run as a formula becomes text."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_MARKS = "=+-@\t\r"


def defused(value: object) -> object:
    """``value``, with an apostrophe before a text that a spreadsheet would take for a formula.

    Numbers, negative ones too, stay numbers (OWASP, CSV injection).

    >>> defused("=1+1"), defused("-12.50"), defused(-3)
    ("'=1+1", '-12.50', -3)
    """
    text = str(value)
    if not text or text[0] not in _FORMULA_MARKS:
        return value
    is_number = text.lstrip("+-").replace(".", "", 1).isdigit()
    return value if is_number else f"'{text}"


def as_written(text: str) -> str:
    """The text before it was defused.

    >>> as_written("'=1+1"), as_written("'twas")
    ('=1+1', "'twas")
    """
    return text[1:] if text[:1] == "'" and text[1:2] and text[1] in _FORMULA_MARKS else text


def csv_text(
    headings: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ","
) -> str:
    r"""A CSV that opens as text: every cell defused, marked as UTF-8, lines as spreadsheets want.

    >>> csv_text(["a", "b"], [["=1", "x, y"]]).splitlines()
    ['\ufeffa,b', '\'=1,"x, y"']
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in line] for line in (headings, *rows))
    return "\ufeff" + file.getvalue()
