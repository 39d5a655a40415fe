"""Quarterly review: what the quarter brought beside the last one and last year's, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.quarter import Quarter
from goulot.steps.contribution_change import TOO_FEW_WEEKS, Change, explain_change
from goulot.steps.quarter_sums import QuarterSum, quarter_sum, resampled

# Notes of figures: messages for ``Language.say``.
NO_MARGIN = "client.yml declares no gross margin, so that an order has no known worth"
NO_ORDERS = "no order of that quarter is in the exports"
NOTES = (NO_MARGIN, NO_ORDERS, TOO_FEW_WEEKS)


@dataclass(frozen=True, kw_only=True)
class ReviewPolicy:
    """What the consultant chooses about the review.

    ``compare`` is the quarter to compare with (empty: the one before). ``covered_share`` [share]:
    of a quarter's days that the exports must cover for it to be compared, and the analytics for
    visits to be a driver; ``min_weeks``: with fewer weeks on either side no interval is given.
    """

    compare: str = ""
    covered_share: float = 0.95
    min_weeks: int = 8
    replicates: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.covered_share <= 1:
            raise ParameterError(
                f"covered_share={self.covered_share} is not a share: write 0.95 for 95 %."
            )
        for name in ("min_weeks", "replicates"):
            if getattr(self, name) < 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a count: write 1 or more."
                )


@dataclass(frozen=True)
class Review:
    """The quarter's contribution and KPIs, and the changes since the quarter compared with and
    since the same quarter a year before (None: one of them is not whole, or has no margin).

    ``kpis`` has one row per KPI: kpi, unit, value, last, year.
    """

    quarter: Quarter
    last: Quarter
    year: Quarter
    policy: ReviewPolicy
    contribution: Figure
    since_last: Change | None
    since_year: Change | None
    kpis: pd.DataFrame

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure under its name in ``results.json``."""
        named = {"review.contribution": self.contribution}
        for name, change in (
            ("review.contribution_change", self.since_last),
            ("review.contribution_change_in_a_year", self.since_year),
        ):
            if change:
                named[name] = change.total
                named |= {f"{name}.{driver}": part for driver, part in change.parts.items()}
        return named


def review_quarter(
    driver_day: pd.DataFrame, quarter: Quarter, currency: str, policy: ReviewPolicy
) -> Review:
    """Hold a quarter against the one before and against the same one a year before.

    Parameters
    ----------
    driver_day : the mart ``driver_day``
    currency : of the client, as in "EUR"
    """
    last = Quarter.parse(policy.compare) if policy.compare else quarter.previous
    year = Quarter(quarter.year - 1, quarter.number)
    unit = f"{currency}/quarter"

    def change(since: Quarter) -> Change | None:
        return explain_change(
            driver_day, (since, quarter), unit, covered_share=policy.covered_share,
            min_weeks=policy.min_weeks, replicates=policy.replicates, seed=policy.seed,
        )  # fmt: skip

    sums = [quarter_sum(driver_day, q, policy.covered_share) for q in (quarter, last, year)]
    return Review(
        quarter=quarter,
        last=last,
        year=year,
        policy=policy,
        contribution=_contribution(driver_day, sums[0], unit, policy),
        since_last=change(last),
        since_year=None if year == last else change(year),
        kpis=kpi_table(sums, currency),
    )


def _contribution(
    driver_day: pd.DataFrame, found: QuarterSum, unit: str, policy: ReviewPolicy
) -> Figure:
    value = found.contribution
    if value is None:
        return Figure.unknown(unit, NO_MARGIN if found.orders else NO_ORDERS)
    if found.weeks < policy.min_weeks:
        return Figure(value=value, unit=unit, basis="observed", note=TOO_FEW_WEEKS)
    drawn = resampled(driver_day, found, replicates=policy.replicates, seed=policy.seed)
    low, high = (float(end) for end in np.percentile(drawn.contribution, (5, 95)))
    return Figure(value=value, unit=unit, basis="observed", low=low, high=high)


def kpi_table(sums: list[QuarterSum], currency: str) -> pd.DataFrame:
    """One row per KPI, for the quarter, the one compared with and last year's; NaN: not known."""
    rows = [_kpis(found, currency) for found in sums]
    table = [
        {"kpi": name, "unit": unit, "value": rows[0][name][0], "last": rows[1][name][0],
         "year": rows[2][name][0]}
        for name, (_, unit) in rows[0].items()
    ]  # fmt: skip
    return pd.DataFrame(table).astype(dict.fromkeys(("value", "last", "year"), float))


def _kpis(found: QuarterSum, currency: str) -> dict[str, tuple[float | None, str]]:
    """Value and unit of each KPI; None where it is not known, or nothing was sold."""

    def ratio(part: float | None, whole: float | None) -> float | None:
        return part / whole if part is not None and whole else None

    sold = found.orders > 0
    return {
        "contribution": (found.contribution if sold else None, currency),
        "revenue": (found.revenue if sold else None, currency),
        "orders": (found.orders if sold else None, "orders"),
        "sessions": (found.sessions, "sessions"),
        "conversion": (ratio(found.orders, found.sessions), "share"),
        "basket": (ratio(found.revenue, found.orders), f"{currency}/order"),
        "margin_share": (ratio(found.margin, found.revenue), "share"),
        "fulfillment_cost": (ratio(found.fulfillment, found.orders), f"{currency}/order"),
        "spend": (found.spend, currency),
        "spend_share": (ratio(found.spend, found.revenue), "share"),
    }
