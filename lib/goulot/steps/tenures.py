"""How long subscribers stay, renewal by renewal, and which forecast of it a holdout speaks for."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.methods.retention import (
    ConstantChurn,
    Proportional,
    ShiftedBetaGeometric,
    fit_retention,
)

MONTHLY, YEARLY = 1, 12  # months that a payment covers
DECIDED_DAYS = 15  # after a renewal, until which nobody knows whether it failed (stg_subscriber)
BANDS = (1, 2, 4, 7, 13)  # renewals from which on departures are held together against a forecast
LEAST_DEPARTURES = 30  # in the months held back, below which they judge nobody

Forecaster = Literal["sBG", "constant churn", "last month's churn"]
Survival = ShiftedBetaGeometric | ConstantChurn | Proportional


@dataclass(frozen=True)
class Tenures:
    """Cohorts (row, by the month in which paying began) by renewal (column, from the first).

    ``at_risk`` faced the renewal, ``lost`` left at it; ``began`` and their ``mrr`` by cohort, its
    number of months since the year 0 in ``month``; ``step`` months that a payment covers.
    """

    month: np.ndarray
    began: np.ndarray
    mrr: np.ndarray
    at_risk: np.ndarray
    lost: np.ndarray
    step: int

    @property
    def renewed_in(self) -> np.ndarray:
        """The month, numbered as the cohorts', of each cohort's renewals."""
        return self.month[:, None] + self.step * np.arange(1, self.at_risk.shape[1] + 1)

    def until(self, month: int) -> "Tenures":
        """What was known at the end of that month."""
        known, old = self.renewed_in <= month, self.month <= month
        at_risk, lost = (self.at_risk * known)[old], (self.lost * known)[old]
        return Tenures(self.month[old], self.began[old], self.mrr[old], at_risk, lost, self.step)

    def resampled(self, rng: np.random.Generator) -> "Tenures":
        """Cohorts drawn anew, with replacement."""
        pick = rng.integers(0, max(len(self.month), 1), len(self.month))
        return Tenures(self.month[pick], self.began[pick], self.mrr[pick], self.at_risk[pick],
                       self.lost[pick], self.step)  # fmt: skip

    @property
    def by_renewal(self) -> tuple[np.ndarray, np.ndarray]:
        """At risk and lost over all cohorts, up to the last renewal that anybody faced."""
        at_risk = self.at_risk.sum(axis=0)
        told = int((at_risk > 0).sum())
        return at_risk[:told], self.lost.sum(axis=0)[:told]


def month_number(day: date) -> int:
    return 12 * day.year + day.month - 1


def tenures(subscription_month: pd.DataFrame, as_of: date, step: int = MONTHLY) -> Tenures:
    """The mart ``subscription_month`` as arrays, for one rhythm of payment and up to ``as_of``."""
    rows = subscription_month[subscription_month["billed_months"] == step]
    number = pd.to_datetime(rows["cohort_month"])
    number = (12 * number.dt.year + number.dt.month - 1).to_numpy(dtype=int)
    months, place = np.unique(number, return_inverse=True)
    renewal = (rows["tenure_months"] // step).to_numpy(dtype=int)
    width = int(renewal.max(initial=0)) + 1
    seen, lost = np.zeros((len(months), width)), np.zeros((len(months), width))
    np.add.at(seen, (place, renewal), rows["subscribers_last_seen"].to_numpy(dtype=float))
    np.add.at(lost, (place, renewal), rows["subscribers_lost"].to_numpy(dtype=float))
    at_risk = seen[:, ::-1].cumsum(axis=1)[:, ::-1]
    mrr = np.bincount(place, weights=rows["mrr"].astype(float), minlength=len(months))
    whole = Tenures(months, at_risk[:, 0], mrr, at_risk[:, 1:], lost[:, 1:], step)
    return whole.until(month_number(as_of))


def last_decided_month(as_of: date) -> int:
    """The last month of which every renewal is decided by ``as_of``."""
    return month_number(as_of - timedelta(days=DECIDED_DAYS - 1)) - 1


@dataclass(frozen=True)
class HeldOut:
    """What was known before some months, held against the departures in them.

    ``monthly``: month (its first day), actual and one column per forecaster, departures summed up
    of the subscribers there before. ``misses``: how far off each is, departures by length of
    tenure, as a share of them; ``errors`` of their total.
    """

    cut_on: date
    subscribers: int
    monthly: pd.DataFrame
    misses: Mapping[Forecaster, float]
    errors: Mapping[Forecaster, float]

    @property
    def better(self) -> Forecaster:
        """The one that told best who leaves, by length of tenure."""
        return min(self.misses, key=lambda name: self.misses[name])


def forecasts(known: Tenures) -> dict[Forecaster, Survival]:
    """Every way of foretelling, from what is known; none where nobody left, or everybody."""
    at_risk, lost = known.by_renewal
    if not 0 < lost.sum() < at_risk.sum():
        return {}
    told: dict[Forecaster, Survival] = {
        "constant churn": ConstantChurn(float(lost.sum()), float(at_risk.sum()))
    }
    with contextlib.suppress(ParameterError):
        told = {"sBG": fit_retention(at_risk, lost)} | told
    latest = known.renewed_in == known.renewed_in[known.at_risk > 0].max()
    last = known.lost[latest].sum(), known.at_risk[latest].sum()
    if 0 < last[0] < last[1]:
        told["last month's churn"] = ConstantChurn(*map(float, last))
    return told


def hold_out(whole: Tenures, as_of: date, months: int) -> HeldOut | None:
    """Hold the forecasts against the last ``months``; a third of the history is held back at most.

    None where less than three months, or too few departures in them, are left to judge by.
    """
    last = last_decided_month(as_of)
    span = last - int(whole.month.min(initial=last))
    months = min(months, span // 3)
    cut = last - months
    known = whole.until(cut)
    told = forecasts(known) if months >= 3 else {}
    ahead = whole.renewed_in - cut
    held = (ahead > 0) & (ahead <= months) & (whole.month <= cut)[:, None]
    lost = np.where(held, whole.lost, 0)
    if "sBG" not in told or lost.sum() < LEAST_DEPARTURES:
        return None
    there, first = _there(whole, cut)
    expected = {name: _expected(model, there, first, held) for name, model in told.items()}
    by_month = {name: _summed(part, ahead, months) for name, part in expected.items()}
    starts = [date((cut + n) // 12, (cut + n) % 12 + 1, 1) for n in range(1, months + 1)]
    table = {"month": pd.to_datetime(starts), "actual": _summed(lost, ahead, months)} | by_month
    total = lost.sum()
    return HeldOut(
        cut_on=starts[0] - timedelta(days=1),
        subscribers=int(there.sum()),
        monthly=pd.DataFrame(table),
        misses={n: _apart(part, lost) for n, part in expected.items()},
        errors={n: float(part.sum() / total - 1) for n, part in expected.items()},
    )


def _there(whole: Tenures, cut: int) -> tuple[np.ndarray, np.ndarray]:
    """By cohort: subscribers left at the end of the month ``cut``, and renewals they had made."""
    past = np.maximum((cut - whole.month) // whole.step, 0)
    gone = np.where(whole.renewed_in <= cut, whole.lost, 0).sum(axis=1)
    return np.where(whole.month <= cut, whole.began - gone, 0), past


def _expected(model: Survival, there, past, held: np.ndarray) -> np.ndarray:
    """Departures at each renewal held back, of those there before it."""
    alive = model.survival(np.arange(held.shape[1] + 1))
    leaving = (alive[:-1] - alive[1:])[None, :] / alive[np.minimum(past, held.shape[1])][:, None]
    return np.where(held, there[:, None] * leaving, 0)


def _summed(departures: np.ndarray, ahead: np.ndarray, months: int) -> np.ndarray:
    return np.cumsum([departures[ahead == n].sum() for n in range(1, months + 1)])


def _apart(expected: np.ndarray, actual: np.ndarray) -> float:
    """Departures foretold too many or too few, by length of tenure, over those that came."""
    starts = [start - 1 for start in BANDS if start - 1 < expected.shape[1]]
    told, came = (np.add.reduceat(part.sum(axis=0), starts) for part in (expected, actual))
    return float(np.abs(told - came).sum() / came.sum())
