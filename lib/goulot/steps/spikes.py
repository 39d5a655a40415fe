"""Demand spikes: what happens at five and ten times the usual orders, and what would be survived?

Every setting is simulated on the same worlds; see ``goulot.methods.spike_simulation``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from goulot.methods.spike_simulation import (
    Packed,
    Worlds,
    arrivals,
    draw_worlds,
    judged_hours,
    still_worlds,
)
from goulot.methods.spike_stock import Served, serve_from_stock, with_goods
from goulot.steps.spike_floor import Floor, pack_everywhere
from goulot.steps.spike_hours import DAY, expected_orders, goods_brought
from goulot.steps.spike_operations import Lever, Operations, SpikePolicy


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
    """One spike in all scenarios [S]. Money is None where it is not known what an order brings.

    ``orders`` came, hour by hour [T, S], and were packed on the ``floor``. ``wanted`` orders would
    have come; of them ``throttled`` were not advertised for, ``unmet`` left for want of stock,
    ``cancelled`` waited too long, ``on_time`` [share] shipped within the promise. ``by_lever``
    [levers, S]: orders packed by each, or whose goods it brought. ``extra_cost`` of levers;
    ``lost_contribution`` against serving everybody in house; ``contribution`` that is left.
    """

    orders: np.ndarray
    floor: Floor
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

    @property
    def packed(self) -> Packed:
        return self.floor.packed

    @property
    def drain_hours(self) -> np.ndarray:
        """Hours from the end of the plateau until no more stands than usually [S]."""
        return self.floor.drain_hours

    @cached_property
    def peak(self) -> np.ndarray:
        """The most orders that wait at the end of an hour [S]."""
        return self.backlog.max(axis=0)

    @property
    def backlog(self) -> np.ndarray:
        """Orders that wait to be packed at the end of each hour [T, S]."""
        return self.packed.backlog

    @property
    def unserved(self) -> np.ndarray:
        """Orders that came so far and were not shipped [T, S]: they wait to be packed or for goods,
        were lost, or were cancelled. More orders never lower it; more capacity, stock or levers
        never raise it. Of the backlog alone the first is true only where goods do not run out: a
        shop that is sold out has no queue.
        """
        shipped = np.zeros_like(self.orders)
        shipped[self.packed.works] = self.packed.shipped
        return np.cumsum(self.orders - shipped, axis=0, dtype=float)

    def backlog_bands(self, every: int) -> np.ndarray:
        """5th percentile, median and 95th of the backlog, one hour in ``every`` [3, hours]."""
        places = [int(share * (self.orders.shape[1] - 1)) for share in (0.05, 0.5, 0.95)]
        return np.sort(self.backlog[::every], axis=1)[:, places].T.round(1)

    @property
    def stands_at_the_end(self) -> bool:
        """In most scenarios the backlog outlives the horizon: what it costs is at least this."""
        return bool(np.median(self.drain_hours) > len(self.orders))


def worlds_of(operations: Operations, policy: SpikePolicy) -> Worlds:
    """The scenarios of a policy: draw them once, and keep them as its settings move."""
    worlds = draw_worlds(policy.hours, policy.scenarios, operations.dispersion, policy.seed)
    return with_goods(worlds, operations.shelves)


def simulate(
    operations: Operations, policy: SpikePolicy, plan: Plan = NOTHING, worlds: Worlds | None = None
) -> Outcome:
    """What a spike does, with the levers of ``plan`` switched on as soon as it is known of."""
    (outcome,) = simulate_plans(operations, policy, [plan], worlds)
    return outcome


def simulate_plans(
    operations: Operations,
    policy: SpikePolicy,
    plans: Sequence[Plan],
    worlds: Worlds | None = None,
) -> list[Outcome]:
    """The same spike with each of several plans: those with the same goods and the same levers that
    move demand or goods differ on the floor alone, and are followed together."""
    worlds = worlds if worlds is not None else worlds_of(operations, policy)
    alike: dict[tuple, dict[Plan, None]] = {}
    for plan in plans:
        movers = tuple(lever for lever in plan.armed(operations) if lever.moves_orders)
        alike.setdefault((movers, plan.extra_stock), {})[plan] = None
    found: dict[Plan, Outcome] = {}
    for (movers, extra_stock), group in alike.items():
        coming = _coming(operations, policy, movers, extra_stock, worlds)
        lever_sets = [plan.armed(operations) for plan in group]
        floors = pack_everywhere(operations, policy, lever_sets, coming.met, coming.back)
        found |= {plan: _told(operations, policy, coming, floor)
                  for plan, floor in zip(group, floors, strict=True)}  # fmt: skip
    return [found[plan] for plan in plans]


@dataclass(frozen=True)
class Coming:
    """A spike before anything is packed, in all scenarios.

    ``orders`` [T, S] come, of which ``met`` find their goods at once, those that usually stand when
    a week begins among them; ``back`` [T, S] had to wait for goods that now come (None: nobody). Of
    the orders ``placed`` are judged; ``throttled`` were not advertised for, ``unmet`` lost, and
    ``gone`` while they waited for goods [S]. ``movers``: the levers that made it so, each with the
    orders whose goods it brought in ``by_mover`` [movers, S].
    """

    orders: np.ndarray
    met: np.ndarray
    back: np.ndarray | None
    placed: np.ndarray
    throttled: np.ndarray
    unmet: np.ndarray
    gone: np.ndarray
    movers: tuple[Lever, ...]
    by_mover: np.ndarray


def _coming(operations, policy, movers, extra_stock, worlds: Worlds) -> Coming:
    demand = expected_orders(operations, policy, movers)
    orders = arrivals(worlds, demand.expected - demand.leads)
    leading = arrivals(worlds.apart, demand.leads) if demand.leads.any() else None
    orders = orders if leading is None else orders + leading
    brought = goods_brought(operations, policy, movers)
    served = _served(operations, policy, extra_stock, worlds, orders, leading, brought)
    met = _opened(served.met, operations.usual_backlog[-1])
    judged = judged_hours(operations.promise.due(policy.hours), policy.starts_hour)
    placed = met[judged].sum(axis=0)
    placed += (1 - policy.lost_share) * (orders[judged] - served.met[judged]).sum(axis=0)
    return Coming(
        orders=orders, met=met, back=_released(served), placed=placed, unmet=served.lost,
        throttled=demand.removed.sum() * worlds.gain.mean(axis=0),
        gone=served.gone + _gone_later(operations, policy, served),
        movers=movers, by_mover=_served_by(served, brought, len(movers)),
    )  # fmt: skip


def _served(operations, policy, extra_stock, worlds, orders, leading, brought) -> Served:
    """Orders and goods: today's stock and the plan's, what is on order, what levers bring."""
    shelves, goods = operations.shelves, worlds.goods
    if shelves is not None and extra_stock:
        shelves = replace(shelves, stock=shelves.stock + np.asarray(extra_stock))
    if brought is not None:
        goods = brought.sum(axis=0)[:, :, None] + (0.0 if goods is None else goods)
    return serve_from_stock(
        orders, shelves, leading=leading, goods=goods, waits=1 - policy.lost_share,
        keep=operations.keep**DAY,
    )  # fmt: skip


def _gone_later(operations: Operations, policy: SpikePolicy, served: Served) -> np.ndarray:
    """Who still waits for goods when the hours end, and cancels before they come: what ran out is
    ordered anew at the peak."""
    rest = max(operations.restock_hours - (policy.hours - policy.peak_hour), 0.0)
    return served.waiting * (1 - operations.keep**rest)


def _opened(met: np.ndarray, usual: float) -> np.ndarray:
    """With what usually stands when a week begins."""
    opened = met.copy()
    opened[0] += met.dtype.type(usual)
    return opened


def _released(served: Served) -> np.ndarray | None:
    """Orders that had to wait for goods, by the hour in which these come [T, S]; None: nobody."""
    if served.released is None:
        return None
    back = np.zeros_like(served.met)
    back[::DAY] = served.released
    return back


def _served_by(served: Served, brought: np.ndarray | None, movers: int) -> np.ndarray:
    """Orders whose goods each lever brought [movers, S]: goods of our own are used first, then the
    cheaper lever's."""
    found = np.zeros((movers, served.met.shape[1]), dtype=served.met.dtype)
    if brought is None or served.left is None:
        return found
    by_group = brought.sum(axis=1)[:, :, None]
    left = served.left
    for row, goods in zip(found[::-1], by_group[::-1], strict=True):
        unused = np.minimum(goods, left)
        row += (goods - unused).sum(axis=0)
        left = left - unused
    return found


def _told(operations, policy, coming: Coming, floor: Floor) -> Outcome:
    money, wanted = operations.money, coming.orders.sum(axis=0) + coming.throttled
    late = np.maximum(coming.placed - floor.in_time, 0)
    by_lever = floor.by_lever.copy()
    for lever, served in zip(coming.movers, coming.by_mover, strict=True):
        by_lever[floor.levers.index(lever)] += served
    extra_cost = np.zeros_like(late)
    for lever, served in zip(floor.levers, by_lever, strict=True):
        usual = 0.0 if lever.brings_goods else money.packing or 0.0
        extra_cost += max(lever.cost_per_order - usual, 0.0) * served
    tickets = operations.tickets_per_order * (wanted - coming.throttled)
    more = max(operations.tickets_per_late_order - operations.tickets_per_order, 0) * late
    cancelled = floor.packed.cancelled + coming.gone
    lost = left = None
    if money.contribution is not None:
        gone = (coming.unmet + cancelled) * money.contribution
        kept_away = coming.throttled * max(money.contribution - money.ad_cost, 0.0)
        lost = gone + kept_away + extra_cost + more * policy.cost_per_ticket
        left = wanted * money.contribution - lost
    return Outcome(
        orders=coming.orders, floor=floor, wanted=wanted, throttled=coming.throttled,
        on_time=floor.in_time / np.maximum(coming.placed, 1e-9), late=late, unmet=coming.unmet,
        cancelled=cancelled, tickets=tickets + more, by_lever=by_lever, extra_cost=extra_cost,
        lost_contribution=lost, contribution=left,
    )  # fmt: skip


def fluid(operations: Operations, policy: SpikePolicy, plan: Plan = NOTHING) -> Outcome:
    """The same spike where everything happens exactly as expected."""
    worlds = with_goods(still_worlds(policy.hours), operations.shelves)
    return simulate(operations, policy, plan, worlds)
