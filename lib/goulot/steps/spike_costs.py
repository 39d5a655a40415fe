"""What a spike costs, by kind."""

from dataclasses import dataclass

from goulot.steps.spike_operations import Operations
from goulot.steps.spikes import Outcome

# Kind of cost → what it is called: messages for ``Language.say``.
COSTS = {
    "unmet": "sales lost for want of stock",
    "cancelled": "orders cancelled",
    "throttled": "orders not advertised for",
    "levers": "levers",
    "tickets": "tickets of late orders",
}


@dataclass(frozen=True)
class CostParts:
    """Means over the scenarios [currency]; they add up to the contribution lost."""

    unmet: float
    cancelled: float
    throttled: float
    levers: float
    tickets: float

    @property
    def total(self) -> float:
        return self.unmet + self.cancelled + self.throttled + self.levers + self.tickets


def cost_parts(operations: Operations, outcome: Outcome) -> CostParts:
    """The contribution lost, by kind; zeros where no order has a known worth."""
    money = operations.money
    if money.contribution is None:
        return CostParts(0.0, 0.0, 0.0, 0.0, 0.0)
    unmet = float(outcome.unmet.mean()) * money.contribution
    cancelled = float(outcome.cancelled.mean()) * money.contribution
    throttled = float(outcome.throttled.mean()) * max(money.contribution - money.ad_cost, 0.0)
    levers = float(outcome.extra_cost.mean())
    known = unmet + cancelled + throttled + levers
    return CostParts(
        unmet,
        cancelled,
        throttled,
        levers,
        max(float(outcome.lost_contribution.mean()) - known, 0.0),
    )
