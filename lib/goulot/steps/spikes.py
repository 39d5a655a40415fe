"""Demand spikes: what happens at five and ten times the usual orders, and what would be survived?

Every setting is simulated on the same worlds; see ``goulot.methods.spike_simulation``.
"""

from dataclasses import dataclass, replace

import numpy as np

from goulot.methods.spike_simulation import (
    Packed,
    Worlds,
    arrivals,
    draw_worlds,
    judged_hours,
    pack,
    shipped_on_time,
    still_worlds,
)
from goulot.methods.spike_stock import Served, serve_from_stock, with_goods
from goulot.steps.spike_hours import DAY, capacities, expected_orders, goods_brought
from goulot.steps.spike_operations import WEEK, Lever, Operations, SpikePolicy

LEAN = 0.5  # of what can be packed before an order is due: levers pack what stands beyond it


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

    ``orders`` came, hour by hour [T, S], and were ``packed``. ``wanted`` orders would have come; of
    them ``throttled`` were not advertised for, ``unmet`` left for want of stock, ``cancelled``
    waited too long, ``on_time`` [share] of the rest shipped within the promise. ``by_lever``
    [levers, S]: orders packed by each, or whose goods it brought. ``extra_cost`` of levers;
    ``lost_contribution`` against serving everybody in house; ``contribution`` that is left.
    """

    orders: np.ndarray
    packed: Packed
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
    worlds = worlds if worlds is not None else worlds_of(operations, policy)
    levers = plan.armed(operations)
    demand = expected_orders(operations, policy, levers)
    orders = arrivals(worlds, demand.expected - demand.leads)
    leading = arrivals(worlds.apart, demand.leads) if demand.leads.any() else None
    orders = orders if leading is None else orders + leading
    brought = goods_brought(operations, policy, levers)
    served = _served(operations, policy, plan, worlds, orders, leading, brought)
    own, added = capacities(operations, policy, levers)
    due = operations.promise.due(policy.hours)
    met = _opened(served.met, operations.usual_backlog[-1])
    relief = _relief(operations, own, added, due)
    # Who had to wait for goods was there before the others: packed first, and late all the same.
    back = _released(served)
    first = None if back is None else pack(back, own, operations.keep)
    packed = pack(met if back is None else met + back, own, operations.keep, **relief)
    in_time = shipped_on_time(packed, due, policy.starts_hour, first)
    judged = judged_hours(due, policy.starts_hour)
    placed = met[judged].sum(axis=0)
    placed += (1 - policy.lost_share) * (orders[judged] - served.met[judged]).sum(axis=0)
    removed = demand.removed.sum() * worlds.gain.mean(axis=0)
    by_lever = _packed_by(packed.shipped, own[packed.works], added[:, packed.works])
    return _told(
        operations, policy, levers, orders, packed, on_time=in_time / np.maximum(placed, 1e-9),
        wanted=orders.sum(axis=0) + removed, throttled=removed, unmet=served.lost,
        cancelled=packed.cancelled + served.gone + _gone_later(operations, policy, served),
        late=placed - in_time, by_lever=by_lever + _served_by(served, brought, by_lever),
        drain_hours=_drain(packed.backlog, operations, policy, levers),
    )  # fmt: skip


def _served(operations, policy, plan, worlds, orders, leading, brought) -> Served:
    """Orders and goods: today's stock and the plan's, what is on order, what levers bring."""
    shelves, goods = operations.shelves, worlds.goods
    if shelves is not None and plan.extra_stock:
        shelves = replace(shelves, stock=shelves.stock + np.asarray(plan.extra_stock))
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


def _relief(operations, own, added, due) -> dict[str, np.ndarray]:
    """Levers pack what the warehouse alone would ship late: what stands beyond ``LEAN`` of all that
    it can pack until an order that comes now is due."""
    if not added.any():
        return {}
    done = np.cumsum(np.resize(operations.capacity, due[-1] + 1))
    until_due = done[due] - done[: len(own)]
    return {"relief": added.sum(axis=0), "beyond": np.maximum(LEAN * until_due, own)}


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


def _served_by(served: Served, brought: np.ndarray | None, by_lever: np.ndarray) -> np.ndarray:
    """Orders whose goods each lever brought [levers, S]: goods of our own are used first, then the
    cheaper lever's."""
    found = np.zeros_like(by_lever)
    if brought is None or served.left is None:
        return found
    by_group = brought.sum(axis=1)[:, :, None]
    left = served.left
    for row, goods in zip(found[::-1], by_group[::-1], strict=True):
        unused = np.minimum(goods, left)
        row += (goods - unused).sum(axis=0)
        left = left - unused
    return found


def _drain(backlog, operations, policy, levers) -> np.ndarray:
    """Hours from the end of the plateau until no more stands than usually at that hour [S].

    Beyond the horizon at the pace of a mean week: exact for constant rates.
    """
    usual = np.resize(operations.usual_backlog, policy.hours)
    end = min(int(np.ceil(policy.end_hour)), policy.hours - 1)
    luck = 2 * np.sqrt(usual + operations.dispersion * usual**2)
    most = (usual + luck + 1e-6)[end - 1 :, None].astype(backlog.dtype)
    gone = backlog[end - 1 :] <= most
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


def _told(operations, policy, levers, orders, packed, *, by_lever, **counts) -> Outcome:
    money = operations.money
    late = np.maximum(counts["late"], 0)
    extra_cost = np.zeros_like(late)
    for lever, served in zip(levers, by_lever, strict=True):
        usual = 0.0 if lever.brings_goods else money.packing or 0.0
        extra_cost += max(lever.cost_per_order - usual, 0.0) * served
    tickets = operations.tickets_per_order * (counts["wanted"] - counts["throttled"])
    more = max(operations.tickets_per_late_order - operations.tickets_per_order, 0) * late
    lost = left = None
    if money.contribution is not None:
        gone = (counts["unmet"] + counts["cancelled"]) * money.contribution
        kept_away = counts["throttled"] * max(money.contribution - money.ad_cost, 0.0)
        lost = gone + kept_away + extra_cost + more * policy.cost_per_ticket
        left = counts["wanted"] * money.contribution - lost
    return Outcome(
        orders=orders, packed=packed, peak=packed.backlog.max(axis=0), by_lever=by_lever,
        extra_cost=extra_cost, tickets=tickets + more, lost_contribution=lost, contribution=left,
        **(counts | {"late": late}),
    )  # fmt: skip


def fluid(operations: Operations, policy: SpikePolicy, plan: Plan = NOTHING) -> Outcome:
    """The same spike where everything happens exactly as expected."""
    worlds = with_goods(still_worlds(policy.hours), operations.shelves)
    return simulate(operations, policy, plan, worlds)
