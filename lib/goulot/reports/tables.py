"""Data frames as tables of the page: numbers, money, days and headings in the report's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

from goulot.fields import FIELDS
from goulot.language import NOT_KNOWN, Language, decimals
from goulot.words import CODED_COLUMNS, COLUMNS, column_label

MOST_ROWS = 50  # that a page shows of a table
FORMAT_COLUMNS = frozenset({"title", "recognised_as"})  # kinds of export, by our name for them
_NUMERIC = {"integer", "number", "money", "share"}
_CELLS = {"td", "th"}
_COUNTS = ("rows", "loaded", "duplicates", "ignored", "quarantined")
_LEDGER = {
    "file": "text",
    "recognised_as": "text",
    **dict.fromkeys(_COUNTS, "integer"),
    "amount": "money",
    "first_day": "date",
    "last_day": "date",
}


@dataclass(frozen=True)
class Column:
    """A heading, its unit (empty: none worth saying) and whether numbers stand under it."""

    label: str
    unit: str = ""
    is_numeric: bool = False


@dataclass(frozen=True)
class View:
    """A table ready to be written: texts only. ``left_out`` counts the rows not shown."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    left_out: int = 0


def view(
    table: Mapping[str, Any], language: Language, labels: Mapping[str, str] | None = None
) -> View:
    """A typed table (see ``charts.frames``) as the reader sees it.

    ``labels``: column → heading, where whoever made the table has said it, unit and all.
    """
    names = [column["name"] for column in table["columns"]]
    shown = table["rows"][:MOST_ROWS]
    kinds = [kind_of(column["name"], column["kind"]) for column in table["columns"]]
    cells = [
        _texts([row[n] for row in shown], name, kind, language)
        for n, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]
    return View(
        columns=[
            Column(labels[name], "", kind in _NUMERIC)
            if labels
            else Column(heading(name, language), unit_of(name, language), kind in _NUMERIC)
            for name, kind in zip(names, kinds, strict=True)
        ],
        rows=list(zip(*cells, strict=True)),
        left_out=table["count"] - len(shown),
    )


def ledger_table(rows: Sequence[Mapping[str, Any]], language: Language) -> dict[str, Any]:
    """What became of the rows and of the money of each file, as a typed table."""
    shown = [
        row
        | {
            "recognised_as": language.translated(row["title"]),
            "first_day": row["first_day"] or None,
            "last_day": row["last_day"] or None,
            "amount": float(row["amount"]) if row["measure"] else None,
        }
        for row in map(dict, rows)
    ]
    columns = [{"name": name, "kind": kind} for name, kind in _LEDGER.items()]
    cells = [[row[name] for name in _LEDGER] for row in shown]
    return {"columns": columns, "rows": cells, "count": len(cells)}


def heading(name: str, language: Language) -> str:
    """A column's name as a heading; one without a label was said by who made the table."""
    is_code = name.isidentifier() and name == name.casefold()
    is_ours = name in COLUMNS or "_" in name
    label = column_label(name) if is_code else name
    said = language.say(label) if is_code and is_ours else language.translated(label)
    return said[:1].upper() + said[1:]


def coded(text: str, column: str, language: Language) -> str:
    """A cell's text: as a reader would call it where the column holds codes of ours."""
    if column in FORMAT_COLUMNS:
        return language.translated(text)
    return language.word(text) if column in CODED_COLUMNS else text


def kind_of(name: str, kind: str) -> str:
    """The column dictionary knows better than the frame; else the name's suffix."""
    if kind not in ("integer", "number"):
        return kind
    field = FIELDS.get(name)
    if field and field.kind == "money":
        return "money"
    if name.endswith("_share") or (field and field.unit and field.unit.startswith("share")):
        return "share"
    return kind


def unit_of(name: str, language: Language) -> str:
    unit = FIELDS[name].unit if name in FIELDS else None
    if unit in (None, "currency", "times") or unit.startswith("share") or unit in name:
        return ""
    return language.unit(unit)


def _texts(values: list[Any], name: str, kind: str, language: Language) -> list[str]:
    """One column's cells; its numbers share their decimals, so that they line up."""
    largest = max((abs(v) for v in values if isinstance(v, (int, float))), default=0)
    digits = min(decimals(largest), 2) if kind == "number" else 0
    if any(isinstance(v, float) and v != int(v) for v in values) and largest < 10:
        digits = 2
    cents = 2 if 0 < largest < 100 else 0

    def text(value: Any) -> str:
        if value is None:
            return NOT_KNOWN
        match kind:
            case "money":
                return language.money(value, cents)
            case "share":
                return language.percent(value)
            case "number" | "integer":
                return language.number(value, digits)
            case "date":
                return language.short_day(date.fromisoformat(value[:10]))
            case "timestamp":
                return language.time(datetime.fromisoformat(value))
            case "boolean":
                return language.say("yes") if value else language.say("no")
            case _:
                return coded(str(value), name, language)

    return [text(value) for value in values]


class _Cells(HTMLParser):
    """The texts of a table's cells, row by row, whatever else the HTML holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        self.in_cell = tag in _CELLS or (self.in_cell and tag not in ("style", "script"))
        if tag in _CELLS and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.in_cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def view_of_html(html: str) -> View | None:
    """The table in a notebook's HTML output, as text; None where there is none."""
    parser = _Cells()
    parser.feed(html)
    head, *rows = [row for row in parser.rows if row] or [[]]
    if not head or not rows:
        return None
    width = len(head)
    fitted = [(row + [""] * width)[:width] for row in rows]
    return View([Column(label) for label in head], fitted[:MOST_ROWS], len(rows[MOST_ROWS:]))
