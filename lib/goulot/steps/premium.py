"""Does better fulfillment pay: the LTV change a premium needs, and the one the data support."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure, Missing
from goulot.methods.premium import break_even_change
from goulot.quarter import Quarter
from goulot.steps.customer_money import ALL, DAYS_PER_MONTH, ages_by_channel
from goulot.steps.delivery_effect import WINDOWS, DeliveryEffect
from goulot.steps.needs import FULFILLMENT_COST_NEED, LTV_NEED
from goulot.steps.stages import interval

RECENT_QUARTERS = 4  # over which costs and lateness of an order are taken
DRAWS = 2000
PLAYBOOK = (0.20, 2.00)  # the playbook's premium, and the LTV change it promises

# Published effects: what was sped up, and the change of sales [share]. To be printed beside a
# client's own estimate, never as its result.
PUBLISHED = (
    ("Fisher, Gallino & Xu: a business day faster", 0.015),
    ("Cui, Lu, Sun & Golden: promised a day sooner", 0.0073),
)

SHARES = {
    "premium": "the share by which an order costs more to send; write 0.20 for 20 %",
    "late_left": "the late orders that remain, as a share of today's; write 0.5 for half of them",
}

SOURCES = tuple(source for source, _ in PUBLISHED)

# Notes: messages for ``Language.say``.
NO_COST = "neither client.yml nor a parcel's export says what sending an order costs"
NO_CARRIER = "neither client.yml nor a parcel's export says what the carrier charges"
NO_MARGIN = "client.yml declares no gross margin, so that a customer has no known worth"
NO_EFFECT = "what a late delivery costs is not known, so that the data do not say what it would pay"
NEVER = "a repeat order brings less than the premium costs"
ASSUMED = (
    "if the premium brings the late share down as assumed, and later deliveries matter as the first"
)
NEEDED = "before the premium is paid, over the horizon, all of it from customers who come back more"
NOTES = (NO_COST, NO_CARRIER, NO_MARGIN, NO_EFFECT, NEVER, ASSUMED, NEEDED)


@dataclass(frozen=True, kw_only=True)
class PremiumPolicy:
    """The premium looked at [share of the fulfillment cost of an order], and the late orders that
    remain with it [share of today's]. ``margin``: gross margin, None: as declared."""

    premium: float = 0.20
    late_left: float = 0.5
    horizon_months: int = 12
    discount_rate: float = 0.10
    margin: float | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        for name, means in SHARES.items():
            if not 0 <= getattr(self, name) <= 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not within 0 to 1: it is {means}."
                )


@dataclass(frozen=True)
class Delivered:
    """What is known of a customer's orders and of sending them.

    ``orders`` and ``contribution`` by day of age, per customer; ``revenue`` of an order and
    ``margin`` [share]; ``cost``: pick and pack and parcels of an order, None: not known, and
    ``carrier`` the part of it that the carrier takes; ``late_share`` today, None: not known;
    ``effect`` by window [days]: mean and standard error of what a late first delivery does to later
    contribution.
    """

    orders: np.ndarray
    contribution: np.ndarray
    revenue: float
    margin: float | None
    cost: float | None
    carrier: Figure
    late_share: float | None
    effect: Mapping[int, tuple[float, float]]

    @property
    def is_shop(self) -> bool:
        """Whether anybody is known to have ordered anything."""
        return len(self.orders) > 0


@dataclass(frozen=True)
class Verdict:
    """A premium, judged. Changes are shares of LTV, amounts are per customer over the horizon.

    ``needed``: LTV change at which it breaks even, and ``more_repeats`` the same in repeat orders,
    as a share of them; ``supported``: the change that fewer late orders would bring, with its 90 %
    interval (None: not known); ``pays``: the probability that it is worth the premium; ``net`` what
    it leaves per customer, with its interval.
    """

    ltv: float
    orders: float
    premium_amount: float
    needed: float
    more_repeats: float
    late_share: float | None
    supported: tuple[float, float, float] | None
    net: tuple[float, float, float] | None
    pays: float | None

    @property
    def affordable(self) -> float:
        """What an order may cost more so that fewer late ones just pay for it [currency]; the
        premium on orders that come on top is small beside it and left out."""
        return max(self.supported[0], 0.0) * self.ltv / self.orders


def delivered(
    cohort_day: pd.DataFrame,
    fulfillment_quarter: pd.DataFrame,
    quarter: Quarter,
    effect: DeliveryEffect,
    margin: float | None,
    currency: str,
    fulfillment_cost: float | None = None,
) -> Delivered:
    """What the marts know, up to the quarter; ``fulfillment_cost`` in the place of the observed."""
    ages = ages_by_channel(cohort_day, quarter)[ALL]
    recent = fulfillment_quarter[fulfillment_quarter["quarter"] <= str(quarter)]
    recent = recent.sort_values("quarter").tail(RECENT_QUARTERS)
    orders, judged = float(recent["orders"].sum()), float(recent["orders_judged"].sum())
    carrier = _carrier(recent, f"{currency}/order")
    packing = recent["packing_cost"].astype(float).mean()
    packing = 0.0 if np.isnan(packing) else float(packing)
    daily = np.diff(ages.cumulated(ages.orders), prepend=0.0)
    brought = np.diff(ages.cumulated(ages.contribution), prepend=0.0)
    known = {w: judged_effect.effect for w, judged_effect in effect.value.items()
             if judged_effect.is_known}  # fmt: skip
    return Delivered(
        orders=daily,
        contribution=brought,
        revenue=float(recent["revenue"].sum()) / orders if orders else 0.0,
        margin=margin if ages.has_margin else None,
        cost=fulfillment_cost or (carrier.value or 0.0) + packing or None,
        carrier=carrier,
        late_share=float(recent["orders_late"].sum()) / judged if judged else None,
        effect={w: (e.value, e.standard_error) for w, e in known.items()},
    )


def _carrier(recent: pd.DataFrame, unit: str) -> Figure:
    """What the carrier takes of an order: as parcels tell it, else as client.yml declares it."""
    told, orders = float(recent["orders_with_cost"].sum()), float(recent["orders"].sum())
    cost = float(recent["parcel_cost"].astype(float).sum())
    if not cost:
        return Figure.unknown(unit, NO_CARRIER)
    value = cost / (told or orders)
    return Figure(value=value, unit=unit, basis="observed" if told else "declared")


def why_not(known: Delivered) -> str:
    """Why no premium can be judged at all: a message, empty where it can."""
    if known.margin is None or not known.is_shop:
        return NO_MARGIN
    return "" if known.cost else NO_COST


def judge_premium(known: Delivered, policy: PremiumPolicy) -> Verdict:
    """Hold what the premium costs against what fewer late orders would bring.

    A customer pays the premium on every order of the horizon. Each order that is no longer late
    brings what a late first delivery takes: later deliveries are taken to matter as the first did.
    """
    life = _life(known, policy)
    amount = policy.premium * known.cost
    needed = float(break_even_change(life.first, life.repeat, life.repeats, amount))
    more = needed * life.ltv / max(life.repeat * life.repeats, 1e-9)
    verdict = Verdict(life.ltv, life.orders, amount * life.orders, needed, more, None, None, None,
                      None)  # fmt: skip
    if known.late_share is None or not known.effect or life.ltv <= 0:
        return verdict
    return _with_effect(verdict, known, policy, max(life.repeat, 0.0) / life.usual)


@dataclass(frozen=True)
class _Life:
    """A customer over the horizon: what the first order brings, what each discounted repeat, and
    how many; ``usual``: what a repeat order brings as contribution has it [currency]."""

    first: float
    repeat: float
    repeats: float
    usual: float

    @property
    def orders(self) -> float:
        return 1.0 + self.repeats

    @property
    def ltv(self) -> float:
        return self.first + self.repeat * self.repeats


def _life(known: Delivered, policy: PremiumPolicy) -> _Life:
    days = min(len(known.orders), round(policy.horizon_months * DAYS_PER_MONTH))
    discount = (1 + policy.discount_rate) ** (-np.arange(days) / 365)
    more = 0.0 if policy.margin is None else (policy.margin - known.margin) * known.revenue
    made, brought = known.orders[1:days], known.contribution[1:days]
    usual = max(float(brought.sum() / max(made.sum(), 1e-9)), 1e-9)
    return _Life(
        first=float(known.contribution[0] + known.orders[0] * more),
        repeat=usual + more,
        repeats=float(made @ discount[1:]),
        usual=usual,
    )


def _with_effect(
    verdict: Verdict, known: Delivered, policy: PremiumPolicy, scale: float
) -> Verdict:
    value, error = known.effect[window_of(known, policy.horizon_months)]
    drawn = np.random.default_rng(policy.seed).normal(value, error, DRAWS)
    late = known.late_share * policy.late_left
    fewer = (known.late_share - late) * verdict.orders
    gain, gains = float(-value * scale * fewer), -drawn * scale * fewer
    low, high = interval(gains)
    changes = gains / verdict.ltv
    cost = verdict.needed * verdict.ltv
    return replace(
        verdict,
        late_share=late,
        supported=(gain / verdict.ltv, low / verdict.ltv, high / verdict.ltv),
        net=(gain - cost, low - cost, high - cost),
        pays=float((changes > verdict.needed).mean()) if policy.premium else float("nan"),
    )


def window_of(known: Delivered, horizon_months: int) -> int:
    """The longest window with a known effect within the horizon [days]; else the shortest."""
    within = [w for w in WINDOWS if w in known.effect and w <= horizon_months * DAYS_PER_MONTH]
    return max(within, default=min(known.effect))


def needed_by_premium(known: Delivered, policy: PremiumPolicy) -> pd.DataFrame:
    """premium, needed: the break-even LTV change for premiums of 0 to 50 %."""
    life, grid = _life(known, policy), np.round(np.arange(0, 0.5001, 0.02), 2)
    needed = [
        break_even_change(life.first, life.repeat, life.repeats, float(premium) * known.cost)
        for premium in grid
    ]
    frame = pd.DataFrame({"premium": grid, "needed": needed})
    return frame[np.isfinite(frame["needed"])].reset_index(drop=True)


def premium_figures(known: Delivered, policy: PremiumPolicy) -> dict[str, Figure]:
    """The premium's findings, under their names in ``results.json``."""
    needed, pays = "lifetime.premium_break_even", "lifetime.premium_pays_probability"
    if not known.is_shop:
        return {}
    reason = why_not(known)
    if reason:
        return {needed: Figure.unknown("share", reason), pays: Figure.unknown("share", reason)}
    verdict = judge_premium(known, policy)
    found = Figure.unknown("share", NEVER)
    if np.isfinite(verdict.needed):
        found = Figure(value=verdict.needed, unit="share", basis="observed", note=NEEDED)
    chance = Figure.unknown("share", NO_EFFECT)
    if verdict.pays is not None and not np.isnan(verdict.pays):
        chance = Figure(value=verdict.pays, unit="share", basis="assumed", note=ASSUMED)
    return {needed: found, pays: chance}


def missing(known: Delivered, gross_margin: float | None) -> tuple[Missing, ...]:
    """What client.yml could declare that would let customers and the premium be judged."""
    needs = [LTV_NEED] if gross_margin is None else []
    needs += [] if known.cost or not known.is_shop else [FULFILLMENT_COST_NEED]
    return tuple(Missing(step="lifetime", export=what, costs=costs) for what, costs in needs)
