"""When goods come: of an order that is open, or of one that would be placed now."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

USUAL_SD = 0.25  # of a lead time, as a share, where too few lines were received to say
NEVER = 10_000.0  # days: nothing is on order and nothing says how long an order takes


@dataclass(frozen=True)
class Receipt:
    """``days`` from the stock count until goods come, as draws; whether they are ``on_order``."""

    on_order: bool
    quantity: float
    is_known: bool
    days: np.ndarray = field(repr=False)

    @property
    def median(self) -> float:
        return float(np.median(self.days))


def next_receipts(
    stocked: pd.DataFrame,
    purchases: pd.DataFrame,
    lead_times: pd.DataFrame,
    *,
    draws: int,
    seed: int,
) -> dict[str, Receipt]:
    """SKU → its next receipt. An open order comes its supplier's lead time after it was placed,
    but not before the day after the count; without one, an order placed on that day does.

    Parameters
    ----------
    stocked : sku, snapshot_on and supplier of the SKUs asked for (``sku_cover``)
    purchases : the mart ``purchase_line``; ``lead_times`` the mart ``supplier_lead_time``
    """
    rng = np.random.default_rng(seed + 31)
    known = lead_times.set_index("supplier") if len(lead_times) else pd.DataFrame()
    by_sku = dict(tuple(purchases.groupby("sku"))) if len(purchases) else {}
    found = {}
    for row in stocked.itertuples():
        lines = by_sku.get(row.sku)
        supplier = _supplier(row, lines)
        mean, sd = _lead_time(known, supplier)
        standing = _open_lines(lines, row.snapshot_on)
        normal = rng.normal(size=(max(len(standing), 1), draws))
        found[row.sku] = _receipt(row.snapshot_on, standing, mean, sd, normal)
    return found


def _receipt(counted, standing: pd.DataFrame, mean, sd, normal: np.ndarray) -> Receipt:
    if standing.empty:
        days = np.maximum(mean + sd * normal[0], 1.0) if mean else np.full(normal.shape[1], NEVER)
        return Receipt(False, 0.0, bool(mean), days)
    age = (pd.Timestamp(counted) - pd.to_datetime(standing["ordered_on"])).dt.days.to_numpy(float)
    promised = (pd.to_datetime(standing["promised_on"]) - pd.Timestamp(counted)).dt.days
    expected = np.where(mean or False, mean - age, promised.to_numpy(dtype=float))
    expected = np.where(np.isnan(expected), NEVER, expected)
    arrival = np.maximum(expected[:, None] + sd * normal, 1.0)
    return Receipt(
        True, float(standing["quantity"].sum()), bool((expected < NEVER).any()), arrival.min(axis=0)
    )


def _open_lines(lines: pd.DataFrame | None, counted) -> pd.DataFrame:
    if lines is None:
        return pd.DataFrame()
    day = pd.Timestamp(counted)
    received = pd.to_datetime(lines["received_on"])
    return lines[
        (pd.to_datetime(lines["ordered_on"]) <= day) & (received.isna() | (received > day))
    ]


def _supplier(row, lines: pd.DataFrame | None) -> str:
    if lines is not None and len(lines):
        return str(lines.sort_values("ordered_on")["supplier"].iloc[-1])
    return row.supplier if isinstance(row.supplier, str) else ""


def _lead_time(known: pd.DataFrame, supplier: str) -> tuple[float, float]:
    """Mean and standard deviation [days]; 0 where no line of the supplier was ever received."""
    if supplier not in known.index or not known.loc[supplier, "lead_time_days"] > 0:
        return 0.0, 0.0
    mean, sd = known.loc[supplier, ["lead_time_days", "lead_time_sd_days"]]
    return float(mean), float(sd) if sd == sd and sd is not None else USUAL_SD * float(mean)
