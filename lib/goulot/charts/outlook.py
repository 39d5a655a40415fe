"""How predictable the channels are, and what the next quarter should bring."""

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, FAINT, GOOD, INK, WATCH, described
from goulot.language import Language
from goulot.sentences.channel_outlook import series_rows
from goulot.sentences.channels import name
from goulot.steps.channel_forecasts import TOTAL, SeriesForecast
from goulot.steps.channels import ChannelReport

GRADE_COLORS = {"plan on it": GOOD, "watch it": WATCH, "don't build on it": BAD}
WEEKS_SHOWN = 60


def channel_table(report: ChannelReport, language: Language) -> pd.DataFrame:
    """One row per channel and their total, in words."""
    *parts, total = report.series
    ranked = sorted(parts, key=lambda one: -_foretold(one))
    return pd.DataFrame(series_rows((*ranked, total), language))


def order_table(report: ChannelReport, language: Language) -> pd.DataFrame:
    """One row for new, for returning customers' orders, and per country."""
    rows = series_rows((*report.kinds[:-1], *report.countries), language)
    return pd.DataFrame(rows)


def predictability_data(series: tuple[SeriesForecast, ...], language: Language) -> pd.DataFrame:
    """One row per series that could be tried: 1 − WAPE at four weeks, its interval, its grade."""
    rows = [
        {
            "series": name(one.name, language),
            "foretold": max(float(one.predictability.value), 0.0),
            "low": max(one.predictability.low or 0.0, 0.0),
            "high": max(one.predictability.high or 0.0, 0.0),
            "grade": language.word(one.grade),
            "label": language.percent(one.predictability.value, 0),
        }
        for one in sorted(series, key=lambda one: -_foretold(one))
        if isinstance(one.predictability.value, float)
    ]
    columns = ["series", "foretold", "low", "high", "grade", "label"]
    return pd.DataFrame(rows, columns=columns)


def _foretold(one: SeriesForecast) -> float:
    value = one.predictability.value
    return value if isinstance(value, float) else 0.0


def predictability(report: ChannelReport, language: Language) -> alt.LayerChart | None:
    """A bar per channel: how much of its weekly customers was foretold four weeks before."""
    rows = predictability_data(report.series, language)
    if rows.empty:
        return None
    grades = {language.word(grade): color for grade, color in GRADE_COLORS.items()}
    colors = alt.Scale(domain=list(grades), range=list(grades.values()))
    base = alt.Chart(rows).encode(y=alt.Y("series:N").sort(None).title(None))
    share = alt.X("foretold:Q", axis=alt.Axis(format="%")).scale(domain=[0, 1])
    bars = base.mark_bar(height={"band": 0.55}).encode(
        x=share.title(language.say("foretold four weeks ahead")),
        color=alt.Color("grade:N").scale(colors).title(None),
    )
    whiskers = base.mark_rule(color=INK).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    words = base.mark_text(align="left", dx=6).encode(x=alt.X("high:Q"), text=alt.Text("label:N"))
    channels = [one for one in report.series if one.name != TOTAL]
    title = _plan_title(channels, language)
    return described((bars + whiskers + words).properties(width="container", height=alt.Step(28)),
                     title=title, description=title)  # fmt: skip


def _plan_title(channels: list[SeriesForecast], language: Language) -> str:
    """How many of the channels can be planned on."""
    some, everyone = sum(c.grade == "plan on it" for c in channels), language.number(len(channels))
    if not some:
        return language.say("None of the {all} channels can be planned on", all=everyone)
    return language.count(
        some,
        "{count} of {all} channels can be planned on",
        "{count} channels of {all} can be planned on",
        all=everyone,
    )


def forecast_data(report: ChannelReport) -> pd.DataFrame:
    """New customers of all channels by week: what came, and what is expected with its interval."""
    weeks = report.weeks
    came = pd.DataFrame(
        {
            "week": pd.to_datetime(weeks.starts[-WEEKS_SHOWN:].astype("M8[s]")),
            "came": weeks.new.sum(axis=0)[-WEEKS_SHOWN:],
        }
    )
    path = report.series[-1].path.rename(columns={"week_starts_on": "week"})
    return pd.concat([came, path], ignore_index=True)


def forecast(report: ChannelReport, language: Language) -> alt.LayerChart | None:
    """The weeks behind and the weeks ahead."""
    total = report.series[-1]
    if total.path.empty:
        return None
    rows = forecast_data(report).astype({"expected": float, "low": float, "high": float})
    x = alt.X("week:T", axis=alt.Axis(format="%b %Y", labelOverlap=True)).title(None)
    base = alt.Chart(rows).encode(x=x)
    y_title = language.say("new customers a week")
    came = base.mark_line(color=INK).encode(y=alt.Y("came:Q").title(y_title))
    band = base.mark_area(color=GOOD, opacity=0.18).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    ahead = base.mark_line(color=GOOD).encode(y=alt.Y("expected:Q"))
    today = alt.Chart(pd.DataFrame({"week": [rows.loc[rows["came"].notna(), "week"].max()]}))
    rule = today.mark_rule(color=FAINT, strokeDash=[3, 3]).encode(x=alt.X("week:T"))
    title = language.say(
        "{expected} new customers expected in {quarter}",
        expected=language.number(total.next_quarter.value),
        quarter=language.quarter(report.quarter.next),
    )
    subtitle = language.say("All channels together. Band: 80 % of weeks.")
    return described(
        (band + rule + came + ahead).properties(width="container", height=260),
        title=title,
        subtitle=subtitle,
        description=f"{title}. {subtitle}",
    )
