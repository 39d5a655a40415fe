"""Every stage in the same coin: at how many orders a week it would be full, week by week."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from goulot.steps.stages import StageWeeks

ACQUISITION = "acquisition"
# Stages on which a shortage leaves no queue: what is not there is not bought.
WITHOUT_QUEUE = ("stock", "supply")


@dataclass(frozen=True)
class WeekLimits:
    """The weeks of the quarter in orders a week.

    ``demand``: orders that came, those cancelled included, and those lost to empty shelves where
    the shelves were what held the company back.
    ``limits``: stage → orders at which it is full; infinite where its limit is not known.
    ``full``: stage → weeks in which it gave all it had. ``saturated``: of those, the ones in which
    a queue shows it. ``use_per_order``: stage → items of it that an order takes.
    """

    demand: np.ndarray
    limits: Mapping[str, np.ndarray]
    full: Mapping[str, np.ndarray]
    saturated: Mapping[str, np.ndarray]
    use_per_order: Mapping[str, float]

    @property
    def known(self) -> tuple[str, ...]:
        """Stages behind acquisition of which a limit is known in some week."""
        return tuple(s for s, limit in self.limits.items() if np.isfinite(limit).any())


def week_limits(
    by_stage: Mapping[str, StageWeeks],
    capacity: Mapping[str, float],
    saturated: Mapping[str, np.ndarray],
    *,
    full_from: float,
) -> WeekLimits:
    """Put demand and limits of the stages on the scale of orders.

    Parameters
    ----------
    by_stage : the weeks of each stage; acquisition is among them
    capacity : stage → capacity that is known exactly [items/week]
    saturated : stage → weeks in which a queue shows it at its limit
    full_from : share of its capacity from which on a stage without a queue is full

    Notes
    -----
    In a week in which a queue stood, the stage could do what it did. In another it could do at
    least its capacity, and at least what it did. A queue that stands all quarter can be worked off
    once: it adds its size, divided by the weeks, to the demand of each week in which it stood.
    Orders that met an empty shelf are demand in the weeks in which stock or supply was full; in the
    others the few that do are left out.
    """
    placed = by_stage[ACQUISITION].load
    served = np.where(
        np.isfinite(by_stage[ACQUISITION].throughput), by_stage[ACQUISITION].throughput, placed
    )
    behind = {stage: known for stage, known in by_stage.items() if stage != ACQUISITION}
    full = {
        stage: saturated[stage] | (known.load >= full_from * capacity.get(stage, np.inf))
        for stage, known in behind.items()
    }
    wanted = placed * _wanted_per_sold(by_stage, len(placed))
    short = np.any([full[s] for s in WITHOUT_QUEUE if s in full] or [[False]], axis=0)
    demand = np.where(short, wanted, placed)
    use, limits = {}, {}
    for stage, known in behind.items():
        base = {"fulfillment": placed, "stock": wanted, "supply": wanted}.get(stage, served)
        use[stage] = _ratio(known.load, base)
        limits[stage] = _limit(known, capacity.get(stage), saturated[stage], use[stage], placed)
        if stage not in WITHOUT_QUEUE and use[stage] > 0:
            waiting = np.nan_to_num(known.least_backlog) / (use[stage] * len(placed))
            at_least = np.where(saturated[stage], limits[stage] + waiting, 0.0)
            demand = np.maximum(demand, at_least)
    return WeekLimits(demand, limits, full, {s: saturated[s] for s in limits}, use)


def _wanted_per_sold(by_stage: Mapping[str, StageWeeks], weeks: int) -> np.ndarray:
    """By week, units wanted for each unit sold; 1 where no count of the stock tells."""
    stock = by_stage.get("stock")
    if stock is None:
        return np.ones(weeks)
    known = np.isfinite(stock.load) & (stock.throughput > 0)
    return np.where(known, stock.load / np.where(known, stock.throughput, 1.0), 1.0)


def _ratio(load: np.ndarray, base: np.ndarray) -> float:
    known = np.isfinite(load) & np.isfinite(base)
    total = base[known].sum()
    return float(load[known].sum() / total) if total > 0 else 0.0


def _limit(
    known: StageWeeks,
    capacity: float | None,
    saturated: np.ndarray,
    use: float,
    placed: np.ndarray,
) -> np.ndarray:
    if not use > 0:
        return np.full(len(placed), np.inf)
    can = np.full(len(placed), np.inf if capacity is None else float(capacity))
    if capacity is not None:
        can = np.fmax(can, known.throughput)
    done = placed if known.stage in WITHOUT_QUEUE else known.throughput / use
    return np.where(saturated, done, can / use)


def votes(limits: WeekLimits, tie_share: float) -> dict[str, np.ndarray]:
    """By week, how much each stage is the one that held the others back: votes that add to 1.

    The full stage with the lowest limit has the week; those within ``tie_share`` of it share it,
    and so does acquisition where no queue contradicts. Where no stage is full, acquisition has it.
    """
    weeks = len(limits.demand)
    stages = list(limits.limits)
    bound = np.array([np.where(limits.full[s], limits.limits[s], np.inf) for s in stages])
    bound = bound.reshape(len(stages), weeks)
    lowest = bound.min(axis=0, initial=np.inf)
    nobody = ~np.isfinite(lowest)
    near = np.isfinite(bound) & (bound <= lowest * (1 + tie_share))
    queue = np.array([limits.saturated[s] for s in stages]).reshape(len(stages), weeks)
    demand_too = nobody | (
        ~(queue & near).any(axis=0) & (limits.demand <= lowest * (1 + tie_share))
    )
    count = near.sum(axis=0) + demand_too
    shares = {ACQUISITION: demand_too / count}
    return shares | {stage: near[place] / count for place, stage in enumerate(stages)}


def binding_shares(
    by_week: Mapping[str, np.ndarray], draws: np.ndarray, tie_share: float
) -> dict[str, float]:
    """Share of resampled histories in which each stage has most weeks.

    Stages whose share of the weeks comes within ``tie_share`` of the highest split the history.
    """
    stages = list(by_week)
    held = np.array([by_week[stage][draws].mean(axis=1) for stage in stages])
    near = held >= held.max(axis=0) - tie_share
    shares = (near / near.sum(axis=0)).mean(axis=1)
    return {stage: float(share) for stage, share in zip(stages, shares, strict=True)}
