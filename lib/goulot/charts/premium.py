"""The premium's picture: the LTV change it needs, the one the data support, what others say."""

from functools import lru_cache

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, CATEGORIES, INK, MUTED, described
from goulot.language import Language
from goulot.sentences.premium import odds
from goulot.steps.premium import (
    PLAYBOOK,
    PUBLISHED,
    PremiumPolicy,
    Verdict,
)

LEAST, MOST = -0.005, 3.0  # of the axis of LTV changes
TICKS = [0, 0.01, 0.03, 0.1, 0.3, 1, 2]


@lru_cache(maxsize=256)  # many positions of the panel's knobs share one
def supported_data(supported: tuple[float, float, float] | None) -> pd.DataFrame:
    """value, low, high: the LTV change that fewer late orders would bring; empty: not known."""
    rows = [] if supported is None else [supported]
    return pd.DataFrame(rows, columns=["value", "low", "high"], dtype=float)


@lru_cache(maxsize=256)
def today_data(premium: float, needed: float) -> pd.DataFrame:
    return pd.DataFrame({"premium": [premium], "needed": [min(needed, MOST)]})


def others_data(language: Language) -> pd.DataFrame:
    """Where the playbook and the literature stand: premium, change, label."""
    rows = [
        {"premium": PLAYBOOK[0], "change": PLAYBOOK[1], "kind": "playbook",
         "label": language.say("playbook: +200 %")},
        *({"premium": 0.5, "change": change, "kind": "published", "label": language.say(label)}
          for label, change in PUBLISHED),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def odds_said(verdict: Verdict, language: Language) -> str:
    """The probability that the premium pays; ``–`` where there is none."""
    return odds(verdict, language)


def datasets(
    verdict: Verdict, needed: pd.DataFrame, policy: PremiumPolicy
) -> dict[str, pd.DataFrame]:
    """The rows of every dataset that the picture names; ``needed`` for every premium."""
    return {
        "needed": needed,
        "supported": supported_data(verdict.supported),
        "today": today_data(policy.premium, verdict.needed),
    }


def premium(language: Language) -> alt.LayerChart:
    """Over datasets ``needed``, ``supported`` and ``today``, as the panel fills them."""
    y = alt.Y("needed:Q", axis=alt.Axis(format="+.0%", values=TICKS)).scale(
        type="symlog", constant=0.01, domain=[LEAST, MOST], clamp=True, nice=False
    )
    x = alt.X("premium:Q", axis=alt.Axis(format=".0%")).scale(domain=[0, 0.5], clamp=True)
    named = {name: alt.Chart(alt.NamedData(name)) for name in ("needed", "supported", "today")}
    line = (
        named["needed"]
        .mark_line(color=INK)
        .encode(
            x=x.title(language.say("premium on the fulfillment cost of an order")),
            y=y.title(language.say("change of LTV")),
        )
    )
    band = (
        named["supported"]
        .mark_rect(opacity=0.18, color=CATEGORIES[0])
        .encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    )
    middle = (
        named["supported"].mark_rule(color=CATEGORIES[0], strokeWidth=2).encode(y=alt.Y("value:Q"))
    )
    here = named["today"].mark_point(size=130, color=INK, opacity=1)
    here = here.encode(x=alt.X("premium:Q"), y=alt.Y("needed:Q"))
    chart = alt.layer(band, middle, line, here, _others(language))
    title = language.say("What a premium needs, and what the data support")
    subtitle = language.say(
        "Line: break-even. Blue: what fewer late orders, and faster ones, would bring, 90 % "
        "interval. Gray and orange: what others say."
    )
    return described(chart.properties(width="container", height=320), title=title,
                     subtitle=subtitle, description=f"{title}. {subtitle}")  # fmt: skip


def _others(language: Language) -> alt.LayerChart:
    base = alt.Chart(others_data(language)).encode(y=alt.Y("change:Q"))
    said = base.transform_filter("datum.kind == 'published'")
    rules = said.mark_rule(strokeDash=[3, 4], color=MUTED)
    above, below = "datum.change > 0.01", "datum.change <= 0.01"
    names = alt.layer(
        *(
            said.transform_filter(where)
            .mark_text(align="right", dy=dy, color=MUTED, fontSize=11)
            .encode(x=alt.XDatum(0.5), text=alt.Text("label:N"))
            for where, dy in ((above, -8), (below, 9))
        )
    )
    playbook = base.transform_filter("datum.kind == 'playbook'").encode(x=alt.X("premium:Q"))
    point = playbook.mark_point(size=130, opacity=1, shape="diamond", color=BAD)
    name = playbook.mark_text(align="left", dx=12, color=BAD).encode(text=alt.Text("label:N"))
    return alt.layer(rules, names, point, name)
