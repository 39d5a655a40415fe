"""Channels: what spend brings, what it costs, and where the next unit of it should go."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from goulot.charts.theme import CATEGORIES, FAINT, INK, MUTED, described
from goulot.findings import Figure
from goulot.language import NOT_KNOWN, Language
from goulot.sentences.channels import listed, name
from goulot.steps.channel_plan import Plan
from goulot.steps.channel_points import curve_points, payback_points, today_points
from goulot.steps.channels import ChannelReport


def _channel_color(channels: list[str]) -> alt.Color:
    scale = alt.Scale(domain=channels, range=[CATEGORIES[n % 6] for n in range(len(channels))])
    return alt.Color("channel:N").scale(scale).title(None).legend(orient="bottom")


def channel_table(report: ChannelReport, language: Language) -> pd.DataFrame:
    """One row per channel: spend, new customers, what they cost and bring, in words."""
    rows = [
        {
            "channel": name(row.channel, language),
            "spend": _said(row.spend, language),
            "new_customers": language.number(row.new_customers.value),
            "share": language.percent(row.share.value, 0),
            "cac": _said(row.cac, language),
            "marginal_cac": _said(row.marginal_cac, language, interval=True),
            "payback_days": _said(row.payback_days, language),
            "ltv_to_cac": _times(row.ltv_to_cac, language),
        }
        for row in sorted(report.rows, key=lambda row: -row.new_customers.value)
    ]
    return pd.DataFrame(rows)


def claims_table(report: ChannelReport, language: Language) -> pd.DataFrame | None:
    """Channels with claims: what the platform claims, what the shop counted, what spend added.

    None where no platform claims anything.
    """
    rows = [
        {
            "channel": name(row.channel, language),
            "claimed": language.number(row.claimed),
            "orders_counted": language.number(row.orders),
            "added": language.number(row.added),
        }
        for row in report.rows
        if row.claimed
    ]
    return pd.DataFrame(rows) if rows else None


def _said(figure: Figure, language: Language, *, interval: bool = False) -> str:
    if figure.value is None:
        return NOT_KNOWN
    unit = "" if figure.unit == "days" else figure.unit
    text = language.quantity(figure.value, unit, 0)
    if interval and figure.low is not None:
        ends = (language.number(end) for end in (figure.low, figure.high))
        text += f" ({'–'.join(ends)})"
    if figure.bound == "at least":
        return language.say("at least {value}", value=text)
    return language.say("at most {value}", value=text) if figure.bound == "at most" else text


def _times(figure: Figure, language: Language) -> str:
    if figure.value is None:
        return NOT_KNOWN
    text = language.multiple(round(float(figure.value), 1))
    return language.say("at least {value}", value=text) if figure.bound == "at least" else text


def response_data(report: ChannelReport, language: Language) -> pd.DataFrame:
    """Curves of the channels: spend a week, customers it adds, the interval, and the part seen."""
    return _named(curve_points(report.curves.fits), language)


def today_data(report: ChannelReport, language: Language) -> pd.DataFrame:
    """Where each channel with a curve stands: its mean weekly spend and what it adds."""
    return _named(today_points(report), language)


def _named(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    return rows.assign(channel=[name(channel, language) for channel in rows["channel"]])


def response(report: ChannelReport, language: Language) -> alt.LayerChart | None:
    """What a week's spend adds, by channel; dashed where such spend was never seen."""
    rows, today = response_data(report, language), today_data(report, language)
    if rows.empty:
        return None
    channels = sorted(today["channel"])
    x = alt.X("spend:Q", axis=alt.Axis(format=",.0f")).title(
        language.say("spend a week, {currency}", currency=report.declared.currency)
    )
    y = alt.Y("added:Q").title(language.say("new customers a week"))
    color = _channel_color(channels)
    base = alt.Chart(rows).encode(x=x, color=color)
    band = base.mark_area(opacity=0.12).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    line = base.mark_line().encode(
        y=y,
        detail=alt.Detail("part:N"),
        strokeDash=alt.StrokeDashValue(
            [1, 0], condition={"test": "datum.part == 'beyond'", "value": [5, 4]}
        ),
    )
    points = alt.Chart(today).mark_point(size=110, opacity=1).encode(x=x, y=y, color=color)
    title = _price_title(report, language)
    subtitle = language.say("Point: today. Band: 90 % interval. Dashed: spend never seen.")
    return described(
        (band + line + points).properties(width="container", height=300),
        title=title, subtitle=subtitle, description=f"{title}. {subtitle}",
    )  # fmt: skip


def _price_title(report: ChannelReport, language: Language) -> str:
    """What the next customer of each channel with a curve costs."""
    prices = [
        language.say("{price} on {channel}", price=language.money(row.marginal_cac.value, 0),
                     channel=name(row.channel, language))
        for row in report.rows
        if row.channel in report.curves.fits and isinstance(row.marginal_cac.value, float)
    ]  # fmt: skip
    if not prices:
        return language.say("Nothing was spent in the quarter on a channel with a curve")
    return language.say("The next customer costs {prices}", prices=listed(prices, language))


def payback_data(report: ChannelReport, language: Language) -> pd.DataFrame:
    """By channel with a CAC: contribution per customer less the CAC, by days since first order."""
    return _named(payback_points(report), language)


def payback(report: ChannelReport, language: Language) -> alt.LayerChart | None:
    """When an average customer has brought back what it cost."""
    rows = payback_data(report, language)
    if rows.empty:
        return None
    line = alt.Chart(rows).mark_line().encode(
        x=alt.X("age_days:Q").title(language.say("days since the first order")),
        y=alt.Y("left:Q").title(
            language.say("contribution less CAC, {currency}", currency=report.declared.currency)
        ),
        color=_channel_color(sorted(rows["channel"].unique())),
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame({"left": [0.0]})).mark_rule(color=FAINT).encode(y=alt.Y("left:Q"))
    title = _payback_title(report, language)
    return described((zero + line).properties(width="container", height=240), title=title,
                     description=title)  # fmt: skip


def _payback_title(report: ChannelReport, language: Language) -> str:
    back = [
        language.say("{channel} with the first order", channel=name(row.channel, language))
        if row.payback_days.value < 1
        else language.say("{channel} after {days} days", channel=name(row.channel, language),
                     days=language.number(row.payback_days.value))
        for row in report.rows
        if row.payback_days.value is not None and row.payback_days.bound != "at least"
    ]  # fmt: skip
    if not back:
        return language.say("No channel's cost is back yet")
    return language.say("The cost is back: {channels}", channels=listed(back, language))


def allocation_data(plan: Plan, language: Language) -> pd.DataFrame:
    """Spend a week by channel: today, at its best, and by the ads alone."""
    kinds: Mapping[str, Mapping[str, float]] = {
        language.say("today"): plan.today,
        language.say("at its best"): {c: float(f.value) for c, f in plan.best.items()},
        language.say("by the ads alone"): plan.marketer,
    }
    rows = [
        {"channel": name(channel, language), "plan": kind, "spend": spend}
        for kind, by_channel in kinds.items()
        for channel, spend in sorted(by_channel.items())
    ]
    return pd.DataFrame(rows, columns=["channel", "plan", "spend"])


def allocation(report: ChannelReport, language: Language) -> alt.Chart | None:
    """Spend a week by channel: today beside the best, and what would be set without operations."""
    rows = allocation_data(report.plan, language)
    if rows.empty:
        return None
    plans = list(dict.fromkeys(rows["plan"]))
    colors = alt.Scale(domain=plans, range=[MUTED, CATEGORIES[0], FAINT])
    chart = alt.Chart(rows).mark_bar().encode(
        y=alt.Y("channel:N").title(None),
        yOffset=alt.YOffset("plan:N").sort(plans),
        x=alt.X("spend:Q").title(
            language.say("spend a week, {currency}", currency=report.declared.currency)
        ),
        color=alt.Color("plan:N").scale(colors).title(None),
    )  # fmt: skip
    best = sum(float(figure.value) for figure in report.plan.best.values())
    title = language.say("The best spend within the budget: {amount} a week",
                         amount=language.money(best, 0))  # fmt: skip
    return described(chart.properties(width="container", height=alt.Step(18)), title=title,
                     description=title)  # fmt: skip


def replanned(most: float, language: Language, currency: str) -> alt.LayerChart:
    """The panel's picture: spend a week by channel, with a tick at today's."""
    base = alt.Chart(alt.NamedData("replanned")).encode(y=alt.Y("channel:N").title(None))
    x = alt.X("spend:Q").scale(domain=[0, most], clamp=True)
    title = language.say("spend a week, {currency}", currency=currency)
    bars = base.mark_bar(color=CATEGORIES[0], height={"band": 0.5}).encode(x=x.title(title))
    ticks = base.mark_tick(thickness=2.5, color=INK).encode(x=alt.X("today:Q"))
    heading = language.say("Best spend by channel")
    return described((bars + ticks).properties(width="container", height=alt.Step(40)),
                     title=heading, subtitle=language.say("Tick: today"),
                     description=heading)  # fmt: skip
