"""Suppliers who take longer than they used to, and the advertising that depends on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import stats

from goulot.findings import Figure

RECENT_DAYS = 180  # orders placed in so many days against those before
MIN_LINES = 8  # received on either side; fewer say nothing
MATERIAL_DAYS = 2.0  # days longer from which a drift is named


@dataclass(frozen=True)
class Drift:
    """A supplier's lead time before and lately [days], the change, and the ads on its SKUs."""

    supplier: str
    before: float
    lately: float
    change: Figure
    daily_spend: float
    skus: int


def supplier_drifts(
    purchases: pd.DataFrame,
    as_of: date,
    spend_by_sku: Mapping[str, float],
    suppliers: Mapping[str, str],
) -> tuple[Drift, ...]:
    """Suppliers whose lead time grew by ``MATERIAL_DAYS`` or more, for sure; the worst first.

    Welch's t interval of the difference of means (90 %). Orders placed too lately to be received
    within the lead time known so far are left out on both sides: only the fast ones of them are in.

    Parameters
    ----------
    purchases : the mart ``purchase_line``
    spend_by_sku : SKU → currency a day of advertising; ``suppliers`` SKU → its supplier
    """
    if purchases.empty:
        return ()
    ordered = pd.to_datetime(purchases["ordered_on"])
    found = []
    for supplier, lines in purchases.groupby("supplier", sort=True):
        known = lines["lead_days"].dropna()
        if len(known) < 2 * MIN_LINES:
            continue
        settled = pd.Timestamp(as_of) - pd.Timedelta(days=float(np.quantile(known, 0.95)))
        recent_from = settled - timedelta(days=RECENT_DAYS)
        placed = ordered[lines.index]
        lately = lines.loc[(placed > recent_from) & (placed <= settled), "lead_days"].dropna()
        before = lines.loc[placed <= recent_from, "lead_days"].dropna()
        if min(len(lately), len(before)) >= MIN_LINES:
            found.append(_drift(str(supplier), before, lately, spend_by_sku, suppliers))
    longer = [one for one in found if one.change.value >= MATERIAL_DAYS and one.change.low > 0]
    return tuple(sorted(longer, key=lambda one: (-one.daily_spend, one.supplier)))


def _drift(supplier, before, lately, spend_by_sku, suppliers) -> Drift:
    both = stats.ttest_ind(lately, before, equal_var=False).confidence_interval(0.90)
    skus = [sku for sku, name in suppliers.items() if name == supplier and sku in spend_by_sku]
    change = Figure(
        value=float(lately.mean() - before.mean()), low=float(both.low), high=float(both.high),
        unit="days", basis="observed",
    )  # fmt: skip
    spend = float(sum(spend_by_sku[sku] for sku in skus))
    return Drift(supplier, float(before.mean()), float(lately.mean()), change, spend, len(skus))
