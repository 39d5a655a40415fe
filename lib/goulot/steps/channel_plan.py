"""Where the next euro goes: the best spend under a budget and under what operations can serve."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.methods.allocation import Allocation, allocate
from goulot.methods.response import ResponseFit
from goulot.steps.customer_money import Worth
from goulot.steps.stages import NO_OPERATIONS_KNOWN, interval
from goulot.steps.week_limits import WeekLimits

SEGMENTS = 30
TRIED = 40  # replicates for which a plan of their own is made

NO_CURVES = "no channel has a curve"
NO_WORTH = "what a customer is worth is not known"
BEYOND = "outside the weekly spend seen so far: the curve is extrapolated there"
KEPT = "no curve: today's spend is kept"
NOTES = (NO_CURVES, NO_WORTH, BEYOND, KEPT)


@dataclass(frozen=True, kw_only=True)
class PlanPolicy:
    """``max_beyond``: how far a plan may leave the range of weekly spend seen [share], up or down;
    ``weekly_budget`` [currency/week]; None: what is spent today on the channels with a curve;
    ``allowed_cac``: most that the next customer may cost [currency]; None: what one is worth."""

    max_beyond: float = 0.10
    weekly_budget: float | None = None
    allowed_cac: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.max_beyond <= 1:
            raise ParameterError(
                f"max_beyond={self.max_beyond} is not a share from 0 to 1: write 0.10 for 10 %."
            )
        for name in ("weekly_budget", "allowed_cac"):
            if (getattr(self, name) or 0) < 0:
                raise ParameterError(f"{name} is below 0: write an amount, as in 5000.")


@dataclass(frozen=True)
class Room:
    """What operations can still serve: orders a week at the tightest known ``stage``, and how many
    come today. ``stage`` is None where no stage's limit is known."""

    stage: str | None
    orders_at_limit: float
    orders_today: float


def room_of(limits: WeekLimits | None) -> Room:
    """The room that the constraint audit found: the tightest stage over an average week."""
    known = limits.known if limits else ()
    means = {s: float(limits.limits[s].mean()) for s in known}
    finite = {stage: orders for stage, orders in means.items() if np.isfinite(orders)}
    if not finite:
        return Room(None, np.inf, 0.0)
    stage = min(finite, key=lambda name: (finite[name], name))
    return Room(stage, finite[stage], float(limits.demand.mean()))


@dataclass(frozen=True)
class Bought:
    """What is known for a plan: fits, today's spend and the least of any week [currency/week],
    worth of a customer, orders that one makes in its first quarter, and the room of operations."""

    fits: Mapping[str, ResponseFit]
    spend: Mapping[str, float]
    least: Mapping[str, float]
    worth: Mapping[str, Worth]
    orders_per_customer: float
    room: Room

    @property
    def channels(self) -> tuple[str, ...]:
        """With a curve and a worth."""
        return tuple(name for name in sorted(self.fits) if name in self.worth)

    @property
    def room_for_bought(self) -> float | None:
        """Orders a week that customers bought by spend may make; None: no limit is known."""
        if self.room.stage is None:
            return None
        added = sum(float(self.fits[c].curve.added(self.spend[c])) for c in self.channels)
        unbought = self.room.orders_today - self.orders_per_customer * added
        return max(self.room.orders_at_limit - unbought, 0.0)

    def cap(self, channel: str, policy: PlanPolicy) -> float:
        most = self.fits[channel].curve.observed_max * (1 + policy.max_beyond)
        return max(most, self.spend[channel])

    def floor(self, channel: str, policy: PlanPolicy) -> float:
        return min(self.least[channel] * (1 - policy.max_beyond), self.spend[channel])

    def is_beyond(self, channel: str, spend: float) -> bool:
        """Whether so much, or so little, was never spent in a week."""
        most = self.fits[channel].curve.observed_max
        return not 0.999 * self.least[channel] <= spend <= 1.001 * most

    def expected(self, channel: str, spends: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
        """Customers a week that each of ``spends`` adds, over all curves that are possible."""
        draws = self.fits[channel].draws
        return {name: float(draws.added(spend[channel]).mean()) for name, spend in spends.items()}

    def gain_of(self, spend: Mapping[str, float]) -> np.ndarray:
        """Contribution after spend by replicate [currency/week]; orders without room bring none."""
        added = np.array([self.fits[c].draws.added(spend[c])[:, 0] for c in self.channels])
        worth = np.array([np.resize(self.worth[c].draws, added.shape[1]) for c in self.channels])
        served = self.served_share(added.sum(axis=0))
        return (worth * added).sum(axis=0) * served - sum(spend[c] for c in self.channels)

    def served_share(self, added):
        room = self.room_for_bought
        if room is None:
            return np.ones_like(added)
        return np.minimum(1.0, room / np.maximum(added * self.orders_per_customer, 1e-9))


@dataclass(frozen=True)
class Plan:
    """Spend per channel today, at its best, and as one would set it who looks at ads alone.

    ``added``: channel → customers a week of each of the three (``today``, ``best``, ``free``);
    ``gain``: contribution a week over today's; ``oversold``: orders a week that the spend without
    regard to operations would bring and nobody could serve; ``lost_by_overselling``: contribution a
    week by which it is worse than the best; ``beyond``: channels whose best spend was never seen.
    """

    today: Mapping[str, float]
    best: Mapping[str, Figure]
    marketer: Mapping[str, float]
    added: Mapping[str, Mapping[str, float]]
    gain: Figure
    oversold: Figure
    lost_by_overselling: Figure
    beyond: tuple[str, ...]
    room: Room
    is_room_tight: bool
    why_not: str = ""
    kept: tuple[str, ...] = field(default_factory=tuple)


def best_allocation(
    bought: Bought,
    policy: PlanPolicy,
    *,
    with_operations: bool = True,
    replicate: int | None = None,
) -> Allocation:
    """The best spend on the mean curve: what to expect over all curves that are possible; or on
    the curves and worths of one replicate."""
    curves, worth = {}, {}
    for name in bought.channels:
        fit, most, one = bought.fits[name], bought.cap(name, policy), bought.worth[name]
        if replicate is None:
            curves[name], worth[name] = fit.draws.mean_segments(most, SEGMENTS), one.value
        else:
            curves[name] = fit.draws.curve(replicate, most).segments(most, SEGMENTS)
            worth[name] = float(one.draws[replicate % len(one.draws)])
    budget = policy.weekly_budget
    if budget is None:
        budget = sum(bought.spend[name] for name in bought.channels)
    return allocate(
        curves,
        worth,
        budget=budget,
        orders_per_customer=bought.orders_per_customer,
        room=bought.room_for_bought if with_operations else None,
        allowed_cac=policy.allowed_cac,
        floors={name: bought.floor(name, policy) for name in bought.channels},
    )


def _best_figures(bought: Bought, policy: PlanPolicy, best: Allocation, unit: str):
    """Best spend by channel; the interval is of what would be best on single replicates."""
    tried = [best_allocation(bought, policy, replicate=n) for n in range(TRIED)]
    found = {}
    for name, spend in best.spend.items():
        low, high = interval(np.array([one.spend[name] for one in tried]))
        note = BEYOND if bought.is_beyond(name, spend) else ""
        found[name] = Figure(value=spend, low=min(low, spend), high=max(high, spend), unit=unit,
                             basis="observed", note=note)  # fmt: skip
    return found


def plan_spend(bought: Bought, policy: PlanPolicy, currency: str, kept: tuple[str, ...]) -> Plan:
    """Today's spend, the best one, and the best one without regard to operations."""
    unit = f"{currency}/week"
    if not bought.channels:
        why = NO_WORTH if bought.fits else NO_CURVES
        nothing = Figure.unknown(unit, why)
        return Plan(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}),
                    MappingProxyType({}), nothing, Figure.unknown("orders/week", why), nothing, (),
                    bought.room, is_room_tight=False, why_not=why, kept=kept)  # fmt: skip
    today = {name: bought.spend[name] for name in bought.channels}
    best = best_allocation(bought, policy)
    free = best_allocation(bought, policy, with_operations=False)
    spends = {"today": today, "best": best.spend, "free": free.spend}
    gains = {name: bought.gain_of(spend) for name, spend in spends.items()}
    beyond = tuple(name for name, spend in best.spend.items() if bought.is_beyond(name, spend))
    return Plan(
        today=today,
        best=_best_figures(bought, policy, best, unit),
        marketer=free.spend,
        added={name: bought.expected(name, spends) for name in bought.channels},
        gain=_difference(gains["best"] - gains["today"], unit),
        oversold=_oversold(bought, free.spend),
        lost_by_overselling=_difference(gains["best"] - gains["free"], unit),
        beyond=beyond,
        room=bought.room,
        is_room_tight=best.order_price > 1e-6,
        kept=kept,
    )


def _difference(draws: np.ndarray, unit: str) -> Figure:
    low, high = interval(draws)
    value = float(draws.mean())
    return Figure(value=value, low=min(low, value), high=max(high, value), unit=unit,
                  basis="observed")  # fmt: skip


def _oversold(bought: Bought, spend: Mapping[str, float]) -> Figure:
    """Orders a week beyond the room of operations."""
    added = sum(bought.fits[c].draws.added(spend[c])[:, 0] for c in bought.channels)
    room = bought.room_for_bought
    if room is None:
        return Figure.unknown("orders/week", NO_OPERATIONS_KNOWN)
    return _difference(np.maximum(bought.orders_per_customer * added - room, 0.0), "orders/week")


def replanned(bought: Bought, policy: PlanPolicy, budget: float, allowed_cac: float) -> Allocation:
    """The allocation at another budget [currency/week] and most the next customer may cost."""
    return best_allocation(bought, replace(policy, weekly_budget=budget, allowed_cac=allowed_cac))
