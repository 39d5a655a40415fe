"""Units for the events: what will be short, from whom to order it, and by when."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.stats import norm

LEAST_LINES = 8  # received lines of a supplier, from which on its own distribution is read


def lead_days_at(lead_days: pd.DataFrame, service_level: float) -> dict[str, tuple[float, float]]:
    """Supplier → ``(median, days within which service_level of its lines came)``.

    Parameters
    ----------
    lead_days : the mart ``supplier_lead_day``

    Notes
    -----
    The empirical quantile; with fewer than ``LEAST_LINES`` received lines, that of all suppliers
    together where it is longer (who is little known is not trusted to be fast).
    """
    rows = lead_days.assign(n=lead_days["timed_lines"].astype(float))
    if rows.empty:
        return {}
    everyone = _quantiles(rows.groupby("lead_days")["n"].sum(), service_level)
    found = {}
    for supplier, mine in rows.groupby("supplier", sort=True):
        own = _quantiles(mine.groupby("lead_days")["n"].sum(), service_level)
        is_known = mine["n"].sum() >= LEAST_LINES
        found[str(supplier)] = own if is_known else tuple(map(max, zip(own, everyone, strict=True)))
    return found


def _quantiles(lines: pd.Series, service_level: float) -> tuple[float, float]:
    lines = lines.sort_index()
    reached = lines.cumsum().to_numpy() / lines.sum()
    days = lines.index.to_numpy(dtype=float)
    at = [int(np.argmax(reached >= share - 1e-12)) for share in (0.5, service_level)]
    return float(days[at[0]]), float(days[at[1]])


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
    Needed is the mean plus ``z`` standard deviations: those of the total, which all SKUs share, and
    Poisson's of each. Units are short for the first event that they are missing for.
    """
    z = float(norm.ppf(service_level))
    stock = cover.set_index("sku")
    had = stock["available"].astype(float).clip(lower=0) + stock["incoming"].astype(float).fillna(0)
    ordered = pd.Series(0.0, index=stock.index)
    found = []
    for name, units, log_sd in demands:
        mean = units.reindex(stock.index).fillna(0.0)
        safety = z * np.sqrt((mean * log_sd) ** 2 + mean)
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


def order_dates(
    short: pd.DataFrame,
    starts: Mapping[str, date],
    lead_days: Mapping[str, tuple[float, float]],
    as_of: date,
) -> pd.DataFrame:
    """One row per event and supplier: units, SKUs, the last day to order and whether it is past.

    A supplier whose lead time is not known has no ``order_by``.
    """
    rows = []
    known = short.assign(supplier=short["supplier"].fillna("").replace("", "unknown"))
    for (event, supplier), mine in known.groupby(["event", "supplier"], sort=True):
        days = lead_days.get(str(supplier))
        by = None if days is None else starts[str(event)] - timedelta(days=int(np.ceil(days[1])))
        rows.append({
            "event": event, "supplier": supplier, "skus": len(mine),
            "units": float(mine["units_short"].sum()),
            "lead_days": None if days is None else days[1],
            "order_by": None if by is None else pd.Timestamp(by),
            "is_past": by is not None and by <= as_of,
        })  # fmt: skip
    columns = ["event", "supplier", "skus", "units", "lead_days", "order_by", "is_past"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(order_by=pd.to_datetime(frame["order_by"])).sort_values(
        ["order_by", "event", "supplier"], na_position="last"
    ).reset_index(drop=True)  # fmt: skip
