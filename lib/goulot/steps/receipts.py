"""When goods come: of an order that is open, or of one that would be placed now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

USUAL_SD = 0.25  # of a lead time, as a share, where too few lines were received to say
NEVER = 10_000.0  # days: nothing is on order and nothing says how long an order takes


@dataclass(frozen=True)
class Receipt:
    """``days`` from the stock count until goods come, as draws; whether they are ``on_order``."""

    supplier: str
    on_order: bool
    quantity: float
    is_known: bool
    days: np.ndarray = field(repr=False)

    @property
    def median(self) -> float:
        return float(np.median(self.days))


def known_lines(purchases: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The lines placed by a day, as they stood then: what came later had not come."""
    if purchases.empty:
        return purchases
    day = pd.Timestamp(as_of)
    lines = purchases[pd.to_datetime(purchases["ordered_on"]) <= day]
    later = pd.to_datetime(lines["received_on"]) > day
    return lines.assign(
        received_on=lines["received_on"].mask(later), lead_days=lines["lead_days"].mask(later)
    )


def next_receipts(
    stocked: pd.DataFrame, purchases: pd.DataFrame, *, draws: int, seed: int
) -> dict[str, Receipt]:
    """SKU → its next receipt. An open order comes its supplier's lead time after it was placed,
    but not before the day after the count; without one, an order placed on that day does.

    Parameters
    ----------
    stocked : sku, snapshot_on and supplier of the SKUs asked for (``sku_cover_quarter``)
    purchases : rows of the mart ``purchase_line`` (``known_lines``)
    """
    rng = np.random.default_rng(seed + 31)
    times, by_sku = lead_times(purchases), _by_sku(purchases)
    found = {}
    for row in stocked.itertuples():
        lines = by_sku.get(row.sku)
        supplier = _supplier(row, lines)
        standing = _standing(lines, row.snapshot_on)
        normal = rng.normal(size=(max(len(standing["age"]), 1), draws))
        found[row.sku] = _receipt(supplier, standing, times.get(supplier, (0.0, 0.0)), normal)
    return found


def open_lines(stocked: pd.DataFrame, purchases: pd.DataFrame) -> pd.DataFrame:
    """One row per line on order: sku, quantity, ``days`` from the stock count until it is expected,
    and their standard deviation ``sd_days`` as its supplier was seen to vary (0: none was seen).
    Lines of which nothing says when they come are left out. Parameters as of ``next_receipts``.
    """
    times, by_sku = lead_times(purchases), _by_sku(purchases)
    rows = []
    for row in stocked[stocked["sku"].isin(by_sku)].itertuples():
        lines = by_sku[row.sku]
        mean, sd = times.get(_supplier(row, lines), (0.0, 0.0))
        standing = _standing(lines, row.snapshot_on)
        days = _expected_days(standing, mean)
        rows += [(row.sku, n, day, sd) for n, day in zip(standing["quantity"], days, strict=True)]
    found = pd.DataFrame(rows, columns=["sku", "quantity", "days", "sd_days"])
    return found[(found["days"] < NEVER) & (found["quantity"] > 0)].reset_index(drop=True)


def lead_times(purchases: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Supplier → mean and standard deviation of its lead time [days], of lines that came."""
    if purchases.empty:
        return {}
    by_supplier = purchases.dropna(subset=["lead_days"]).groupby("supplier")["lead_days"]
    told = by_supplier.agg(["mean", "std"]).astype(float)
    spread = told["std"].fillna(USUAL_SD * told["mean"])
    return {
        str(name): (mean, sd)
        for name, mean, sd in zip(told.index, told["mean"], spread, strict=True)
        if mean > 0
    }


def _by_sku(purchases: pd.DataFrame) -> dict[str, dict[str, np.ndarray]]:
    """SKU → its lines as arrays, the oldest first; days as numbers, NaN where none is known."""
    if purchases.empty:
        return {}
    lines = purchases.sort_values("ordered_on", kind="stable")
    days = {name: _days(lines[name]) for name in ("ordered_on", "promised_on", "received_on")}
    days |= {name: lines[name].to_numpy() for name in ("quantity", "supplier")}
    return {
        sku: {name: values[at] for name, values in days.items()}
        for sku, at in lines.groupby("sku").indices.items()
    }


def _days(column: pd.Series) -> np.ndarray:
    """Days since 1970 as floats."""
    since = pd.to_datetime(column) - pd.Timestamp("1970-01-01")
    return (since / pd.Timedelta(days=1)).to_numpy(dtype=float)


def _standing(lines: Mapping[str, np.ndarray] | None, counted) -> dict[str, np.ndarray]:
    """Of the lines that are open on the day of the count: their age, promise and quantity."""
    if lines is None:
        return {"age": np.empty(0), "promised": np.empty(0), "quantity": np.empty(0)}
    day = float((pd.Timestamp(counted) - pd.Timestamp("1970-01-01")).days)
    received = lines["received_on"]
    is_open = (lines["ordered_on"] <= day) & (np.isnan(received) | (received > day))
    return {
        "age": day - lines["ordered_on"][is_open],
        "promised": lines["promised_on"][is_open] - day,
        "quantity": lines["quantity"][is_open].astype(float),
    }


def _receipt(
    supplier: str, standing: Mapping[str, np.ndarray], lead: tuple[float, float], normal: np.ndarray
) -> Receipt:
    mean, sd = lead
    if not len(standing["age"]):
        days = np.maximum(mean + sd * normal[0], 1.0) if mean else np.full(normal.shape[1], NEVER)
        return Receipt(supplier, False, 0.0, bool(mean), days)
    expected = _expected_days(standing, mean)
    arrival = np.maximum(expected[:, None] + sd * normal, 1.0)
    known, quantity = bool((expected < NEVER).any()), float(standing["quantity"].sum())
    return Receipt(supplier, True, quantity, known, arrival.min(axis=0))


def _expected_days(standing: Mapping[str, np.ndarray], mean: float) -> np.ndarray:
    """Days from the count until each line is expected: by its supplier's lead time, or else as it
    was promised."""
    expected = mean - standing["age"] if mean else standing["promised"]
    return np.where(np.isnan(expected), NEVER, expected)


def _supplier(row, lines: Mapping[str, np.ndarray] | None) -> str:
    """Of the latest order, or as the catalogue says."""
    if lines is not None:
        return str(lines["supplier"][-1])
    return row.supplier if isinstance(row.supplier, str) else ""
