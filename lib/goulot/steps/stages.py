"""A stage measured: what comes to it a week, what it can do, and how much of that is used."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from goulot.findings import Figure

State = Literal["binds", "slack", "unknown"]
INTERVAL = (5, 95)  # percentiles of a 90 % interval

# Notes of figures: messages for ``Language.say``.
TOO_FEW_WEEKS = "too few whole weeks to say"
NEVER_FULL = "never seen at its limit: it can do at least the best week"
NO_CAPACITY = "no capacity is declared, and no export shows what was finished"
NO_RESPONSE_CURVE = "how much demand could be had, no response curve tells"
CURVE_ENDS = "more would pay at the highest spend that was ever seen: at least so much can be had"
NO_OPERATIONS_KNOWN = "of no stage behind acquisition the capacity is known"
NOTES = (
    TOO_FEW_WEEKS,
    NEVER_FULL,
    NO_CAPACITY,
    NO_RESPONSE_CURVE,
    CURVE_ENDS,
    NO_OPERATIONS_KNOWN,
)


@dataclass(frozen=True)
class StageWeeks:
    """The weeks of one stage as arrays over the same weeks as all stages; nan: not known.

    ``load`` and ``throughput`` [items/week]; ``least_backlog`` [items]: the least that waited at
    the end of any day of the week.
    """

    stage: str
    unit: str
    load: np.ndarray
    throughput: np.ndarray
    least_backlog: np.ndarray

    @property
    def weeks(self) -> int:
        return int(np.isfinite(self.load).sum())

    @property
    def has_throughput(self) -> bool:
        return bool(np.isfinite(self.throughput).any())

    def is_saturated(self, standing_days: float) -> np.ndarray:
        """Weeks in which more than ``standing_days`` of load waited at the end of every day.

        A queue that never emptied is how one sees that a stage gave all it had. What waits on a
        Sunday evening and is gone by Wednesday does not count.
        """
        daily_load = np.nanmean(self.load) / 7
        queue = np.nan_to_num(self.least_backlog, nan=0.0)
        return np.isfinite(self.throughput) & (queue > standing_days * daily_load)


@dataclass(frozen=True)
class StageAudit:
    """One stage of the audit.

    ``probability`` is the share of resampled histories in which it binds; ``headroom`` how many
    times today's load it takes before it would; ``observed_per_week`` what it did while work waited
    (None: work never stood long enough to tell); ``fullest_share`` the load of the fullest week
    as a share of capacity (None: no limit is known).
    """

    stage: str
    state: State
    weeks: int
    saturated_weeks: int
    load: Figure
    capacity: Figure
    utilization: Figure
    headroom: Figure
    observed_per_week: float | None
    backlog: float | None
    probability: float | None
    fullest_share: float | None = None


def stage_weeks(frame: pd.DataFrame) -> dict[str, StageWeeks]:
    """The mart ``stage_week``, whole weeks only, as aligned arrays by stage."""
    weeks = pd.Index(sorted(frame["week_starts_on"].unique()), name="week_starts_on")
    by_stage = {}
    for stage, rows in frame.groupby("stage", sort=True):
        aligned = rows.set_index("week_starts_on").reindex(weeks)
        arrays = [
            aligned[column].astype("float64").to_numpy(dtype=float, na_value=np.nan)
            for column in ("load", "throughput", "least_backlog")
        ]
        by_stage[str(stage)] = StageWeeks(str(stage), str(rows["unit"].iloc[0]), *arrays)
    return by_stage


def resampled_mean(values: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Mean of ``values`` over each row of week numbers in ``draws``, what is not known left out.

    A row in which nothing is known gets the mean of all that is.
    """
    picked = values[draws]
    known = np.isfinite(picked)
    counts = known.sum(axis=1)
    sums = np.where(known, picked, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nanmean(values))


def interval(replicates: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(replicates, INTERVAL)
    return float(low), float(high)
