"""Demand spikes: what happens at five and ten times the usual orders, and what would be survived?

Every setting is simulated on the same worlds; see ``goulot.methods.spike_simulation``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from goulot.methods.spike_simulation import (
    Shelves,
    Worlds,
    arrivals,
    draw_worlds,
    pack,
    serve_from_stock,
    shipped_on_time,
    still_worlds,
)
from goulot.steps.spike_operations import WEEK, Lever, Operations, SpikePolicy

LEAST, MOST = 1.0, 10.0  # multipliers that are looked at
LEAN = 0.5  # of what can be packed before an order is due: levers pack what stands beyond it
FINE = 0.05  # how close a survivable multiplier is found


@dataclass(frozen=True)
class Plan:
    """What is armed: levers by name, and stock beyond today's by SKU group [orders]."""

    levers: tuple[str, ...] = ()
    extra_stock: tuple[float, ...] = ()

    def armed(self, operations: Operations) -> tuple[Lever, ...]:
        return tuple(lever for lever in operations.levers if lever.name in self.levers)


NOTHING = Plan()


@dataclass(frozen=True)
class Outcome:
    """One spike in all scenarios [S]; ``backlog`` by hour [T, S]. Money is None where it is not
    known what an order brings.

    ``wanted`` orders would have come; of them ``throttled`` were not advertised for, ``unmet`` left
    for want of stock, ``cancelled`` waited too long, ``on_time`` [share] of the rest shipped within
    the promise. ``by_lever`` [levers, S]: orders packed by each. ``extra_cost`` of levers;
    ``lost_contribution`` against serving everybody in house; ``contribution`` that is left.
    """

    backlog: np.ndarray
    peak: np.ndarray
    drain_hours: np.ndarray
    on_time: np.ndarray
    wanted: np.ndarray
    throttled: np.ndarray
    unmet: np.ndarray
    cancelled: np.ndarray
    late: np.ndarray
    tickets: np.ndarray
    by_lever: np.ndarray
    extra_cost: np.ndarray
    lost_contribution: np.ndarray | None
    contribution: np.ndarray | None

    def backlog_bands(self, every: int) -> np.ndarray:
        """5th percentile, median and 95th of the backlog, one hour in ``every`` [3, hours]."""
        places = [int(share * (self.backlog.shape[1] - 1)) for share in (0.05, 0.5, 0.95)]
        return np.partition(self.backlog[::every], places, axis=1)[:, places].T.round(1)

    @property
    def stands_at_the_end(self) -> bool:
        """In most scenarios the backlog outlives the horizon: what it costs is at least this."""
        return bool(np.median(self.drain_hours) > self.backlog.shape[0])


def worlds_of(operations: Operations, policy: SpikePolicy) -> Worlds:
    """The scenarios of a policy: draw them once, and keep them as its settings move."""
    return draw_worlds(policy.hours, policy.scenarios, operations.dispersion, policy.seed)


def simulate(
    operations: Operations, policy: SpikePolicy, plan: Plan = NOTHING, worlds: Worlds | None = None
) -> Outcome:
    """What a spike does, with the levers of ``plan`` switched on as soon as it is known of."""
    worlds = worlds if worlds is not None else worlds_of(operations, policy)
    levers = plan.armed(operations)
    expected, removed = expected_orders(operations, policy, levers)
    orders = arrivals(worlds, expected)
    shelves = _stocked(operations.shelves, plan.extra_stock)
    met, unmet = serve_from_stock(orders, shelves)
    usual = usual_backlog(operations, policy.hours)
    if usual[-1] > 0:
        met = met.copy() if met is orders else met
        met[0] += usual[-1].astype(met.dtype)
    own, added = capacities(operations, policy, levers)
    due = operations.promise.due(policy.hours)
    packed = pack(met, own, operations.keep, **_relief(operations, own, added, due))
    in_time, placed = shipped_on_time(met, packed, due, policy.starts_hour)
    waits = (1 - policy.lost_share) * unmet
    share = in_time / np.maximum(placed + waits, 1e-9)
    gone = waits * (1 - operations.keep**operations.restock_hours)
    return _told(
        operations, policy, levers, packed, share=share,
        wanted=orders.sum(axis=0) + removed.sum() * worlds.gain.mean(axis=0),
        throttled=removed.sum() * worlds.gain.mean(axis=0), unmet=policy.lost_share * unmet,
        cancelled=packed.cancelled + gone, late=placed + waits - in_time,
        by_lever=_packed_by(packed.shipped, own, added), drain=_drain(packed.backlog, usual,
        operations, policy, levers),
    )  # fmt: skip


def expected_orders(
    operations: Operations, policy: SpikePolicy, levers: Sequence[Lever]
) -> tuple[np.ndarray, np.ndarray]:
    """``(orders that come, orders that a throttle keeps away)`` [orders/hour over the horizon]."""
    usual = np.resize(operations.baseline, policy.hours)
    extra = usual * (policy.multiplier - 1) * shape(policy)
    paid = operations.paid_share if policy.paid_share is None else policy.paid_share
    kept = np.ones(policy.hours)
    for lever in levers:
        kept *= 1 - lever.removes_share * switched_on(lever, policy)
    removed = (1 - kept) * (usual * operations.paid_share + np.maximum(extra, 0) * paid)
    return usual + extra - removed, removed


def shape(policy: SpikePolicy) -> np.ndarray:
    """How much of the spike is there, by hour [0 to 1]: the mean over the hour."""
    ends = np.arange(policy.hours + 1) - float(policy.starts_hour)
    rise, plateau, decay = policy.rise_hours, policy.plateau_hours, policy.decay_hours
    corners = np.cumsum([0.0, rise, plateau, decay])
    # Integral of the trapezoid: exact whatever the corners.
    up = np.clip(ends, 0, rise) ** 2 / (2 * rise) if rise else 0.0
    flat = np.clip(ends - corners[1], 0, plateau)
    past = np.clip(ends - corners[2], 0, decay)
    down = past - past**2 / (2 * decay) if decay else 0.0
    return np.diff(up + flat + down)


def switched_on(lever: Lever, policy: SpikePolicy) -> np.ndarray:
    """How much of a lever is there, by hour [0 to 1]."""
    since = np.arange(policy.hours) - (policy.peak_hour - policy.notice_hours + lever.lead_hours)
    on = np.clip((since + 1) / lever.ramp_hours, 0, 1) if lever.ramp_hours else since >= 0
    if lever.lasts_days is not None:
        on = on * (since < 24 * lever.lasts_days)
    if lever.removes_share:  # ads come back when the spike is over
        on = on * (np.arange(policy.hours) < policy.end_hour + policy.decay_hours)
    return np.asarray(on, dtype=float)


def capacities(
    operations: Operations, policy: SpikePolicy, levers: Sequence[Lever]
) -> tuple[np.ndarray, np.ndarray]:
    """``(own [T], added by lever [levers, T])`` orders an hour; levers work the same shifts."""
    own = np.resize(operations.capacity, policy.hours)
    shift = (own > 0) / max(operations.working_hours_per_day, 1)
    added = [lever.adds_per_day * shift * switched_on(lever, policy) for lever in levers]
    return own, np.array(added).reshape(len(levers), policy.hours)


def _relief(operations, own, added, due) -> dict[str, np.ndarray]:
    """Levers pack what the warehouse alone would ship late: what stands beyond ``LEAN`` of all that
    it can pack until an order that comes now is due."""
    if not added.any():
        return {}
    done = np.cumsum(np.resize(operations.capacity, due[-1] + 1))
    until_due = done[due] - done[: len(own)]
    return {"relief": added.sum(axis=0), "beyond": np.maximum(LEAN * until_due, own)}


def usual_backlog(operations: Operations, hours: int) -> np.ndarray:
    """What stands at the end of each hour without a spike and without luck [hours], in the pattern
    that returns every week; what an overloaded warehouse piles up does not count as usual."""
    week = np.tile(operations.baseline, 3)[:, None]
    backlog = pack(week, np.tile(operations.capacity, 3), operations.keep).backlog[:, 0]
    return np.resize(np.minimum(backlog[WEEK : 2 * WEEK], backlog[-WEEK:]), hours)


def _stocked(shelves: Shelves | None, extra: Sequence[float]) -> Shelves | None:
    if shelves is None or not extra:
        return shelves
    return replace(shelves, stock=shelves.stock + np.asarray(extra))


def _packed_by(shipped: np.ndarray, own: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Orders that each lever packed [levers, S]: what goes beyond our own and the cheaper ones."""
    found, reach = [], own
    below = np.minimum(shipped, reach[:, None].astype(shipped.dtype)).sum(axis=0)
    for row in added:
        reach = reach + row
        upto = np.minimum(shipped, reach[:, None].astype(shipped.dtype)).sum(axis=0)
        found.append(upto - below)
        below = upto
    return np.array(found).reshape(len(added), shipped.shape[1])


def _drain(backlog, usual, operations, policy, levers) -> np.ndarray:
    """Hours from the end of the plateau until no more stands than usually at that hour [S].

    Beyond the horizon at the pace of a mean week: exact for constant rates.
    """
    end = min(int(np.ceil(policy.end_hour)), policy.hours - 1)
    luck = 2 * np.sqrt(usual + operations.dispersion * usual**2)
    gone = backlog[end - 1 :] <= (usual + luck + 1e-6)[end - 1 :, None]
    found = gone.argmax(axis=0).astype(float)
    rest = np.maximum(backlog[-1] - usual[-1], 0)
    stays = [lever for lever in levers if lever.lasts_days is None]
    own, added = capacities(operations, policy, stays)
    spare = (own[-WEEK:].sum() + added[:, -WEEK:].sum() - operations.baseline.sum()) / WEEK
    beyond = _hours_to_clear(rest, float(spare), operations.leaving_rate)
    return np.where(gone.any(axis=0), found, policy.hours - end + beyond)


def _hours_to_clear(rest: np.ndarray, spare: float, leaving_rate: float) -> np.ndarray:
    """Hours until ``rest`` orders are packed by ``spare`` orders an hour, or have left."""
    if spare <= 0:
        return np.where(rest > 0, np.inf, 0.0)
    if leaving_rate == 0:
        return rest / spare
    return np.log1p(leaving_rate * rest / spare) / leaving_rate


def _told(operations, policy, levers, packed, *, share, by_lever, drain, **counts) -> Outcome:
    money = operations.money
    late = np.maximum(counts["late"], 0)
    premium = np.array([max(lv.cost_per_order - (money.packing or 0.0), 0.0) for lv in levers])
    extra_cost = premium @ by_lever if levers else np.zeros_like(share)
    tickets = operations.tickets_per_order * (counts["wanted"] - counts["throttled"])
    more = np.maximum(operations.tickets_per_late_order - operations.tickets_per_order, 0) * late
    lost = left = None
    if money.contribution is not None:
        gone = (counts["unmet"] + counts["cancelled"]) * money.contribution
        kept_away = counts["throttled"] * max(money.contribution - money.ad_cost, 0.0)
        lost = gone + kept_away + extra_cost + more * policy.cost_per_ticket
        left = counts["wanted"] * money.contribution - lost
    return Outcome(
        backlog=packed.backlog, peak=packed.backlog.max(axis=0), drain_hours=drain, on_time=share,
        by_lever=by_lever, extra_cost=extra_cost, tickets=tickets + more,
        lost_contribution=lost, contribution=left, **(counts | {"late": late}),
    )  # fmt: skip


def is_survived(outcome: Outcome, policy: SpikePolicy) -> bool:
    """At least the target share on time, in enough of the scenarios."""
    return bool((outcome.on_time >= policy.target_share).mean() >= policy.sure_share)


def survivable_multiplier(
    operations: Operations, policy: SpikePolicy, plan: Plan, worlds: Worlds
) -> float:
    """The largest multiplier up to ten that is survived, to 0.05; 0 where not even the usual is.

    Found by halving: under common random numbers more orders are never more on time.
    """

    def holds(multiplier: float) -> bool:
        return is_survived(
            simulate(operations, replace(policy, multiplier=multiplier), plan, worlds), policy
        )

    low, high = LEAST, MOST
    if not holds(low):
        return 0.0
    if holds(high):
        return high
    while high - low > FINE:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def fluid(operations: Operations, policy: SpikePolicy, plan: Plan = NOTHING) -> Outcome:
    """The same spike where everything happens exactly as expected."""
    return simulate(operations, policy, plan, still_worlds(policy.hours))
