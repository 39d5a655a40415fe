"""The report as one page: what was found first, then a section per notebook, then the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from markupsafe import Markup, escape

from goulot import __version__
from goulot.bundle import drawing_script
from goulot.charts.frames import TABLE
from goulot.charts.theme import VEGALITE_MIME
from goulot.language import Language
from goulot.quarter import Quarter
from goulot.reports import answers, panels
from goulot.reports.answers import Answer
from goulot.reports.collect import Collected
from goulot.reports.colors import readable, tint
from goulot.reports.drawing import drawing, json_for_script
from goulot.reports.markdown import Markdown, split_title
from goulot.reports.run import Executed
from goulot.reports.tables import ledger_view, view, view_of_html
from goulot.widgets.grid import PANEL

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Cover:
    """Who the report is about, for when, from which data, and by whom. ``logo`` is a data URI."""

    client: str
    quarter: Quarter
    as_of: date
    consultant: str = ""
    email: str = ""
    logo: str = ""
    accent: str = "#0b6e4f"
    build: str = ""


@dataclass(frozen=True)
class Block:
    """A piece of a section: ``kind`` says which part of the template writes ``content``."""

    kind: str
    content: Any


@dataclass
class Section:
    """A notebook of the report."""

    id: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def render(
    cover: Cover,
    executed: Sequence[Executed],
    collected: Collected,
    ledger: Sequence[dict[str, Any]],
    language: Language,
) -> str:
    """The page as HTML that needs nothing else."""
    accent = readable(cover.accent)
    sections = [section(ran, collected, language, accent) for ran in executed]
    return (
        environment(language)
        .get_template("report.html.j2")
        .render(
            cover=cover,
            accent=accent,
            wash=tint(accent, 0.06),
            line=tint(accent, 0.35),
            headline=answers.headline(collected, language),
            cards=answers.cards(collected, language),
            stages=answers.stage_rows(collected, language),
            actions=answers.actions_by_owner(collected, language),
            missing=collected.missing,
            sections=sections,
            ledger=ledger_view(ledger, language) if ledger else None,
            script=drawing_script(),
            locale=json_for_script(language.vega_locale()),
            version=__version__,
        )
    )


def environment(language: Language) -> jinja2.Environment:
    """Templates that escape every text, and speak ``language``."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {"say": language.say, "language": language, "asset": _asset}
    env.globals |= {"panel_style": panels.style(), "panel_script": panels.script()}
    env.filters["css_string"] = _css_string
    return env


def _asset(name: str) -> Markup:
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))  # our own file


def _css_string(text: str) -> Markup:
    """A text as a CSS string: whatever could end it is written by number."""
    safe = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return Markup(f'"{escape(safe)}"')


def section(ran: Executed, collected: Collected, language: Language, accent: str) -> Section:
    """A notebook as the reader sees it: its Markdown, charts and tables; no code, no logs."""
    made = Section(id=ran.name.replace("_", "-"), title="")
    markdown = Markdown(made.id)
    for cell in ran.notebook.cells:
        if cell.cell_type == "markdown":
            text = language.say(cell.source)
            if not made.title:
                made.title, text = split_title(text)
            made.blocks.append(Block("markdown", markdown.html(text)))
        elif cell.cell_type == "code":
            made.blocks += _outputs(cell, made, markdown, language, accent)
    made.title = made.title or ran.name
    made.answers = answers.answers(collected.findings_of(ran.name), language)
    return made


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
            yield Block("table", view(data[TABLE], language))
        elif "text/markdown" in data:
            yield Block("markdown", markdown.html(data["text/markdown"]))
        elif "text/html" in data and (table := view_of_html(data["text/html"])):
            yield Block("table", table)
        elif "image/png" in data:
            yield Block("image", {"png": data["image/png"], "text": data.get("text/plain", "")})
