"""The demand map as a flow diagram: bands between channel, category, warehouse and supplier."""

from math import isfinite

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, FAINT, INK, MUTED, WATCH, described
from goulot.language import NOT_KNOWN, Language
from goulot.steps.demand_map import LEVELS, OTHER, UNKNOWN, DemandMap
from goulot.steps.flow_layout import BAR, band_points, lay_bands, lay_names

HEIGHT = 440
WIDTH = len(LEVELS) - 1 + 2 * BAR  # in levels
_HOVER = ["label", "share_text", "cover_text", "lead_text", "risk_text"]


def demand_map_data(result: DemandMap, language: Language) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Names and points along bands of the diagram: where they lie and what they say on hover."""
    names = lay_names(result.flows)
    bands = lay_bands(result.flows, names)
    sources, targets = ([_said(n, language) for n in bands[end]] for end in ("source", "target"))
    labels = [f"{source} → {target}" for source, target in zip(sources, targets, strict=True)]
    names = _hover(names.assign(label=[_said(n, language) for n in names["name"]]), language)
    points = band_points(_hover(bands.assign(label=labels), language))
    placed = ["level", "units", "x", "x2", "y", "y2", "middle"]
    return names[[*placed, *_HOVER]], points[["band", "x", "y", "y2", "risk", *_HOVER]]


def _said(name: str, language: Language) -> str:
    if name == UNKNOWN:
        return language.say("unknown")
    return language.say("others") if name == OTHER else language.word(str(name))


def _hover(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    def days(value: float) -> str:
        return language.quantity(value, "days", 0) if isfinite(value) else NOT_KNOWN

    return rows.assign(
        share_text=[language.percent(share) for share in rows["share"]],
        cover_text=[days(value) for value in rows["cover_days"]],
        lead_text=[days(value) for value in rows["lead_time_days"]],
        risk_text=[language.percent(share) for share in rows["at_risk_share"]],
    )


def demand_map(result: DemandMap, language: Language) -> alt.LayerChart | None:
    """The flow diagram; a band's color says how much of its demand is at risk.

    None where there is no demand, or where nothing is told of where it goes.
    """
    if result.flows.empty or set(LEVELS[1:]) <= set(result.untold):
        return None
    names, bands = demand_map_data(result, language)
    x = alt.X("x:Q", axis=None).scale(domain=[0, WIDTH], nice=False)
    y = alt.Y("y:Q", axis=None).scale(domain=[0, 1.02], reverse=True, nice=False)
    hover = _tooltips(language)
    risky = {"bad": BAD, "watch": WATCH}
    color = alt.ColorValue(
        FAINT, condition=[{"test": f"datum.risk == '{r}'", "value": c} for r, c in risky.items()]
    )
    flow = alt.Chart(bands).mark_area(opacity=0.5, line=False).encode(
        x=x, y=y, y2=alt.Y2("y2:Q"), detail=alt.Detail("band:N"), color=color, tooltip=hover
    )  # fmt: skip
    bar = alt.Chart(names).mark_rect(color=INK, cornerRadius=0).encode(
        x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), tooltip=hover
    )  # fmt: skip
    is_last = names["level"] == len(LEVELS) - 1
    layers = flow + bar + _labels(names[~is_last], "left", x) + _labels(names[is_last], "right", x)
    title = _finding(result, language)
    return described(
        (layers + _headings(language, x)).properties(width="container", height=HEIGHT),
        title=title,
        subtitle=language.say(
            "Units asked for in the quarter; orange and red: stock ends before new goods could come"
        ),
        description=title,
    )


def _tooltips(language: Language) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N").title(language.say("path")),
        alt.Tooltip("share_text:N").title(language.say("share of demand")),
        alt.Tooltip("cover_text:N").title(language.say("cover")),
        alt.Tooltip("lead_text:N").title(language.say("lead time")),
        alt.Tooltip("risk_text:N").title(language.say("share at risk")),
    ]


def _labels(names: pd.DataFrame, align: str, x: alt.X) -> alt.LayerChart:
    """Names beside their bars, cut to the room that the width leaves, on a white edge."""
    placed = {
        "align": align,
        "baseline": "middle",
        "dx": 4 if align == "left" else -4,
        "fontSize": 11,
        "limit": alt.ExprRef("width / 4.4"),
        "tooltip": None,
    }
    side = names["x2"] if align == "left" else names["x"]
    base = alt.Chart(names.assign(x=side)).encode(
        x=x, y=alt.Y("middle:Q"), text=alt.Text("label:N")
    )
    edge = base.mark_text(stroke="#ffffff", strokeWidth=3, strokeOpacity=0.85, **placed)
    return edge + base.mark_text(color=INK, **placed)


def _headings(language: Language, x: alt.X) -> alt.LayerChart:
    """What each level is, above it."""
    said = [
        language.say("channel"),
        language.say("category"),
        language.say("warehouse"),
        language.say("supplier"),
    ]
    last = len(LEVELS) - 1
    rows = pd.DataFrame({"x": [*range(last), WIDTH], "label": said})
    left, right = (
        alt.Chart(part)
        .mark_text(align=align, baseline="bottom", color=MUTED, fontSize=11, tooltip=None)
        .encode(x=x, y=alt.YValue(-6), text=alt.Text("label:N"))
        for part, align in ((rows[:last], "left"), (rows[last:], "right"))
    )
    return left + right


def _finding(result: DemandMap, language: Language) -> str:
    share = result.figures["demand_map.at_risk_share"].value
    if isinstance(share, float):
        return language.say(
            "{share} of demand rests on stock that ends before new goods could come",
            share=language.percent(share),
        )
    largest = result.paths.loc[result.paths["units"].idxmax()]
    return language.say(
        "The largest path carries {share} of demand: {path}",
        share=language.percent(float(largest["share"])),
        path=" → ".join(_said(largest[level], language) for level in LEVELS),
    )


def risk_table(result: DemandMap, language: Language, rows: int = 12) -> pd.DataFrame:
    """The paths at risk with most contribution at risk first, in words; empty where none is."""
    risky = result.at_risk.head(rows)
    named = {level: [_said(name, language) for name in risky[level]] for level in LEVELS}
    hover = _hover(risky, language)
    return pd.DataFrame(
        named
        | {
            "share_of_demand": hover["share_text"].to_list(),
            "cover": hover["cover_text"].to_list(),
            "lead_time": hover["lead_text"].to_list(),
            "share_at_risk": hover["risk_text"].to_list(),
            "contribution_at_risk": [
                language.money(amount, 0) for amount in risky["contribution_at_risk"]
            ],
        }
    )
