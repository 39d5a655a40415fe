"""Suppliers who take longer than they used to, and the advertising that depends on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import stats

from goulot.findings import Basis, Figure
from goulot.steps.ad_links import BY_EXPORT
from goulot.steps.from_draws import drawn_figure
from goulot.steps.stock_ads import HORIZON_DAYS, SkuOutlook

RECENT_DAYS = 180  # orders placed in so many days against those before
MIN_LINES = 8  # received on either side; fewer say nothing
MATERIAL_DAYS = 2.0  # days longer from which a drift is named
NO_ADS_ON_IT = "no advertised product of this supplier has a stock count and a known receipt"
NOTES = (NO_ADS_ON_IT,)


@dataclass(frozen=True)
class Drift:
    """A supplier's lead time before and lately [days], the change, and the ads on its SKUs.

    ``endangered`` [currency until the next goods come]: what its advertised SKUs lose in the days
    by which it takes longer, as far as they are out by then: ads on what is out, and contribution
    of units that are not there to sell. Ordering so much earlier would save it.
    """

    supplier: str
    before: float
    lately: float
    change: Figure
    daily_spend: float
    skus: int
    endangered: Figure


def supplier_drifts(
    purchases: pd.DataFrame,
    as_of: date,
    outlooks: Sequence[SkuOutlook],
    unit_contribution: Mapping[str, float],
    currency: str,
) -> tuple[Drift, ...]:
    """Suppliers whose lead time grew by ``MATERIAL_DAYS`` or more, for sure; the worst first.

    Welch's t interval of the difference of means (90 %). Orders placed too lately to be received
    within the lead time known so far are left out on both sides: only the fast ones of them are in.

    Parameters
    ----------
    purchases : rows of the mart ``purchase_line`` (``receipts.known_lines``)
    outlooks : the advertised SKUs
    unit_contribution : SKU → contribution of a unit [currency]; without it ads alone count
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
            found.append(
                _drift(str(supplier), before, lately, outlooks, unit_contribution, currency)
            )
    longer = [one for one in found if one.change.value >= MATERIAL_DAYS and one.change.low > 0]
    return tuple(sorted(longer, key=lambda one: (-one.daily_spend, one.supplier)))


def _drift(supplier, before, lately, outlooks, unit_contribution, currency) -> Drift:
    both = stats.ttest_ind(lately, before, equal_var=False).confidence_interval(0.90)
    longer = float(lately.mean() - before.mean())
    change = Figure(
        value=longer, low=float(both.low), high=float(both.high), unit="days", basis="observed"
    )
    own = [o for o in outlooks if o.supplier == supplier]
    return Drift(
        supplier=supplier,
        before=float(before.mean()),
        lately=float(lately.mean()),
        change=change,
        daily_spend=float(sum(o.daily_spend for o in own)),
        skus=len(own),
        endangered=_endangered(own, longer, unit_contribution, f"{currency}/quarter"),
    )


def _endangered(own, longer: float, unit_contribution: Mapping[str, float], unit: str) -> Figure:
    """Days out with goods as late as they now come, less those with goods ``longer`` days before,
    times what a day out costs; SKUs run out by themselves, so that intervals add up by draws."""
    known = [o for o in own if o.receipt.is_known]
    if not known:
        return Figure.unknown(unit, NO_ADS_ON_IT)
    lost = np.zeros(len(known[0].lasts_days))
    for one in known:
        comes = np.minimum(one.receipt.days, HORIZON_DAYS)
        out = np.maximum(comes - one.lasts_days, 0)
        sooner = np.maximum(np.maximum(comes - max(longer, 0.0), 1.0) - one.lasts_days, 0)
        a_day = max(one.daily_spend, 0.0)
        a_day += one.units_per_day * unit_contribution.get(one.sku, 0.0)
        lost += (out - sooner) * a_day
    return drawn_figure(lost, unit, basis=_basis(known))


def _basis(known: Sequence[SkuOutlook]) -> Basis:
    return "observed" if all(one.how == BY_EXPORT for one in known) else "assumed"
