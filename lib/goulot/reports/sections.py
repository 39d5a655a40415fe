"""A notebook as its reader meets it: question, answer, evidence, what to do, what it rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import nbformat
from markupsafe import Markup

from goulot.charts.frames import TABLE
from goulot.charts.theme import VEGALITE_MIME
from goulot.language import Language
from goulot.reports import answers, panels
from goulot.reports.answers import Action, Answer, Gap
from goulot.reports.collect import Collected
from goulot.reports.drawing import drawing
from goulot.reports.markdown import Markdown, split_title
from goulot.reports.run import Executed
from goulot.reports.tables import view, view_of_html
from goulot.widgets.grid import PANEL

INTAKE = "00_intake"
INTAKE_ID = INTAKE.replace("_", "-")
RESTS_ON = {
    "observed": ("{count} figure observed", "{count} figures observed"),
    "declared": ("{count} figure declared", "{count} figures declared"),
    "assumed": ("{count} figure assumed", "{count} figures assumed"),
}


@dataclass(frozen=True)
class Prose:
    """Markdown, and the HTML it makes."""

    text: str
    html: Markup


@dataclass(frozen=True)
class Block:
    """A piece of evidence: ``kind`` says which part of a template writes ``content``."""

    kind: str
    content: Any


@dataclass
class Section:
    """A notebook of the report. ``answer`` is what it said first; ``number`` is its step's.

    ``rests_on`` says by basis how many of its figures have it.
    """

    id: str
    number: str
    title: str
    answer: Prose | None = None
    blocks: list[Block] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rests_on: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


def section(ran: Executed, collected: Collected, language: Language, accent: str) -> Section:
    """Its Markdown, charts, panels and tables in order; no code, no logs.

    A text under which no cell has anything to show is left out: it asks what this client's data, or
    kind of company, do not ask.
    """
    made = Section(id=ran.name.replace("_", "-"), number=ran.name[:2].lstrip("0"), title="")
    markdown = Markdown(made.id)
    for text, cells in _parts(ran.notebook, language):
        is_first, answered = not made.title, made.answer is not None
        if is_first:
            made.title, text = split_title(text)
        prose = _prose(text, markdown)
        told = (b for cell in cells for b in _outputs(cell, made, markdown, language, accent))
        shown = [block for block in told if block.kind != "markdown" or block.content.text]
        if is_first or shown or not cells or answered != (made.answer is not None):
            made.blocks += [prose, *shown] if text.strip() else shown
    made.title = made.title or ran.name
    found = collected.findings_of(ran.name)
    made.answers = answers.answers(found, language)
    made.rests_on = _rests_on(found, language)
    made.actions = answers.actions(collected.acts.get(ran.name, []), language)
    if ran.name != INTAKE:  # it says itself what is missing
        made.gaps = answers.gaps(collected.gaps.get(ran.name, []), language)
    return made


def _parts(
    notebook: nbformat.NotebookNode, language: Language
) -> Iterator[tuple[str, list[nbformat.NotebookNode]]]:
    """Each text of a notebook, in the reader's language, with the code cells that follow it."""
    text, cells = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if text or cells:
                yield text, cells
            text, cells = language.say(cell.source), []
        elif cell.cell_type == "code":
            cells.append(cell)
    yield text, cells


def _tables(
    table: Mapping[str, Any], made: Section, markdown: Markdown, language: Language
) -> Iterator[Block]:
    """A table with rows; the row ledger of the intake has a place of its own in the report."""
    columns = {column["name"] for column in table["columns"]}
    if made.id == INTAKE_ID and "quarantined" in columns:
        yield _prose(language.say("File by file, it stands at the end of the report."), markdown)
    elif table["rows"]:
        yield Block("table", view(table, language))


def _prose(text: str, markdown: Markdown) -> Block:
    return Block("markdown", Prose(text, markdown.html(text)))


def _rests_on(found: Mapping[str, Mapping[str, Any]], language: Language) -> dict[str, str]:
    bases = [figure["basis"] for figure in found.values() if figure["value"] is not None]
    return {
        basis: language.count(bases.count(basis), *messages)
        for basis, messages in RESTS_ON.items()
        if basis in bases
    }


def _outputs(
    cell: nbformat.NotebookNode, made: Section, markdown: Markdown, language: Language, accent: str
) -> Iterator[Block]:
    for number, output in enumerate(cell.get("outputs", []), start=1):
        data = output.get("data", {})
        address = f"{made.id}-{cell.id}-{number}"
        if PANEL in data:
            yield Block("panel", panels.figure(data[PANEL], address, language, accent))
        elif VEGALITE_MIME in data:
            yield Block("chart", drawing(data[VEGALITE_MIME], address, language, accent))
        elif TABLE in data:
            yield from _tables(data[TABLE], made, markdown, language)
        elif "text/markdown" in data:
            said = _prose(data["text/markdown"], markdown)
            if made.answer is None:
                made.answer = said.content
            else:
                yield said
        elif "text/html" in data and (table := view_of_html(data["text/html"])):
            yield Block("table", table)
        elif "image/png" in data:
            yield Block("image", {"png": data["image/png"], "text": data.get("text/plain", "")})
