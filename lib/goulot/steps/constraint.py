"""Constraint audit: which stage limits contribution now, and how sure are we?

Per stage: what comes to it in a week, what it can do, and how much of that is used. A stage without
data is unknown, never unconstrained. Acquisition binds where every stage behind it has slack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure, Missing
from goulot.quarter import Quarter
from goulot.steps.needs import CAPACITY_NEEDS
from goulot.steps.stage_figures import (
    capacity_figure,
    headroom_figure,
    load_figure,
    utilization_figure,
)
from goulot.steps.stages import (
    NO_OPERATIONS_KNOWN,
    TOO_FEW_WEEKS,
    StageAudit,
    StageWeeks,
    State,
    resampled_mean,
    stage_weeks,
)

STAGES = ("acquisition", "stock", "supply", "fulfillment", "delivery", "support", "onboarding")


@dataclass(frozen=True, kw_only=True)
class ConstraintPolicy:
    """What the consultant chooses about the audit.

    ``binding_utilization`` [share]: from here on a stage holds the others back;
    ``slack_utilization`` [share]: below it, more capacity would be premature;
    ``standing_backlog_days`` [days of load]: a queue that never falls below it shows a stage at its
    limit, and ``min_saturated_weeks`` such weeks make an observed capacity; ``min_weeks``: with
    fewer whole weeks nothing is said; ``sure_probability`` [share]: below it the verdict is called
    uncertain.
    """

    binding_utilization: float = 0.95
    slack_utilization: float = 0.70
    standing_backlog_days: float = 1.0
    min_saturated_weeks: int = 3
    min_weeks: int = 8
    sure_probability: float = 0.90
    replicates: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("binding_utilization", "slack_utilization", "sure_probability"):
            if not 0 < getattr(self, name) <= 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a share above 0 and up to 1: "
                    "write 0.95 for 95 %."
                )
        for name in ("min_saturated_weeks", "min_weeks", "replicates"):
            if getattr(self, name) < 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a count: write 1 or more."
                )
        if self.standing_backlog_days < 0:
            raise ParameterError("standing_backlog_days is below 0: write days, as in 1.0.")


@dataclass(frozen=True)
class ConstraintAudit:
    """The verdict, every stage behind it, and what was not known.

    ``binding`` names the stage with the share of resampled histories in which it binds; its value
    is None where there is too little to say. ``weekly`` has stage, unit, week_starts_on, load and
    throughput.
    """

    quarter: Quarter
    policy: ConstraintPolicy
    weeks: int
    binding: Figure
    stages: tuple[StageAudit, ...]
    unknown: tuple[str, ...]
    premature: tuple[str, ...]
    missing: tuple[Missing, ...]
    weekly: pd.DataFrame

    @property
    def is_sure(self) -> bool:
        return (self.binding.probability or 0) >= self.policy.sure_probability

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure under its name in ``results.json``."""
        named = {"constraint.binding_stage": self.binding}
        for audit in self.stages:
            named[f"constraint.load_per_week.{audit.stage}"] = audit.load
            named[f"constraint.capacity_per_week.{audit.stage}"] = audit.capacity
            named[f"constraint.utilization.{audit.stage}"] = audit.utilization
            if audit.headroom.value is not None:
                named[f"constraint.headroom.{audit.stage}"] = audit.headroom
        return named


@dataclass(frozen=True)
class _Resampled:
    """A stage over the resampled histories: mean load, and the share of its limit that is used."""

    load: np.ndarray
    used: np.ndarray | None


def audit_constraint(
    stage_week: pd.DataFrame,
    declared_per_week: Mapping[str, float],
    quarter: Quarter,
    policy: ConstraintPolicy,
) -> ConstraintAudit:
    """Audit the whole weeks of a quarter.

    Weeks are resampled with replacement, the same weeks for all stages; intervals are the middle
    90 % of the resampled means (Efron & Tibshirani 1993, *An Introduction to the Bootstrap*,
    ch. 13). Weeks are taken as exchangeable within the quarter.

    Parameters
    ----------
    stage_week : the mart ``stage_week``; other quarters are ignored
    declared_per_week : capacity by stage as client.yml declares it [items/week]
    """
    rows = whole_weeks(stage_week, quarter)
    by_stage = stage_weeks(rows)
    weeks = rows["week_starts_on"].nunique()
    draws = np.random.default_rng(policy.seed).integers(
        0, max(weeks, 1), size=(policy.replicates, max(weeks, 1))
    )
    long_enough = {s: w for s, w in by_stage.items() if w.weeks >= policy.min_weeks}
    resampled = {
        stage: _resample(known, declared_per_week.get(stage), draws, policy)
        for stage, known in long_enough.items()
    }
    shares = _binding_shares(resampled, long_enough, policy)
    audits = tuple(
        _audit(by_stage[stage], declared_per_week.get(stage), resampled.get(stage), shares, policy)
        for stage in STAGES
        if stage in by_stage
    )
    binding = _verdict(shares, weeks, policy)
    return ConstraintAudit(
        quarter=quarter,
        policy=policy,
        weeks=weeks,
        binding=binding,
        stages=audits,
        unknown=_unknown(audits),
        premature=_premature(audits, binding, policy),
        missing=_missing(audits),
        weekly=rows[["stage", "unit", "week_starts_on", "load", "throughput"]],
    )


def whole_weeks(stage_week: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """Rows of the weeks that lie in the quarter and that the exports cover on all seven days."""
    starts = pd.to_datetime(stage_week["week_starts_on"])
    first = pd.Timestamp(quarter.first_day)
    last = pd.Timestamp(quarter.last_day - timedelta(days=6))
    inside = starts.between(first, last) & (stage_week["days"] == 7)
    return stage_week[inside].sort_values(["stage", "week_starts_on"]).reset_index(drop=True)


def _resample(
    known: StageWeeks, declared: float | None, draws: np.ndarray, policy: ConstraintPolicy
) -> _Resampled:
    """Against the lower of what is declared and what was done while work waited."""
    load = resampled_mean(known.load, draws)
    limits = [] if declared is None else [np.full(len(draws), float(declared))]
    saturated = known.is_saturated(policy.standing_backlog_days)
    if saturated.sum() >= policy.min_saturated_weeks:
        done = np.where(saturated, known.throughput, np.nan)
        limits.append(resampled_mean(done, draws))
    return _Resampled(load, load / np.min(limits, axis=0) if limits else None)


def _binding_shares(
    resampled: Mapping[str, _Resampled],
    known: Mapping[str, StageWeeks],
    policy: ConstraintPolicy,
) -> dict[str, float]:
    """Share of resampled histories in which each stage binds; empty where nothing can be said.

    In a history the stage used most binds, if it is used enough; otherwise acquisition does. A
    stage that was never seen at its limit cannot bind, but is evidence of slack.
    """
    behind = [stage for stage in resampled if stage != "acquisition"]
    measured = [stage for stage in behind if resampled[stage].used is not None]
    evidence = measured or [s for s in behind if np.isfinite(known[s].throughput).any()]
    if "acquisition" not in resampled or not evidence:
        return {}
    used = np.array([resampled[stage].used for stage in measured])
    if not measured:
        return {"acquisition": 1.0}
    highest = used.argmax(axis=0)
    binds = used.max(axis=0) >= policy.binding_utilization
    shares = {
        stage: float((binds & (highest == place)).mean()) for place, stage in enumerate(measured)
    }
    return {"acquisition": float((~binds).mean())} | shares


def _verdict(shares: Mapping[str, float], weeks: int, policy: ConstraintPolicy) -> Figure:
    if weeks < policy.min_weeks:
        return Figure.unknown("stage", TOO_FEW_WEEKS)
    if not shares:
        return Figure.unknown("stage", NO_OPERATIONS_KNOWN)
    stage = max(shares, key=lambda name: (shares[name], name))
    return Figure(value=stage, unit="stage", basis="observed", probability=shares[stage])


def _audit(
    known: StageWeeks,
    declared: float | None,
    resampled: _Resampled | None,
    shares: Mapping[str, float],
    policy: ConstraintPolicy,
) -> StageAudit:
    saturated = known.is_saturated(policy.standing_backlog_days)
    capacity, observed = capacity_figure(
        known,
        declared,
        saturated,
        min_saturated_weeks=policy.min_saturated_weeks,
        replicates=policy.replicates,
        seed=policy.seed,
    )
    utilization = utilization_figure(known, capacity, resampled.used if resampled else None)
    queue = known.least_backlog[np.isfinite(known.least_backlog)]
    return StageAudit(
        stage=known.stage,
        state=_state(known.stage, utilization, shares),
        weeks=known.weeks,
        saturated_weeks=int(saturated.sum()),
        load=load_figure(known, resampled.load if resampled else None),
        capacity=capacity,
        utilization=utilization,
        headroom=headroom_figure(utilization),
        observed_per_week=observed,
        backlog=float(queue.mean()) if len(queue) else None,
        probability=shares.get(known.stage),
    )


def _state(stage: str, utilization: Figure, shares: Mapping[str, float]) -> State:
    if shares and stage == max(shares, key=lambda name: (shares[name], name)):
        return "binds"
    if stage != "acquisition" and utilization.value is None:
        return "unknown"
    return "slack" if shares else "unknown"


def _unknown(audits: tuple[StageAudit, ...]) -> tuple[str, ...]:
    """Stages of which it cannot be said how much is used: unknown, never unconstrained."""
    by_stage = {audit.stage: audit for audit in audits}
    asked = [stage for stage in STAGES if stage != "onboarding" or stage in by_stage]
    return tuple(s for s in asked if s not in by_stage or by_stage[s].state == "unknown")


def _premature(
    audits: tuple[StageAudit, ...], binding: Figure, policy: ConstraintPolicy
) -> tuple[str, ...]:
    """Stages in which more capacity would bring nothing now: acquisition binds and they idle."""
    if binding.value != "acquisition":
        return ()
    idle = []
    for audit in audits:
        ends = (audit.utilization.high, audit.utilization.value)
        most = next((end for end in ends if isinstance(end, float)), None)
        if audit.stage != "acquisition" and most is not None and most < policy.slack_utilization:
            idle.append(audit.stage)
    return tuple(idle)


def _missing(audits: tuple[StageAudit, ...]) -> tuple[Missing, ...]:
    """Capacities to declare: of stages with a load whose limit was never seen."""
    open_ends = [a.stage for a in audits if a.capacity.value is None or a.capacity.bound != "exact"]
    return tuple(
        Missing(step="constraint", export=CAPACITY_NEEDS[stage][0], costs=CAPACITY_NEEDS[stage][1])
        for stage in open_ends
        if stage in CAPACITY_NEEDS
    )
