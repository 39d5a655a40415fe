"""The marketing calendar: the orders it brings, and the days by which something must be done."""

import altair as alt
import pandas as pd

from goulot.charts.theme import BAD, GOOD, MUTED, WATCH, described
from goulot.language import NOT_KNOWN, Language
from goulot.sentences.calendar import event_labels, event_name
from goulot.steps.calendar import MarketingCalendar
from goulot.steps.calendar_dates import BOOK, ORDER, Deadline, deadlines

MOST_ROWS = 20


def timeline_data(found: MarketingCalendar, language: Language) -> pd.DataFrame:
    """One row per event and per deadline: ``row`` (the event), ``kind``, first and last day."""
    rows = [
        {
            "row": event_name(plan.event, language),
            "kind": language.say("event"),
            "starts": pd.Timestamp(plan.event.starts_on),
            "ends": pd.Timestamp(plan.event.ends_on) + pd.Timedelta(days=1),
            "label": event_name(plan.event, language),
        }
        for plan in found.plans
    ]
    rows += [_mark(deadline, language) for deadline in deadlines(found)]
    return pd.DataFrame(rows, columns=["row", "kind", "starts", "ends", "label"])


def _mark(deadline: Deadline, language: Language) -> dict:
    kind = language.say("book people") if deadline.kind == BOOK else language.say("order by")
    day = pd.Timestamp(deadline.day)
    return {
        "row": event_name(deadline.event, language), "kind": kind, "starts": day, "ends": day,
        "label": language.say("order by: {who}", who=deadline.who)
        if deadline.kind == ORDER else kind,
    }  # fmt: skip


def timeline(found: MarketingCalendar, language: Language) -> alt.LayerChart | None:
    """A line per event: its days, the days to order, the day to book people; today as a rule.

    None where no event is ahead.
    """
    if not found.plans:
        return None
    rows = timeline_data(found, language)
    event, order, book = (language.say(t) for t in ("event", "order by", "book people"))
    color = alt.Color("kind:N").scale(domain=[event, order, book], range=[GOOD, BAD, WATCH])
    base = alt.Chart(rows).encode(
        y=alt.Y("row:N").sort(None).title(None),
        x=alt.X("starts:T", axis=alt.Axis(format="%-d %b", labelOverlap=True)).title(None),
        color=color.title(None),
        tooltip=[alt.Tooltip("label:N").title(""), alt.Tooltip("starts:T", format="%-d %b %Y")],
    )
    bars = (
        base.transform_filter(alt.datum.kind == event)
        .mark_bar(height=14)
        .encode(x2=alt.X2("ends:T"))
    )
    ticks = base.transform_filter(alt.datum.kind != event).mark_tick(thickness=3, size=22)
    today = alt.Chart(pd.DataFrame({"starts": [pd.Timestamp(found.as_of)]}))
    rule = today.mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x=alt.X("starts:T"))
    title = _timeline_title(found, language)
    return described(
        (rule + bars + ticks).properties(width="container", height=alt.Step(40)),
        title=title,
        subtitle=language.say("Dashed: the last day of the data. Left of it, it is too late"),
        description=title,
    )


def _timeline_title(found: MarketingCalendar, language: Language) -> str:
    ahead = [d for d in deadlines(found) if d.day > found.as_of]
    if not ahead:
        return language.say("The events ahead")
    return language.say("The next date that matters: {day}", day=language.day(ahead[0].day))


def demand(found: MarketingCalendar, language: Language) -> alt.LayerChart | None:
    """Orders a day over the months ahead, with and without the events, against the warehouse."""
    if found.outlook is None or not found.plans or found.outlook.orders.isna().all():
        return None
    path = found.outlook
    rows = pd.DataFrame({"day": path.orders.index, "orders": path.orders, "usual": path.usual})
    base = alt.Chart(rows).encode(
        x=alt.X("day:T", axis=alt.Axis(format="%b %Y", tickCount="month", labelOverlap=True)).title(
            None
        )
    )
    area = base.mark_area(color=GOOD, opacity=0.35).encode(
        y=alt.Y("orders:Q").title(language.say("orders a day"))
    )
    usual = base.mark_line(color=MUTED, strokeWidth=1.5).encode(y=alt.Y("usual:Q"))
    chart = area + usual
    subtitle = language.say("An event's orders are spread over its days. Line: without events")
    if found.packing_per_day is not None:
        limit = alt.Chart(pd.DataFrame({"orders": [found.packing_per_day]}))
        chart += limit.mark_rule(color=BAD, strokeDash=[5, 3]).encode(y=alt.Y("orders:Q"))
        subtitle = language.say(
            "An event's orders are spread over its days. Line: without events. Dashed: what the "
            "warehouse packs on a working day"
        )
    largest = max(found.plans, key=lambda plan: plan.peak.value or 0.0)
    title = language.say(
        "The fullest day ahead: {orders} orders, during {event}",
        orders=language.number(largest.peak.value), event=event_name(largest.event, language),
    )  # fmt: skip
    return described(
        chart.properties(width="container", height=220), title=title, subtitle=subtitle,
        description=title,
    )  # fmt: skip


def event_table(found: MarketingCalendar, language: Language) -> pd.DataFrame:
    """One row per event, in words."""
    return pd.DataFrame(
        [
            {
                "event": event_name(plan.event, language),
                "event_orders": _range(plan.orders, language),
                "fullest_day_orders": _range(plan.peak, language),
                "units_short": _range(plan.units_short, language),
                "order_by": _day(plan.order_by.value, language),
            }
            for plan in found.plans
        ]
    )


def _range(figure, language: Language) -> str:
    if figure.value is None:
        return NOT_KNOWN
    if figure.low == figure.high:
        return language.number(figure.value)
    return language.say(
        "{value} ({low} to {high})", value=language.number(figure.value),
        low=language.number(figure.low), high=language.number(figure.high),
    )  # fmt: skip


def _day(value: str | None, language: Language) -> str:
    return NOT_KNOWN if value is None else language.short_day(pd.Timestamp(value).date())


def order_table(found: MarketingCalendar, language: Language) -> pd.DataFrame:
    """The purchase orders that the events need, the earliest first."""
    rows = found.dates.head(MOST_ROWS)
    return pd.DataFrame(
        {
            "order_by": [
                _deadline(day, past, language)
                for day, past in zip(rows["order_by"], rows["is_past"], strict=True)
            ],
            "event": rows["event"].map(event_labels(found, language)),
            "supplier": rows["supplier"].to_numpy(),
            "skus": [language.number(n) for n in rows["skus"]],
            "units": [language.number(n) for n in rows["units"]],
            "lead_days": [_days(days, language) for days in rows["lead_days"]],
        }
    )


def _deadline(day: pd.Timestamp, is_past: bool, language: Language) -> str:
    if pd.isna(day):
        return NOT_KNOWN
    said = language.short_day(day.date())
    return language.say("{day}: too late", day=said) if is_past else said


def _days(days: float | None, language: Language) -> str:
    return NOT_KNOWN if days is None or pd.isna(days) else language.quantity(days, "days", 0)


def sku_table(found: MarketingCalendar, language: Language) -> pd.DataFrame:
    """The products that are shortest for an event."""
    ranked = found.short.sort_values("units_short", ascending=False, kind="stable")
    rows = ranked.head(MOST_ROWS)
    return pd.DataFrame(
        {
            "event": rows["event"].map(event_labels(found, language)),
            "sku": rows["sku"],
            "product": rows["title"],
            "demand_units": [language.number(n) for n in rows["demand_units"]],
            "safety_units": [language.number(n) for n in rows["safety_units"]],
            "units_short": [language.number(n) for n in rows["units_short"]],
        }
    )  # fmt: skip


def booking_table(found: MarketingCalendar, language: Language) -> pd.DataFrame:
    """The days on which more people are needed."""
    rows = found.booking.head(MOST_ROWS)
    return pd.DataFrame(
        {
            "day": rows["day"],
            "event": rows["event"].map(event_labels(found, language)),
            "orders": [language.number(n) for n in rows["orders"]],
            "extra_orders": [language.number(n) for n in rows["extra_orders"]],
            "extra_tickets": [language.number(n) for n in rows["extra_tickets"]],
        }
    )
