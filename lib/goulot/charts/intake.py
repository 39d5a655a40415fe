"""Intake: which days each export speaks of, and the orders day by day."""

import altair as alt
import pandas as pd

from goulot.language import Language
from goulot.steps.intake import Intake
from goulot.steps.needs import EXPORT_NAMES


def coverage_data(intake: Intake, language: Language) -> pd.DataFrame:
    """One row per export with days: its name, first and last day, rows."""
    dated = intake.coverage.dropna(subset=["first_on", "last_on"])
    return pd.DataFrame(
        {
            "export": [language.say(EXPORT_NAMES[name]) for name in dated["table_name"]],
            "first_on": pd.to_datetime(dated["first_on"]),
            "last_on": pd.to_datetime(dated["last_on"]),
            "rows": dated["row_count"],
        }
    )


def coverage(intake: Intake, language: Language) -> alt.LayerChart:
    """A bar per export over the days it speaks of; an inventory of one day is a dot."""
    rows = coverage_data(intake, language)
    first, last = rows["first_on"].min(), rows["last_on"].max()
    title = language.say(
        "The exports reach from {first} to {last}",
        first=language.day(first.date()),
        last=language.day(last.date()),
    )
    base = alt.Chart(rows).encode(
        y=alt.Y("export:N").sort(None).title(None),
        tooltip=[
            alt.Tooltip("export:N").title(language.say("export")),
            alt.Tooltip("first_on:T").title(language.say("first day")),
            alt.Tooltip("last_on:T").title(language.say("last day")),
            alt.Tooltip("rows:Q", format=",").title(language.say("rows")),
        ],
    )
    axis = alt.Axis(format="%b %Y", tickCount="month", labelOverlap=True)
    bars = base.mark_bar(height={"band": 0.5}).encode(
        x=alt.X("first_on:T", axis=axis).title(None), x2=alt.X2("last_on:T")
    )
    ends = base.mark_point(filled=True, size=40, opacity=1).encode(x=alt.X("last_on:T"))
    return (bars + ends).properties(
        title=title, description=title, width="container", height=alt.Step(30)
    )


def orders_by_day_data(orders: pd.DataFrame) -> pd.DataFrame:
    """Orders of each day of the quarter: day, orders."""
    return orders.assign(day=pd.to_datetime(orders["day"]))[["day", "orders"]]


def orders_by_day(intake: Intake, orders: pd.DataFrame, language: Language) -> alt.Chart:
    """Orders day by day: a hole in an export shows as a hole here."""
    quiet = len(intake.quiet_days)
    if quiet:
        title = language.say("{days} days of the quarter have no order", days=quiet)
    else:
        title = language.say("Every day of the quarter has orders")
    return (
        alt.Chart(orders_by_day_data(orders))
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(day):T", axis=alt.Axis(format="%-d %b")).title(None),
            y=alt.Y("orders:Q").title(language.say("orders a day")),
            tooltip=[
                alt.Tooltip("day:T").title(language.say("day")),
                alt.Tooltip("orders:Q", format=",").title(language.say("orders")),
            ],
        )
        .properties(title=title, description=title, width="container", height=220)
    )
