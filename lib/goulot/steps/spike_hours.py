"""Hour by hour: the orders that a spike brings, what can pack them, and the goods that come."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from goulot.steps.spike_operations import Lever, Operations, SpikePolicy

MOST = 10.0  # the largest multiplier that is looked at
DAY = 24  # hours


@dataclass(frozen=True)
class Demand:
    """Orders expected by hour [T]: all that come, of them those that the spike ``leads`` to one
    product, and beside them those that a throttle keeps away (``removed``)."""

    expected: np.ndarray
    leads: np.ndarray
    removed: np.ndarray

    def by_group(self, share: np.ndarray) -> np.ndarray:
        """Orders of the whole horizon by SKU group [G]; the first one is led to."""
        wanted = share * float((self.expected - self.leads).sum())
        wanted[0] += float(self.leads.sum())
        return wanted


def expected_orders(operations: Operations, policy: SpikePolicy, levers: Sequence[Lever]) -> Demand:
    """What a spike brings with ``levers`` armed."""
    usual = np.resize(operations.baseline, policy.hours)
    extra = usual * (policy.multiplier - 1) * shape(policy)
    paid = operations.paid_share if policy.paid_share is None else policy.paid_share
    kept = np.ones(policy.hours)
    for lever in levers:
        kept *= 1 - lever.removes_share * switched_on(lever, policy)
    fewer, fewer_extra = (1 - kept) * operations.paid_share, (1 - kept) * paid
    removed = fewer * usual + fewer_extra * np.maximum(extra, 0)
    leads = np.zeros(policy.hours)
    if operations.shelves is not None:
        leads = policy.concentration * np.maximum(extra, 0) * (1 - fewer_extra)
    return Demand(usual + extra - removed, leads, removed)


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
    added = [
        lever.adds_per_day * shift * switched_on(lever, policy) * (not lever.brings_goods)
        for lever in levers
    ]
    return own, np.array(added).reshape(len(levers), policy.hours)


def goods_brought(
    operations: Operations, policy: SpikePolicy, levers: Sequence[Lever]
) -> np.ndarray | None:
    """Orders that levers bring goods for, by morning and SKU group [levers, days, G]; None where
    no lever does. They go to the groups that the largest spike empties, by what it lacks of each:
    so that what is bought does not depend on what then happens.
    """
    shelves = operations.shelves
    if shelves is None or not any(lever.brings_goods for lever in levers):
        return None
    largest = expected_orders(operations, replace(policy, multiplier=MOST), ())
    lacks = np.maximum(largest.by_group(shelves.share) - shelves.stock, 0)
    split = lacks / max(lacks.sum(), 1e-9)
    per_day = [
        lever.brings_goods * lever.adds_per_day / operations.units_per_order
        * switched_on(lever, policy)[::DAY]
        for lever in levers
    ]  # fmt: skip
    return np.array(per_day)[:, :, None] * split
