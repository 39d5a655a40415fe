"""What a customer is worth, by channel: what cohorts have brought, and what a model foresees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.methods.purchases import BgNbd, fit_bg_nbd
from goulot.methods.spending import fit_gamma_gamma, rank_correlation
from goulot.quarter import Quarter
from goulot.steps.channel_figures import slug
from goulot.steps.customer_money import (
    ALL,
    DAYS_PER_MONTH,
    HORIZON_NOT_REACHED,
    NO_MARGIN,
    Ages,
    Worth,
    ages_by_channel,
    worth_over,
)
from goulot.steps.histories import DAYS_A_WEEK, Calibration, calibrate, histories
from goulot.steps.stages import interval

Method = Literal["cohorts", "BG/NBD"]
STEP_WEEKS = 4  # of the grid on which expected purchases are discounted
FROM_COHORTS = "what earlier customers have brought by that age"
FROM_MODEL = (
    "what a model of purchases (BG/NBD) foresees, from how often customers came back so far"
)
TOO_FEW = "too few customers of it have been seen; all channels together stand for it"
NOTES = (FROM_COHORTS, FROM_MODEL, TOO_FEW)


@dataclass(frozen=True, kw_only=True)
class LifetimePolicy:
    """What the consultant chooses.

    ``min_customers``: below so many, a channel has no model of its own. ``max_miss``: a model whose
    holdout total is off by more than this share is not used. ``max_correlation``: of frequency and
    value (Spearman), above which Gamma-Gamma is not trusted and the plain mean is taken.
    """

    horizon_months: int = 12
    discount_rate: float = 0.10
    holdout_weeks: int = 26
    min_customers: int = 200
    max_miss: float = 0.15
    max_correlation: float = 0.10
    replicates: int = 200
    seed: int = 1


@dataclass(frozen=True)
class OrderValue:
    """Contribution of a first and of a repeat purchase [currency], with standard errors.

    ``by_gamma_gamma``: the repeat one comes from Gamma-Gamma, ``correlation`` of frequency and
    value allowing; else it is the plain mean.
    """

    first: float
    first_error: float
    repeat: float
    repeat_error: float
    correlation: float
    by_gamma_gamma: bool


@dataclass(frozen=True)
class ChannelLifetime:
    """A channel's LTV over the horizon, discounted, before CAC: by cohorts and by the model.

    ``ltv`` is that of the ``used`` one; ``pooled``: too few customers of its own.
    """

    channel: str
    customers: int
    observed: Worth | None
    predicted: Worth | None
    used: Method
    pooled: bool
    ltv: Figure


@dataclass(frozen=True)
class Lifetimes:
    """LTV by channel, all together last, and how the two ways of telling it did on a holdout."""

    policy: LifetimePolicy
    currency: str
    channels: tuple[ChannelLifetime, ...]
    calibration: Calibration | None
    value: OrderValue | None
    used: Method

    @property
    def total(self) -> ChannelLifetime:
        return self.channels[-1]

    @property
    def figures(self) -> dict[str, Figure]:
        return {f"lifetime.ltv.{slug(one.channel)}": one.ltv for one in self.channels}


def lifetimes(
    purchase_day: pd.DataFrame,
    cohort_day: pd.DataFrame,
    quarter: Quarter,
    as_of: date,
    policy: LifetimePolicy,
    currency: str,
) -> Lifetimes:
    """LTV of each channel's customers, from the marts of these names; cohorts up to the quarter,
    and for the model and its holdout purchases up to ``as_of``."""
    ages = ages_by_channel(cohort_day, quarter)
    observed = {name: _from_cohorts(one, policy) for name, one in ages.items()}
    held = calibrate(purchase_day, as_of, policy.holdout_weeks, policy.min_customers)
    bought = purchase_day[pd.to_datetime(purchase_day["ordered_on"]) <= pd.Timestamp(as_of)]
    known = histories(bought, as_of)
    predicted, value = _predicted(bought, known, policy)
    used = _better(held, observed.get(ALL), policy)
    counts = known["channel"].value_counts()
    names = [*sorted(counts.index), ALL]
    return Lifetimes(
        policy, currency,
        tuple(_channel(n, int(counts.get(n, counts.sum())), observed, predicted, used, policy,
                       currency) for n in names),
        held, value, used,
    )  # fmt: skip


def _from_cohorts(ages: Ages, policy: LifetimePolicy) -> Worth | None:
    return worth_over(ages, policy.horizon_months, policy.discount_rate,
                      replicates=policy.replicates, seed=policy.seed)  # fmt: skip


def _better(held: Calibration | None, observed: Worth | None, policy: LifetimePolicy) -> Method:
    """The model only where the holdout speaks for it: off by little, and by less than cohorts,
    unless cohorts are too young for the horizon."""
    if held is None:
        return "cohorts"
    off = {name: abs(error) for name, error in held.errors.items()}
    if off["BG/NBD"] > policy.max_miss:
        return "cohorts"
    is_young = observed is None or not _reaches(observed, policy)
    return "BG/NBD" if is_young or off["BG/NBD"] <= off["cohorts"] else "cohorts"


def _reaches(worth: Worth, policy: LifetimePolicy) -> bool:
    return worth.days >= int(policy.horizon_months * DAYS_PER_MONTH)


def _channel(
    name: str, customers: int, observed: Mapping[str, Worth | None],
    predicted: Mapping[str, Worth], used: Method, policy: LifetimePolicy, currency: str,
) -> ChannelLifetime:  # fmt: skip
    together = observed.get(ALL)
    own = observed.get(name)
    young = own is None or (together is not None and own.days < together.days)
    seen = together if young else own
    foreseen = predicted.get(name, predicted.get(ALL))
    worth = seen if used == "cohorts" else foreseen
    pooled = young if used == "cohorts" else name not in predicted
    pooled = pooled and name != ALL and worth is not None
    figure = _figure(worth, used, pooled, policy, currency)
    return ChannelLifetime(name, customers, seen, foreseen, used, pooled, figure)


def _figure(worth, used: Method, pooled: bool, policy: LifetimePolicy, currency: str) -> Figure:
    if worth is None:
        return Figure.unknown(currency, NO_MARGIN)
    low, high = interval(worth.draws)
    whole = used == "BG/NBD" or _reaches(worth, policy)
    note = FROM_MODEL if used == "BG/NBD" else FROM_COHORTS
    return Figure(
        value=worth.value, low=min(low, worth.value), high=max(high, worth.value), unit=currency,
        basis="observed", bound="exact" if whole else "at least",
        note=TOO_FEW if pooled else note if whole else HORIZON_NOT_REACHED,
    )  # fmt: skip


def _predicted(
    bought: pd.DataFrame, known: pd.DataFrame, policy: LifetimePolicy
) -> tuple[dict[str, Worth], OrderValue | None]:
    """Worth by the model, for channels with customers enough and for all together."""
    if not bought["contribution"].notna().any():
        return {}, None
    groups = {ALL: (known, bought)}
    for name, rows in known.groupby("channel"):
        if len(rows) >= policy.min_customers:
            groups[str(name)] = (rows, bought[bought["channel"] == name])
    rng = np.random.default_rng(policy.seed)
    found, value = {}, None
    for name, (rows, purchases) in groups.items():
        mine = order_value(purchases, policy)
        value = mine if name == ALL else value
        try:
            model = fit_bg_nbd(rows["frequency"], rows["recency"], rows["age"])
        except ParameterError:
            continue
        found[name] = _foreseen(model, mine, policy, rng)
    return found, value


def order_value(purchases: pd.DataFrame, policy: LifetimePolicy) -> OrderValue:
    """Mean contribution of first and repeat purchases; of these by Gamma-Gamma where it may be."""
    is_first = purchases["ordered_on"] == purchases["first_ordered_on"]
    first = purchases.loc[is_first, "contribution"].astype(float)
    again = purchases[~is_first]
    repeat = again["contribution"].astype(float)
    by_customer = again.groupby("customer_key")["revenue"].agg(["size", "mean"])
    paid = by_customer[by_customer["mean"].astype(float) > 0].astype(float)
    correlation = _correlation(paid)
    mean = float(repeat.mean()) if len(repeat) else 0.0
    enough = len(paid) >= policy.min_customers
    trusted = enough and abs(correlation) < policy.max_correlation
    if trusted:
        typical = fit_gamma_gamma(paid["size"], paid["mean"]).mean_value
        share = float(repeat.sum()) / max(float(again["revenue"].sum()), 1e-9)
        trusted = bool(np.isfinite(typical))
        mean = typical * share if trusted else mean
    return OrderValue(
        float(first.mean()), _error(first), mean, _error(repeat), correlation, trusted
    )


def _correlation(paid: pd.DataFrame) -> float:
    if len(paid) < 3 or paid.nunique().min() < 2:
        return 0.0
    return rank_correlation(paid["size"], paid["mean"])


def _error(values: pd.Series) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def _foreseen(
    model: BgNbd, value: OrderValue, policy: LifetimePolicy, rng: np.random.Generator
) -> Worth:
    """First contribution and discounted repeats; draws over parameters and over mean values."""
    repeats = float(discounted_repeats(model, policy.horizon_months, policy.discount_rate))
    draws = model.drawn(policy.replicates, rng)
    made = discounted_repeats(draws, policy.horizon_months, policy.discount_rate)
    made = np.where(np.isfinite(made) & (made >= 0), made, repeats)
    first = rng.normal(value.first, value.first_error, policy.replicates)
    again = rng.normal(value.repeat, value.repeat_error, policy.replicates)
    days = int(np.ceil(policy.horizon_months * DAYS_PER_MONTH))
    return Worth(value.first + value.repeat * repeats, first + again * made, days)


def discounted_repeats(model: BgNbd, horizon_months: int, rate: float) -> np.ndarray:
    """Repeat purchases that a new customer makes over the horizon, discounted to the first."""
    weeks = horizon_months * DAYS_PER_MONTH / DAYS_A_WEEK
    grid = np.append(np.arange(0, weeks, STEP_WEEKS), weeks)
    made = np.diff(model.expected_purchases(grid))
    middle = (grid[1:] + grid[:-1]) / 2 * DAYS_A_WEEK
    return made @ (1 + rate) ** (-middle / 365)
