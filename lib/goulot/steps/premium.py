"""Does better fulfillment pay: the LTV change a premium needs, and the one the data support."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure, Missing
from goulot.methods.premium import break_even_change
from goulot.steps.customer_money import DAYS_PER_MONTH
from goulot.steps.delivery_effect import WINDOWS
from goulot.steps.needs import FULFILLMENT_COST_NEED, LTV_NEED
from goulot.steps.sent_orders import Delivered, why_not
from goulot.steps.stages import interval

DRAWS = 2000
ENDS = (0.05, 0.95)  # of a 90 % interval
MOST_DAYS = 5  # by which a premium can bring an order sooner
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
NO_EFFECT = "what a late delivery costs is not known, so that the data do not say what it would pay"
NEVER = "a repeat order brings less than the premium costs"
ASSUMED = (
    "if the premium brings the late share down as assumed, and later deliveries matter as the first"
)
NEEDED = "before the premium is paid, over the horizon, all of it from customers who come back more"
PERHAPS_NEVER = "it may be that a repeat order brings less than the premium costs: no upper end"
NOTES = (NO_EFFECT, NEVER, ASSUMED, NEEDED, PERHAPS_NEVER)


@dataclass(frozen=True, kw_only=True)
class PremiumPolicy:
    """The premium looked at [share of the fulfillment cost of an order], and what it buys: the late
    orders that remain [share of today's], and days sooner at the door of every other order.
    ``margin``: gross margin, None: as declared."""

    premium: float = 0.20
    late_left: float = 0.5
    days_faster: float = 0.0
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
        if not 0 <= self.days_faster <= MOST_DAYS:
            raise ParameterError(
                f"days_faster={self.days_faster} is not within 0 to {MOST_DAYS}: write the days by "
                "which an order comes sooner, as in 1."
            )


@dataclass(frozen=True)
class Verdict:
    """A premium, judged. Changes are shares of LTV, amounts are per customer over the horizon.

    ``needed``: LTV change at which it breaks even, with its 90 % interval in ``needed_range`` (an
    end may be infinite: never), and ``more_repeats`` the same in repeat orders, as a share of them;
    ``supported``: the change that fewer late orders and faster ones would bring, with its interval
    (None: not known); ``pays``: the probability that it is worth the premium; ``net`` what it
    leaves per customer, with its interval.
    """

    ltv: float
    orders: float
    premium_amount: float
    needed: float
    needed_range: tuple[float, float]
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


@dataclass(frozen=True)
class Life:
    """A customer over the horizon: what the first order brings, what each discounted repeat, and
    how many; ``usual``: what a repeat order brings as contribution has it [currency]. A number
    each, or an array of draws."""

    first: Any
    repeat: Any
    repeats: Any
    usual: Any

    @property
    def orders(self) -> float:
        return 1.0 + self.repeats

    @property
    def ltv(self) -> float:
        return self.first + self.repeat * self.repeats


@dataclass(frozen=True)
class Customers:
    """Customers over the horizon before any premium: ``usual``, and as cohorts resampled have them
    (``drawn``, an array of draws in each field)."""

    usual: Life
    drawn: Life


def customers_of(known: Delivered, policy: PremiumPolicy) -> Customers:
    """What of a verdict depends on the horizon, the discount rate and the margin alone."""
    return Customers(
        _life(known, policy, known.orders, known.contribution),
        _life(known, policy, known.orders_drawn, known.contribution_drawn),
    )


def judge_premium(
    known: Delivered, policy: PremiumPolicy, customers: Customers | None = None
) -> Verdict:
    """Hold what the premium costs against what fewer late orders would bring.

    A customer pays the premium on every order of the horizon. Each order that is no longer late
    brings what a late first delivery takes: later deliveries are taken to matter as the first did.
    ``customers``: as ``customers_of`` tells them, where many premiums share them.
    """
    customers = customers or customers_of(known, policy)
    life, drawn = customers.usual, customers.drawn
    amount = policy.premium * known.cost
    needed = float(break_even_change(life.first, life.repeat, life.repeats, amount))
    drawn_needed = break_even_change(drawn.first, drawn.repeat, drawn.repeats, amount)
    low, high = (
        float(end) for end in np.quantile(drawn_needed, ENDS, method="closest_observation")
    )
    more = needed * life.ltv / max(life.repeat * life.repeats, 1e-9)
    ends = (min(low, needed), max(high, needed))
    verdict = Verdict(life.ltv, life.orders, amount * life.orders, needed, ends, more, None, None,
                      None, None)  # fmt: skip
    if known.late_share is None or not known.effect or life.ltv <= 0:
        return verdict
    return _with_effect(verdict, known, policy, life, drawn_needed)


def _life(known: Delivered, policy: PremiumPolicy, orders, contribution) -> Life:
    days = min(orders.shape[-1], round(policy.horizon_months * DAYS_PER_MONTH))
    discount = (1 + policy.discount_rate) ** (-np.arange(days) / 365)
    more = 0.0 if policy.margin is None else (policy.margin - known.margin) * known.revenue
    made, brought = orders[..., 1:days], contribution[..., 1:days]
    usual = np.maximum(brought.sum(axis=-1) / np.maximum(made.sum(axis=-1), 1e-9), 1e-9)
    return Life(
        first=contribution[..., 0] + orders[..., 0] * more,
        repeat=usual + more,
        repeats=made @ discount[1:],
        usual=usual,
    )


def _with_effect(
    verdict: Verdict, known: Delivered, policy: PremiumPolicy, life: Life, needed: np.ndarray
) -> Verdict:
    faster = policy.days_faster if known.faster else 0.0
    of_late, of_a_day, picks = _luck(policy.seed, faster > 0, len(needed))
    scale = max(float(life.repeat), 0.0) / float(life.usual)
    late = known.late_share * policy.late_left
    fewer = (known.late_share - late) * verdict.orders
    value, error = known.effect[window_of(known, policy.horizon_months)]
    gain, gains = -value * fewer, -(value + error * of_late) * fewer
    if faster:
        value, error = _at_window(known.faster, policy.horizon_months)
        sooner = faster * verdict.orders
        gain, gains = gain + value * sooner, gains + (value + error * of_a_day) * sooner
    gain, gains = float(gain * scale), gains * scale
    low, high = interval(gains)
    needs = needed[picks]
    costs = np.where(np.isfinite(needs), needs, 1.0) * verdict.ltv
    cost = verdict.needed * verdict.ltv
    net = interval(gains - costs) if np.isfinite(cost) else (-np.inf, -np.inf)
    return replace(
        verdict,
        late_share=late,
        supported=(gain / verdict.ltv, low / verdict.ltv, high / verdict.ltv),
        net=(gain - cost, min(net[0], gain - cost), max(net[1], gain - cost)),
        pays=float((gains / verdict.ltv > needs).mean()) if policy.premium else float("nan"),
    )


@lru_cache(maxsize=8)
def _luck(seed: int, is_faster: bool, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The draws that all verdicts share: of the effect of lateness, of that of a day where orders
    come sooner, and which of ``count`` draws of what is needed goes with them."""
    rng = np.random.default_rng(seed)
    of_late = rng.standard_normal(DRAWS)
    of_a_day = rng.standard_normal(DRAWS) if is_faster else np.zeros(DRAWS)
    return of_late, of_a_day, rng.integers(0, count, DRAWS)


def window_of(known: Delivered, horizon_months: int) -> int:
    """The longest window with a known effect within the horizon [days]; else the shortest."""
    within = [w for w in WINDOWS if w in known.effect and w <= horizon_months * DAYS_PER_MONTH]
    return max(within, default=min(known.effect))


def _at_window(effects: Mapping[int, tuple[float, float]], horizon_months: int):
    within = [window for window in effects if window <= horizon_months * DAYS_PER_MONTH]
    return effects[max(within, default=min(effects))]


def needed_by_premium(known: Delivered, policy: PremiumPolicy) -> pd.DataFrame:
    """premium, needed: the break-even LTV change for premiums of 0 to 50 %."""
    life, grid = _life(known, policy, known.orders, known.contribution), np.arange(26) * 0.02
    needed = break_even_change(life.first, life.repeat, life.repeats, grid * known.cost)
    frame = pd.DataFrame({"premium": grid.round(2), "needed": needed})
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
        found = _needed_figure(verdict)
    chance = Figure.unknown("share", NO_EFFECT)
    if verdict.pays is not None and not np.isnan(verdict.pays):
        chance = Figure(value=verdict.pays, unit="share", basis="assumed", note=ASSUMED)
    return {needed: found, pays: chance}


def _needed_figure(verdict: Verdict) -> Figure:
    """As sure as what customers bring is: the margin and the premium are as declared and chosen."""
    low, high = verdict.needed_range
    if not np.isfinite(high):
        return Figure(value=verdict.needed, unit="share", basis="observed", note=PERHAPS_NEVER)
    return Figure(value=verdict.needed, low=low, high=high, unit="share", basis="observed",
                  note=NEEDED)  # fmt: skip


def missing(known: Delivered, gross_margin: float | None) -> tuple[Missing, ...]:
    """What client.yml could declare that would let customers and the premium be judged."""
    needs = [LTV_NEED] if gross_margin is None else []
    needs += [] if known.cost or not known.is_shop else [FULFILLMENT_COST_NEED]
    return tuple(Missing(step="lifetime", export=what, costs=costs) for what, costs in needs)
