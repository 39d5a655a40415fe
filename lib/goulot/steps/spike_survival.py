"""The largest spike that is survived."""

from dataclasses import replace

from goulot.methods.spike_simulation import Worlds
from goulot.steps.spike_hours import MOST
from goulot.steps.spike_operations import Operations, SpikePolicy
from goulot.steps.spikes import Outcome, Plan, simulate

LEAST = 1.0  # the smallest multiplier that is looked at
FINE = 0.05  # how close a survivable multiplier is found


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
