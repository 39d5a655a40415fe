"""Picking, packing and carrying: when a parcel leaves, and when it arrives."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.places import IS_BELGIAN, IS_REMOTE, IS_WEST, REGION_NAMES
from goulot.demo.workdays import Server, WorkCalendar
from goulot.demo.world import World

CARRIERS = ("Colissimo", "Mondial Relay", "Chronopost")
CARRIER_SHARES = (0.55, 0.36, 0.09)
# What a parcel costs to send, by carrier; more to Belgium and Corsica.
CARRIER_COST = (6.35, 4.20, 9.90)
FAR = IS_BELGIAN | np.array([name == "Corse" for name in REGION_NAMES])
COLLECTED_HOUR = 17.0


@dataclass(frozen=True)
class Journey:
    """Of parcels: hours since the first midnight at which each thing happens."""

    shipped: np.ndarray
    delivered: np.ndarray


class Fulfillment:
    """The warehouses and the carriers, with what is still queueing from earlier days."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.carrier_days = WorkCalendar(world.first_day, world.days, (0, 1, 2, 3, 4, 5))
        self.warehouses = [
            Server(
                WorkCalendar(world.first_day, world.days, location.working_days),
                location.parcels_per_day * world.size,
                location.opens_hour,
                location.closes_hour,
            )
            for location in world.locations
        ]
        self.carriers = Server(
            self.carrier_days, world.delivery.parcels_per_day * world.size, 0.0, 24.0
        )
        self.is_limited = np.isfinite(world.delivery.parcels_per_day)

    def home(self, region: np.ndarray) -> np.ndarray:
        """The location that serves a region."""
        return np.where(IS_WEST[region] | (len(self.world.locations) < 2), 0, 1)

    def wait_days(self, location: int, hour: float) -> float:
        """Working days of backlog before an order placed now, at a location or the carriers."""
        wait = self.warehouses[location].wait_days(hour)
        return max(wait, self.carriers.wait_days(hour)) if self.is_limited else wait

    def promise(self, day: int) -> float:
        """The hour by which checkout promises the door: it counts days but Sundays, no holidays."""
        placed = np.datetime64(self.world.first_day) + day
        due = np.busday_offset(
            placed, self.world.delivery.promise_days, roll="forward", weekmask="1111110"
        )
        return float((due - np.datetime64(self.world.first_day)).astype(int) * 24 + 20)

    def send(
        self, rng: np.random.Generator, ready: np.ndarray, location: np.ndarray,
        region: np.ndarray, carrier: np.ndarray, month: int, waits: np.ndarray,
    ) -> Journey:  # fmt: skip
        """Pick, pack and carry parcels that are ready to pick at these hours.

        Parcels that wait for a supplier are packed as the goods are received, before the queue.
        """
        shipped = np.empty(len(ready))
        for place, warehouse in enumerate(self.warehouses):
            mine = np.flatnonzero((location == place) & ~waits)
            mine = mine[np.argsort(ready[mine], kind="stable")]
            shipped[mine] = warehouse.serve(ready[mine])
            mine = np.flatnonzero((location == place) & waits)
            shipped[mine] = warehouse.wall_hours(warehouse.worked_hours(ready[mine]) + 1.0)
        day = (shipped // 24).astype(int)
        missed = shipped - 24 * day > COLLECTED_HOUR
        start = self.carrier_days.add(day + missed, np.zeros(len(day), dtype=int))
        if self.is_limited:
            mine = np.flatnonzero(~waits)  # the others are carried when their time comes
            mine = mine[np.argsort(start[mine], kind="stable")]
            moved = self.carriers.serve(start[mine] * 24.0)
            start[mine] = np.maximum(start[mine], (moved // 24).astype(int))
        working = self._transit(rng, location, region, carrier, month)
        door = self.carrier_days.add(start, working)
        hour = np.clip(rng.normal(12.5, 2.4, len(door)), 8.2, 19.5)
        return Journey(shipped, door * 24 + hour)

    def _transit(self, rng, location, region, carrier, month: int) -> np.ndarray:
        """Working days from collection to door, at least one."""
        rules = self.world.delivery
        mean = rules.transit_days + rules.remote_extra_days * IS_REMOTE[region]
        mean = mean + 0.35 * (self.home(region) != location) + 0.45 * (month == 12)
        mean = mean + np.array([0.0, 0.8, -0.9])[carrier]
        shape = (mean / rules.transit_sd_days) ** 2
        days = np.maximum(1, np.rint(rng.gamma(shape, mean / shape)))
        astray = rng.random(len(mean)) < rules.slow_share
        return (days + astray * rng.integers(2, 9, len(mean))).astype(int)


def carrier_cost(carrier: np.ndarray, region: np.ndarray, grams: np.ndarray) -> np.ndarray:
    """What the parcels cost to send, currency."""
    return np.round(np.array(CARRIER_COST)[carrier] * (1 + 0.55 * FAR[region]) + grams / 2500, 2)
