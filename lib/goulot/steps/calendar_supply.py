"""Units for the events: what will be short, from whom to order it, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.stats import binom

from goulot.methods.inventory import safety_stock

LEAST_LINES = 8  # received lines of a supplier, from which on its own distribution is read


@dataclass(frozen=True)
class LeadDays:
    """How long a supplier takes [days]: half of its lines came within ``median``, the share asked
    within ``asked``; ``low`` and ``high`` bound the latter (90 %)."""

    median: float
    asked: float
    low: float
    high: float


def lead_days_at(lead_days: pd.DataFrame, service_level: float) -> dict[str, LeadDays]:
    """Supplier → the days within which ``service_level`` of its lines came.

    Parameters
    ----------
    lead_days : the mart ``supplier_lead_day``

    Notes
    -----
    The empirical quantile, bounded by the order statistics that the binomial names (David &
    Nagaraja 2003, *Order Statistics*, 3rd ed., sec. 7.1). With fewer than ``LEAST_LINES`` received
    lines, that of all suppliers together where it is longer (who is little known is not trusted to
    be fast).
    """
    rows = lead_days.assign(n=lead_days["timed_lines"].astype(float))
    if rows.empty:
        return {}
    everyone = _quantiles(rows.groupby("lead_days")["n"].sum(), service_level)
    found = {}
    for supplier, mine in rows.groupby("supplier", sort=True):
        own = _quantiles(mine.groupby("lead_days")["n"].sum(), service_level)
        is_known = mine["n"].sum() >= LEAST_LINES
        days = own if is_known else map(max, zip(own, everyone, strict=True))
        found[str(supplier)] = LeadDays(*days)
    return found


def _quantiles(lines: pd.Series, service_level: float) -> list[float]:
    """Median, quantile, and the bounds of the latter, of lines by their days."""
    lines = lines.sort_index()
    reached, days = lines.cumsum().to_numpy(), lines.index.to_numpy(dtype=float)
    count = reached[-1]
    first, last = (float(binom.ppf(end, count, service_level)) for end in (0.05, 0.95))
    ranks = [0.5 * count, service_level * count, max(first, 1), min(last + 1, count)]
    return [float(days[int(np.argmax(reached >= rank - 1e-9))]) for rank in ranks]


def shortages(
    cover: pd.DataFrame,
    demands: list[tuple[str, pd.Series, float]],
    service_level: float,
) -> pd.DataFrame:
    """What is short for each event: one row per event and SKU of which more is needed.

    Parameters
    ----------
    cover : the mart ``sku_cover``
    demands : events by date: name, units by SKU from today until the event's end, and the standard
        deviation of the logarithm of its total
    service_level : probability that a SKU lasts: p / (p + h) of the newsvendor

    Notes
    -----
    Needed is the mean and a safety stock for its standard deviation: that of the total, which all
    SKUs share, and Poisson's of each. Units are short for the first event that they are missing
    for.
    """
    stock = cover.set_index("sku")
    had = stock["available"].astype(float).clip(lower=0) + stock["incoming"].astype(float).fillna(0)
    ordered = pd.Series(0.0, index=stock.index)
    found = []
    for name, units, log_sd in demands:
        mean = units.reindex(stock.index).fillna(0.0)
        safety = safety_stock(service_level, mean, np.sqrt((mean * log_sd) ** 2 + mean))
        missing = (mean + safety - had.fillna(0.0)).clip(lower=0)
        more = np.ceil((missing - ordered).clip(lower=0) - 1e-9)
        ordered += more
        rows = stock.loc[more > 0, ["title", "category", "supplier"]].assign(
            event=name, units_short=more[more > 0], safety_units=safety[more > 0].round(),
            demand_units=mean[more > 0].round(),
        )  # fmt: skip
        found.append(rows.reset_index())
    columns = ["event", "sku", "title", "category", "supplier", "units_short", "safety_units",
               "demand_units"]  # fmt: skip
    return pd.concat(found)[columns].reset_index(drop=True) if found else pd.DataFrame(
        columns=columns
    )  # fmt: skip


def short_ranges(
    cover: pd.DataFrame, demands: list[tuple[str, pd.Series, float]]
) -> dict[str, tuple[float, float]]:
    """Event → units that turn out to be missing, in nine cases out of ten, if nothing is ordered.
    Parameters as of ``shortages``."""
    ends = [
        shortages(cover, demands, level).groupby("event")["units_short"].sum()
        for level in (0.05, 0.95)
    ]
    low, high = (end.reindex([name for name, *_ in demands], fill_value=0.0) for end in ends)
    return {str(name): (float(low[name]), float(high[name])) for name in low.index}


def order_dates(
    short: pd.DataFrame,
    starts: Mapping[str, date],
    lead_days: Mapping[str, LeadDays],
    as_of: date,
) -> pd.DataFrame:
    """One row per event and supplier: units, SKUs, the last day to order with its 90 % interval,
    and whether it is past.

    A supplier whose lead time is not known has no ``order_by``.
    """
    rows = []
    known = short.assign(supplier=short["supplier"].fillna("").replace("", "unknown"))
    for (event, supplier), mine in known.groupby(["event", "supplier"], sort=True):
        days, start = lead_days.get(str(supplier)), starts.get(str(event))
        by, earliest, latest = (
            None if days is None else pd.Timestamp(start - timedelta(days=int(np.ceil(took))))
            for took in ((days.asked, days.high, days.low) if days else (0, 0, 0))
        )
        rows.append({
            "event": event, "supplier": supplier, "skus": len(mine),
            "units": float(mine["units_short"].sum()),
            "lead_days": None if days is None else days.asked,
            "order_by": by, "earliest": earliest, "latest": latest,
            "is_past": by is not None and by.date() <= as_of,
        })  # fmt: skip
    columns = ["event", "supplier", "skus", "units", "lead_days", "order_by", "earliest", "latest",
               "is_past"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(order_by=pd.to_datetime(frame["order_by"])).sort_values(
        ["order_by", "event", "supplier"], na_position="last"
    ).reset_index(drop=True)  # fmt: skip
