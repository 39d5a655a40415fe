"""Distribution channels: which bring customers, at what marginal price, how predictably, and where
the next unit of spend should go."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.findings import Figure, Missing
from goulot.quarter import Quarter
from goulot.steps.channel_curves import ChannelCurves, curves_of
from goulot.steps.channel_figures import (
    added_cac_figure,
    cac_figure,
    ltv_to_cac_figure,
    marginal_cac_figure,
    saturation_figure,
    slug,
    spend_figure,
)
from goulot.steps.channel_forecasts import SeriesForecast
from goulot.steps.channel_inputs import ChannelPolicy, Declared, Marts
from goulot.steps.channel_plan import Bought, Plan, Room, plan_spend
from goulot.steps.channel_series import channel_series, order_series
from goulot.steps.channel_tests import WIDE, PlannedTest, dispersion_of, tests_to_run
from goulot.steps.channel_weeks import ChannelWeeks, channel_weeks
from goulot.steps.customer_money import (
    ALL,
    NO_CUSTOMERS,
    Ages,
    Worth,
    ages_by_channel,
    orders_in_first,
    payback_figure,
    won_in,
    worth_figure,
    worth_over,
)
from goulot.steps.needs import CUSTOMER_WORTH_NEED
from goulot.steps.past_effects import with_past_effects

QUARTER_DAYS = 91
MIN_REGIONS = 6  # of a week, for a test by region
FREE_FIGURES = ("new_customers", "share")
PAID_FIGURES = (*FREE_FIGURES, "spend", "cac", "marginal_cac", "saturation", "payback_days",
                "ltv_to_cac")  # fmt: skip


@dataclass(frozen=True)
class ChannelRow:
    """One channel in the whole weeks of the quarter.

    ``claimed``: conversions as the platform claims them, beside our ``orders`` of the channel and
    the new customers that its spend ``added`` by the curve (None: not known).
    """

    channel: str
    spend: Figure
    spend_per_week: float
    new_customers: Figure
    share: Figure
    cac: Figure
    marginal_cac: Figure
    saturation: Figure
    payback_days: Figure
    ltv: Figure
    ltv_to_cac: Figure
    claimed: float | None
    orders: float
    added: float | None


@dataclass(frozen=True)
class ChannelReport:
    """Everything that step 2 found; ``series`` has one forecast per channel and their total,
    ``countries`` and ``kinds`` (new, returning) the same for weekly orders. ``rows`` are about the
    whole weeks of the quarter, ``won`` has the new customers of all its days."""

    quarter: Quarter
    policy: ChannelPolicy
    declared: Declared
    weeks: ChannelWeeks
    curves: ChannelCurves
    rows: tuple[ChannelRow, ...]
    ages: Mapping[str, Ages]
    won: Mapping[str, float]
    worth: Mapping[str, Worth]
    series: tuple[SeriesForecast, ...]
    kinds: tuple[SeriesForecast, ...]
    countries: tuple[SeriesForecast, ...]
    bought: Bought
    plan: Plan
    tests: tuple[PlannedTest, ...]
    missing: tuple[Missing, ...]

    @property
    def new_customers(self) -> float:
        """In the whole weeks of the quarter."""
        return float(self.weeks.new[:, self.weeks.in_quarter].sum())

    @property
    def looks_new_at_first(self) -> bool:
        """Whether the share of new customers in the orders falls by a third or more: the mark of
        data that begin in the middle of a shop's life."""
        orders, new = self.weeks.orders.sum(axis=0), self.weeks.new.sum(axis=0)
        fifth = max(len(orders) // 5, 1)
        first, last = (new[part].sum() / max(orders[part].sum(), 1)
                       for part in (slice(0, fifth), slice(-fifth, None)))  # fmt: skip
        return bool(first > 0.4 and last < 2 / 3 * first)

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure under its name in ``results.json``."""
        named: dict[str, Figure] = {}
        for row in self.rows:
            kept = PAID_FIGURES if row.channel in self.weeks.paid else FREE_FIGURES
            for name in kept:
                named[f"channels.{name}.{slug(row.channel)}"] = getattr(row, name)
        for channel, customers in self.won.items():
            named[f"channels.quarter_new_customers.{slug(channel)}"] = Figure(
                value=customers, unit="customers", basis="observed"
            )
        for one in self.series:
            at = slug(one.name)
            named[f"channels.predictability.{at}"] = one.predictability
            named[f"channels.skill.{at}"] = one.skill
            named[f"channels.forecast_new_customers.{at}"] = one.next_quarter
        for name, spend in self.plan.best.items():
            named[f"channels.best_spend.{slug(name)}"] = spend
        named["channels.contribution_gained"] = self.plan.gain
        named["channels.orders_oversold"] = self.plan.oversold
        return named


def read_channels(
    marts: Marts,
    quarter: Quarter,
    declared: Declared,
    policy: ChannelPolicy,
    room: Room | None = None,
) -> ChannelReport:
    """Read the channels of a quarter; ``room``: what operations can still serve, None: not known.

    Weeks after the quarter are left out, so that a past quarter is read as it was then.
    """
    weeks = channel_weeks(marts.channel_week, quarter, marts.event, marts.shortage_week)
    curves = curves_of(weeks, policy.curves, declared.lift_tests)
    ages = ages_by_channel(marts.cohort_day, quarter)
    worth = _worth(ages, declared, policy)
    rows = tuple(
        _row(name, weeks, curves, ages, worth.get(name), declared, policy)
        for name in weeks.channels
    )
    bought = _bought(weeks, curves, rows, ages, worth, room)
    events = with_past_effects(marts.event, weeks)
    kinds, countries = order_series(marts.country_week, weeks, events, quarter, policy.forecasts)
    unsure = [row.channel for row in rows if _is_unsure(row)]
    return ChannelReport(
        quarter=quarter,
        policy=policy,
        declared=declared,
        weeks=weeks,
        curves=curves,
        rows=rows,
        ages=ages,
        won=won_in(marts.cohort_day, quarter),
        worth=worth,
        series=channel_series(weeks, events, quarter, policy.forecasts),
        kinds=kinds,
        countries=countries,
        bought=bought,
        plan=plan_spend(bought, policy.plan, declared.currency, tuple(sorted(curves.why_not))),
        tests=tests_to_run(
            weeks, curves, unsure, worth, has_regions=_has_regions(marts.country_week)
        ),
        missing=_missing(ages),
    )


def _bought(weeks, curves, rows, ages, worth, room: Room | None) -> Bought:
    """What a plan is made of."""
    return Bought(
        fits=curves.fits,
        spend={row.channel: row.spend_per_week for row in rows if row.channel in weeks.paid},
        least={name: _least_spend(weeks, name) for name in weeks.paid},
        worth=worth,
        orders_per_customer=orders_in_first(ages[ALL], QUARTER_DAYS),
        room=room or Room(None, np.inf, 0.0),
    )


def _worth(ages: Mapping[str, Ages], declared: Declared, policy: ChannelPolicy) -> dict[str, Worth]:
    """Channel → worth of a customer; where too few were seen, that of all channels together."""
    horizon, rate = declared.horizon, declared.rate
    how = {"replicates": policy.curves.replicates, "seed": policy.curves.seed}
    found = {name: worth_over(one, horizon, rate, **how) for name, one in ages.items()}
    together = found.get(ALL)
    full = together.days if together else 0
    return {
        name: one if one is not None and one.days >= full else together
        for name, one in found.items()
        if together is not None
    }


def _row(
    channel: str,
    weeks: ChannelWeeks,
    curves: ChannelCurves,
    ages: Mapping[str, Ages],
    worth: Worth | None,
    declared: Declared,
    policy: ChannelPolicy,
) -> ChannelRow:
    row, inside, currency = weeks.row(channel), weeks.in_quarter, declared.currency
    new = float(weeks.new[row][inside].sum())
    spent = np.nan_to_num(weeks.spend[row][inside])
    spend = spend_figure(weeks, channel, currency)
    fit, why_not = curves.fits.get(channel), curves.why_not.get(channel, "")
    dispersion = dispersion_of(weeks.new[row])
    if fit and curves.together:
        cac = added_cac_figure(fit, spent, currency)
    else:
        cac = cac_figure(spend, new, dispersion, currency, untracked=curves.is_untracked)
    ltv = worth_figure(worth, declared.horizon, currency)
    claimed = weeks.claimed[row][inside]
    every = float(weeks.new[:, inside].sum())
    return ChannelRow(
        channel=channel,
        spend=spend,
        spend_per_week=float(spent.mean()) if len(spent) else 0.0,
        new_customers=Figure(value=new, unit="customers", basis="observed"),
        share=Figure(value=new / every, unit="share", basis="observed")
        if every
        else Figure.unknown("share", NO_CUSTOMERS),
        cac=cac,
        marginal_cac=marginal_cac_figure(fit, why_not, spent, currency, together=curves.together),
        saturation=saturation_figure(fit, why_not, float(spent.mean()) if len(spent) else 0.0),
        payback_days=payback_figure(
            ages[channel if channel in ages else ALL],
            cac,
            replicates=policy.curves.replicates,
            seed=policy.curves.seed,
        ),
        ltv=ltv,
        ltv_to_cac=ltv_to_cac_figure(worth, cac, ltv),
        claimed=float(np.nansum(claimed)) if np.isfinite(claimed).any() else None,
        orders=float(weeks.orders[row][inside].sum()),
        added=float(fit.curve.added(spent).sum()) if fit else None,
    )


def _least_spend(weeks: ChannelWeeks, channel: str) -> float:
    """Of a week with spend [currency/week]."""
    spend = weeks.spend[weeks.row(channel)]
    return float(spend[spend > 0].min())


def _has_regions(country_week: pd.DataFrame) -> bool:
    """Whether orders name regions enough to draw some of them by lot."""
    return "regions" in country_week and bool(country_week["regions"].median() >= MIN_REGIONS)


def _is_unsure(row: ChannelRow) -> bool:
    """Whether the curve leaves open if the next customer pays: its price may lie below or above
    what one is worth, or anywhere within a factor of ``WIDE``."""
    price = row.marginal_cac
    if price.low is None or price.high is None:
        return False
    apart = price.high / max(price.low, 1e-9)
    worth = row.ltv.value
    open_ended = isinstance(worth, float) and price.low < worth < price.high
    return apart > WIDE or (open_ended and apart > WIDE / 1.5)


def _missing(ages: Mapping[str, Ages]) -> tuple[Missing, ...]:
    if ages[ALL].has_margin:
        return ()
    return (Missing(step="channels", export=CUSTOMER_WORTH_NEED[0], costs=CUSTOMER_WORTH_NEED[1]),)
