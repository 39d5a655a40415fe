"""Every stage audited: its load, what it can do, how much of that is used, whether it binds."""

from collections.abc import Collection, Mapping

import numpy as np

from goulot.findings import Figure
from goulot.steps.constraint_policy import ConstraintPolicy
from goulot.steps.stage_figures import (
    capacity_figure,
    had_profitably_figure,
    headroom_figure,
    load_figure,
    utilization_figure,
)
from goulot.steps.stages import StageAudit, StageWeeks, State, resampled_mean

STAGES = ("acquisition", "stock", "supply", "fulfillment", "delivery", "support", "onboarding")
OF_GOODS = ("stock", "supply", "fulfillment", "delivery")


def asked_stages(known: Collection[str]) -> tuple[str, ...]:
    """The stages a reader expects, of which some are ``known``.

    Onboarding only where accounts are opened; those of goods unless accounts are opened and no
    goods are seen.
    """
    left_out = set() if "onboarding" in known else {"onboarding"}
    if "onboarding" in known and not set(OF_GOODS) & set(known):
        left_out = set(OF_GOODS)
    return tuple(stage for stage in STAGES if stage not in left_out)


def shown_saturated(known: StageWeeks, policy: ConstraintPolicy) -> np.ndarray:
    """Weeks in which a queue shows the stage at its limit; none where they are too few to tell."""
    stood = known.is_saturated(policy.standing_backlog_days)
    return stood if stood.sum() >= policy.min_saturated_weeks else np.zeros_like(stood)


def known_capacity(
    known: StageWeeks, declared: float | None, policy: ConstraintPolicy
) -> float | None:
    """The lower of what is declared and what was done while work waited; None: neither is known."""
    saturated = shown_saturated(known, policy)
    limits = [] if declared is None else [float(declared)]
    if saturated.any():
        limits.append(float(known.throughput[saturated].mean()))
    return min(limits) if limits else None


def audit_stages(
    by_stage: Mapping[str, StageWeeks],
    declared: Mapping[str, float],
    draws: np.ndarray,
    shares: Mapping[str, float],
    policy: ConstraintPolicy,
    had_profitably: tuple[float, float, float, bool] | None,
) -> tuple[StageAudit, ...]:
    """The stages that an export says something about, in the order of the flow.

    ``draws`` are resampled weeks; ``shares`` the histories in which each stage binds;
    ``had_profitably`` the demand that pays to be had, its interval, whether it is a lower bound.
    """
    return tuple(
        _audit(by_stage[stage], declared.get(stage), draws, shares, policy, had_profitably)
        for stage in STAGES
        if stage in by_stage
    )


def _audit(known, declared, draws, shares, policy, had_profitably) -> StageAudit:
    is_long = known.weeks >= policy.min_weeks
    load = resampled_mean(known.load, draws) if is_long else None
    capacity, observed = _capacity(known, declared, policy, had_profitably)
    utilization = utilization_figure(known, capacity, _used(known, declared, load, draws, policy))
    queue = known.least_backlog[np.isfinite(known.least_backlog)]
    return StageAudit(
        stage=known.stage,
        state=_state(known.stage, utilization, shares),
        weeks=known.weeks,
        saturated_weeks=int(known.is_saturated(policy.standing_backlog_days).sum()),
        load=load_figure(known, load),
        capacity=capacity,
        utilization=utilization,
        headroom=headroom_figure(utilization),
        observed_per_week=observed,
        backlog=float(queue.mean()) if len(queue) else None,
        probability=shares.get(known.stage),
        fullest_share=_fullest(known, capacity),
    )


def _fullest(known: StageWeeks, capacity: Figure) -> float | None:
    if capacity.bound != "exact" or not isinstance(capacity.value, float) or not capacity.value:
        return None
    return float(np.nanmax(known.load)) / capacity.value


def _capacity(known, declared, policy, had_profitably) -> tuple[Figure, float | None]:
    if known.stage == "acquisition":
        return had_profitably_figure(known, had_profitably), None
    return capacity_figure(
        known,
        declared,
        shown_saturated(known, policy),
        replicates=policy.replicates,
        seed=policy.seed,
    )


def _used(known, declared, load, draws, policy) -> np.ndarray | None:
    """Share used in each resampled history; None where no limit is known."""
    if load is None:
        return None
    saturated = shown_saturated(known, policy)
    limits = [] if declared is None else [np.full(len(draws), float(declared))]
    if saturated.any():
        limits.append(resampled_mean(np.where(saturated, known.throughput, np.nan), draws))
    return load / np.min(limits, axis=0) if limits else None


def _state(stage: str, utilization: Figure, shares: Mapping[str, float]) -> State:
    if shares and stage == max(shares, key=lambda name: (shares[name], name)):
        return "binds"
    if stage != "acquisition" and utilization.value is None:
        return "unknown"
    return "slack" if shares else "unknown"
