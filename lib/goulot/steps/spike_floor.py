"""Pick and pack in a spike: each warehouse its own share of the orders, levers where they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goulot.methods.spike_simulation import Packed, pack, shipped_on_time
from goulot.steps.spike_hours import capacities
from goulot.steps.spike_operations import WEEK, Lever, Operations, Place, SpikePolicy

LEAN = 0.5  # of what can be packed before an order is due: levers pack what stands beyond it


@dataclass(frozen=True)
class Floor:
    """What all warehouses together made of the orders: ``packed``, orders shipped ``in_time`` [S],
    orders packed ``by_lever`` [levers, S], and the hours until the spike is worked off [S]."""

    packed: Packed
    in_time: np.ndarray
    by_lever: np.ndarray
    drain_hours: np.ndarray


def pack_everywhere(
    operations: Operations,
    policy: SpikePolicy,
    levers: Sequence[Lever],
    orders: np.ndarray,
    back: np.ndarray | None,
) -> Floor:
    """Pack ``orders`` [T, S] whose goods are there, and those that come ``back`` [T, S] with goods
    they had to wait for: placed before the others they are packed first, and late all the same."""
    own, added = capacities(operations, policy, levers)
    due = operations.promise.due(policy.hours)
    parts, in_time, by_lever = [], 0.0, 0.0
    for place in operations.places:
        room, more = own * place.of_capacity, added * place.of_orders
        ready = orders if back is None else orders + back
        part = pack(
            _share(ready, place), room, operations.keep, **_relief(operations, place, more, due)
        )
        first = None if back is None else pack(_share(back, place), room, operations.keep)
        parts.append(part)
        in_time = in_time + shipped_on_time(part, due, policy.starts_hour, first)
        by_lever = by_lever + _packed_by(part.shipped, room[part.works], more[:, part.works])
    packed = _together(parts)
    drain = _drain(packed.backlog, parts, operations, policy, levers)
    return Floor(packed, in_time, by_lever, drain)


def _share(orders: np.ndarray, place: Place) -> np.ndarray:
    return orders if place.of_orders == 1 else orders * orders.dtype.type(place.of_orders)


def _together(parts: Sequence[Packed]) -> Packed:
    """Several warehouses of the same hours, told as one."""
    if len(parts) == 1:
        return parts[0]
    came, left = sum(part.came for part in parts), sum(part.left for part in parts)
    return Packed(came, left, parts[0].works, parts[0].keep)


def _relief(operations, place: Place, added, due) -> dict[str, np.ndarray]:
    """Levers pack what the warehouse alone would ship late: what stands beyond ``LEAN`` of all that
    it can pack until an order that comes now is due."""
    if not added.any():
        return {}
    room = np.resize(operations.capacity * place.of_capacity, due[-1] + 1)
    done = np.cumsum(room)
    until_due = done[due] - done[: len(due)]
    return {"relief": added.sum(axis=0), "beyond": np.maximum(LEAN * until_due, room[: len(due)])}


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


def _drain(backlog, parts, operations, policy, levers) -> np.ndarray:
    """Hours from the end of the plateau until no more stands than usually at that hour [S].

    Beyond the horizon at the pace of a mean week, where it takes longest: exact for constant rates.
    """
    usual = np.resize(operations.usual_backlog, policy.hours)
    end = min(int(np.ceil(policy.end_hour)), policy.hours - 1)
    luck = 2 * np.sqrt(usual + operations.dispersion * usual**2)
    most = (usual + luck + 1e-6)[end - 1 :, None].astype(backlog.dtype)
    gone = backlog[end - 1 :] <= most
    found = gone.argmax(axis=0).astype(float)
    stays = [lever for lever in levers if lever.lasts_days is None]
    own, added = capacities(operations, policy, stays)
    beyond = np.zeros(backlog.shape[1])
    for place, part in zip(operations.places, parts, strict=True):
        room = own[-WEEK:].sum() * place.of_capacity + added[:, -WEEK:].sum() * place.of_orders
        spare = (room - operations.baseline.sum() * place.of_orders) / WEEK
        rest = np.maximum(part.at_the_end - usual[-1] * place.of_orders, 0)
        beyond = np.maximum(beyond, _hours_to_clear(rest, float(spare), operations.leaving_rate))
    return np.where(gone.any(axis=0), found, policy.hours - end + beyond)


def _hours_to_clear(rest: np.ndarray, spare: float, leaving_rate: float) -> np.ndarray:
    """Hours until ``rest`` orders are packed by ``spare`` orders an hour, or have left."""
    if spare <= 0:
        return np.where(rest > 0, np.inf, 0.0)
    if leaving_rate == 0:
        return rest / spare
    return np.log1p(leaving_rate * rest / spare) / leaving_rate
