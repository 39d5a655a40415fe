"""A quarter as sums over its days, and the sums that other weeks of it could have brought."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.quarter import Quarter

_SUMMED = ("days", "orders", "revenue", "margin", "fulfillment", "spend", "sessions")


@dataclass(frozen=True)
class QuarterSum:
    """A quarter's orders and money; None where no export or setting tells.

    ``sessions`` is None too where the analytics cover too few of its days. Numbers, or arrays of
    replicates of them.
    """

    quarter: Quarter
    days: int
    weeks: int
    orders: float
    revenue: float
    margin: float | None
    fulfillment: float | None
    spend: float | None
    sessions: float | None

    def is_whole(self, covered_share: float) -> bool:
        """Whether the exports cover the quarter, and hold an order in it."""
        length = (self.quarter.last_day - self.quarter.first_day).days + 1
        return self.orders > 0 and self.days >= covered_share * length

    @property
    def contribution(self) -> float | None:
        """Margin less fulfillment and advertising, as far as these are known [currency]."""
        if self.margin is None:
            return None
        return self.margin - sum(c for c in (self.fulfillment, self.spend) if c is not None)


def quarter_sum(driver_day: pd.DataFrame, quarter: Quarter, covered_share: float) -> QuarterSum:
    """Sums over the days of a quarter of the mart ``driver_day``."""
    mine = _days_of(driver_day, quarter)
    visited = len(mine) > 0 and mine["sessions"].notna().mean() >= covered_share
    return QuarterSum(
        quarter=quarter,
        days=len(mine),
        weeks=mine["week_starts_on"].nunique(),
        orders=float(mine["orders"].sum()),
        revenue=float(mine["revenue"].sum()),
        margin=_known_sum(mine["margin"]),
        fulfillment=_known_sum(mine["fulfillment"]),
        spend=_known_sum(mine["spend"]),
        sessions=float(mine["sessions"].sum()) if visited else None,
    )


def _days_of(driver_day: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    mine = driver_day[driver_day["quarter"] == str(quarter)]
    mine = mine.astype(
        dict.fromkeys(("revenue", "margin", "packing_cost", "parcel_cost", "spend"), float)
    )
    costs = mine[["packing_cost", "parcel_cost"]]
    return mine.assign(fulfillment=costs.sum(axis=1, min_count=1), days=1)


def _known_sum(column: pd.Series) -> float | None:
    return float(column.sum()) if column.notna().any() else None


def resampled(
    driver_day: pd.DataFrame, found: QuarterSum, *, replicates: int, seed: int
) -> QuarterSum:
    """The quarter with arrays of replicates in place of its sums.

    Its weeks are drawn anew with replacement and scaled to its days. Weeks are taken as
    exchangeable: a trend or a promotion within the quarter widens what is drawn. Efron & Tibshirani
    (1993), *An Introduction to the Bootstrap*, ch. 13.
    """
    weeks = _days_of(driver_day, found.quarter).groupby("week_starts_on")[list(_SUMMED)].sum()
    rng = np.random.default_rng([seed, found.quarter.year, found.quarter.number])
    draws = rng.integers(0, len(weeks), size=(replicates, len(weeks)))
    sums = weeks.to_numpy(dtype=float)[draws].sum(axis=1)
    drawn = dict(zip(_SUMMED, (sums * (found.days / sums[:, :1])).T, strict=True))

    def of(name: str) -> np.ndarray | None:
        return None if getattr(found, name) is None else drawn[name]

    return QuarterSum(
        found.quarter, found.days, found.weeks, drawn["orders"], drawn["revenue"],
        of("margin"), of("fulfillment"), of("spend"), of("sessions"),
    )  # fmt: skip
