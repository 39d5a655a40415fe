"""How long subscribers stay, what each channel's are worth, and the departures held back."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from goulot.charts.theme import CATEGORIES, FAINT, INK, described
from goulot.findings import Figure
from goulot.language import NOT_KNOWN, Language
from goulot.steps.channel_figures import slug
from goulot.steps.customer_money import ALL
from goulot.steps.subscribers import Subscribers

SHOWN = 5  # channels with a curve in the picture, the largest


def survival_data(found: Subscribers, language: Language) -> pd.DataFrame:
    """channel, month, kind (seen or foreseen), share: those who pay by the month."""
    own = [one for one in found.channels if not one.is_small and one.channel != ALL]
    own.sort(key=lambda one: -one.subscribers)
    frames = []
    for one in [*own[: SHOWN - 1], *found.channels[-1:]]:
        for kind, shares in (("seen", one.seen), ("foreseen", one.foreseen)):
            rows = {"kind": kind, "month": range(len(shares)), "share": shares}
            frames.append(pd.DataFrame(rows).assign(channel=language.word(one.channel)))
    return pd.concat(frames, ignore_index=True)


def survival(found: object, language: Language) -> alt.LayerChart | None:
    """Share still paying by month since paying began: points are seen, lines the model used."""
    if not isinstance(found, Subscribers) or not len(found.total.foreseen):
        return None
    rows = survival_data(found, language)
    channels = list(dict.fromkeys(rows["channel"]))
    colors = [*CATEGORIES[: len(channels) - 1], INK]
    base = alt.Chart(rows).encode(
        x=alt.X("month:Q", axis=alt.Axis(tickMinStep=1)).title(
            language.say("months since paying began")
        ),
        y=alt.Y("share:Q", axis=alt.Axis(format=".0%")).scale(domain=[0, 1]).title(None),
        color=alt.Color("channel:N")
        .scale(domain=channels, range=colors)
        .title(None)
        .legend(orient="bottom", columns=3),
    )
    lines = base.transform_filter("datum.kind == 'foreseen'").mark_line()
    points = base.transform_filter("datum.kind == 'seen'").mark_point(size=28, filled=True)
    title = language.say("Share of subscribers still there, by channel")
    subtitle = language.say("Points: seen. Lines: {model}. Plans paid by the month.",
                            model=language.say(found.used))  # fmt: skip
    chart = (lines + points).properties(width="container", height=280)
    return described(chart, title=title, subtitle=subtitle, description=f"{title}. {subtitle}")


def ltv_table(found: Subscribers, cac: Mapping[str, float], language: Language) -> pd.DataFrame:
    """One row per channel: how many stay a year, what one is worth, and what winning one cost."""
    return pd.DataFrame(
        [
            {
                "channel": language.word(one.channel),
                "subscribers": language.number(one.subscribers),
                "still_there_after_a_year": _share(one.retention, language),
                "ltv": _said(one.ltv, language),
                "by_sbg": language.money(one.worth.get("sBG"), 0),
                "by_constant_churn": language.money(one.worth.get("constant churn"), 0),
                "cac": language.money(cac.get(slug(one.channel)), 0),
            }
            for one in found.channels
        ]
    )


def _share(figure: Figure, language: Language) -> str:
    if figure.value is None:
        return NOT_KNOWN
    low, high = (language.number(100 * end) for end in (figure.low, figure.high))
    return f"{language.percent(figure.value, 0)} ({low}–{high})"


def _said(figure: Figure, language: Language) -> str:
    if figure.value is None:
        return NOT_KNOWN
    ends = (language.number(end) for end in (figure.low, figure.high))
    return f"{language.money(figure.value, 0)} ({'–'.join(ends)})"


def held_out_data(found: Subscribers, language: Language) -> pd.DataFrame:
    """month, who (what came, or a forecaster), departures summed up since the cut."""
    rows = found.held.monthly.melt("month", var_name="who", value_name="departures")
    names = {"actual": language.say("what came")}
    return rows.assign(who=[names.get(who) or language.say(who) for who in rows["who"]])


def held_out(found: Subscribers, language: Language) -> alt.Chart | None:
    """Departures foretold for the months held back, beside those that came."""
    if found.held is None:
        return None
    rows = held_out_data(found, language)
    who = list(dict.fromkeys(rows["who"]))
    scale = alt.Scale(domain=who, range=[INK, CATEGORIES[0], CATEGORIES[2], FAINT])
    chart = alt.Chart(rows).mark_line(point=True).encode(
        x=alt.X("yearmonth(month):T", axis=alt.Axis(format="%b %Y", tickCount="month")).title(None),
        y=alt.Y("departures:Q").title(language.say("departures since the cut")),
        color=alt.Color("who:N").scale(scale).title(None).legend(orient="bottom"),
    )  # fmt: skip
    title = language.say("Foretold and come: departures of the subscribers there before")
    return described(chart.properties(width="container", height=240), title=title,
                     description=title)  # fmt: skip
