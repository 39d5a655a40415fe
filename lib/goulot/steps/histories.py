"""Customers' purchase histories up to a day, and whether a model or habit foretells them better."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.methods.purchases import BgNbd, fit_bg_nbd

DAYS_A_WEEK = 7.0
Forecaster = Literal["BG/NBD", "last period repeated"]


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


@dataclass(frozen=True)
class Calibration:
    """A model fitted before a day and held against the weeks after it.

    ``weekly``: week_starts_on, actual, model and habit, repeat purchases summed up week by week of
    the customers won before. Errors are of the total, as shares of what happened.
    """

    cut_on: date
    customers: int
    weekly: pd.DataFrame
    model_error: float
    habit_error: float

    @property
    def better(self) -> Forecaster:
        return (
            "BG/NBD" if abs(self.model_error) <= abs(self.habit_error) else "last period repeated"
        )


def calibrate(
    purchase_day: pd.DataFrame, as_of: date, holdout_weeks: int, min_customers: int
) -> Calibration | None:
    """Hold BG/NBD and habit against the last ``holdout_weeks``; None where there is too little.

    Habit repeats, week for week, what the same customers bought in the weeks just before the cut.
    There must be as many weeks before the cut as after it, twice over.
    """
    cut = as_of - timedelta(days=round(holdout_weeks * DAYS_A_WEEK))
    before = histories(purchase_day, cut)
    if len(before) < min_customers or before["age"].max() < 2 * holdout_weeks:
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
    expected = _expected_ahead(model, before, weeks)
    weekly = pd.DataFrame(
        {"week": pd.Timestamp(cut) + pd.to_timedelta(weeks * 7, unit="D"), "actual": actual,
         "model": expected, "habit": habit}
    )  # fmt: skip
    total = max(actual[-1], 1.0)
    return Calibration(cut, len(before), weekly, expected[-1] / total - 1, habit[-1] / total - 1)


def _expected_ahead(model: BgNbd, known: pd.DataFrame, weeks: np.ndarray) -> np.ndarray:
    """Purchases of all customers in the first ``weeks`` ahead; equal histories are counted once."""
    same = known.groupby(["frequency", "recency", "age"]).size()
    x, t_x, age = (same.index.get_level_values(n).to_numpy(float) for n in range(3))
    ahead = model.expected_ahead(x[:, None], t_x[:, None], age[:, None], weeks[None, :])
    return (ahead * same.to_numpy()[:, None]).sum(axis=0)
