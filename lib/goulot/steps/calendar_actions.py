"""What to do about the calendar: what to order, whom to book, which events to move."""

from datetime import timedelta

from goulot.findings import Figure, Prediction, Recommendation
from goulot.quarter import Quarter
from goulot.steps.calendar import MarketingCalendar
from goulot.steps.calendar_dates import ORDER, deadlines
from goulot.steps.calendar_events import event_slug

ORDER_GOODS = "Place the purchase orders for the events ahead by the dates of order_dates.ics"
BOOK_PEOPLE = "Book people for the warehouse on the days of the events that exceed it"
MOVE_EVENTS = "Move one of two events that fall together and exceed the warehouse, or stagger them"
ACTIONS = (ORDER_GOODS, BOOK_PEOPLE, MOVE_EVENTS)


def recommendations(
    found: MarketingCalendar, contribution_per_order: Figure
) -> tuple[Recommendation, ...]:
    """The next purchase orders, the bookings, and collisions to resolve."""
    actions = []
    ahead = [d for d in deadlines(found) if d.day > found.as_of]
    orders = [d for d in ahead if d.kind == ORDER]
    if orders:
        actions.append(_action("order", "operations", ORDER_GOODS, orders[0].day,
                               _worth(found, "units", contribution_per_order),
                               _ordered(found)))  # fmt: skip
    if len(found.booking) and found.booking["extra_orders"].sum() > 0:
        first = min(p.event.starts_on for p in found.plans if p.extra_packing > 0)
        day = max(first - timedelta(days=found.policy.book_ahead_days), found.as_of)
        actions.append(_action("book", "operations", BOOK_PEOPLE, day,
                               _worth(found, "booking", contribution_per_order)))  # fmt: skip
    if found.collisions["over_capacity"].any():
        first = min(p.event.starts_on for p in found.plans)
        actions.append(_action("move", "marketing", MOVE_EVENTS, first, None))
    return tuple(actions)


def _worth(found: MarketingCalendar, what: str, per_order: Figure) -> tuple | None:
    """Contribution at stake: of the orders that lack goods, or that would leave late; from none of
    them being lost to all."""
    if not isinstance(per_order.value, float):
        return None
    if what == "booking":
        at_stake = float(found.booking["extra_orders"].sum())
    else:
        coming = found.dates[~found.dates["is_past"]]
        needed = found.short["demand_units"].sum()
        share = float(coming["units"].sum() / needed) if needed else 0.0
        at_stake = min(share, 1.0) * sum(p.orders.value or 0.0 for p in found.plans)
    most = at_stake * per_order.value
    return most / 2, 0.0, most, per_order.unit.partition("/")[0]


def _ordered(found: MarketingCalendar) -> Prediction | None:
    """Of the first event that the next review still sees ahead, no more is short than can no longer
    come in time, give or take the error with which its demand is foretold today."""
    until = Quarter.of(found.as_of).next.last_day
    later = [p for p in found.plans if p.event.starts_on > until and p.units_short.value]
    if not later:
        return None
    plan = later[0]
    name, orders = plan.event.name, plan.orders
    mine = found.dates[found.dates["event"] == name]
    left = float(mine.loc[mine["is_past"], "units"].sum())
    demand = float(found.short.loc[found.short["event"] == name, "demand_units"].sum())
    error = demand * (orders.high - orders.value) / orders.value if orders.value else 0.0
    return Prediction(
        finding=f"calendar.units_short.{event_slug(name)}",
        now=plan.units_short.value,  # type: ignore[arg-type]
        low=max(left - error, 0.0),
        high=left + error,
    )


def _action(
    name: str, owner, text: str, day, effect: tuple | None, told: Prediction | None = None
) -> Recommendation:
    value, low, high, unit = effect or (None, None, None, "")
    return Recommendation(
        id=f"calendar.{name}", step="calendar", owner=owner, action=text, effect=value, low=low,
        high=high, unit=unit, due=day.isoformat(), prediction=told,
    )  # fmt: skip
