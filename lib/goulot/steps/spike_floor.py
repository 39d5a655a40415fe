"""Pick and pack in a spike: each warehouse its own share of the orders, levers where they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from goulot.methods.spike_simulation import Packed, pack, shipped_on_time
from goulot.steps.spike_hours import capacities
from goulot.steps.spike_operations import WEEK, Lever, Operations, SpikePolicy

LEAN = 0.5  # of what can be packed before an order is due: levers pack what stands beyond it


@dataclass(frozen=True)
class Floor:
    """What all warehouses together made of the orders with ``levers``: ``packed``, orders shipped
    ``in_time`` [S], and orders packed ``by_lever`` [levers, S]. ``waiting`` [places, S]: what
    each warehouse would still have of all orders when the hours end."""

    operations: Operations
    policy: SpikePolicy
    levers: Sequence[Lever]
    packed: Packed
    in_time: np.ndarray
    by_lever: np.ndarray
    waiting: np.ndarray

    @cached_property
    def drain_hours(self) -> np.ndarray:
        """Hours from the end of the plateau until no more stands than usually at that hour [S].

        Beyond the horizon at the pace of a mean week, where it takes longest: exact for constant
        rates.
        """
        operations, policy, backlog = self.operations, self.policy, self.packed.backlog
        usual = np.resize(operations.usual_backlog, policy.hours)
        end = min(int(np.ceil(policy.end_hour)), policy.hours - 1)
        luck = 2 * np.sqrt(usual + operations.dispersion * usual**2)
        most = (usual + luck + 1e-6)[end - 1 :, None].astype(backlog.dtype)
        gone = backlog[end - 1 :] <= most
        found = gone.argmax(axis=0).astype(float)
        return np.where(gone.any(axis=0), found, policy.hours - end + self._beyond(usual[-1]))

    def _beyond(self, usual: float) -> np.ndarray:
        """Hours from the horizon on until each warehouse has no more than ``usual`` [S]."""
        operations = self.operations
        stays = [lever for lever in self.levers if lever.lasts_days is None]
        own, added = capacities(operations, self.policy, stays)
        beyond = np.zeros(self.waiting.shape[1])
        for place, waiting in zip(operations.busy_places, self.waiting, strict=True):
            room = own[-WEEK:].sum() * place.room + added[:, -WEEK:].sum()
            spare = place.of_orders * float(room - operations.baseline.sum()) / WEEK
            rest = place.of_orders * np.maximum(waiting - usual, 0)
            beyond = np.maximum(beyond, _hours_to_clear(rest, spare, operations.leaving_rate))
        return beyond


def pack_everywhere(
    operations: Operations,
    policy: SpikePolicy,
    lever_sets: Sequence[Sequence[Lever]],
    orders: np.ndarray,
    back: np.ndarray | None,
) -> list[Floor]:
    """Pack, with each set of levers, ``orders`` [T, S] whose goods are there, and those that come
    ``back`` [T, S] with goods they had to wait for: placed before the others they are packed first,
    and late all the same.

    What a warehouse makes of its share of the orders is that share of what it would make of all of
    them with its ``Place.room``: all sets of levers and warehouses follow the same orders, side by
    side [T, sets, places, S].
    """
    own, _ = capacities(operations, policy, ())
    added = [capacities(operations, policy, levers)[1] for levers in lever_sets]
    rooms = np.array([place.room for place in operations.busy_places])[:, None]
    room = own[:, None, None, None] * rooms
    due, keep = operations.promise.due(policy.hours), operations.keep
    ready = orders if back is None else orders + back
    packed = pack(_beside(ready), room, keep, **_relief(operations, added, rooms, due))
    first = None if back is None else pack(_beside(back), room, keep)
    in_time = shipped_on_time(packed, due, policy.starts_hour, first)
    waiting = packed.at_the_end
    floors = []
    for number, levers in enumerate(lever_sets):
        at = number if len(in_time) > 1 else 0  # where no lever packs all sets are one
        part = Packed(packed.came[:, 0, 0], packed.left[:, at], packed.works, keep)
        floors.append(
            Floor(
                operations, policy, levers,
                packed=replace(part, left=_of_all(operations, part.left)),
                in_time=_of_all(operations, in_time[at]),
                by_lever=_packed_by(operations, part, room[:, 0], added[number]),
                waiting=waiting[at],
            )
        )  # fmt: skip
    return floors


def _beside(orders: np.ndarray) -> np.ndarray:
    """Orders [T, S] for several sets of levers and warehouses [T, 1, 1, S]."""
    return orders[:, None, None, :]


def _of_all(operations: Operations, by_place: np.ndarray) -> np.ndarray:
    """What all warehouses made [..., S] of what each would make of all orders [..., places, S]."""
    parts = np.moveaxis(by_place, -2, 0)
    places = operations.busy_places
    return sum(place.of_orders * part for place, part in zip(places, parts, strict=True))


def _relief(operations: Operations, added, rooms, due) -> dict[str, np.ndarray]:
    """Levers pack what the warehouse alone would ship late: what stands beyond ``LEAN`` of all that
    it can pack until an order that comes now is due."""
    if not any(rows.any() for rows in added):
        return {}
    own = np.resize(operations.capacity, due[-1] + 1)
    done = np.cumsum(own)
    until_due = done[due] - done[: len(due)]
    beyond = np.maximum(LEAN * until_due, own[: len(due)])
    relief = np.stack([rows.sum(axis=0) for rows in added], axis=1)
    return {
        "relief": relief[:, :, None, None],
        "beyond": beyond[:, None, None, None] * rooms,
    }


def _packed_by(operations: Operations, packed: Packed, own, added: np.ndarray) -> np.ndarray:
    """Orders that each lever packed [levers, S]: what goes beyond our own room [T, places, 1] and
    the cheaper levers'."""
    found = np.zeros((len(added), packed.came.shape[-1]), dtype=packed.left.dtype)
    if not added.any():
        return found
    shipped, reach = packed.shipped, own[packed.works]
    below = np.minimum(shipped, reach.astype(shipped.dtype)).sum(axis=0)
    for lever in np.flatnonzero(added.any(axis=1)):
        reach = reach + added[lever, packed.works, None, None]
        upto = np.minimum(shipped, reach.astype(shipped.dtype)).sum(axis=0)
        found[lever] = _of_all(operations, upto - below)
        below = upto
    return found


def _hours_to_clear(rest: np.ndarray, spare: float, leaving_rate: float) -> np.ndarray:
    """Hours until ``rest`` orders are packed by ``spare`` orders an hour, or have left."""
    if spare <= 0:
        return np.where(rest > 0, np.inf, 0.0)
    if leaving_rate == 0:
        return rest / spare
    return np.log1p(leaving_rate * rest / spare) / leaving_rate
