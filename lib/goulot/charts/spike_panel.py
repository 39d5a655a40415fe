"""The pictures that follow the sliders of a spike: backlog, share on time, and what it costs."""

import altair as alt
import pandas as pd

from goulot.charts.spikes import clock
from goulot.charts.theme import BAD, GOOD, MUTED
from goulot.language import Language
from goulot.steps.spike_costs import COSTS, CostParts


def share_data(share: float, target: float) -> pd.DataFrame:
    """One row: the share on time and the share that is asked."""
    return pd.DataFrame({"share": [share], "target": [target]})


def cost_data(parts: CostParts, language: Language) -> pd.DataFrame:
    """One row per kind of cost, always the same ones."""
    return pd.DataFrame(
        {
            "part": [language.say(COSTS[name]) for name in COSTS],
            "amount": [getattr(parts, name) for name in COSTS],
            "label": [language.money(getattr(parts, name), 0) for name in COSTS],
        }
    )


def backlog(most: float, language: Language) -> alt.LayerChart:
    """Orders that wait, over the dataset ``backlog``, on an axis that keeps still."""
    scale = alt.Scale(domain=[0, most], clamp=True)
    base = alt.Chart(alt.NamedData("backlog")).encode(x=clock(language))
    band = base.mark_area(color=BAD, opacity=0.18).encode(
        y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=BAD).encode(y=alt.Y("waiting:Q", scale=scale).title(None))
    return (band + line).properties(
        height=200,
        title=language.say("Orders waiting"),
        description=language.say("Orders waiting, hour by hour over two weeks"),
    )


def share(language: Language) -> alt.LayerChart:
    """The share on time, over the dataset ``share``, with the share that is asked."""
    x = alt.X("share:Q", axis=alt.Axis(format="%", tickCount=5)).scale(domain=[0, 1]).title(None)
    base = alt.Chart(alt.NamedData("share"))
    color = alt.ColorValue(BAD, condition={"test": "datum.share >= datum.target", "value": GOOD})
    bar = base.mark_bar(height=18).encode(x=x, color=color)
    asked = base.mark_tick(color=MUTED, thickness=3, size=30).encode(x=alt.X("target:Q"))
    title = language.say("Share shipped on time; the mark is the share that is asked")
    return (bar + asked).properties(height=44, title=title, description=title)


def costs(most: float, language: Language) -> alt.LayerChart:
    """What the spike costs, by kind, over the dataset ``costs``."""
    x = alt.X("amount:Q", axis=alt.Axis(format="$,.0f", tickCount=3)).title(None)
    base = alt.Chart(alt.NamedData("costs")).encode(y=alt.Y("part:N").sort(None).title(None))
    bars = base.mark_bar(height={"band": 0.55}, color=BAD).encode(
        x=x.scale(domain=[0, most], clamp=True)
    )
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("amount:Q"), text=alt.Text("label:N"))
    title = language.say("What the spike costs")
    return (bars + words).properties(height=alt.Step(26), title=title, description=title)
