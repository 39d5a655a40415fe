"""Constraint audit: which stage limits contribution now, and how sure are we?

Per stage: what comes to it in a week, what it can do, and how much of that is used. A stage without
data is unknown, never unconstrained. Acquisition binds where every stage behind it has slack.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pandas as pd

from goulot.findings import Figure, Missing
from goulot.methods.ladders import Rung, ladder
from goulot.quarter import Quarter
from goulot.steps.constraint_policy import ConstraintPolicy
from goulot.steps.flow_check import FlowCheck, check_flows
from goulot.steps.needs import CAPACITY_NEEDS, MARGIN_NEED
from goulot.steps.premature import Premature, premature_stages
from goulot.steps.stage_audits import (
    asked_stages,
    audit_stages,
    known_capacity,
    shown_saturated,
)
from goulot.steps.stages import (
    NO_OPERATIONS_KNOWN,
    TOO_FEW_WEEKS,
    StageAudit,
    StageWeeks,
    stage_weeks,
)
from goulot.steps.week_limits import ACQUISITION, WeekLimits, binding_shares, votes, week_limits
from goulot.steps.weekly_worth import (
    NO_MARGIN,
    Economics,
    WeeklyWorth,
    today_program,
    weekly_worth,
)


@dataclass(frozen=True)
class ConstraintAudit:
    """The verdict, every stage behind it, and what was not known.

    ``binding`` names the stage with the share of resampled histories in which it binds; its value
    is None where there is too little to say. ``shares`` has that share for every stage.
    ``rungs`` is the ladder, in orders alone where an order has no known worth (``worth`` is None
    then); ``lost`` is the contribution lost a week to the constraint. ``weekly`` has stage, unit,
    week_starts_on, load and throughput of the whole weeks.
    """

    quarter: Quarter
    policy: ConstraintPolicy
    weeks: int
    binding: Figure
    shares: Mapping[str, float]
    stages: tuple[StageAudit, ...]
    unknown: tuple[str, ...]
    premature: tuple[Premature, ...]
    missing: tuple[Missing, ...]
    weekly: pd.DataFrame
    flows: tuple[FlowCheck, ...] = ()
    limits: WeekLimits | None = None
    worth: WeeklyWorth | None = field(default=None, repr=False)
    rungs: tuple[Rung, ...] = ()
    lost: Figure | None = None
    prices: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def is_sure(self) -> bool:
        return (self.binding.probability or 0) >= self.policy.sure_probability

    @property
    def runner_up(self) -> str | None:
        """The stage that binds in most of the other histories; None where no other ever does."""
        others = {s: p for s, p in self.shares.items() if s != self.binding.value and p > 0}
        return max(others, key=lambda s: (others[s], s)) if others else None

    def stage(self, name: str) -> StageAudit | None:
        return next((audit for audit in self.stages if audit.stage == name), None)

    @property
    def asked(self) -> tuple[str, ...]:
        """The stages a reader expects: see ``asked_stages``."""
        return asked_stages([audit.stage for audit in self.stages])

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
        for stage, figure in self.prices.items():
            named[f"constraint.shadow_price.{stage}"] = figure
        if self.lost is not None:
            named["constraint.contribution_lost_per_week"] = self.lost
        return named


def audit_constraint(
    stage_week: pd.DataFrame,
    declared_per_week: Mapping[str, float],
    quarter: Quarter,
    policy: ConstraintPolicy,
    money: Economics | None = None,
) -> ConstraintAudit:
    """Audit the whole weeks of a quarter.

    Weeks are resampled with replacement, the same weeks for all stages; intervals are the middle
    90 % of the resampled means (Efron & Tibshirani 1993, *An Introduction to the Bootstrap*,
    ch. 13). Weeks are taken as exchangeable within the quarter.

    Parameters
    ----------
    stage_week : the mart ``stage_week``; other quarters are ignored
    declared_per_week : capacity by stage as client.yml declares it [items/week]
    money : what is known of contribution, spend and response; without it nothing is valued
    """
    rows, money = _with_demand(whole_weeks(stage_week, quarter)), money or Economics()
    by_stage = stage_weeks(rows)
    weeks = np.array(sorted(rows["week_starts_on"].unique()))
    draws = np.random.default_rng(policy.seed).integers(
        0, max(len(weeks), 1), size=(policy.replicates, max(len(weeks), 1))
    )
    long_enough = {s: w for s, w in by_stage.items() if w.weeks >= policy.min_weeks}
    limits = _limits(long_enough, declared_per_week, policy)
    shares = _shares(limits, long_enough, draws, policy)
    binding = _verdict(shares, len(weeks), policy)
    worth = weekly_worth(limits, weeks, draws, money) if limits else None
    audits = audit_stages(
        by_stage, declared_per_week, draws, shares, policy, worth.had_profitably if worth else None
    )
    return ConstraintAudit(
        quarter=quarter,
        policy=policy,
        weeks=len(weeks),
        binding=binding,
        shares=shares,
        stages=audits,
        unknown=_unknown(audits),
        premature=premature_stages(audits, binding, stage_week, policy),
        missing=_missing(audits, money),
        weekly=rows[["stage", "unit", "week_starts_on", "load", "throughput"]],
        flows=check_flows(rows, replicates=policy.replicates, seed=policy.seed),
        limits=limits,
        worth=worth,
        **_valued(worth, limits, binding, money),
    )


def whole_weeks(stage_week: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """Rows of the weeks that lie in the quarter and that the exports cover on all seven days."""
    starts = pd.to_datetime(stage_week["week_starts_on"])
    first = pd.Timestamp(quarter.first_day)
    last = pd.Timestamp(quarter.last_day - timedelta(days=6))
    inside = starts.between(first, last) & (stage_week["days"] == 7)
    return stage_week[inside].sort_values(["stage", "week_starts_on"]).reset_index(drop=True)


def _with_demand(rows: pd.DataFrame) -> pd.DataFrame:
    """The weeks of which the orders are told: without demand a week says nothing of its limits."""
    told = rows.loc[rows["stage"] == ACQUISITION, "week_starts_on"]
    return rows[rows["week_starts_on"].isin(told)].reset_index(drop=True) if len(told) else rows


def _limits(
    known: Mapping[str, StageWeeks], declared: Mapping[str, float], policy: ConstraintPolicy
) -> WeekLimits | None:
    if ACQUISITION not in known:
        return None
    capacity = {
        stage: limit
        for stage, weeks in known.items()
        if (limit := known_capacity(weeks, declared.get(stage), policy)) is not None
    }
    return week_limits(
        known,
        capacity,
        {stage: shown_saturated(weeks, policy) for stage, weeks in known.items()},
        full_from=policy.binding_utilization,
    )


def _shares(
    limits: WeekLimits | None,
    known: Mapping[str, StageWeeks],
    draws: np.ndarray,
    policy: ConstraintPolicy,
) -> dict[str, float]:
    """Share of resampled histories in which each stage binds; empty where nothing can be said.

    A stage that was never seen at its limit cannot bind, but is evidence of slack.
    """
    behind = [weeks for stage, weeks in known.items() if stage != ACQUISITION]
    if limits is None or not (limits.known or any(w.has_throughput for w in behind)):
        return {}
    return binding_shares(votes(limits, policy.tie_share), draws, policy.tie_share)


def _verdict(shares: Mapping[str, float], weeks: int, policy: ConstraintPolicy) -> Figure:
    if weeks < policy.min_weeks:
        return Figure.unknown("stage", TOO_FEW_WEEKS)
    if not shares:
        return Figure.unknown("stage", NO_OPERATIONS_KNOWN)
    stage = max(shares, key=lambda name: (shares[name], name))
    return Figure(value=stage, unit="stage", basis="observed", probability=shares[stage])


def _valued(
    worth: WeeklyWorth | None, limits: WeekLimits | None, binding: Figure, money: Economics
) -> dict[str, object]:
    """The ladder, the prices and what is lost to the constraint."""
    unit = f"{money.currency}/week"
    if binding.value is None or limits is None:
        return {}
    if worth is None:
        stages = (ACQUISITION, *limits.known)
        prices = {stage: Figure.unknown(unit, NO_MARGIN) for stage in stages}
        rungs = ladder(today_program(limits))
        return {"rungs": rungs, "prices": prices, "lost": Figure.unknown(unit, NO_MARGIN)}
    prices = {stage: worth.shadow_price(stage) for stage in (ACQUISITION, *worth.today.capacity)}
    return {"rungs": worth.rungs, "prices": prices, "lost": worth.lost_to(str(binding.value))}


def _unknown(audits: tuple[StageAudit, ...]) -> tuple[str, ...]:
    """Stages of which it cannot be said how much is used: unknown, never unconstrained."""
    by_stage = {audit.stage: audit for audit in audits}
    return tuple(
        s for s in asked_stages(by_stage) if s not in by_stage or by_stage[s].state == "unknown"
    )


def _missing(audits: tuple[StageAudit, ...], money: Economics) -> tuple[Missing, ...]:
    """Capacities to declare, of stages whose limit was never seen; and the gross margin."""
    open_ends = [a.stage for a in audits if a.capacity.value is None or a.capacity.bound != "exact"]
    needs = [CAPACITY_NEEDS[stage] for stage in open_ends if stage in CAPACITY_NEEDS]
    if money.channel_week is not None and not money.knows_contribution:
        needs.append(MARGIN_NEED)
    return tuple(Missing(step="constraint", export=what, costs=cost) for what, cost in needs)
