"""The dates that the calendar makes: by when to order from whom, and when to book people."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from goulot.steps.calendar import MarketingCalendar
from goulot.steps.calendar_events import Event

ORDER, BOOK = "order", "book"


@dataclass(frozen=True)
class Deadline:
    """``amount``: units to order from ``who``, or orders to pack beyond capacity on the fullest
    day."""

    kind: Literal["order", "book"]
    day: date
    event: Event
    who: str
    amount: float


def deadlines(found: MarketingCalendar) -> tuple[Deadline, ...]:
    """All of them by day, those that have passed too."""
    events = {plan.event.name: plan.event for plan in found.plans}
    known = found.dates.dropna(subset=["order_by"])
    dates = [
        Deadline("order", row.order_by.date(), events[row.event], str(row.supplier), row.units)
        for row in known.itertuples()
    ]
    early = timedelta(days=found.policy.book_ahead_days)
    dates += [
        Deadline("book", plan.event.starts_on - early, plan.event, "", plan.extra_packing)
        for plan in found.plans
        if plan.extra_packing > 0
    ]
    return tuple(sorted(dates, key=lambda d: (d.day, d.event.name, d.kind, d.who)))
