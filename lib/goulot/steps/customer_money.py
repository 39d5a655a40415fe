"""What a customer brings as it ages, by channel: contribution, orders, and when the CAC is back."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from goulot.findings import Figure
from goulot.quarter import Quarter
from goulot.steps.stages import interval

MIN_AT_RISK = 30  # customers whose age reaches a day, below which nothing is said of that day
DAYS_PER_MONTH = 365 / 12
ALL = "total"

# Notes of figures: messages for ``Language.say``.
NO_MARGIN = "client.yml declares no gross margin, so that a customer has no known worth"
NO_SPEND = "no spend is known"
NO_CUSTOMERS = "no new customers in the quarter"
NOT_YET_BACK = "not yet back at the oldest age that enough customers have reached"
HORIZON_NOT_REACHED = (
    "up to the oldest age that enough customers have reached; step 5 looks further"
)
OBSERVED_LTV = "what customers have brought so far at that age; step 5 predicts it"
NOTES = (NO_MARGIN, NO_SPEND, NO_CUSTOMERS, NOT_YET_BACK, HORIZON_NOT_REACHED, OBSERVED_LTV)


@dataclass(frozen=True)
class Ages:
    """A channel's customers by cohort (row, the quarter they were won in) and day of age (column).

    ``contribution`` [currency] and ``orders`` of the day, ``at_risk``: customers old enough.
    """

    contribution: np.ndarray
    orders: np.ndarray
    at_risk: np.ndarray
    has_margin: bool

    def cumulated(self, of: np.ndarray, cohorts: np.ndarray | None = None) -> np.ndarray:
        """Sum per customer up to each day of age, over days that enough customers have reached.

        Each day counts the customers old enough to have lived it (the actuarial estimator), so that
        young cohorts teach the early days only. ``cohorts`` picks rows, with repetition.
        """
        rows = slice(None) if cohorts is None else cohorts
        at_risk = self.at_risk[rows].sum(axis=0)
        lived = int((self.at_risk.sum(axis=0) >= MIN_AT_RISK).sum())
        daily = of[rows].sum(axis=0)[:lived] / np.maximum(at_risk[:lived], 1)
        return np.cumsum(daily)


def ages_by_channel(cohort_day: pd.DataFrame, quarter: Quarter) -> dict[str, Ages]:
    """The mart ``cohort_day`` as arrays, cohorts up to the quarter; all together: ``total``."""
    frame = cohort_day[cohort_day["quarter"] <= str(quarter)]
    quarters = sorted(frame["quarter"].unique())
    days = int(frame["age_days"].max()) + 1 if len(frame) else 0
    found = {name: _ages(rows, quarters, days) for name, rows in frame.groupby("channel")}
    return {str(name): ages for name, ages in found.items()} | {ALL: _ages(frame, quarters, days)}


def won_in(cohort_day: pd.DataFrame, quarter: Quarter) -> dict[str, float]:
    """New customers of the quarter, its broken weeks included, by channel and in total."""
    mine = cohort_day[cohort_day["quarter"] == str(quarter)]
    customers = mine.groupby("channel")["customers_last_seen"].sum().astype(float)
    return {str(name): float(n) for name, n in customers.items()} | {ALL: float(customers.sum())}


def _ages(rows: pd.DataFrame, quarters: list[str], days: int) -> Ages:
    cohort = np.searchsorted(quarters, rows["quarter"].to_numpy(dtype=str))
    at = cohort * days + rows["age_days"].to_numpy(dtype=int)
    contribution, orders, last_seen = (
        np.bincount(
            at, rows[column].to_numpy(dtype=float, na_value=0.0), len(quarters) * days
        ).reshape(len(quarters), days)
        for column in ("contribution", "orders", "customers_last_seen")
    )
    at_risk = last_seen[:, ::-1].cumsum(axis=1)[:, ::-1]
    ordered = rows["orders"] > 0
    has_margin = bool(rows.loc[ordered, "contribution"].notna().any())
    return Ages(contribution, orders, at_risk, has_margin)


@dataclass(frozen=True)
class Worth:
    """A customer's worth over the horizon, discounted, before CAC; ``draws`` over resampled
    cohorts, as wide as so few of them ask; ``days`` of age it reaches."""

    value: float
    draws: np.ndarray
    days: int


def worth_over(
    ages: Ages, horizon_months: int, rate: float, *, replicates: int, seed: int
) -> Worth | None:
    """None where no contribution is known or too few customers were seen.

    The interval resamples cohorts, the same ones for all channels.
    """
    lived = len(ages.cumulated(ages.orders))
    days = min(lived, round(horizon_months * DAYS_PER_MONTH))
    if not ages.has_margin or not days:
        return None
    discount = (1 + rate) ** (-np.arange(ages.contribution.shape[1]) / 365)
    discounted = ages.contribution * discount
    rng = np.random.default_rng(seed)
    count = len(ages.at_risk)
    picks = rng.integers(0, count, (replicates, count))
    value = float(ages.cumulated(discounted)[days - 1])
    drawn = (picks[:, :, None] == np.arange(count)).sum(axis=1)  # how often each cohort is picked
    there = drawn @ ages.at_risk[:, :days]
    draws = (drawn @ discounted[:, :days] / np.maximum(there, 1)).sum(axis=1)
    draws = np.where(there[:, 0] >= MIN_AT_RISK, draws, value)
    return Worth(value, widened(draws, value, ages), days)


def widened(draws: np.ndarray, value: np.ndarray | float, ages: Ages) -> np.ndarray:
    """Draws spread as Student's t asks of so few cohorts, which resampled alone look surer than
    they are (Efron & Tibshirani 1993, ch. 12)."""
    count = int((ages.at_risk.max(axis=1, initial=0.0) > 0).sum())
    if count < 2:
        return draws
    wider = float(t.ppf(0.95, count - 1) / norm.ppf(0.95) * np.sqrt(count / (count - 1)))
    return value + (draws - value) * wider


def resampled_days(ages: Ages, of: np.ndarray, *, replicates: int, seed: int) -> np.ndarray:
    """Per customer and day of age, a row a draw of cohorts (the same ones for one seed)."""
    lived = len(ages.cumulated(of))
    count = max(len(ages.at_risk), 1)
    drawn = np.random.default_rng(seed).multinomial(count, [1 / count] * count, replicates)
    if not lived:
        return np.zeros((replicates, 0))
    there = drawn @ ages.at_risk[:, :lived]
    usual = of[:, :lived].sum(axis=0) / ages.at_risk[:, :lived].sum(axis=0)
    daily = np.where(there > 0, drawn @ of[:, :lived] / np.maximum(there, 1), usual)
    return widened(daily, usual, ages)


def worth_figure(worth: Worth | None, horizon_months: int, currency: str) -> Figure:
    if worth is None:
        return Figure.unknown(currency, NO_MARGIN)
    low, high = interval(worth.draws)
    reached = worth.days >= int(horizon_months * DAYS_PER_MONTH)
    return Figure(
        value=worth.value, low=min(low, worth.value), high=max(high, worth.value), unit=currency,
        basis="observed", bound="exact" if reached else "at least",
        note=OBSERVED_LTV if reached else HORIZON_NOT_REACHED,
    )  # fmt: skip


def payback_figure(ages: Ages, cac: Figure, *, replicates: int, seed: int) -> Figure:
    """Days until the contribution of an average customer has covered the CAC."""
    if not isinstance(cac.value, float):
        return Figure.unknown("days", cac.note)
    if not ages.has_margin or not len(ages.cumulated(ages.orders)):
        return Figure.unknown("days", NO_MARGIN)
    rng = np.random.default_rng(seed)
    count = len(ages.at_risk)
    found = [
        _first_day(ages.cumulated(ages.contribution, pick), cac.value)
        for pick in rng.integers(0, count, (replicates, count))
    ]
    brought = ages.cumulated(ages.contribution)
    day = _first_day(brought, cac.value)
    if day >= len(brought):
        return Figure(value=float(len(brought)), unit="days", basis="observed", bound="at least",
                      note=NOT_YET_BACK)  # fmt: skip
    low, high = interval(np.array(found))
    return Figure(value=float(day), unit="days", basis="observed", low=min(low, day),
                  high=max(high, day), bound=cac.bound)  # fmt: skip


def _first_day(brought: np.ndarray, cac: float) -> int:
    """The first day of age at which ``brought`` has reached ``cac``; its length if none has."""
    reached = np.flatnonzero(brought >= cac)
    return int(reached[0]) if len(reached) else len(brought)


def orders_in_first(ages: Ages, days: int) -> float:
    """Orders of a new customer within so many days, the first included; 1 where none is known."""
    made = ages.cumulated(ages.orders)
    return float(made[min(days, len(made)) - 1]) if len(made) else 1.0


def brought_by_age(ages: Mapping[str, Ages], every: int = 7) -> pd.DataFrame:
    """channel, age_days, contribution per customer up to that age: what the chart draws."""
    frames = []
    for channel, one in ages.items():
        brought = one.cumulated(one.contribution)[::every]
        frames.append(pd.DataFrame({"channel": channel, "age_days": np.arange(len(brought)) * every,
                                    "brought": brought}))  # fmt: skip
    return pd.concat(frames, ignore_index=True)
