"""Why contribution changed from one quarter to another: parts that add up to the change exactly.

Contribution = visits × conversion × (basket × margin − fulfillment an order) − advertising. What
the season alone changes is told apart where the same step of the year before is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.decomposition import shapley
from goulot.quarter import Quarter
from goulot.steps.quarter_sums import QuarterSum, quarter_sum, resampled

SEASON, VISITS, CONVERSION, ORDERS = "season", "visits", "conversion", "orders"
BASKET, MARGIN, FULFILLMENT, MARKETING = "basket", "margin", "fulfillment_cost", "marketing"
DRIVERS = (SEASON, VISITS, CONVERSION, ORDERS, BASKET, MARGIN, FULFILLMENT, MARKETING)

TOO_FEW_WEEKS = "too few weeks to tell a change from chance"

Values = Mapping[str, float]


@dataclass(frozen=True)
class Change:
    """From one quarter to another: the contribution of both, and the parts of the difference.

    ``parts`` has a figure for each driver that both quarters know, in the order of ``DRIVERS``;
    their values add up to ``total``. Costs that only one of the quarters knows are in neither.
    """

    since: QuarterSum
    until: QuarterSum
    before: float
    after: float
    total: Figure
    parts: Mapping[str, Figure]

    @property
    def is_noise(self) -> bool | None:
        """Whether other weeks of the same quarters could have brought it; None: not known."""
        if self.total.low is None or self.total.high is None:
            return None
        return self.total.low <= 0 <= self.total.high


def explain_change(
    driver_day: pd.DataFrame,
    quarters: tuple[Quarter, Quarter],
    unit: str,
    *,
    covered_share: float,
    min_weeks: int,
    replicates: int,
    seed: int,
) -> Change | None:
    """Divide the change between two quarters; None where one is not whole or has no margin.

    Parameters
    ----------
    driver_day : the mart ``driver_day``
    quarters : the earlier and the later one
    unit : of the figures, as in "EUR/quarter"
    covered_share : of a quarter's days that the exports, or the analytics, must cover [share]
    min_weeks : with fewer weeks on either side no interval is given
    """
    sums = [quarter_sum(driver_day, q, covered_share) for q in quarters]
    if not all(s.is_whole(covered_share) and s.margin is not None for s in sums):
        return None
    sums = _knowing_the_same(sums)
    season = _seasonal_step(driver_day, quarters, covered_share)
    before, after = _drivers(sums[0], season, 1.0), _drivers(sums[1], season, season or 1.0)
    parts = shapley(before, after, contribution_of)
    drawn: dict[str, np.ndarray] = {}
    if min(s.weeks for s in sums) >= min_weeks:
        worlds = [resampled(driver_day, s, replicates=replicates, seed=seed) for s in sums]
        drawn = shapley(
            _drivers(worlds[0], season, 1.0), _drivers(worlds[1], season, season or 1.0),
            contribution_of,
        )  # fmt: skip
    figures = {
        name: _figure(parts[name], drawn.get(name), unit) for name in DRIVERS if name in parts
    }
    totals = contribution_of(before), contribution_of(after)
    whole = sum(drawn.values()) if drawn else None
    return Change(*sums, *totals, _figure(totals[1] - totals[0], whole, unit), figures)


def _knowing_the_same(sums: list[QuarterSum]) -> list[QuarterSum]:
    """The quarters without what only one of them knows."""
    names = ("fulfillment", "spend", "sessions")
    unknown = {n: None for n in names if any(getattr(s, n) is None for s in sums)}
    return [replace(s, **unknown) for s in sums]


def _seasonal_step(
    driver_day: pd.DataFrame, quarters: tuple[Quarter, Quarter], covered_share: float
) -> float | None:
    """Orders of last year's same step, as a ratio; None where it is not known, or where both are
    the same quarter of different years, so that the season is the same."""
    if quarters[0].number == quarters[1].number:
        return None
    then = [quarter_sum(driver_day, Quarter(q.year - 1, q.number), covered_share) for q in quarters]
    if not all(found.is_whole(covered_share) for found in then):
        return None
    return then[1].orders / then[0].orders


def _drivers(found: QuarterSum, season: float | None, step: float) -> dict[str, float]:
    """The drivers of a quarter; with ``season``, demand is divided into its step and the rest."""
    drivers = {BASKET: found.revenue / found.orders, MARGIN: found.margin / found.revenue}
    if season is not None:
        drivers[SEASON] = step
    if found.sessions is None:
        drivers[ORDERS] = found.orders / step
    else:
        drivers |= {VISITS: found.sessions / step, CONVERSION: found.orders / found.sessions}
    if found.fulfillment is not None:
        drivers[FULFILLMENT] = found.fulfillment / found.orders
    if found.spend is not None:
        drivers[MARKETING] = found.spend
    return drivers


def contribution_of(drivers: Values) -> float:
    """Contribution [currency] from the values of its drivers."""
    demand = drivers[ORDERS] if ORDERS in drivers else drivers[VISITS] * drivers[CONVERSION]
    each = drivers[BASKET] * drivers[MARGIN] - drivers.get(FULFILLMENT, 0.0)
    return demand * drivers.get(SEASON, 1.0) * each - drivers.get(MARKETING, 0.0)


def _figure(value: float, drawn: np.ndarray | None, unit: str) -> Figure:
    if drawn is None:
        return Figure(value=float(value), unit=unit, basis="observed", note=TOO_FEW_WEEKS)
    if np.ndim(drawn) == 0:  # the season's step is taken as it was, whatever weeks are drawn
        return Figure(value=float(value), unit=unit, basis="observed")
    low, high = (float(end) for end in np.percentile(drawn, (5, 95)))
    low, high = min(low, float(value)), max(high, float(value))
    return Figure(value=float(value), unit=unit, basis="observed", low=low, high=high)
