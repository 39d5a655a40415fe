"""Stock by SKU and location, and the weekly buying that refills it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.demo.baskets import Lines
from goulot.demo.catalogue import FRAGILE, Catalogue
from goulot.demo.seasons import shop_index
from goulot.demo.world import World

REVIEW_DAYS = 7
MEMORY_DAYS = 56  # sales that the buyer looks back on
LONGEST_WAIT_DAYS = 45  # for a product that is sold out
NOWHERE = -1


@dataclass(frozen=True)
class Allocation:
    """Of lines: the product given, where it ships from (NOWHERE: lost), the first day it can."""

    sku: np.ndarray
    location: np.ndarray
    from_day: np.ndarray


class Stock:
    """Units free to sell, by SKU and location; fragile goods are kept in the last location only.

    Every unit is somewhere: bought = still free + given to orders (+ on its way).
    """

    def __init__(self, world: World, catalogue: Catalogue, rng: np.random.Generator) -> None:
        self.world, self.rules, self.rng = world, world.supply, rng
        category = catalogue.array("category")
        self.is_fragile = np.isin(category, sorted(FRAGILE))
        self.last = len(world.locations) - 1
        self.same_category = [np.flatnonzero(category == name) for name in category]
        self.cost = catalogue.array("cost")
        names = [s.name for s in world.suppliers]
        self.supplier = np.array([names.index(n) for n in catalogue.array("supplier")])
        self.ahead = np.concatenate([(0.0,), shop_index(world).cumsum()])
        self.weight = catalogue.array("weight")
        count = len(catalogue)
        self.free = np.zeros((count, self.last + 1), dtype=int)
        self.owed = np.zeros(count, dtype=int)  # promised to waiting lines out of open orders
        self.on_order = np.zeros(count, dtype=int)
        self.arriving: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}
        self.next_arrival = np.full(count, 10**6)
        self.sold = np.zeros((world.days, count), dtype=int)
        self.lost = np.zeros((world.days, count), dtype=int)
        self.history = np.zeros((world.days, count, self.last + 1), dtype=np.int32)
        self.purchases: list[pd.DataFrame] = []
        self.busy_until = 0.0  # day on which suppliers have made all that was ordered

    def open_with(self, units_per_day: float) -> None:
        """Fill the shelves for a first day; ``units_per_day`` is what the shop sells."""
        self.start_rate = units_per_day * self.weight
        days = np.array([s.lead_days for s in self.world.suppliers])[self.supplier]
        reach = days + REVIEW_DAYS + 7 * (self.rules.safety_weeks + self.rules.cover_weeks / 2)
        self._put_away(np.arange(len(self.weight)), self.rng.poisson(self.start_rate * reach) + 1)

    def start_day(self, day: int) -> None:
        """Receive what arrives today, and on Mondays order what runs low."""
        for sku, units in self.arriving.pop(day, []):
            self.on_order[sku] -= units
            taken = np.minimum(units, self.owed[sku])
            self.owed[sku] -= taken
            self._put_away(sku, units - taken)
        if (day + self.world.first_day.weekday()) % 7 == 0:
            self._buy(day)

    def end_day(self, day: int) -> None:
        self.history[day] = self.free

    def _put_away(self, sku: np.ndarray, units: np.ndarray) -> None:
        """Divide units over the locations by their share; fragile goods go to the last."""
        if self.last == 0:
            self.free[sku, 0] += units
            return
        share = np.where(self.is_fragile[sku], 0.0, self.world.locations[0].share_of_stock)
        first = self.rng.binomial(units, share)
        self.free[sku, 0] += first
        self.free[sku, self.last] += units - first

    def _buy(self, day: int) -> None:
        rate = self._expected_rate(day)
        lead = np.array([s.lead_days for s in self.world.suppliers])[self.supplier]
        rules = self.rules
        position = self.free.sum(axis=1) + self.on_order - self.owed
        floor = rate * (lead + REVIEW_DAYS + 7 * rules.safety_weeks)
        wanted = np.where(position < floor, floor + rate * 7 * rules.cover_weeks - position, 0)
        pack = np.array([s.pack_units for s in self.world.suppliers])[self.supplier]
        units = (np.ceil(wanted / pack) * pack).astype(int)
        for place, supplier in enumerate(self.world.suppliers):
            sku = np.flatnonzero((units > 0) & (self.supplier == place))
            if len(sku):
                self._order(day, place, supplier, sku, units[sku])

    def _expected_rate(self, day: int) -> np.ndarray:
        """Units a day to expect, from recent sales and part of the season that comes."""
        start = max(0, day - MEMORY_DAYS)
        known = day - start
        rate = (self.sold[start:day].sum(axis=0) + self.start_rate * (MEMORY_DAYS - known)) / 56
        stop = min(day + 63, self.world.days)
        coming = (self.ahead[stop] - self.ahead[day]) / max(stop - day, 1)
        gone = (self.ahead[day] - self.ahead[start]) / known if known else coming
        return rate * np.clip(coming / gone, 0.4, 3.0) ** self.rules.anticipation

    def _order(self, day: int, place: int, supplier, sku: np.ndarray, units: np.ndarray) -> None:
        shape = (supplier.lead_days / supplier.lead_sd_days) ** 2
        lead = max(2, round(self.rng.gamma(shape, supplier.lead_days / shape)))
        ready = max(day + lead, self._made_on(day, int(units.sum())))
        received = ready + (ready + self.world.first_day.weekday()) % 7 // 6  # no Sundays
        self.on_order[sku] += units
        self.arriving.setdefault(received, []).append((sku, units))
        self.next_arrival[sku] = np.minimum(
            np.where(self.next_arrival[sku] <= day, 10**6, self.next_arrival[sku]), received
        )
        self.purchases.append(
            pd.DataFrame(
                {"po": len(self.purchases), "sku": sku, "supplier": place, "ordered": day,
                 "promised": day + supplier.quoted_days, "received": received, "units": units,
                 "cost": np.round(self.cost[sku] * self.rng.normal(1.0, 0.015, len(sku)), 2)}
            )
        )  # fmt: skip

    def _made_on(self, day: int, units: int) -> int:
        """The day on which suppliers, who make one order after the other, have made this one."""
        pace = self.rules.units_per_week * self.world.size / 7
        self.busy_until = max(self.busy_until, float(day)) + units / pace
        return int(np.ceil(self.busy_until))

    def allocate(self, lines: Lines, home: np.ndarray, day: int) -> Allocation:
        """Give stock to a day's orders, first come first served; ``home`` is by order."""
        sku, location = lines.sku.copy(), np.full(len(lines.sku), NOWHERE)
        from_day = np.full(len(sku), day)
        starts = np.flatnonzero(np.diff(lines.order, prepend=-1))
        for start, stop in zip(starts, [*starts[1:], len(sku)], strict=True):
            mine = range(start, stop)
            near = int(home[lines.order[start]])
            place = self._one_place(lines, mine, near)
            for line in mine:
                given = place if place != NOWHERE else self._somewhere(lines, line, near)
                if given == NOWHERE:
                    given = self._sold_out(lines, line, near, day, sku, from_day)
                else:
                    self.free[sku[line], given] -= lines.quantity[line]
                location[line] = given
        kept = location != NOWHERE
        np.add.at(self.sold[day], sku[kept], lines.quantity[kept])
        np.add.at(self.lost[day], lines.sku[~kept], lines.quantity[~kept])
        return Allocation(sku, location, from_day)

    def put_back(
        self, sku: np.ndarray, location: np.ndarray, units: np.ndarray, from_day: np.ndarray,
        day: int,
    ) -> None:  # fmt: skip
        """Return the units of cancelled orders to the shelf, or to those who wait for them."""
        waiting = from_day > day
        np.subtract.at(self.owed, sku[waiting], units[waiting])
        np.add.at(self.free, (sku[~waiting], location[~waiting]), units[~waiting])
        np.subtract.at(self.sold[day], sku, units)

    def _one_place(self, lines: Lines, mine: range, near: int) -> int:
        """The location that holds all of an order, the near one if it can; else NOWHERE."""
        for place in (near, *(p for p in range(self.last + 1) if p != near)):
            if all(self.free[lines.sku[n], place] >= lines.quantity[n] for n in mine):
                return place
        return NOWHERE

    def _somewhere(self, lines: Lines, line: int, near: int) -> int:
        free = self.free[lines.sku[line]]
        if free[near] >= lines.quantity[line]:
            return near
        far = int(free.argmax())
        return far if free[far] >= lines.quantity[line] else NOWHERE

    def _sold_out(self, lines: Lines, line: int, near: int, day: int, sku, from_day) -> int:
        """The shopper leaves the product, waits for the next delivery, or takes another one."""
        wanted, units = lines.sku[line], lines.quantity[line]
        draw = self.rng.random()
        if draw < self.rules.lost_share:
            return NOWHERE
        if draw < self.rules.lost_share + self.rules.wait_share:
            arrives = int(self.next_arrival[wanted])
            coming = self.on_order[wanted] - self.owed[wanted]
            if not (day < arrives <= day + LONGEST_WAIT_DAYS and coming >= units):
                return NOWHERE
            self.owed[wanted] += units
            from_day[line] = arrives
            return self.last if self.is_fragile[wanted] else near
        others = self.same_category[wanted]
        others = others[self.free[others].max(axis=1) >= units]
        if not len(others):
            return NOWHERE
        weight = self.weight[others].cumsum()
        chosen = int(others[np.searchsorted(weight, self.rng.random() * weight[-1])])
        sku[line] = chosen
        given = near if self.free[chosen, near] >= units else int(self.free[chosen].argmax())
        self.free[chosen, given] -= units
        return given
