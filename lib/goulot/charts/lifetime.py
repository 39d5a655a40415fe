"""Customers as they age: cohorts, LTV by channel, and the forecasts held against what came."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from goulot.charts import subscribers
from goulot.charts.theme import ACCENT, CATEGORIES, FAINT, INK, described
from goulot.findings import Figure
from goulot.language import NOT_KNOWN, Language
from goulot.steps.channel_figures import slug
from goulot.steps.cohorts import Cohorts, paid_back
from goulot.steps.customer_money import ALL, Worth
from goulot.steps.lifetime import Lifetimes
from goulot.steps.subscribers import Subscribers

SHOWN = 6  # channels with a line of their own, the largest


def heat_data(found: Cohorts, cac: Mapping[str, float]) -> pd.DataFrame:
    """cohort, month, customers, brought, and whether an average customer's cost is back."""
    cost = cac.get(ALL, float("inf"))
    return found.by_month.assign(is_back=found.by_month["brought"] >= cost)


def heat(found: Cohorts, cac: Mapping[str, float], language: Language) -> alt.LayerChart | None:
    """Brought per customer by month of first order (row) and month since (column)."""
    rows = heat_data(found, cac)
    if rows.empty:
        return None
    base = alt.Chart(rows).encode(
        x=alt.X("month:O", axis=alt.Axis(labelAngle=0)).title(
            language.say("month since the first order")
        ),
        y=alt.Y("yearmonth(cohort):O", axis=alt.Axis(format="%b %Y")).title(None),
    )
    color = alt.Color("brought:Q", scale=alt.Scale(range=["#eef4f1", ACCENT], zero=True)).title(
        language.say("{money} per customer", money=language.currency)
    ).legend(gradientLength=180)  # fmt: skip
    marks = base.transform_filter("datum.is_back").transform_window(
        rank="row_number()", groupby=["cohort"], sort=[alt.SortField("month")]
    ).transform_filter("datum.rank == 1").mark_text(text="●", fontSize=9, color=INK)  # fmt: skip
    title = _heat_title(found, language)
    subtitle = language.say("Dot: an average customer's cost is back.") if rows["is_back"].any() \
        else ""  # fmt: skip
    height = alt.Step(15)
    chart = (base.mark_rect().encode(color=color) + marks).properties(
        width="container", height=height
    )
    return described(chart, title=title, subtitle=subtitle, description=f"{title}. {subtitle}")


def _heat_title(found: Cohorts, language: Language) -> str:
    last = found.by_channel[found.by_channel["channel"] == ALL].iloc[-1]
    told = {"amount": language.money(last["brought"], 0), "months": language.number(last["month"])}
    if found.measure == "revenue":
        return language.say("After {months} months a customer has brought {amount} of revenue",
                            **told)  # fmt: skip
    return language.say("After {months} months a customer has brought {amount}", **told)


def curves_data(found: Cohorts, language: Language) -> pd.DataFrame:
    """channel, month, customers, brought: the largest channels, and all together."""
    rows = found.by_channel
    first = rows[rows["month"] == 1].set_index("channel")["customers"].drop(ALL, errors="ignore")
    shown = [*first.nlargest(SHOWN - 1).index, ALL]
    kept = rows[rows["channel"].isin(shown)]
    return _named(kept, language)


def _named(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    return rows.assign(channel=[language.word(channel) for channel in rows["channel"]])


def curves(found: Cohorts, cac: Mapping[str, float], language: Language) -> alt.LayerChart | None:
    """Brought per customer by month since the first order, a line a channel, payback marked.

    None of a single channel: it is what the heat map shows.
    """
    if found.by_channel["channel"].nunique() < 3:  # two, and all together
        return None
    rows = curves_data(found, language)
    channels = sorted(rows["channel"].unique())
    scale = alt.Scale(domain=channels, range=[CATEGORIES[n % 6] for n in range(len(channels))])
    color = alt.Color("channel:N").scale(scale).title(None).legend(orient="bottom", columns=3)
    x = alt.X("month:Q", axis=alt.Axis(tickMinStep=1)).title(
        language.say("months since the first order")
    )
    y = alt.Y("brought:Q").title(language.say("{money} per customer", money=language.currency))
    lines = alt.Chart(rows).mark_line().encode(x=x, y=y, color=color)
    back = _named(paid_back(found, cac), language)
    points = alt.Chart(back[back["channel"].isin(channels)]).mark_point(size=120, opacity=1).encode(
        x=alt.X("month:Q"), y=alt.Y("brought:Q"), color=color
    )  # fmt: skip
    title = _curves_title(rows, language)
    subtitle = language.say("Point: the cost of winning them is back.") if len(back) else ""
    return described((lines + points).properties(width="container", height=280), title=title,
                     subtitle=subtitle, description=f"{title}. {subtitle}")  # fmt: skip


def _curves_title(rows: pd.DataFrame, language: Language) -> str:
    """The channels whose customers have brought most and least, at an age that all reached."""
    own = rows[rows["channel"] != language.word(ALL)]
    month = own.groupby("channel")["month"].max().min()
    at = own[own["month"] == month].sort_values(["brought", "channel"])
    least, most = at.iloc[0], at.iloc[-1]
    return language.say(
        "After {months} months {best} has brought {most} a customer, {worst} {least}",
        months=language.number(month), best=most["channel"], worst=least["channel"],
        most=language.money(most["brought"], 0), least=language.money(least["brought"], 0),
    )  # fmt: skip


def ltv_table(
    found: Lifetimes | Subscribers, cac: Mapping[str, float], language: Language
) -> pd.DataFrame:
    """One row per channel: LTV as used, by cohorts and by the model, and what winning one cost."""
    if isinstance(found, Subscribers):
        return subscribers.ltv_table(found, cac, language)
    rows = [
        {
            "channel": language.word(one.channel),
            "customers": language.number(one.customers),
            "ltv": _said(one.ltv, language),
            "from_cohorts": _worth(one.observed, language),
            "from_model": _worth(one.predicted, language),
            "cac": language.money(cac.get(slug(one.channel)), 0),
        }
        for one in found.channels
    ]
    return pd.DataFrame(rows)


def _worth(worth: Worth | None, language: Language) -> str:
    return NOT_KNOWN if worth is None else language.money(worth.value, 0)


def _said(figure: Figure, language: Language) -> str:
    if figure.value is None:
        return NOT_KNOWN
    text = language.money(figure.value, 0)
    if figure.low is not None:
        ends = (language.number(end) for end in (figure.low, figure.high))
        text += f" ({'–'.join(ends)})"
    return language.say("at least {value}", value=text) if figure.bound == "at least" else text


def tracking_names(language: Language) -> dict[str, str]:
    """What came, and who foretold it, for a reader."""
    return {
        "actual": language.say("what came"),
        "cohorts": language.say("cohorts"),
        "BG/NBD": "BG/NBD",
        "last period repeated": language.say("last period repeated"),
    }


def tracking_data(found: Lifetimes, language: Language) -> pd.DataFrame:
    """week, who (what came, or a forecaster), purchases summed up since the cut."""
    names = tracking_names(language)
    weekly = found.calibration.weekly.melt("week", var_name="who", value_name="purchases")
    return weekly.assign(who=weekly["who"].map(names))


def tracking(found: Lifetimes | Subscribers, language: Language) -> alt.Chart | None:
    """Repeat purchases (or departures) foretold for what was held back, beside what came."""
    if isinstance(found, Subscribers):
        return subscribers.held_out(found, language)
    if found.calibration is None:
        return None
    rows = tracking_data(found, language)
    who = list(dict.fromkeys(rows["who"]))
    scale = alt.Scale(domain=who, range=[INK, CATEGORIES[0], CATEGORIES[2], FAINT])
    chart = alt.Chart(rows).mark_line().encode(
        x=alt.X("week:T", axis=alt.Axis(format="%b %Y", tickCount="month")).title(None),
        y=alt.Y("purchases:Q").title(language.say("repeat purchases since the cut")),
        color=alt.Color("who:N").scale(scale).title(None).legend(orient="bottom"),
    )  # fmt: skip
    best = found.calibration.better
    title = language.say(
        "{who} came closest to what customers bought again: {error} off",
        who=tracking_names(language)[best][:1].upper() + tracking_names(language)[best][1:],
        error=language.percent(abs(found.calibration.errors[best]), 0),
    )
    return described(chart.properties(width="container", height=240), title=title,
                     description=title)  # fmt: skip
