"""The orders and units that the coming months will bring, day by day, events included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from goulot.steps.calendar_events import Event, Lift
from goulot.steps.spike_history import usual_level

YEAR = timedelta(days=364)  # the same weekday a year before
RECENT_DAYS = 56
LEVEL_SD = 0.08  # of a logarithm: how wrong the usual level of coming months is told
MIX_UNITS = 20  # units sold in past events at which an event's own mix weighs half


@dataclass(frozen=True)
class Outlook:
    """``usual``: orders a day without events; ``orders``: with them; ``log_sd``: standard deviation
    of the logarithm of ``orders`` (what is not known of the level and of the events)."""

    usual: pd.Series
    orders: pd.Series
    log_sd: pd.Series

    def between(self, first: date, last: date) -> pd.Series:
        return self.orders[pd.Timestamp(first) : pd.Timestamp(last)]


def daily_orders(order_day: pd.DataFrame, until: date) -> pd.Series:
    days = order_day.assign(day=pd.to_datetime(order_day["day"])).sort_values("day")
    return days.set_index("day")["orders"].astype(float)[: pd.Timestamp(until)]


def outlook(
    orders: pd.Series, as_of: date, until: date, lifts: Mapping[Event, Lift], shares: Mapping
) -> Outlook:
    """Orders a day from the day after ``as_of`` on.

    The usual is last year's at the same time, times how the last eight weeks compare with the same
    weeks a year before; without a whole year it is the last eight weeks, in the rhythm of the week.
    ``shares``: event → share of the orders that it lifts (1: all).
    """
    usual = usual_level(orders)
    days = pd.date_range(as_of + timedelta(days=1), until)
    level = _seasonal(usual, days, as_of)
    times, variance = pd.Series(1.0, index=days), pd.Series(LEVEL_SD**2, index=days)
    for event, lift in lifts.items():
        inside = days[days.isin(event.days)]
        share = shares.get(event, 1.0)
        times[inside] *= 1 + share * (lift.times - 1)
        variance[inside] += (share * lift.log_sd) ** 2
    return Outlook(level, level * times, np.sqrt(variance))


def _seasonal(usual: pd.Series, days: pd.DatetimeIndex, as_of: date) -> pd.Series:
    recent = usual[pd.Timestamp(as_of) - timedelta(days=RECENT_DAYS - 1) :]
    before = usual.reindex(recent.index - YEAR)
    last_year = usual.reindex(days - YEAR)
    if before.notna().all() and last_year.notna().mean() > 0.9:
        growth = recent.sum() / max(before.sum(), 1e-9)
        return pd.Series(last_year.ffill().bfill().to_numpy() * growth, index=days)
    rhythm = recent.groupby(recent.index.day_of_week).mean()
    values = rhythm.reindex(days.day_of_week).fillna(recent.mean()).to_numpy()
    return pd.Series(values, index=days)


def unit_shares(
    sku_day: pd.DataFrame, cover: pd.DataFrame, past: Sequence[Event], event: Event | None
) -> pd.Series:
    """Share of the units by SKU: as in the last eight weeks, moved toward what sold in the same
    event before (the more units, the further); an event of one category lifts that alone."""
    usual = cover.set_index("sku")["daily_units"].astype(float)
    usual = usual[usual > 0].sort_index()
    usual = usual / max(usual.sum(), 1e-12)
    twins = [e for e in past if event is not None and e.series == event.series]
    if not twins:
        return usual
    days = twins[-1].days
    sold = sku_day[pd.to_datetime(sku_day["day"]).isin(days)].groupby("sku")["units"].sum()
    sold = sold.astype(float).reindex(usual.index, fill_value=0.0)
    weight = sold.sum() / (sold.sum() + MIX_UNITS * len(usual) ** 0.5)
    mixed = weight * sold / max(sold.sum(), 1e-12) + (1 - weight) * usual
    return mixed / mixed.sum()


def lifted_share(event: Event, cover: pd.DataFrame) -> float:
    """Share of the orders that an event lifts: the units of its category, or all."""
    if not event.category or cover.empty:
        return 1.0
    units = cover["daily_units"].astype(float)
    mine = units[cover["category"].astype(str) == event.category].sum()
    return float(mine / units.sum()) if mine > 0 else 1.0
