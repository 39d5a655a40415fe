"""Which warehouse has how many orders to send in the coming weeks, and which event brings them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

BASE_WEEKS = 8  # whole weeks from which the pace and each warehouse's share are read
WEEKS_AHEAD = 13
MIN_WEEKS = 4
WIDER = 1.645 / 1.282  # from the ends of an 80 % interval to those of a 90 % one


@dataclass(frozen=True)
class WarehouseLoad:
    """``rows``: location, week_starts_on, expected, low, high [orders], event, channel.

    ``event`` names what lifts the week, ``channel`` the one that brings most of its orders.
    """

    rows: pd.DataFrame
    weeks_seen: int

    @property
    def busiest(self) -> pd.DataFrame:
        """The busiest week of each warehouse."""
        ordered = self.rows.sort_values(["location", "expected"], ascending=[True, False])
        return ordered.groupby("location", sort=True).head(1).reset_index(drop=True)


COLUMNS = ["location", "week_starts_on", "expected", "low", "high", "event", "channel"]


def warehouse_load(
    location_week: pd.DataFrame, events: pd.DataFrame, as_of: date, forecast: pd.DataFrame
) -> WarehouseLoad:
    """Step 2's forecast of orders, divided between warehouses as the last weeks were.

    Without a forecast: the pace of the last ``BASE_WEEKS`` weeks per channel and warehouse, the
    days of an event multiplied by what the calendar expects, for its channel or for all; the
    interval is that of a count whose spread from week to week is what was seen.

    Parameters
    ----------
    location_week, events : the marts ``location_week`` and ``event``
    forecast : week_starts_on, expected, low, high of all orders (80 %), events included; or empty
    """
    monday = as_of - timedelta(days=as_of.weekday())
    first = pd.Timestamp(monday) - pd.Timedelta(weeks=BASE_WEEKS)
    if location_week.empty:
        return WarehouseLoad(pd.DataFrame(columns=COLUMNS), 0)
    start = pd.to_datetime(location_week["week_starts_on"])
    base = location_week[(start >= first) & (start < pd.Timestamp(monday))].dropna(
        subset=["location"]
    )
    weeks = base["week_starts_on"].nunique()
    if weeks < MIN_WEEKS:
        return WarehouseLoad(pd.DataFrame(columns=COLUMNS), weeks)
    pace = base.groupby(["location", "channel"], sort=True)["orders"].sum() / weeks
    by_week = base.groupby(["location", "week_starts_on"])["orders"].sum()
    spread = (by_week.groupby("location").std(ddof=1) / by_week.groupby("location").mean()).fillna(
        0
    )
    ahead = [monday + timedelta(weeks=n) for n in range(1, WEEKS_AHEAD + 1)]
    rows = [
        _week(location, week, pace[location], float(spread[location]), events)
        for location in sorted(pace.index.get_level_values("location").unique())
        for week in ahead
    ]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return WarehouseLoad(_by_forecast(found, forecast), weeks)


def _by_forecast(rows: pd.DataFrame, forecast: pd.DataFrame) -> pd.DataFrame:
    """The forecast's total where there is one, by the shares of ``rows``; 80 % widened to 90 %."""
    if forecast.empty:
        return rows
    week = pd.to_datetime(rows["week_starts_on"])
    total = forecast.assign(week=pd.to_datetime(forecast["week_starts_on"])).set_index("week")
    told = week.isin(total.index)
    share = rows["expected"] / rows.groupby("week_starts_on")["expected"].transform("sum")
    at = total.reindex(week)
    middle = share * at["expected"].to_numpy()
    widened = {
        "expected": middle,
        "low": (middle - WIDER * share * (at["expected"] - at["low"]).to_numpy()).clip(lower=0),
        "high": middle + WIDER * share * (at["high"] - at["expected"]).to_numpy(),
    }
    return rows.assign(**{name: told_.where(told, rows[name]) for name, told_ in widened.items()})


def _week(location: str, week: date, pace: pd.Series, spread: float, events: pd.DataFrame) -> tuple:
    lifted = pace.astype(float).copy()
    named = ""
    for event in events.itertuples():
        last = event.ends_on if pd.notna(event.ends_on) else event.starts_on
        days = _shared_days(week, pd.Timestamp(event.starts_on).date(), pd.Timestamp(last).date())
        times = event.expected_multiplier
        if not days or pd.isna(times):
            continue
        at = lifted.index == event.channel if isinstance(event.channel, str) else lifted == lifted
        lifted[at] *= 1 + (float(times) - 1) * days / 7
        named = named or str(event.event)
    expected = float(lifted.sum())
    half = 1.645 * float(np.sqrt(expected + (spread * expected) ** 2))
    low, high = max(expected - half, 0.0), expected + half
    return location, week, expected, low, high, named, str(lifted.idxmax())


def _shared_days(week: date, first: date, last: date) -> int:
    return max(0, (min(last, week + timedelta(days=6)) - max(first, week)).days + 1)
