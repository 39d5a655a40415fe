"""How every chart looks, on screen and on paper, and how it reaches Jupyter and the report."""

from typing import Any, TypeVar

import altair as alt

from goulot.charts import frames
from goulot.language import Language

# Lab 4.6 draws this type, and nbformat accepts it; Altair's own for version 6 it does not.
VEGALITE_MIME = "application/vnd.vegalite.v5+json"

FONT = "-apple-system, 'Segoe UI', Inter, Roboto, 'Helvetica Neue', Arial, sans-serif"

# The report puts the consultant's accent in its place.
ACCENT = "#0b6e4f"
INK = "#1c2430"
MUTED = "#5a6472"  # for what gives context: 6:1 on white
FAINT = "#b9c1cb"  # for what recedes behind the finding
GRID = "#e6e9ed"
WIDTH = 640  # pixels, where no page sets it

GOOD = "#0072b2"
WATCH = "#a86f00"
BAD = "#c2410c"
BINDING = BAD  # the stage that holds the others back

# Told apart with each kind of color blindness (tests/test_theme.py measures it), not in grey.
CATEGORIES = ("#0072b2", "#c08a1e", "#8c2d64", "#c9446b", "#7a5200", "#8a94a0")

STAGE_COLORS = {
    "acquisition": "#0072b2",
    "stock": "#c08a1e",
    "supply": "#7a5200",
    "fulfillment": "#c9446b",
    "delivery": "#8c2d64",
    "support": "#8a94a0",
    "onboarding": "#27303b",
}
BASIS_COLORS = {"observed": INK, "declared": GOOD, "assumed": WATCH}

Chart = TypeVar("Chart", bound=alt.TopLevelMixin)

_language: Language | None = None


def enable(language: Language | None = None) -> None:
    """Use this theme and renderer for every chart from now on; axes speak ``language``."""
    global _language
    _language = language
    alt.theme.register("goulot", enable=True)(theme)
    alt.renderers.register("goulot", mimebundle)
    alt.renderers.enable("goulot")
    frames.register()


def described(chart: Chart, *, title: str, description: str, subtitle: str = "") -> Chart:
    """The chart with its finding as title and an alternative text for who cannot see it."""
    heading = alt.TitleParams(title, subtitle=subtitle) if subtitle else title
    return chart.properties(title=heading, description=description)


def alternative_text(spec: dict[str, Any]) -> str:
    """What the chart shows, in words: its description, or its title."""
    title = spec.get("title", "")
    if isinstance(title, dict):
        title = title.get("text", "")
    if isinstance(title, list):
        title = " ".join(title)
    return str(spec.get("description") or title or "chart")


def fitted(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with the width of the box that it is drawn in; facets cannot have it."""
    if not any(key in spec for key in ("mark", "layer")):
        return spec
    autosize = {"type": "fit-x", "contains": "padding", "resize": True}
    return spec | {"width": "container", "autosize": autosize}


def mimebundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A chart as a notebook output: the specification to draw, and words."""
    return {VEGALITE_MIME: boxless(spec), "text/plain": alternative_text(spec)}


def boxless(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with a width of its own, as JupyterLab needs it.

    Lab draws into a box without width: a chart that asks for the box's is drawn empty, and again
    without end, because Lab redraws until the chart's picture holds something.
    """
    if spec.get("width") != "container":
        return spec
    return {key: spec[key] for key in spec if key != "autosize"} | {"width": WIDTH}


def theme() -> dict[str, Any]:
    """The Vega-Lite configuration that every chart carries."""
    config = {
        "font": FONT,
        "background": "#ffffff",
        "padding": {"left": 2, "right": 8, "top": 4, "bottom": 4},
        "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": 280},
        "range": {
            "category": list(CATEGORIES),
            "ordinal": ["#d5e6df", ACCENT],
            "ramp": ["#eef4f1", ACCENT],
            "heatmap": ["#eef4f1", ACCENT],
            "diverging": ["#0072b2", "#f1f3f5", BAD],
        },
        "title": _title(),
        "axis": _axis(),
        "axisQuantitative": {"grid": True, "tickCount": 5},
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -14},
        "legend": _legend(),
        "header": {"labelColor": INK, "labelFontSize": 12, "titleColor": MUTED, "title": None},
    } | _marks()
    if _language:
        config["locale"] = _language.vega_locale()
    return {"config": config}


def _title() -> dict[str, Any]:
    return {
        "anchor": "start",
        "frame": "group",
        "color": INK,
        "fontSize": 15,
        "fontWeight": 600,
        "lineHeight": 20,
        "offset": 14,
        "subtitleColor": MUTED,
        "subtitleFontSize": 12.5,
        "subtitlePadding": 4,
    }


def _axis() -> dict[str, Any]:
    return {
        "domain": False,
        "grid": False,
        "gridColor": GRID,
        "labelColor": MUTED,
        "labelFontSize": 12,
        "labelLimit": 240,
        "labelPadding": 6,
        "labelSeparation": 8,  # closer labels are left out
        "ticks": False,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 10,
    }


def _legend() -> dict[str, Any]:
    return {
        "orient": "top",
        "direction": "horizontal",
        "columns": 5,
        "columnPadding": 16,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 200,
        "symbolSize": 90,
        "symbolStrokeWidth": 2,
        "titleColor": MUTED,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "offset": 26,  # above the title of the vertical axis
    }


def _marks() -> dict[str, dict[str, Any]]:
    return {
        "mark": {"color": ACCENT, "tooltip": True},
        "bar": {"cornerRadiusEnd": 2, "continuousBandSize": 14},
        "line": {"strokeWidth": 2.25, "strokeCap": "round", "strokeJoin": "round"},
        "point": {"filled": True, "size": 50, "opacity": 0.9},
        "area": {"opacity": 0.2, "line": False},
        "rule": {"color": MUTED, "strokeWidth": 1.25},
        "tick": {"thickness": 2.5},
        "text": {"color": INK, "fontSize": 12},
        "rect": {"cornerRadius": 1},
    }
