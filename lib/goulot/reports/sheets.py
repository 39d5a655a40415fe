"""The report's tables as sheets: one each, headings with units, numbers as numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goulot.charts.frames import TABLE
from goulot.language import Language
from goulot.reports.collect import Collected
from goulot.reports.glossary import glossary
from goulot.reports.markdown import last_heading, split_title
from goulot.reports.run import Executed
from goulot.reports.tables import coded, heading, kind_of, ledger_table, unit_of

# Key → heading and kind of the columns of the sheets that are no notebook's table.
_FINDING = {
    "name": ("Name", "text"),
    "label": ("Figure", "text"),
    "value": ("Value", "number"),
    "low": ("From", "number"),
    "high": ("To", "number"),
    "unit": ("Unit", "text"),
    "basis": ("Basis", "text"),
    "note": ("Note", "text"),
}
_ACTION = {
    "owner": ("Team", "text"),
    "action": ("Action", "text"),
    "effect": ("Predicted effect", "number"),
    "low": ("From", "number"),
    "high": ("To", "number"),
    "unit": ("Unit", "text"),
    "due": ("Due", "date"),
    "step": ("Step", "text"),
    "id": ("ID", "text"),
}
_GLOSSARY = {"word": ("Word", "text"), "meaning": ("Meaning", "text")}
HEADINGS = tuple(label for sheet in (_FINDING, _ACTION, _GLOSSARY) for label, _ in sheet.values())


@dataclass(frozen=True)
class Head:
    """A column of a sheet; ``unit`` is empty where none is worth saying."""

    label: str
    unit: str
    kind: str


@dataclass(frozen=True)
class Sheet:
    """A table of plain values, typed by its heads; days and times are ISO texts."""

    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Any]]


def sheets(
    executed: Iterable[Executed],
    collected: Collected,
    ledger: Sequence[Mapping[str, Any]],
    language: Language,
) -> list[Sheet]:
    """Findings, actions, every table of every notebook, the row ledger, the glossary."""
    made = [_findings(collected, language), actions_sheet(collected.recommendations, language)]
    made += [sheet for ran in executed for sheet in _tables(ran, language)]
    if ledger:
        made.append(
            _sheet(
                language.say("Every row accounted for"), ledger_table(ledger, language), language
            )
        )
    return [*made, _glossary(language)]


def _findings(collected: Collected, language: Language) -> Sheet:
    rows = [
        {
            **found,
            "name": name,
            "label": language.finding(name),
            "basis": language.word(found["basis"]),
            "unit": found["unit"],
            "note": language.say(found["note"]) if found.get("note") else "",
            "value": language.word(found["value"])
            if isinstance(found["value"], str)
            else found["value"],
        }
        for name, found in collected.findings.items()
    ]
    return _from_rows(language.say("Figures"), _FINDING, rows, language)


def actions_sheet(recommendations: Sequence[Mapping[str, Any]], language: Language) -> Sheet:
    """What to do, by team and predicted effect."""
    rows = [
        {
            **act,
            "action": language.translated(act["action"]),
            "owner": language.word(act["owner"]),
            "due": act["due"] or None,
        }
        for act in recommendations
    ]
    rows.sort(key=lambda row: (row["owner"], -abs(row["effect"] or 0), row["id"]))
    return _from_rows(language.say("What to do"), _ACTION, rows, language)


def _from_rows(
    title: str,
    columns: Mapping[str, tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
    language: Language,
) -> Sheet:
    heads = [Head(language.say(label), "", kind) for label, kind in columns.values()]
    return Sheet(title, heads, [[row.get(name) for name in columns] for row in rows])


def _tables(ran: Executed, language: Language) -> Iterable[Sheet]:
    """A sheet for each table of the notebook, called as the heading above it."""
    heading = ""
    for cell in ran.notebook.cells:
        if cell.cell_type == "markdown":
            text = language.say(cell.source)
            heading = last_heading(text) or split_title(text)[0] or heading
        for output in cell.get("outputs", []):
            if output.get("data", {}).get(TABLE, {}).get("rows"):
                yield _sheet(f"{ran.name[:2]} {heading}", output["data"][TABLE], language)


def _sheet(title: str, table: Mapping[str, Any], language: Language) -> Sheet:
    """A typed table (see ``charts.frames``) with its words in the report's language."""
    names = [column["name"] for column in table["columns"]]
    heads = [
        Head(
            heading(column["name"], language),
            unit_of(column["name"], language),
            kind_of(column["name"], column["kind"]),
        )
        for column in table["columns"]
    ]
    rows = [
        [
            coded(value, name, language) if isinstance(value, str) else value
            for value, name in zip(row, names, strict=True)
        ]
        for row in table["rows"]
    ]
    return Sheet(title, heads, rows)


def _glossary(language: Language) -> Sheet:
    rows = [{"word": term.word, "meaning": term.meaning} for term in glossary(language)]
    return _from_rows(language.say("Glossary"), _GLOSSARY, rows, language)
