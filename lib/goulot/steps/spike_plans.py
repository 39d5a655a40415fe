"""The cheapest way to be ready: every set of levers with every level of safety stock, tried.

Exact: nothing is left out, so that anybody can check it. Twelve levers are 4,096 sets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations

import numpy as np

from goulot.errors import ParameterError
from goulot.methods.inventory import safety_stock
from goulot.steps.spike_hours import MOST, expected_orders
from goulot.steps.spike_operations import Operations, SpikePolicy
from goulot.steps.spike_survival import is_survived, survivable_multiplier
from goulot.steps.spikes import Outcome, Plan, simulate, simulate_plans, worlds_of

MOST_LEVERS = 8
SERVICE_LEVELS = (0.0, 0.5, 0.9, 0.99)  # of the demand of a spike; 0: today's stock
NOTICES = (0.0, 24.0, 48.0, 96.0)  # hours
LEAST_STEP = 0.25  # of the multiplier, from one plan of the frontier to the next
SCENARIOS = 200  # in which a plan is tried


@dataclass(frozen=True)
class PlanCost:
    """A plan and what a year with it costs [currency].

    ``per_year`` = ``standby`` + ``holding`` of the safety stock for ``service_level`` of a spike's
    demand + ``times_per_year`` × ``per_spike`` (contribution lost and extra cost, the mean).
    ``used_notice``: hours before the peak at which the levers are called.
    """

    plan: Plan
    service_level: float
    standby: float
    holding: float
    per_spike: float
    lever_cost: float
    times_per_year: float
    on_time: float
    used_notice: float

    @property
    def per_year(self) -> float:
        return self.standby + self.holding + self.times_per_year * self.per_spike

    @property
    def flexibility_per_year(self) -> float:
        """What being ready costs, apart from what is lost: standby, stock, levers in use."""
        return self.standby + self.holding + self.times_per_year * self.lever_cost


@dataclass(frozen=True)
class Planning:
    """``ranked``: all plans, the cheapest first; ``frontier``: ``(plan, survivable multiplier)``,
    each surviving more than all with which being ready costs less; ``by_notice``: notice [hours] →
    the cheapest plan."""

    ranked: tuple[PlanCost, ...]
    frontier: tuple[tuple[PlanCost, float], ...]
    by_notice: dict[float, PlanCost]

    @property
    def best(self) -> PlanCost:
        return self.ranked[0]

    @property
    def nothing(self) -> PlanCost:
        """No lever, and no more stock than today."""
        return next(cost for cost in self.ranked if not cost.plan.levers and not cost.service_level)

    @property
    def regret(self) -> float:
        """What doing nothing costs a year more than the cheapest plan."""
        return self.nothing.per_year - self.best.per_year

    def cheapest(self, *, with_standby: bool) -> PlanCost | None:
        """The cheapest plan among those that pay for standing by, or among those that do not."""
        return next((c for c in self.ranked if (c.standby > 0) == with_standby), None)

    def saved_by(self, notice: float) -> float:
        """What so many hours of notice save a year, against none: never less than fewer hours,
        since who knows early may still wait."""
        return self.by_notice[0.0].per_year - self.by_notice[notice].per_year


def plan_spikes(
    operations: Operations, policy: SpikePolicy, times_per_year: float
) -> Planning | None:
    """Try every plan on the same scenarios; None where no order has a known worth."""
    if operations.money.contribution is None:
        return None
    if len(operations.levers) > MOST_LEVERS:
        raise ParameterError(
            f"client.yml has {len(operations.levers)} levers of the warehouse and of advertising; "
            f"with more than {MOST_LEVERS} not every set can be tried. Leave out those that would "
            "not be used."
        )
    fewer = replace(policy, scenarios=min(SCENARIOS, policy.scenarios))
    worlds = worlds_of(operations, fewer)
    hours = sorted({*NOTICES, policy.notice_hours})
    called = {h: _costs(operations, replace(fewer, notice_hours=h), times_per_year, worlds)
              for h in hours}  # fmt: skip
    in_time = {n: [cost for h in hours if h <= n for cost in called[h]] for n in hours}
    ranked = _ranked(in_time[policy.notice_hours])
    frontier = _frontier(ranked, operations, fewer, worlds)
    return Planning(ranked, frontier, {n: min(in_time[n], key=_order) for n in NOTICES})


def _costs(operations, policy, times_per_year, worlds) -> list[PlanCost]:
    plans, levels = zip(*every_plan(operations, policy), strict=True)
    outcomes = simulate_plans(operations, policy, plans, worlds)
    return [
        _cost(operations, policy, plan, level, times_per_year, outcome)
        for plan, level, outcome in zip(plans, levels, outcomes, strict=True)
    ]


def _order(cost: PlanCost) -> tuple:
    """The cheapest first; of equals the one with fewer levers, less stock, called later."""
    return (round(cost.per_year, 6), len(cost.plan.levers), cost.service_level,
            cost.plan.levers, cost.used_notice)  # fmt: skip


def _readiness(cost: PlanCost) -> tuple:
    """What costs least to be ready with first; of equals the one with fewer levers."""
    return (round(cost.flexibility_per_year, 6), len(cost.plan.levers), *_order(cost))


def _ranked(costs: list[PlanCost]) -> tuple[PlanCost, ...]:
    """One entry a plan, called when that is cheapest."""
    best: dict[tuple, PlanCost] = {}
    for cost in sorted(costs, key=_order):
        best.setdefault((cost.plan.levers, cost.service_level), cost)
    return tuple(sorted(best.values(), key=_order))


def every_plan(operations: Operations, policy: SpikePolicy) -> Iterator[tuple[Plan, float]]:
    """Each set of levers with each safety stock, and the service level of the latter."""
    names = [lever.name for lever in operations.levers]
    sets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    levels = SERVICE_LEVELS if operations.shelves is not None else (0.0,)
    stocks = [(level, safety_stock_for(operations, policy, level)) for level in levels]
    for levers in sets:
        for level, stock in stocks:
            yield Plan(levers, stock), level


def safety_stock_for(
    operations: Operations, policy: SpikePolicy, service_level: float
) -> tuple[float, ...]:
    """Stock beyond today's by SKU group [orders] that lasts until the horizon of a spike, in
    ``service_level`` of spikes."""
    if operations.shelves is None or service_level <= 0:
        return ()
    demand = expected_orders(operations, policy, ())
    mean = demand.by_group(operations.shelves.share)
    by_day = demand.expected.reshape(-1, 24).sum(axis=1)
    luck = operations.dispersion * (by_day**2).sum() * (mean / max(mean.sum(), 1e-9)) ** 2
    need = mean + safety_stock(service_level, mean, np.sqrt(mean + luck))
    return tuple(np.maximum(need - operations.shelves.stock, 0).tolist())


def _cost(operations, policy, plan, level, times_per_year, outcome: Outcome) -> PlanCost:
    money = operations.money
    kept_away = float(outcome.throttled.mean()) * max(money.contribution - money.ad_cost, 0.0)
    return PlanCost(
        plan=plan, service_level=level, times_per_year=times_per_year,
        standby=12 * sum(lever.standby_per_month for lever in plan.armed(operations)),
        holding=float(policy.holding_share * (money.goods or 0.0) * sum(plan.extra_stock)),
        per_spike=float(outcome.lost_contribution.mean()),
        lever_cost=float(outcome.extra_cost.mean()) + kept_away,
        on_time=float(np.median(outcome.on_time)), used_notice=policy.notice_hours,
    )  # fmt: skip


def _frontier(ranked, operations, policy, worlds) -> tuple[tuple[PlanCost, float], ...]:
    """Each plan that survives more than all those that cost less to be ready with."""
    found: list[tuple[PlanCost, float]] = []
    for cost in sorted(ranked, key=_readiness):
        called = replace(policy, notice_hours=cost.used_notice)
        better = found[-1][1] + LEAST_STEP if found else 0.0
        if better > MOST:
            break
        beyond = replace(called, multiplier=max(better, 1.0))
        if found and not is_survived(simulate(operations, beyond, cost.plan, worlds), beyond):
            continue
        found.append((cost, survivable_multiplier(operations, called, cost.plan, worlds)))
    return tuple(found)
