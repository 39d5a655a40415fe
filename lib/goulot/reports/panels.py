"""A panel of a notebook as a figure of the page, whose knobs work without a kernel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from goulot.language import Language
from goulot.reports.drawing import Drawing, drawing, json_for_script
from goulot.widgets import grid, page


@dataclass(frozen=True)
class PanelFigure:
    """What the page shows until a knob is moved, and as JSON what it shows then.

    ``shown`` says where the knobs stand, for paper.
    """

    address: str
    title: str
    note: str
    shown: str
    readouts: list[tuple[str, str]]
    sentence: str
    drawings: list[Drawing]
    content: Markup


def figure(
    content: Mapping[str, Any], address: str, language: Language, accent: str
) -> PanelFigure:
    """The panel at its start; ``content`` is what ``widgets.grid.precomputed`` made."""
    readouts, sentence = grid.readouts_at_start(content)
    moved = {key: content[key] for key in ("name", "knobs", "words", "grid")}
    moved["charts"] = [{"names": chart["names"]} for chart in content["charts"]]
    return PanelFigure(
        address=address,
        title=content["title"],
        note=content["note"],
        shown=grid.shown(content),
        readouts=readouts,
        sentence=sentence,
        drawings=[
            drawing(chart["spec"], f"{address}-{number}", language, accent)
            for number, chart in enumerate(content["charts"], start=1)
        ],
        content=json_for_script(moved),
    )


def style() -> Markup:
    return Markup(page.read("panel.css"))  # our own file


def script() -> Markup:
    return Markup(page.read("panel.js"))  # our own file
