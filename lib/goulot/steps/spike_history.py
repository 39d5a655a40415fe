"""Spikes that happened: days far above the usual, for the shop and for single products."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.findings import Figure

WINDOW_DAYS = 56  # before and after a day, from which its usual level is told
LEAST_TIMES = 2.0  # the usual, from which on a day is a spike
SURE_DEVIATIONS = 4.0  # and as many robust standard deviations above it
LEAST_LINES = 10  # order lines of one product in a day, below which chance looks like a spike
LEAST_USUAL = 0.5  # order lines a day: below it a product has no usual day
LEAST_DAYS = 56
ONCE = 1.0  # spikes a year, where the history shows none
APART_DAYS = 3  # days between two spikes of one

# Notes of figures: messages for ``Language.say``.
TOO_SHORT = "fewer than eight weeks of orders: no usual level to hold a day against"
SEEN = "days as far above the usual, in the client's own history"
NONE_SEEN = "no spike as large in the history: one a year is assumed"
NOTES = (TOO_SHORT, SEEN, NONE_SEEN)


@dataclass(frozen=True)
class SpikeHistory:
    """``shop`` and ``skus``: one row per spike, the largest first, with starts_on, ends_on,
    peak_on, at_peak [orders, or order lines of a SKU], usual [a day], times; of the shop also what
    it cost.
    ``largest_day``: the shop's fullest day as a multiple of its median day (None: too short)."""

    shop: pd.DataFrame
    skus: pd.DataFrame
    per_year: Figure
    largest_day: float | None


def find_spikes(
    order_day: pd.DataFrame,
    sku_day: pd.DataFrame,
    service_day: pd.DataFrame,
    shortage_week: pd.DataFrame | None = None,
) -> SpikeHistory:
    """Find the spikes of the whole history.

    Parameters
    ----------
    order_day, service_day, shortage_week : the marts; the last one where stock was counted
    sku_day : sku, day, lines of the mart ``sku_day``

    Notes
    -----
    A day's usual level is the median of the days around it times what its weekday usually is of the
    week; it is a spike from twice that on, if also four robust standard deviations (MAD × 1.4826)
    above. Medians keep the spike itself, and its neighbours, out of the yardstick (Rousseeuw &
    Croux 1993). Days that follow one another, with a gap of at most three, are one spike.
    """
    days = order_day.assign(day=pd.to_datetime(order_day["day"])).sort_values("day")
    orders = days.set_index("day")["orders"].astype(float)
    if len(orders) < LEAST_DAYS:
        return SpikeHistory(_none(), _none("sku"), Figure.unknown("times/year", TOO_SHORT), None)
    usual = usual_level(orders)
    shop = _costed(_spikes(orders, usual, least=1), service_day)
    shop = _short(shop, shortage_week) if shortage_week is not None else shop
    years = len(orders) / 365.25
    per_year = Figure(value=len(shop) / years, unit="times/year", basis="observed", note=SEEN)
    largest = float(orders.max() / orders[orders > 0].median())
    return SpikeHistory(shop, _sku_spikes(sku_day, orders.index), per_year, largest)


def expected_spikes(
    history: SpikeHistory, multiplier: float, times_per_year: float = 0.0
) -> Figure:
    """How often a spike of about ``multiplier`` comes: as chosen, or as the history shows.

    One a year is assumed where the history has none of at least four fifths of that size.
    """
    if times_per_year > 0:
        return Figure(value=times_per_year, unit="times/year", basis="declared")
    if history.per_year.value and len(history.shop):
        as_large = (history.shop["times"] >= 0.8 * multiplier).mean() * history.per_year.value
        if as_large > 0:
            return Figure(value=float(as_large), unit="times/year", basis="observed", note=SEEN)
    return Figure(value=ONCE, unit="times/year", basis="assumed", note=NONE_SEEN)


def usual_level(daily: pd.Series) -> pd.Series:
    """What a day would usually be: the level of the weeks around it, in the rhythm of the week."""
    open_days = daily.where(daily > 0)  # a shop that is closed is not a shop with few orders
    level = open_days.rolling(WINDOW_DAYS, center=True, min_periods=WINDOW_DAYS // 4).median()
    level = level.ffill().bfill()
    ratio = open_days / level
    rhythm = ratio.groupby(daily.index.day_of_week).transform("median").fillna(1.0)
    return level * rhythm


def _spikes(daily: pd.Series, usual: pd.Series, least: float) -> pd.DataFrame:
    deviation = (
        1.4826
        * (daily - usual)
        .abs()
        .rolling(WINDOW_DAYS, center=True, min_periods=WINDOW_DAYS // 4)
        .median()
    )
    high = (daily >= LEAST_TIMES * usual) & (daily >= least)
    high &= daily >= usual + SURE_DEVIATIONS * deviation.ffill().bfill()
    columns = (series.to_numpy()[:, None] for series in (daily, usual, high))
    runs = high_runs(daily.index, *columns).drop(columns="series")
    order = ["times", "peak_on"]
    return runs.sort_values(order, ascending=[False, True]).reset_index(drop=True)


def high_runs(
    days: pd.DatetimeIndex, daily: np.ndarray, usual: np.ndarray, high: np.ndarray
) -> pd.DataFrame:
    """One row per run of high days, with gaps of at most ``APART_DAYS``, of each of several series
    [days, series], and the number of its ``series``."""
    series, day = np.nonzero(high.T)
    on, most = days[day], np.maximum(usual[day, series], 1e-9)
    times = daily[day, series] / most
    is_new = np.diff(series, prepend=-1) > 0
    is_new[1:] |= np.diff(on) > np.timedelta64(APART_DAYS + 1, "D")
    first = np.flatnonzero(is_new)
    last = np.append(first, len(on))[1:] - 1
    highest_first = np.lexsort((day, -times, np.cumsum(is_new)))
    peak = highest_first[first]
    return pd.DataFrame(
        {"starts_on": on[first], "ends_on": on[last], "peak_on": on[peak],
         "at_peak": daily[day, series][peak], "usual": usual[day, series][peak],
         "times": times[peak], "series": series[peak]}
    )  # fmt: skip


def _sku_spikes(sku_day: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Of single products, by the order lines that name them: one customer who buys a pallet is no
    spike. The usual is the mean of the eight weeks before, whose fullest days count as their 95th
    percentile."""
    rows = sku_day.assign(day=pd.to_datetime(sku_day["day"]), lines=sku_day["lines"].astype(float))
    loud = rows.loc[rows["lines"] >= LEAST_LINES, "sku"].unique()
    table = rows[rows["sku"].isin(loud)].pivot_table(
        index="day", columns="sku", values="lines", aggfunc="sum", fill_value=0.0
    )
    if table.empty:
        return _none("sku")
    table = table.reindex(days, fill_value=0.0).sort_index(axis=1)
    lines = table.to_numpy(dtype=float)
    usual = _mean_before(np.minimum(lines, np.quantile(lines, 0.95, axis=0)))
    usual = np.maximum(usual, LEAST_USUAL)
    sold_for = np.cumsum(np.cumsum(lines, axis=0) > 0, axis=0)  # days since the first sale
    high = (lines >= LEAST_LINES) & (lines >= LEAST_TIMES * usual) & (sold_for > WINDOW_DAYS)
    high &= lines >= usual + SURE_DEVIATIONS * np.sqrt(usual)
    runs = high_runs(days, lines, usual, high)
    runs["sku"] = table.columns.astype(str)[runs["series"]]
    order = ["times", "sku", "peak_on"]
    every = runs.drop(columns="series").sort_values(order, ascending=[False, True, True])
    return every.reset_index(drop=True)


def _mean_before(lines: np.ndarray) -> np.ndarray:
    """Mean of the ``WINDOW_DAYS`` before each day [days, SKUs]; of fewer at the beginning."""
    total = np.vstack([np.zeros((1, lines.shape[1])), np.cumsum(lines, axis=0)])
    day = np.arange(len(lines))
    first = np.maximum(day - WINDOW_DAYS, 0)
    return (total[day] - total[first]) / np.maximum(day - first, 1)[:, None]


def _costed(shop: pd.DataFrame, service_day: pd.DataFrame) -> pd.DataFrame:
    """What each spike cost, of the orders placed in it, beside the share of all other days."""
    if shop.empty or service_day.empty:
        return shop
    days = service_day.assign(day=pd.to_datetime(service_day["ordered_on"])).set_index("day")
    counts = days[["orders", "judged_orders", "late_orders", "refunded_orders", "cancelled_orders",
                   "ship_days", "shipped_orders"]].astype("float64")  # fmt: skip
    inside = pd.Series(False, index=counts.index)
    rows = []
    for spike in shop.itertuples():
        mine = (counts.index >= spike.starts_on) & (counts.index <= spike.ends_on)
        inside |= mine
        rows.append(_shares(counts[mine].sum(min_count=1)))
    usual = _shares(counts[~inside].sum(min_count=1))
    costs = pd.DataFrame(rows)
    return shop.assign(**costs, **{f"usual_{name}": value for name, value in usual.items()})


def _short(shop: pd.DataFrame, shortage_week: pd.DataFrame) -> pd.DataFrame:
    """Share of the units wanted that were out of stock, in weeks of spikes and in others."""
    if shop.empty or shortage_week.empty:
        return shop
    weeks = shortage_week.astype({"units": "float64", "short_units": "float64"})
    begins = pd.to_datetime(weeks["week_starts_on"])
    inside, shares = pd.Series(False, index=weeks.index), []
    for spike in shop.itertuples():
        mine = (begins > spike.starts_on - pd.Timedelta(days=7)) & (begins <= spike.ends_on)
        inside |= mine
        shares.append(_short_share(weeks[mine]))
    return shop.assign(short_share=shares, usual_short_share=_short_share(weeks[~inside]))


def _short_share(weeks: pd.DataFrame) -> float:
    wanted = weeks["units"].sum() + weeks["short_units"].sum()
    return float(weeks["short_units"].sum() / wanted) if wanted else np.nan


def _shares(sums: pd.Series) -> dict[str, float]:
    def share(part: str, whole: str) -> float:
        return float(sums[part] / sums[whole]) if sums[whole] > 0 else np.nan

    return {
        "late_share": share("late_orders", "judged_orders"),
        "refunded_share": share("refunded_orders", "orders"),
        "cancelled_share": share("cancelled_orders", "orders"),
        "ship_days_mean": share("ship_days", "shipped_orders"),
    }


def _none(*more: str) -> pd.DataFrame:
    columns = ["starts_on", "ends_on", "peak_on", "at_peak", "usual", "times", *more]
    return pd.DataFrame(columns=columns)
