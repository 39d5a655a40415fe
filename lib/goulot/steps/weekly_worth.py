"""What an order, a customer and one more order of room are worth, and what more spend brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.ladders import Rung, ladder
from goulot.methods.programs import DEMAND, WeeklyProgram, best_contribution, price
from goulot.methods.response import ResponseFit
from goulot.steps.stages import interval
from goulot.steps.week_limits import WeekLimits

DAYS_A_YEAR = 365
SEGMENTS = 20  # of a response curve
HORIZON_MONTHS, DISCOUNT_RATE = 12, 0.10  # where client.yml declares none
TRIED = 100  # resampled histories for which a plan is solved

# Notes of figures: messages for ``Language.say``.
NO_MARGIN = "client.yml declares no gross margin, so that an order has no known worth"
NO_CURVES = "how much more demand could be had, and at what price, no advertising data tell"
NOTHING_NEXT = "no other stage is known that would ever bind"
NOT_TIGHT = "in no week is it what limits the orders"
NOTES = (NO_MARGIN, NO_CURVES, NOTHING_NEXT, NOT_TIGHT)


@dataclass(frozen=True, kw_only=True)
class Economics:
    """What money the audit may speak of; every part of it may be missing.

    Parameters
    ----------
    channel_week : the mart ``channel_week``: contribution and spend by week
    cohorts : the mart ``cohort_day``: what customers bring as they age
    curves : channel → its fitted response (step 2), in the season of the quarter
    currency : of the client
    horizon_months, discount_rate : over which, and at what rate a year, a customer is valued; None:
        ``HORIZON_MONTHS`` and ``DISCOUNT_RATE`` are assumed
    """

    channel_week: pd.DataFrame | None = None
    cohorts: pd.DataFrame | None = None
    curves: Mapping[str, ResponseFit] = field(default_factory=lambda: MappingProxyType({}))
    currency: str = "EUR"
    horizon_months: int | None = None
    discount_rate: float | None = None

    @property
    def knows_contribution(self) -> bool:
        """Whether orders have a contribution, so that client.yml declares a gross margin."""
        if self.channel_week is None:
            return False
        placed = self.channel_week[self.channel_week["orders"] > 0]
        return bool(placed["contribution"].notna().any())

    def by_week(self, weeks: np.ndarray, column: str) -> np.ndarray:
        """The sum of a column of ``channel_week`` by week; nan where nothing is known."""
        if self.channel_week is None:
            return np.full(len(weeks), np.nan)
        known = self.channel_week.dropna(subset=[column])
        summed = known.groupby("week_starts_on")[column].sum().astype(float)
        return summed.reindex(weeks).to_numpy(dtype=float)

    def spend(self, weeks: np.ndarray) -> dict[str, float]:
        """Channel with a curve → mean weekly spend over these weeks."""
        if self.channel_week is None:
            return {}
        inside = self.channel_week[self.channel_week["week_starts_on"].isin(weeks)]
        means = inside.astype({"spend": float}).groupby("channel")["spend"].mean()
        return {c: float(means[c]) for c in self.curves if np.isfinite(means.get(c, np.nan))}


def customer_worth(cohorts: pd.DataFrame | None, months: int, rate: float) -> float | None:
    """Contribution of a customer over the horizon, discounted, before CAC; None: not known.

    At each age, what customers brought who were seen so long: a life is not cut short by the end of
    the exports. Ages that no customer has reached bring nothing.
    """
    if cohorts is None or cohorts.empty or cohorts["contribution"].isna().all():
        return None
    sums = cohorts.groupby("age_days")[["contribution", "customers_last_seen"]].sum().astype(float)
    seen = sums["customers_last_seen"][::-1].cumsum()[::-1]
    ages = sums.index.to_numpy(dtype=float)
    brought = sums["contribution"] / seen * (1 + rate) ** (-ages / DAYS_A_YEAR)
    return float(brought[(ages < months * DAYS_A_YEAR / 12) & (seen > 0)].sum())


@dataclass(frozen=True)
class WeeklyWorth:
    """The quarter's weeks as a program, today's and with spend as a choice, over resampled weeks.

    ``per_order`` [currency]; ``today`` has the demand that came and the spend that was;
    ``buying`` is None without curves. ``draws`` are the resampled weeks, ``replicated`` the worth
    of an order in each.
    """

    per_order: float
    today: WeeklyProgram
    buying: WeeklyProgram | None
    draws: np.ndarray
    replicated: np.ndarray
    money: Economics
    spend: Mapping[str, float]

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return ladder(self.today, self.buying)

    def shadow_price(self, stage: str) -> Figure:
        """Worth of one more order of weekly room: an order's worth, in the weeks it is short."""
        unit = f"{self.money.currency}/week"
        sole = _sole_limit(self.today, stage)
        low, high = interval(self.replicated * sole[self.draws].mean(axis=1))
        note = NOT_TIGHT if not sole.any() else ""
        value = price(self.today, stage).one_more
        return Figure(value=value, unit=unit, basis="observed", low=min(low, value),
                      high=max(high, value), note=note)  # fmt: skip

    def lost_to(self, stage: str) -> Figure:
        """Contribution a week between today and the week in which ``stage`` reaches the next
        constraint; for acquisition, the best spend on the curves."""
        unit = f"{self.money.currency}/week"
        if stage == DEMAND:
            return self._left_unbought(unit)
        limits = self.today.limits
        others = np.min([limit for name, limit in limits.items() if name != stage], axis=0)
        gained = np.clip(others - limits[stage], 0, None)
        if not np.isfinite(gained).all():
            return Figure.unknown(unit, NOTHING_NEXT)
        value = self.per_order * float(gained.mean())
        low, high = interval(self.replicated * gained[self.draws].mean(axis=1))
        return Figure(value=value, unit=unit, basis="observed", low=low, high=high)

    def _left_unbought(self, unit: str) -> Figure:
        if self.buying is None:
            return Figure.unknown(unit, NO_CURVES)
        value = max(0.0, best_contribution(self.buying) - best_contribution(self.today))
        tried = [
            best_contribution(replace(buying, worth_per_order=worth))
            - best_contribution(replace(today, worth_per_order=worth))
            for (today, buying), worth in zip(self._histories, self.replicated, strict=False)
        ]
        low, high = interval(np.maximum(tried, 0.0))
        return Figure(value=value, unit=unit, basis="observed", low=min(low, value),
                      high=max(high, value))  # fmt: skip

    @cached_property
    def _histories(self) -> list[tuple[WeeklyProgram, WeeklyProgram]]:
        """Today's weeks and those with spend as a choice, in resampled histories, each with one
        replicate of every curve."""
        fits = {c: fit for c, fit in self.money.curves.items() if c in self.spend}
        found = []
        for number, weeks in enumerate(self.draws[:TRIED]):
            curves = {c: fit.draws.curve(number % len(fit.draws), fit.curve.observed_max)
                      for c, fit in fits.items()}  # fmt: skip
            today, buying = _weeks(self.today, weeks), _weeks(self.buying, weeks)
            found.append((today, _buying(buying, today.demand, curves, self.spend)))
        return found

    @property
    def had_profitably(self) -> tuple[float, float, float, bool] | None:
        """Demand a week that pays to be had, its 90 % interval, and whether a curve ends before."""
        if self.buying is None:
            return None
        value = float(self.buying.orders_at_limit(DEMAND).mean())
        worth = self.buying.worth_per_order * self.buying.orders_per_customer
        curves = [fit.curve for c, fit in self.money.curves.items() if c in self.spend]
        ends = [worth * float(curve.slope(curve.observed_max)) > 1 for curve in curves]
        tried = [float(buying.orders_at_limit(DEMAND).mean()) for _, buying in self._histories]
        low, high = interval(np.array(tried))
        return value, min(low, value), max(high, value), any(ends)


def today_program(limits: WeekLimits, worth: float = 1.0, spend: float = 0.0) -> WeeklyProgram:
    """The weeks as they are: the demand that came, the stages whose limit is known."""
    stages = [s for s in limits.known if limits.use_per_order[s] > 0]
    return WeeklyProgram(
        worth_per_order=worth,
        free_orders=limits.demand,
        capacity={s: limits.limits[s] * limits.use_per_order[s] for s in stages},
        use_per_order={s: limits.use_per_order[s] for s in stages},
        fixed_spend=spend,
    )


def weekly_worth(
    limits: WeekLimits, weeks: np.ndarray, draws: np.ndarray, money: Economics
) -> WeeklyWorth | None:
    """The program of the quarter; None where an order has no known worth."""
    contribution, orders = money.by_week(weeks, "contribution"), money.by_week(weeks, "orders")
    known = np.isfinite(contribution) & (orders > 0)
    if not known.any() or contribution[known].sum() <= 0:
        return None
    per_order = float(contribution[known].sum() / orders[known].sum())
    sums = (np.where(known, part, 0.0)[draws].sum(axis=1) for part in (contribution, orders))
    earned, placed = sums
    replicated = np.where(placed > 0, earned / np.maximum(placed, 1e-9), per_order)
    spent = money.by_week(weeks, "spend")
    fixed = float(np.nanmean(spent)) if np.isfinite(spent).any() else 0.0
    today = today_program(limits, per_order, fixed)
    spend = money.spend(weeks)
    horizon, rate = money.horizon_months, money.discount_rate
    worth = customer_worth(
        money.cohorts,
        HORIZON_MONTHS if horizon is None else horizon,
        DISCOUNT_RATE if rate is None else rate,
    )
    buying = None
    if spend and worth:
        fixed = max(0.0, today.fixed_spend - sum(spend.values()))
        buying = replace(today, orders_per_customer=worth / per_order, fixed_spend=fixed)
        curves = {c: money.curves[c].curve for c in spend}
        buying = _buying(buying, today.demand, curves, spend)
    return WeeklyWorth(per_order, today, buying, draws, replicated, money, spend)


def _buying(program: WeeklyProgram, demand: np.ndarray, curves, spend) -> WeeklyProgram:
    """The weeks with spend as a choice: what today's spend brings is no longer given."""
    added = sum(float(curve.added(spend[channel])) for channel, curve in curves.items())
    free = np.clip(demand - program.orders_per_customer * added, 0, None)
    pieces = {
        channel: curve.segments(max(curve.observed_max, spend[channel]), SEGMENTS)
        for channel, curve in curves.items()
    }
    return replace(program, free_orders=free, curves=pieces)


def _weeks(program: WeeklyProgram, chosen: np.ndarray) -> WeeklyProgram:
    """The same program over chosen weeks."""
    room = {stage: np.asarray(limit)[chosen] for stage, limit in program.capacity.items()}
    return replace(program, free_orders=program.demand[chosen], capacity=room)


def _sole_limit(program: WeeklyProgram, stage: str) -> np.ndarray:
    """By week, 1 where one more order of room at ``stage`` would be served."""
    limits = program.limits
    if stage not in limits:
        return np.zeros(len(program.demand))
    others = [limit for name, limit in limits.items() if name != stage]
    tightest = np.min(others, axis=0) if others else np.inf
    return (limits[stage] < tightest).astype(float)
