"""The largest spike that is survived."""

from dataclasses import replace

from goulot.methods.spike_simulation import Worlds
from goulot.steps.spike_hours import MOST
from goulot.steps.spike_operations import Operations, SpikePolicy
from goulot.steps.spikes import Outcome, Plan, simulate

LEAST = 1.0  # the smallest multiplier that is looked at
STEPS = 256  # from it to the largest: 0.035 apart


def is_survived(outcome: Outcome, policy: SpikePolicy) -> bool:
    """At least the target share on time, in enough of the scenarios."""
    return bool((outcome.on_time >= policy.target_share).mean() >= policy.sure_share)


def survivable_multiplier(
    operations: Operations,
    policy: SpikePolicy,
    plan: Plan,
    worlds: Worlds,
    near: float | None = None,
) -> float:
    """The largest multiplier up to ten that is survived, to 0.035; 0 where not even the usual is.

    Found by halving: under common random numbers more orders are never more on time. ``near``:
    about where it is; the search goes from there, in strides that double until it is passed.
    """

    def holds(step: int) -> bool:
        chosen = replace(policy, multiplier=_at(step))
        return is_survived(simulate(operations, chosen, plan, worlds), policy)

    low, high = -1, STEPS + 1  # of the steps: survived, and not
    step, stride = (STEPS // 2, STEPS) if near is None else (_step(near), 1)
    while high - low > 1:
        low, high = (step, high) if holds(step) else (low, step)
        stride *= 2
        is_passed = low >= 0 and high <= STEPS
        step = (low + high) // 2
        if not is_passed:
            step = min(step, low + stride) if low >= 0 else max(step, high - stride)
    return _at(low) if low >= 0 else 0.0


def _at(step: int) -> float:
    return LEAST + (MOST - LEAST) * step / STEPS


def _step(multiplier: float) -> int:
    return round(STEPS * min(max(multiplier - LEAST, 0.0) / (MOST - LEAST), 1.0))
