"""People for the events: days on which more is needed than there is, and events that collide."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from goulot.steps.calendar_demand import Outlook
from goulot.steps.calendar_events import Event
from goulot.weekdays import working_days

AFTER_DAYS = 3  # days after an event to which its work may reach
BOOKED = ["event", "day", "orders", "orders_high", "extra_orders", "extra_tickets"]
COLLIDE = ["event", "other", "day", "orders", "over_capacity"]


def tickets_per_order(service_day: pd.DataFrame) -> float:
    """Tickets per order."""
    orders = service_day["orders"].astype(float).sum()
    return float(service_day["ticketed_orders"].astype(float).sum() / orders) if orders else 0.0


def bookings(
    ahead: Sequence[Event],
    path: Outlook,
    settings: Any,
    packing: float | None,
    ticket_rate: float,
    service_level: float,
) -> pd.DataFrame:
    """By event and day, what is needed beyond capacity so that no day leaves work to the next.

    ``packing`` [orders a working day]; ``ticket_rate`` [tickets an order]; for demand that is not
    exceeded with probability ``service_level``.
    """
    z = float(norm.ppf(service_level))
    packs = working_days(settings.capacity.fulfillment.days)
    support = settings.capacity.support
    desk = working_days(support.days)
    answered = None if support.per_week is None else support.per_week / len(desk)
    rows = []
    for event in ahead:
        carried = tickets = 0.0
        for day in pd.date_range(event.starts_on, event.ends_on + timedelta(days=AFTER_DAYS)):
            if day not in path.orders.index:
                break
            mean = float(path.orders[day])
            high = mean * float(np.exp(z * path.log_sd[day]))
            carried, tickets = carried + high, tickets + high * ticket_rate
            more = asked = 0.0
            if packing is not None and day.day_of_week in packs:
                more, carried = max(carried - packing, 0.0), 0.0
            if answered is not None and day.day_of_week in desk:
                asked, tickets = max(tickets - answered, 0.0), 0.0
            rows.append((event.name, day, mean, high, np.ceil(more), np.ceil(asked)))
    frame = pd.DataFrame(rows, columns=BOOKED)
    return frame[(frame["extra_orders"] > 0) | (frame["extra_tickets"] > 0)].reset_index(drop=True)


def collisions_of(
    ahead: Sequence[Event], path: Outlook, collision_days: int, packing: float | None
) -> pd.DataFrame:
    """Pairs of events whose days, or the days after, fall together."""
    rows = []
    for place, event in enumerate(ahead):
        for other in ahead[place + 1 :]:
            apart = (other.starts_on - event.ends_on).days
            if apart > collision_days:
                continue
            days = path.between(min(event.starts_on, other.starts_on),
                                max(event.ends_on, other.ends_on))  # fmt: skip
            peak = days.idxmax()
            over = packing is not None and days[peak] > packing
            rows.append((event.name, other.name, peak, float(days[peak]), over))
    return pd.DataFrame(rows, columns=COLLIDE)
