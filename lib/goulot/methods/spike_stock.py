"""Goods in a spike: which orders find theirs, which are lost, and which wait until some come.

Stock is counted in orders that it serves, by group of SKUs (G). Groups share the orders in fixed
proportions; one of them can lead, with orders of its own on top.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from goulot.methods.spike_simulation import HOURS, Worlds, running_sum


@dataclass(frozen=True)
class Receipts:
    """Lines that are on order: the ``group`` each is for, the ``orders`` that it serves, and the
    ``days`` from the count of the stock until it comes, with their standard deviation."""

    group: np.ndarray
    orders: np.ndarray
    days: np.ndarray
    sd_days: np.ndarray

    def expected_within(self, days: int) -> float:
        """Orders served by the lines that are expected within so many days."""
        return float(self.orders[self.days <= days].sum())


@dataclass(frozen=True)
class Shelves:
    """Stock by group of SKUs, in orders that it serves: ``share`` of the orders that are for the
    group, how many of them its ``stock`` serves, and what is on its way (None: nothing)."""

    share: np.ndarray
    stock: np.ndarray
    receipts: Receipts | None = None


def with_goods(worlds: Worlds, shelves: Shelves | None) -> Worlds:
    """The same worlds, in which the receipts of the shelves come.

    A line comes when it is expected, give or take its supplier's luck; one that is overdue on the
    first day at the earliest, which is the one after the count.
    """
    receipts = None if shelves is None else shelves.receipts
    if receipts is None:
        return worlds
    days = -(-worlds.hours // HOURS)
    luck = worlds.luck(len(receipts.days))
    comes = receipts.days[:, None] + receipts.sd_days[:, None] * luck
    day = np.ceil(np.clip(comes, 1, days + 1)).astype(int) - 1
    found = np.zeros((days + 1, len(shelves.share), worlds.scenarios), dtype=worlds.gain.dtype)
    scenario = np.arange(worlds.scenarios)
    for group, orders, row in zip(receipts.group, receipts.orders, day, strict=True):
        found[row, group, scenario] += orders
    return replace(worlds, goods=found[:-1])


@dataclass(frozen=True)
class Served:
    """``met`` [T, S]: orders that find their goods as they are placed; of the rest ``lost`` [S]
    leave at once, and of those who wait ``gone`` [S] cancel within the hours simulated and
    ``waiting`` [S] still do at their end. ``released`` [days, S]: who waited and gets goods that
    came in the morning (None: nobody). ``left`` [G, S]: on the shelves at the end (None: plenty).
    """

    met: np.ndarray
    lost: np.ndarray
    gone: np.ndarray
    waiting: np.ndarray
    released: np.ndarray | None = None
    left: np.ndarray | None = None


def serve_from_stock(
    orders: np.ndarray,
    shelves: Shelves | None,
    *,
    leading: np.ndarray | None = None,
    goods: np.ndarray | None = None,
    waits: float = 0.0,
    keep: float = 1.0,
) -> Served:
    """Give goods to orders, first come first served; who waits is served before who comes later.

    Parameters
    ----------
    orders : what comes [T, S], in whole days; left as it is
    leading : of them, those for the first group alone [T, S] (None: none)
    goods : what comes in on each morning [days, G, S] or [days, G, 1] (None: nothing)
    waits : share of the orders without goods that wait for them; the others are lost
    keep : probability that who waits for goods from one midnight to the next still does
    """
    nobody = np.zeros(orders.shape[1], dtype=orders.dtype)
    tight = _groups_that_may_run_out(orders, shelves, leading)
    if not len(tight):
        return Served(orders, nobody, nobody, nobody)
    stand = _Stand(shelves, tight, orders)
    met, lost, gone = orders.copy(), nobody.copy(), nobody.copy()
    released = np.zeros((-(-len(orders) // HOURS), orders.shape[1]), dtype=orders.dtype)
    for day, (spread, led) in enumerate(_days(orders, leading)):
        if goods is not None:
            released[day] = stand.receive(goods[day, tight])
        unmet, short = stand.sell(spread, led)
        met[HOURS * day : HOURS * (day + 1)] -= short
        lost += (1 - waits) * unmet.sum(axis=0)
        stand.waiting += waits * unmet
        gone += (1 - keep) * stand.waiting.sum(axis=0)
        stand.waiting *= keep
    np.maximum(met, 0, out=met)
    left = np.full((len(shelves.share), orders.shape[1]), np.inf, dtype=orders.dtype)
    left[tight] = stand.on_hand
    waiting = stand.waiting.sum(axis=0)
    return Served(met, lost, gone, waiting, released if released.any() else None, left)


class _Stand:
    """Groups of SKUs that may run out: what is ``on_hand`` and who is ``waiting`` [G, S]."""

    def __init__(self, shelves: Shelves, tight: np.ndarray, orders: np.ndarray) -> None:
        kind = orders.dtype.type
        self.share = shelves.share[tight].astype(kind)[:, None]
        self.leads = (tight == 0).astype(kind)[:, None]
        stock = shelves.stock[tight].astype(kind)[:, None]
        self.on_hand = np.repeat(stock, orders.shape[1], axis=1)
        self.waiting = np.zeros_like(self.on_hand)

    def receive(self, goods: np.ndarray) -> np.ndarray:
        """Goods come [G, S]: those who waited and get some [S]."""
        self.on_hand += goods
        back = np.minimum(self.waiting, self.on_hand)
        self.on_hand -= back
        self.waiting -= back
        return back.sum(axis=0)

    def sell(self, spread: np.ndarray, led: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """``(orders of a day that find nothing [G, S], the same by hour [24, S])``."""
        beyond = self.share * spread[-1] - self.on_hand
        if led is not None:
            beyond += self.leads * led[-1]
        short = np.flatnonzero((beyond > 0).any(axis=1))
        by_hour = np.zeros_like(spread)
        if len(short):
            share, leads, on_hand = self.share[short], self.leads[short], self.on_hand[short]
            by_hour = _short_so_far(spread, led, share, leads, on_hand)
            by_hour[1:] -= by_hour[:-1].copy()
        self.on_hand = np.maximum(-beyond, 0)
        return np.maximum(beyond, 0), by_hour


def _groups_that_may_run_out(orders, shelves: Shelves | None, leading) -> np.ndarray:
    """Numbers of the groups of which more may be wanted than there is, whatever comes in."""
    if shelves is None:
        return np.zeros(0, dtype=int)
    total = orders.sum(axis=0)
    wanted = shelves.share * float(total.max())
    if leading is not None:
        led = leading.sum(axis=0)
        wanted = shelves.share * float((total - led).max())
        wanted[0] = float((shelves.share[0] * (total - led) + led).max())
    return np.flatnonzero((shelves.share > 0) & (wanted > shelves.stock))


def _days(orders, leading) -> Iterator[tuple[np.ndarray, np.ndarray | None]]:
    """Of each day: its orders so far [24, S], for all groups and for the first alone."""
    for start in range(0, len(orders), HOURS):
        hours = slice(start, start + HOURS)
        if leading is None:
            yield running_sum(orders[hours]), None
        else:
            yield running_sum(orders[hours] - leading[hours]), running_sum(leading[hours])


def _short_so_far(spread, led, share, leads, on_hand) -> np.ndarray:
    """Orders of a day so far that found no goods [24, S], of all the groups together."""
    out = on_hand.max(axis=1) <= 0  # from the morning on: all that is wanted is short
    total = spread * share[out].sum()
    if led is not None and leads[out].any():
        total += led
    for group in np.flatnonzero(~out):
        beyond = spread * share[group]
        if led is not None and leads[group]:
            beyond += led
        beyond -= on_hand[group]
        total += np.maximum(beyond, 0, out=beyond)
    return total
