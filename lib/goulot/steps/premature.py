"""Which projects are premature: stages that idle while acquisition holds the company back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.steps.constraint_policy import ConstraintPolicy
from goulot.steps.stages import StageAudit

AHEAD_WEEKS = 4
MEAN_WEEKS = 4
LEAST_ORIGINS = 12


@dataclass(frozen=True)
class Premature:
    """More capacity in this stage would bring nothing now.

    ``used`` [share, the high end of its interval]; ``times`` is how many times today's load would
    make the project timely; ``predictability`` of demand is 1 − WAPE four weeks ahead (None: too
    few weeks to say).
    """

    stage: str
    used: float
    times: float
    predictability: float | None


def premature_stages(
    audits: tuple[StageAudit, ...],
    binding: Figure,
    stage_week: pd.DataFrame,
    policy: ConstraintPolicy,
) -> tuple[Premature, ...]:
    """Stages behind acquisition of which less than the policy's slack is used, if it binds."""
    if binding.value != "acquisition":
        return ()
    predictability = demand_predictability(stage_week)
    found = []
    for audit in audits:
        ends = (audit.utilization.high, audit.utilization.value)
        used = next((end for end in ends if isinstance(end, float)), None)
        if audit.stage == "acquisition" or not used or used >= policy.slack_utilization:
            continue
        times = policy.slack_utilization / used
        found.append(Premature(audit.stage, used, times, predictability))
    return tuple(found)


def demand_predictability(stage_week: pd.DataFrame) -> float | None:
    """1 − WAPE of weekly demand, four weeks ahead, forecast by the mean of the last four weeks.

    Rolling origin over all whole weeks of the mart; None with fewer than twelve forecasts. A plain
    forecast on purpose: it is what a company that plans a warehouse by its last month does.
    """
    rows = stage_week[(stage_week["stage"] == "acquisition") & (stage_week["days"] == 7)]
    load = rows.sort_values("week_starts_on")["load"].astype(float).to_numpy()
    origins = len(load) - MEAN_WEEKS - AHEAD_WEEKS + 1
    if origins < LEAST_ORIGINS:
        return None
    forecast = np.convolve(load, np.full(MEAN_WEEKS, 1 / MEAN_WEEKS), mode="valid")[:origins]
    came = load[MEAN_WEEKS + AHEAD_WEEKS - 1 :]
    return max(0.0, 1 - float(np.abs(came - forecast).sum() / came.sum()))
