"""The marketing calendar against stock and capacity: what each event needs, by when, from whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure, Missing
from goulot.steps.calendar_capacity import (
    BOOKED,
    COLLIDE,
    bookings,
    collisions_of,
    tickets_per_order,
)
from goulot.steps.calendar_demand import (
    Outlook,
    daily_orders,
    lifted_share,
    outlook,
    unit_shares,
)
from goulot.steps.calendar_events import (
    NO_LIFT,
    Event,
    Lift,
    event_slug,
    events_of,
    expected_lift,
    observed_lifts,
    recurring,
)
from goulot.steps.calendar_record import foretold_and_counted
from goulot.steps.calendar_supply import lead_days_at, order_dates, short_ranges, shortages
from goulot.steps.needs import CALENDAR, EXPORT_NAMES
from goulot.steps.spike_history import find_spikes, usual_level

MARTS = ("event", "order_day", "sku_cover", "supplier_lead_day", "service_day")
LEAST_DAYS = 56
STOCK_LIMITS = 0.02  # of the units needed: from here on what comes too late limits an event
SPREAD = 1.645  # standard deviations on each side of a 90 % interval

# Notes of figures: messages for ``Language.say``.
TOO_SHORT = "fewer than eight weeks of orders: no usual level for an event to multiply"
NO_STOCK = "no count of the stock is known"
NO_LEAD_TIME = "no purchase order tells the lead time of the suppliers"
NOTHING_SHORT = "nothing is short: no order is needed for it"
ALREADY_PAST = "the day has passed: ask what can still come, or sell less of it"
TO_ORDER = (
    "to order, so that goods last as surely as is asked; the range is what turns out to be missing"
)
NOTES = (TOO_SHORT, NO_STOCK, NO_LEAD_TIME, NOTHING_SHORT, ALREADY_PAST, NO_LIFT, TO_ORDER)


@dataclass(frozen=True, kw_only=True)
class CalendarPolicy:
    """What the consultant chooses: how far ahead to look, with which probability goods should last
    and come in time, how early people are booked, and how close two events collide."""

    horizon_days: int = 180
    service_level: float = 0.95
    book_ahead_days: int = 14
    collision_days: int = 7

    def __post_init__(self) -> None:
        if not 0.5 <= self.service_level < 1:
            raise ParameterError(
                f"service_level={self.service_level} is not a share from 0.5 to below 1: write "
                "0.95 for 95 %."
            )
        if not 7 <= self.horizon_days <= 366:
            raise ParameterError(f"horizon_days={self.horizon_days}: write 7 to 366 days.")


@dataclass(frozen=True)
class EventPlan:
    """One event: what it brings, what is short, what to book. ``lift`` is None where nothing tells
    what it does; ``limit``: the stage that the event meets first (None: nothing in its way)."""

    event: Event
    lift: Lift | None
    orders: Figure
    peak: Figure
    units_short: Figure
    order_by: Figure
    limit: str | None
    extra_packing: float
    extra_tickets: float


@dataclass(frozen=True)
class MarketingCalendar:
    """The events ahead, by first day.

    ``short``: one row per event and SKU; ``dates``: per event and supplier; ``booking``: per event
    and day on which more is needed than there is (orders to pack and tickets beyond capacity);
    ``collisions``: pairs of events and the orders of the fullest day of both.
    """

    as_of: date
    policy: CalendarPolicy
    plans: tuple[EventPlan, ...]
    outlook: Outlook | None
    short: pd.DataFrame
    dates: pd.DataFrame
    booking: pd.DataFrame
    collisions: pd.DataFrame
    packing_per_day: float | None
    is_detected: bool
    figures: dict[str, Figure]
    missing: tuple[Missing, ...]


def plan_calendar(
    frames: Mapping[str, pd.DataFrame],
    sku_day: pd.DataFrame,
    settings: Any,
    as_of: date,
    policy: CalendarPolicy,
    packing_per_day: float | None,
) -> MarketingCalendar:
    """Plan the events of the coming months.

    Parameters
    ----------
    frames : the marts named in ``MARTS``
    sku_day : sku, day, units of the mart ``sku_day``
    settings : client.yml as read
    packing_per_day : orders that the warehouse packs on a working day (None: not known)
    """
    until = as_of + timedelta(days=policy.horizon_days)
    orders = daily_orders(frames["order_day"], as_of)
    every = events_of(frames["event"])
    past = [e for e in every if e.ends_on <= as_of]
    ahead = [e for e in every if as_of < e.starts_on <= until]
    if len(orders) < LEAST_DAYS:
        return _unplanned(as_of, policy, ahead, frames, packing_per_day)
    is_detected = not every
    if is_detected:
        spikes = find_spikes(frames["order_day"], sku_day, frames["service_day"]).shop
        ahead = list(recurring(spikes, as_of, until)) if len(spikes) else []
    observed = observed_lifts(past, orders, usual_level(orders))
    lifts = {e: expected_lift(e, past, observed, is_detected) for e in ahead}
    cover = frames["sku_cover"]
    shares = {e: lifted_share(e, cover) for e in ahead}
    reach = max([until, *(e.ends_on for e in ahead)])
    path = outlook(orders, as_of, reach, {e: x for e, x in lifts.items() if x}, shares)
    short, ranges, dates = _supply(ahead, past, path, frames, sku_day, as_of, policy, orders)
    rate = tickets_per_order(frames["service_day"])
    booking = bookings(ahead, path, settings, packing_per_day, rate, policy.service_level)
    plans = tuple(
        _event_plan(e, lifts[e], shares[e], path, short, ranges[e.name], dates, booking, frames)
        for e in ahead
    )
    figures = _figures(plans) | foretold_and_counted(plans, past, orders, as_of)
    return MarketingCalendar(
        as_of=as_of, policy=policy, plans=plans, outlook=path, short=short, dates=dates,
        booking=booking,
        collisions=collisions_of(ahead, path, policy.collision_days, packing_per_day),
        packing_per_day=packing_per_day, is_detected=is_detected, figures=figures,
        missing=_missing(frames, every),
    )  # fmt: skip


def _unplanned(as_of, policy, ahead, frames, packing_per_day) -> MarketingCalendar:
    """Without a usual level, the events alone."""
    unknown = {unit: Figure.unknown(unit, TOO_SHORT) for unit in ("orders", "orders/day", "units",
                                                                  "date")}  # fmt: skip
    plans = tuple(
        EventPlan(e, None, unknown["orders"], unknown["orders/day"], unknown["units"],
                  unknown["date"], None, 0.0, 0.0) for e in ahead
    )  # fmt: skip
    short = shortages(frames["sku_cover"], [], policy.service_level)
    return MarketingCalendar(
        as_of, policy, plans, None, short, order_dates(short, {}, {}, as_of),
        pd.DataFrame(columns=BOOKED), pd.DataFrame(columns=COLLIDE), packing_per_day, False,
        _figures(plans), _missing(frames, ahead),
    )  # fmt: skip


def _supply(ahead, past, path, frames, sku_day, as_of, policy, orders):
    """Units short by event and SKU, their range by event, and the days to order them."""
    cover = frames["sku_cover"]
    recent = orders[pd.Timestamp(as_of) - timedelta(days=55) :].sum() / 56
    per_order = cover["daily_units"].astype(float).sum() / max(recent, 1e-9) if len(cover) else 0.0
    demands, done, units = [], as_of, pd.Series(dtype=float)
    for event in ahead:
        before = path.between(done + timedelta(days=1), event.starts_on - timedelta(days=1)).sum()
        during = path.between(max(event.starts_on, done + timedelta(days=1)), event.ends_on).sum()
        usual = unit_shares(sku_day, cover, past, None)
        own = unit_shares(sku_day, cover, past, event)
        units = units.add(per_order * (before * usual + during * own), fill_value=0.0)
        spread = path.log_sd[: pd.Timestamp(event.ends_on)]
        weights = path.orders[: pd.Timestamp(event.ends_on)]
        log_sd = float((spread * weights).sum() / max(weights.sum(), 1e-9))
        demands.append((event.name, units.copy(), log_sd))
        done = max(done, event.ends_on)
    short = shortages(cover, demands, policy.service_level)
    ranges = short_ranges(cover, demands)
    leads = lead_days_at(frames["supplier_lead_day"], policy.service_level)
    return short, ranges, order_dates(short, {e.name: e.starts_on for e in ahead}, leads, as_of)


def _event_plan(event, lift, share, path, short, ends, dates, booking, frames) -> EventPlan:
    mine = path.between(event.starts_on, event.ends_on)
    sd = float(path.log_sd[mine.index].max())
    basis = lift.basis if lift else "observed"
    note = lift.note if lift else NO_LIFT
    usual = float(path.usual[mine.index].max())
    peak = float(mine.max())
    if lift and lift.basis == "observed":
        peak = max(peak, usual * (1 + share * (lift.peak_times - 1)))
    booked = booking[booking["event"] == event.name]
    lacking = short.loc[short["event"] == event.name, "units_short"].sum()
    order_by = _order_by(dates[dates["event"] == event.name], frames, lacking)
    extra = float(booked["extra_orders"].max()) if len(booked) else 0.0
    tickets = float(booked["extra_tickets"].max()) if len(booked) else 0.0
    limit = "stock" if _lost_share(event, short, dates) >= STOCK_LIMITS else None
    limit = limit or ("fulfillment" if extra > 0 else "support" if tickets > 0 else None)
    return EventPlan(
        event=event, lift=lift, orders=_interval(float(mine.sum()), sd, "orders", basis, note),
        peak=_interval(peak, sd, "orders/day", basis, note),
        units_short=_units_short(lacking, ends, frames, basis), order_by=order_by, limit=limit,
        extra_packing=extra, extra_tickets=tickets,
    )  # fmt: skip


def _lost_share(event: Event, short: pd.DataFrame, dates: pd.DataFrame) -> float:
    """Units that can no longer come in time, as a share of what the event's SKUs need."""
    needed = short.loc[short["event"] == event.name, "demand_units"].sum()
    late = dates.loc[(dates["event"] == event.name) & dates["is_past"], "units"].sum()
    return float(late / needed) if needed else 0.0


def _interval(value: float, log_sd: float, unit: str, basis, note: str) -> Figure:
    factor = float(np.exp(SPREAD * log_sd))
    return Figure(value=value, low=value / factor, high=value * factor, unit=unit, basis=basis,
                  note=note)  # fmt: skip


def _units_short(lacking: float, ends: tuple[float, float], frames, basis) -> Figure:
    if frames["sku_cover"].empty:
        return Figure.unknown("units", NO_STOCK)
    low, high = min(ends[0], lacking), max(ends[1], lacking)
    note = TO_ORDER if lacking else ""
    return Figure(value=float(lacking), low=low, high=high, unit="units", basis=basis, note=note)


def _order_by(dates: pd.DataFrame, frames, lacking: float) -> Figure:
    """The day of the earliest purchase order, and how well its supplier's lead time is known."""
    if frames["sku_cover"].empty:
        return Figure.unknown("date", NO_STOCK)
    if not lacking:
        return Figure.unknown("date", NOTHING_SHORT)
    known = dates.dropna(subset=["order_by"])
    if known.empty:
        return Figure.unknown("date", NO_LEAD_TIME)
    first = known.loc[known["order_by"].idxmin()]
    value, low, high = (first[n].date().isoformat() for n in ("order_by", "earliest", "latest"))
    note = ALREADY_PAST if known["is_past"].any() else ""
    return Figure(value=value, low=low, high=high, unit="date", basis="observed", note=note)


def _figures(plans: tuple[EventPlan, ...]) -> dict[str, Figure]:
    named = {}
    for plan in plans:
        slug = event_slug(plan.event.name)
        named[f"calendar.order_by.{slug}"] = plan.order_by
        named[f"calendar.units_short.{slug}"] = plan.units_short
        named[f"calendar.peak_orders_per_day.{slug}"] = plan.peak
        named[f"calendar.orders.{slug}"] = plan.orders
    return {name: _told(figure) for name, figure in named.items()}


def _told(figure: Figure) -> Figure:
    """Not a number is said as not known."""
    return figure if figure.value == figure.value else Figure.unknown(figure.unit, TOO_SHORT)


def _missing(frames: Mapping[str, pd.DataFrame], events) -> tuple[Missing, ...]:
    costs = {need.table: need.costs for need in CALENDAR.needs}
    absent = [
        table
        for table, is_there in (
            ("calendar", bool(events)),
            ("stock_levels", len(frames["sku_cover"]) > 0),
            ("purchase_orders", len(frames["supplier_lead_day"]) > 0),
        )
        if not is_there
    ]
    return tuple(
        Missing(step="calendar", export=EXPORT_NAMES[table], costs=costs[table])
        for table in absent
    )  # fmt: skip
