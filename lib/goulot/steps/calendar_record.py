"""What is foretold of the events of the next quarter, and what those of the last one brought."""

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from goulot.findings import Figure
from goulot.quarter import Quarter
from goulot.steps.calendar_events import Event, event_slug


def foretold_and_counted(
    plans: Iterable, past: Sequence[Event], orders: pd.Series, as_of: date
) -> dict[str, Figure]:
    """The orders of events that lie whole in the quarter after ``as_of``, as planned; and of those
    that lie whole in its own quarter, as counted: what the next review holds the former against.

    Parameters
    ----------
    plans : of type ``EventPlan``
    orders : by day, events and all, up to ``as_of``
    """
    quarter, found = Quarter.of(as_of), {}
    for plan in plans:
        if _lies_in(plan.event, quarter.next) and plan.lift is not None:
            found[f"calendar.forecast_orders.{event_slug(plan.event.name)}"] = plan.orders
    for event in past:
        if _lies_in(event, quarter) and event.days.isin(orders.index).all():
            found[f"calendar.quarter_orders.{event_slug(event.name)}"] = Figure(
                value=float(orders[event.days].sum()), unit="orders", basis="observed"
            )
    return found


def _lies_in(event: Event, quarter: Quarter) -> bool:
    return quarter.first_day <= event.starts_on and event.ends_on <= quarter.last_day
