"""The study of spikes: every multiplier without help and with the cheapest plan, in figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from goulot.findings import Figure, Missing
from goulot.methods.spike_simulation import Worlds
from goulot.quarter import Quarter
from goulot.steps.spike_hours import MOST
from goulot.steps.spike_operations import Operations, SpikePolicy
from goulot.steps.spike_plans import Planning, plan_spikes
from goulot.steps.spike_survival import survivable_multiplier
from goulot.steps.spikes import NOTHING, Outcome, Plan, simulate, worlds_of

MULTIPLIERS = tuple(float(m) for m in range(1, 11))
TOLD = (5.0, 10.0)  # that figures are told of
SPREAD = 1.645  # standard errors on each side of a 90 % interval

# Notes of figures: messages for ``Language.say``.
NO_ORDERS = "the quarter has no order, and so no usual day to multiply"
NO_MARGIN = "client.yml declares no gross margin, so that an order has no known worth"
NO_LEVERS = "client.yml names no lever, so that there is no plan to try"
NEVER = "the warehouse does not catch up at all: it can do no more than the usual orders"
NOT_EVEN_USUAL = "not even the usual orders ship on time as often as asked"
BEYOND = "ten times is as far as was looked"
NO_PACKING = "client.yml declares no cost of packing an order (capacity, fulfillment)"
STILL_STANDS = "orders still wait when the simulated days end: it costs at least so much"
NOTES = (NO_ORDERS, NO_MARGIN, NO_LEVERS, NEVER, NOT_EVEN_USUAL, BEYOND, NO_PACKING, STILL_STANDS)


@dataclass(frozen=True)
class SpikeStudy:
    """What a spike would do to the client as the quarter left it.

    ``by_multiplier``: one row per plan ("nothing", "best") and multiplier, with the median and the
    5th and 95th percentile of each measure, in the scenarios of ``worlds``; ``unaided`` and
    ``planned`` are the outcomes at the policy's own multiplier. ``planning`` is None where no order
    has a known worth.
    """

    quarter: Quarter
    policy: SpikePolicy
    operations: Operations
    worlds: Worlds
    times_per_year: Figure
    planning: Planning | None
    best: Plan
    unaided: Outcome
    planned: Outcome
    by_multiplier: pd.DataFrame
    figures: dict[str, Figure]
    missing: tuple[Missing, ...]

    @property
    def has_plan(self) -> bool:
        """Whether anything is cheaper than doing nothing."""
        return bool(self.best.levers or self.best.extra_stock)


def study_spikes(
    operations: Operations, quarter: Quarter, policy: SpikePolicy, times_per_year: Figure
) -> SpikeStudy:
    """Simulate every multiplier with and without the cheapest plan.

    ``times_per_year``: how often a spike comes, as seen in the client's history or chosen.
    """
    worlds = worlds_of(operations, policy)
    often = float(times_per_year.value)
    planning = plan_spikes(operations, policy, often) if operations.has_orders else None
    best = planning.best.plan if planning else NOTHING
    called = policy
    if planning and best.levers:
        called = replace(policy, notice_hours=planning.best.used_notice)
    plans = {"nothing": (NOTHING, policy), "best": (best, called)}
    rows, outcomes, near = _simulated(operations, plans, worlds)
    figures = _figures(operations, policy, outcomes)
    figures |= _survived(operations, plans, worlds, near)
    figures["spikes.flexibility_cost_share"] = _flexibility(operations, planning)
    if not operations.has_orders:
        figures = {name: Figure.unknown(f.unit, NO_ORDERS) for name, f in figures.items()}
    figures["spikes.times_per_year"] = times_per_year
    return SpikeStudy(
        quarter=quarter, policy=policy, operations=operations, worlds=worlds,
        times_per_year=times_per_year,
        planning=planning, best=best, unaided=outcomes["nothing", policy.multiplier],
        planned=outcomes["best", policy.multiplier], by_multiplier=pd.DataFrame(rows),
        figures=figures, missing=operations.missing,
    )  # fmt: skip


def _simulated(operations, plans, worlds) -> tuple[list[dict], dict, dict[str, float]]:
    """By plan and multiplier a row of figures and, where they are told of, the outcomes; by plan
    about the multiplier that it survives."""
    rows, outcomes, near = [], {}, {}
    for name, (plan, policy) in plans.items():
        reached = {}
        for m in sorted({*MULTIPLIERS, policy.multiplier}):
            outcome = simulate(operations, replace(policy, multiplier=m), plan, worlds)
            rows.append(_row(name, m, outcome))
            reached[m] = np.quantile(outcome.on_time, 1 - policy.sure_share)
            if m in (*TOLD, policy.multiplier):  # hours × scenarios: the others are let go
                outcomes[name, m] = outcome
        near[name] = _crossed(reached, policy.target_share)
    return rows, outcomes, near


def _crossed(reached: Mapping[float, float], target: float) -> float:
    """About the multiplier from which on ``target`` is not reached, between those simulated."""
    shares = -np.array(list(reached.values()))  # rising, as interpolation asks
    return float(np.interp(-target, np.maximum.accumulate(shares), list(reached)))


MEASURES = ("peak", "drain_hours", "on_time", "unmet", "cancelled", "late", "tickets", "extra_cost",
            "lost_contribution", "contribution")  # fmt: skip


def _row(plan: str, multiplier: float, outcome: Outcome) -> dict:
    row: dict = {"plan": plan, "multiplier": multiplier}
    for name in MEASURES:
        values = getattr(outcome, name)
        told = (None,) * 3 if values is None else _spread(values)
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), told, strict=True))
    return row


def _spread(values: np.ndarray) -> tuple[float, float, float]:
    """Median, 5th and 95th percentile."""
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95], method="nearest")
    return float(middle), float(low), float(high)


def _figures(operations, policy, outcomes) -> dict[str, Figure]:
    named = {}
    for times in TOLD:
        slug, outcome = f"x{times:.0f}", outcomes["nothing", times]
        named[f"spikes.share_on_time.{slug}"] = _figure(outcome.on_time, "share")
        named[f"spikes.backlog_peak.{slug}"] = _figure(outcome.peak, "orders")
        named[f"spikes.hours_to_drain.{slug}"] = _drain_figure(outcome.drain_hours)
        unit = operations.money.currency
        if outcome.lost_contribution is None:
            named[f"spikes.lost_contribution.{slug}"] = Figure.unknown(unit, NO_MARGIN)
            continue
        lost = _figure(outcome.lost_contribution, unit)
        if outcome.stands_at_the_end:
            lost = replace(lost, bound="at least", note=STILL_STANDS)
        named[f"spikes.lost_contribution.{slug}"] = lost
    return named


def _figure(values: np.ndarray, unit: str) -> Figure:
    middle, low, high = _spread(values)
    return Figure(value=middle, low=low, high=high, unit=unit, basis="observed")


def _drain_figure(hours: np.ndarray) -> Figure:
    middle, low, high = _spread(hours)
    if not np.isfinite(middle):
        return Figure.unknown("hours", NEVER)
    bounded = high if np.isfinite(high) else None
    return Figure(value=middle, low=low if bounded else None, high=bounded, unit="hours",
                  basis="observed")  # fmt: skip


def _survived(operations, plans, worlds, near) -> dict[str, Figure]:
    """Survivable multipliers; the interval is that of the usual orders' own level. ``near``: about
    where they are, by plan."""
    named = {}
    for slug, name in (("unaided", "nothing"), ("best_plan", "best")):
        figure = f"spikes.survivable_multiplier.{slug}"
        plan, policy = plans[name]
        if name == "best" and not operations.levers and operations.shelves is None:
            named[figure] = Figure.unknown("times", NO_LEVERS)
            continue
        levels = [1 + z * operations.baseline_error for z in (SPREAD, 0.0, -SPREAD)]
        low, value, high = sorted(
            survivable_multiplier(
                _with_level(operations, level), policy, plan, worlds, near[name] / level
            )
            for level in levels
        )
        named[figure] = _survivable_figure(value, low, high, operations)
    return named


def _survivable_figure(value: float, low: float, high: float, operations: Operations) -> Figure:
    basis = operations.bases.get("capacity", "observed")
    if value == 0.0:
        return Figure(value=1.0, unit="times", basis=basis, bound="at most", note=NOT_EVEN_USUAL)
    is_open = value >= MOST or operations.capacity_is_least
    return Figure(
        value=value, low=max(low, 1.0), high=high, unit="times", basis=basis,
        bound="at least" if is_open else "exact", note=BEYOND if value >= MOST else "",
    )  # fmt: skip


def _with_level(operations: Operations, times: float) -> Operations:
    return replace(operations, baseline=operations.baseline * times)


def _flexibility(operations: Operations, planning: Planning | None) -> Figure:
    """What being ready costs a year, as a share of what packing costs a year."""
    packing = operations.money.packing
    if planning is None:
        return Figure.unknown("share", NO_MARGIN)
    if not packing:
        return Figure.unknown("share", NO_PACKING)
    share = planning.best.flexibility_per_year / (packing * operations.orders_per_year)
    return Figure(value=float(share), unit="share", basis="declared")
