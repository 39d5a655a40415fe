"""tables.xlsx: one sheet per table, with native numbers, units in the head and frozen panes."""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from goulot.language import Language
from goulot.reports.sheets import Sheet

LONGEST_NAME = 31  # characters of a sheet's name that Excel takes
LONGEST_CELL = 32_767  # characters of a cell
WIDEST = 60  # characters of a column
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_HEAD_ROWS = 1


def workbook(sheets: Sequence[Sheet], made_for: date, language: Language) -> bytes:
    """The workbook's bytes, the same for the same sheets; ``made_for`` is the day written in it."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(made_for.year, made_for.month, made_for.day)})
        formats = _formats(book, language)
        names: list[str] = []
        for sheet in sheets:
            names.append(_name(sheet.title, names))
            _write(book.add_worksheet(names[-1]), sheet, formats)
    return out.getvalue()


def _name(title: str, taken: Sequence[str]) -> str:
    """A name that Excel takes, unlike the others however it is cased."""
    plain = " ".join(_FORBIDDEN.sub(" ", title).split()) or "–"
    known = {name.casefold() for name in taken}
    name, number = plain[:LONGEST_NAME].strip(), 1
    while name.casefold() in known:
        number += 1
        end = f" {number}"
        name = plain[: LONGEST_NAME - len(end)].strip() + end
    return name


def _formats(book: Any, language: Language) -> dict[str, Any]:
    """Cell formats by kind of column; Excel shows them as its own language does."""
    symbol = language.vega_locale()["number"]["currency"]
    before, after = (f'"{part}"' if part else "" for part in symbol)
    plain = {
        "text": {"text_wrap": True},
        "integer": {"num_format": "#,##0"},
        "number": {"num_format": "#,##0.00"},
        "money": {"num_format": f"{before}#,##0.00{after}"},
        "share": {"num_format": "0.0%"},
        "date": {"num_format": 14},
        "timestamp": {"num_format": 22},
        "boolean": {},
    }
    made = {kind: book.add_format({"valign": "top", **fmt}) for kind, fmt in plain.items()}
    head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    made["head"] = book.add_format(head)
    made["head right"] = book.add_format(head | {"align": "right"})
    return made


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for place, head in enumerate(sheet.heads):
        label = f"{head.label} ({head.unit})" if head.unit else head.label
        is_text = head.kind in ("text", "boolean")
        page.write_string(0, place, label, formats["head" if is_text else "head right"])
        longest = max((len(_shown(row[place])) for row in sheet.rows), default=0)
        page.set_column(place, place, min(WIDEST, max(longest, len(label), 8) + 2))
        for number, row in enumerate(sheet.rows, start=_HEAD_ROWS):
            _write_cell(page, number, place, row[place], head.kind, formats)
    page.freeze_panes(_HEAD_ROWS, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _shown(value: Any) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str("" if value is None else value)


def _write_cell(
    page: Any, row: int, column: int, value: Any, kind: str, formats: dict[str, Any]
) -> None:
    """Text is written as text, whatever it looks like."""
    style = formats.get(kind, formats["text"])
    if value is None:
        page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value, style)
    elif kind in ("date", "timestamp"):
        page.write_datetime(row, column, datetime.fromisoformat(value), style)
    else:
        page.write_string(row, column, str(value)[:LONGEST_CELL], formats["text"])
