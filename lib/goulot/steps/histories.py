"""Customers' purchase histories up to a day, and whether a model or habit foretells them better."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.methods.purchases import BgNbd, fit_bg_nbd
from goulot.quarter import Quarter

DAYS_A_WEEK = 7.0
Forecaster = Literal["BG/NBD", "cohorts", "last period repeated"]
MIN_THERE = 30  # customers who lived a week of age, below which the weeks before it speak for it
LEAST_HOLDOUT = 6  # weeks
LATE_WEEKS = 13  # over which the rate of the oldest ages known is averaged


def histories(purchase_day: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row per customer won by ``as_of``: channel, frequency, recency and age [weeks].

    Purchases of one day are one; the mart ``purchase_day``.
    """
    day = pd.to_datetime(purchase_day["ordered_on"])
    seen = purchase_day.assign(day=day)[day <= pd.Timestamp(as_of)]
    by_customer = seen.groupby("customer_key", sort=True)
    found = by_customer.agg(
        channel=("channel", "first"),
        first=("day", "min"),
        last=("day", "max"),
        days=("day", "size"),
    )
    weeks = (found["last"] - found["first"]).dt.days / DAYS_A_WEEK
    age = (pd.Timestamp(as_of) - found["first"]).dt.days / DAYS_A_WEEK
    return pd.DataFrame(
        {"channel": found["channel"], "frequency": found["days"] - 1, "recency": weeks, "age": age}
    ).reset_index()


def customers_won(purchase_day: pd.DataFrame, quarter: Quarter) -> int:
    """Customers whose first order fell into the quarter."""
    first = pd.to_datetime(purchase_day.drop_duplicates("customer_key")["first_ordered_on"])
    days = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    return int(first.between(*days).sum())


@dataclass(frozen=True)
class Calibration:
    """What was known before a day, held against the weeks after it.

    ``weekly``: week, actual and one column per forecaster, repeat purchases summed up week by week
    of the customers won before. ``errors`` are of the total, as shares of what happened.
    """

    cut_on: date
    customers: int
    weekly: pd.DataFrame
    errors: Mapping[Forecaster, float]

    @property
    def better(self) -> Forecaster:
        """The one whose total came closest."""
        return min(self.errors, key=lambda name: abs(self.errors[name]))


def calibrate(
    purchase_day: pd.DataFrame, as_of: date, holdout_weeks: int, min_customers: int
) -> Calibration | None:
    """Hold BG/NBD, cohorts and habit against the last weeks; None where there is too little.

    Cohorts expect of a customer what those before them bought at the same age; habit repeats, week
    for week, what the same customers bought in the weeks just before the cut.
    A third of the history is held back at most, and at least ``LEAST_HOLDOUT`` weeks.
    """
    first = pd.to_datetime(purchase_day["ordered_on"]).min()
    span = (pd.Timestamp(as_of) - first).days / DAYS_A_WEEK if len(purchase_day) else 0.0
    holdout_weeks = min(holdout_weeks, int(span / 3))
    cut = as_of - timedelta(days=round(holdout_weeks * DAYS_A_WEEK))
    before = histories(purchase_day, cut)
    if len(before) < min_customers or holdout_weeks < LEAST_HOLDOUT:
        return None
    try:
        model = fit_bg_nbd(before["frequency"], before["recency"], before["age"])
    except ParameterError:
        return None
    weeks = np.arange(1, holdout_weeks + 1)
    known = purchase_day[purchase_day["customer_key"].isin(before["customer_key"])]
    repeats = known[known["ordered_on"] > known["first_ordered_on"]]
    ahead = (pd.to_datetime(repeats["ordered_on"]) - pd.Timestamp(cut)).dt.days / DAYS_A_WEEK
    actual = np.array([((ahead > 0) & (ahead <= week)).sum() for week in weeks], dtype=float)
    behind = -ahead + 1e-9
    habit = np.array([((behind > 0) & (behind <= week)).sum() for week in weeks], dtype=float)
    told: dict[Forecaster, np.ndarray] = {
        "BG/NBD": _expected_ahead(model, before, weeks),
        "cohorts": _at_the_same_age(repeats[ahead <= 0], before, weeks),
        "last period repeated": habit,
    }
    ends = pd.Timestamp(cut) + pd.to_timedelta(weeks * 7, unit="D")
    total = max(actual[-1], 1.0)
    return Calibration(
        cut, len(before), pd.DataFrame({"week": ends, "actual": actual} | told),
        {name: float(weekly[-1] / total - 1) for name, weekly in told.items()},
    )  # fmt: skip


def _expected_ahead(model: BgNbd, known: pd.DataFrame, weeks: np.ndarray) -> np.ndarray:
    """Purchases of all customers in the first ``weeks`` ahead; equal histories are counted once."""
    same = known.groupby(["frequency", "recency", "age"]).size()
    x, t_x, age = (same.index.get_level_values(n).to_numpy(float) for n in range(3))
    ahead = model.expected_ahead(x[:, None], t_x[:, None], age[:, None], weeks[None, :])
    return (ahead * same.to_numpy()[:, None]).sum(axis=0)


def _at_the_same_age(repeats: pd.DataFrame, known: pd.DataFrame, weeks: np.ndarray) -> np.ndarray:
    """Purchases of all customers in the ``weeks`` ahead, at the rates of their ages so far."""
    age = known["age"].astype(int).to_numpy()
    first, day = (pd.to_datetime(repeats[name]) for name in ("first_ordered_on", "ordered_on"))
    bought_at = ((day - first).dt.days // DAYS_A_WEEK).astype(int)
    oldest = int(age.max())
    there = (age[:, None] > np.arange(oldest)).sum(axis=0)
    told = there >= MIN_THERE
    bought = np.bincount(bought_at, minlength=oldest)[:oldest][told]
    rate = bought / there[told]
    late = rate[-LATE_WEEKS:].mean() if len(rate) else 0.0
    rates = np.concatenate([rate, np.full(oldest + len(weeks) + 1 - len(rate), late)])
    of_age = np.bincount(age)
    ahead = [of_age @ rates[np.arange(len(of_age)) + week - 1] for week in weeks]
    return np.cumsum(ahead)
