"""What a subscriber is worth, by channel: how long they stay, and what they pay while they do.

A channel with few subscribers is not told alone: its departures are held against those that all
channels together would have had, and the ratio is pulled toward 1 as far as the data say
(methods.shrinkage).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.retention import ConstantChurn, Proportional, product_limit
from goulot.methods.shrinkage import shrunk_rates
from goulot.steps.channel_figures import slug
from goulot.steps.customer_money import ALL, MIN_AT_RISK, NO_MARGIN
from goulot.steps.stages import interval
from goulot.steps.tenures import (
    YEARLY,
    Forecaster,
    HeldOut,
    Survival,
    Tenures,
    forecasts,
    hold_out,
    tenures,
)

YEAR = 12  # renewals of a plan paid by the month, after which retention is told

# Notes: messages for ``Language.say``.
TOO_FEW = "few subscribers of it have been seen: held near all channels together"
NOBODY_LEFT = "too few renewals are decided to say how long subscribers stay"
NO_PRICE = "no export says what subscribers pay a month"
BY_THE_MONTH = "share of those who pay by the month still there after twelve renewals"
FROM_TENURE = "what is paid a month, at gross margin less fees, for as long as subscribers stay"
NOTES = (TOO_FEW, NOBODY_LEFT, NO_PRICE, BY_THE_MONTH, FROM_TENURE)


@dataclass(frozen=True, kw_only=True)
class SubscriberPolicy:
    """What the consultant chooses.

    ``gross_margin`` and ``payment_fee`` [shares of what is paid], None: not declared. A channel has
    a curve of its own from ``min_subscribers`` who began to pay by the month and ``min_lost`` who
    left; the others leave at a pace of their own along everybody's curve, and below ``min_paying``
    pay what everybody does. Below ``min_yearly`` decided renewals of plans paid by the year, the
    curve by the month stands for these plans too.
    """

    gross_margin: float | None
    payment_fee: float | None = None
    horizon_months: int = 12
    discount_rate: float = 0.10
    holdout_months: int = 6
    min_subscribers: int = 100
    min_lost: int = 30
    min_paying: int = 10
    min_yearly: int = 30
    replicates: int = 400
    seed: int = 1

    @property
    def kept(self) -> float:
        """Of what is paid, after goods and fees [share]; 0 where no margin is declared."""
        return 0.0 if self.gross_margin is None else self.gross_margin - (self.payment_fee or 0.0)


@dataclass(frozen=True)
class ChannelSubscribers:
    """A channel's subscribers who ever paid. ``seen``: share still there after renewals 0, 1, …
    without a model, ``foreseen`` by the model used, as long as the horizon; ``worth`` by
    forecaster [currency], from the same payments; ``is_small``: too few for a curve of its own."""

    channel: str
    subscribers: int
    seen: np.ndarray
    foreseen: np.ndarray
    retention: Figure
    ltv: Figure
    worth: Mapping[Forecaster, float]
    is_small: bool


@dataclass(frozen=True)
class Subscribers:
    """Channels, all together last, and how the forecasts did on the months held back.

    ``yearly_share`` of subscribers pay by the year; ``yearly_renewed``: of these at each renewal.
    """

    policy: SubscriberPolicy
    currency: str
    channels: tuple[ChannelSubscribers, ...]
    held: HeldOut | None
    used: Forecaster
    yearly_share: float
    yearly_renewed: float | None

    @property
    def total(self) -> ChannelSubscribers:
        return self.channels[-1]

    @property
    def figures(self) -> dict[str, Figure]:
        found = {f"lifetime.ltv.{slug(one.channel)}": one.ltv for one in self.channels}
        return found | {
            f"lifetime.retention_month_12.{slug(one.channel)}": one.retention
            for one in self.channels
        }


def subscribers(
    subscription_month: pd.DataFrame, as_of: date, policy: SubscriberPolicy, currency: str
) -> Subscribers | None:
    """How long each channel's subscribers stay and what they bring; the mart of that name.

    None where nobody ever paid a subscription.
    """
    if subscription_month.empty:
        return None
    whole = _Paid(tenures(subscription_month, as_of), tenures(subscription_month, as_of, YEARLY))
    held = hold_out(whole.monthly, as_of, policy.holdout_months)
    used: Forecaster = held.better if held else "sBG"
    by_year = None
    if (faced := float(whole.yearly.at_risk.sum())) >= policy.min_yearly:
        by_year = ConstantChurn(float(whole.yearly.lost.sum()), faced)
    everybody = _Group(whole, whole, forecasts(whole.monthly), by_year)
    by_channel = {
        str(name): _Paid(tenures(rows, as_of), tenures(rows, as_of, YEARLY))
        for name, rows in subscription_month.groupby("channel")
    }
    groups = _groups({n: p for n, p in by_channel.items() if p.began}, everybody, used, policy)
    return Subscribers(
        policy, currency,
        tuple(_told(name, group, used, policy, currency) for name, group in groups.items()),
        held, used,
        float(whole.yearly.began.sum() / max(whole.began, 1)),
        None if by_year is None else 1 - by_year.churn,
    )  # fmt: skip


@dataclass(frozen=True)
class _Paid:
    """Subscribers who pay by the month, and by the year."""

    monthly: Tenures
    yearly: Tenures

    @property
    def began(self) -> int:
        return int(self.monthly.began.sum() + self.yearly.began.sum())

    def mrr_each(self, by_the_month: float, by_the_year: float) -> float:
        """What one who began brings, were a unit of MRR worth so much in either rhythm."""
        mrr = self.monthly.mrr.sum() * by_the_month + self.yearly.mrr.sum() * by_the_year
        return float(mrr / max(self.began, 1))

    def resampled(self, rng: np.random.Generator) -> "_Paid":
        """The same with cohorts drawn anew, for what they pay."""
        return _Paid(self.monthly.resampled(rng), self.yearly.resampled(rng))


@dataclass(frozen=True)
class _Group:
    """A channel's subscribers, by what they are told: ``paid`` whose payments speak for them, how
    those who pay by the month stay by each forecaster, and by the year (None: as by the month)."""

    own: _Paid
    paid: _Paid
    models: Mapping[Forecaster, Survival]
    by_year: Survival | None
    is_small: bool = False


def _groups(
    own: Mapping[str, _Paid], everybody: _Group, used: Forecaster, policy: SubscriberPolicy
) -> dict[str, _Group]:
    """Every channel by a curve of its own, or at its pace along everybody's; everybody last."""
    pace = _paces(own, everybody.models.get(used), policy)
    found = {}
    for name, mine in own.items():
        began, lost = mine.monthly.began.sum(), mine.monthly.lost.sum()
        enough = began >= policy.min_subscribers and lost >= policy.min_lost
        models = forecasts(mine.monthly) if enough else {}
        is_small = used not in models
        if is_small:
            models = {n: Proportional(model, float(pace[name].mean()), pace[name])
                      for n, model in everybody.models.items()}  # fmt: skip
        paid = mine if mine.began >= policy.min_paying else everybody.paid
        found[name] = _Group(mine, paid, models, everybody.by_year, is_small)
    return found | {ALL: everybody}


def _paces(
    own: Mapping[str, _Paid], model: Survival | None, policy: SubscriberPolicy
) -> dict[str, np.ndarray]:
    """Draws of each channel's departures over those it would have had at everybody's pace."""
    if model is None or not own:
        return {}
    alive = model.survival(np.arange(max(p.monthly.at_risk.shape[1] for p in own.values()) + 1))
    hazard = -np.diff(np.log(alive))
    lost = [mine.monthly.lost.sum() for mine in own.values()]
    expected = [(mine.monthly.at_risk @ hazard[: mine.monthly.at_risk.shape[1]]).sum()
                for mine in own.values()]  # fmt: skip
    draws = shrunk_rates(np.array(lost), np.maximum(expected, 1e-6), draws=policy.replicates,
                         seed=policy.seed)  # fmt: skip
    return dict(zip(own, draws, strict=True))


def _told(
    name: str, group: _Group, used: Forecaster, policy: SubscriberPolicy, currency: str
) -> ChannelSubscribers:
    at_risk, lost = group.own.monthly.by_renewal
    told = int((at_risk >= MIN_AT_RISK).sum())
    seen = product_limit(at_risk[:told], lost[:told])
    model = group.models.get(used)
    if model is None:
        nothing = (Figure.unknown("share", NOBODY_LEFT), Figure.unknown(currency, NOBODY_LEFT))
        return ChannelSubscribers(name, group.own.began, seen, np.array([]), *nothing, {},
                                  group.is_small)  # fmt: skip
    periods = np.arange(max(policy.horizon_months, YEAR) + 1)
    rng = np.random.default_rng(policy.seed)
    drawn = model.draws(periods, policy.replicates, rng)
    kept = float(model.survival(YEAR))
    retention = _figure(kept, drawn[:, YEAR], "share", TOO_FEW if group.is_small else BY_THE_MONTH)
    worth = {n: _worth(m.survival(periods), group, group.paid, policy)
             for n, m in group.models.items()}  # fmt: skip
    ltv = _ltv(worth[used], drawn, group, policy, currency, rng)
    return ChannelSubscribers(name, group.own.began, seen, model.survival(periods), retention, ltv,
                              worth, group.is_small)  # fmt: skip


def _figure(value: float, draws: np.ndarray, unit: str, note: str) -> Figure:
    low, high = interval(draws)
    return Figure(value=value, low=min(low, value), high=max(high, value), unit=unit,
                  basis="observed", note=note)  # fmt: skip


def _ltv(
    value: float, drawn: np.ndarray, group: _Group, policy: SubscriberPolicy, currency: str,
    rng: np.random.Generator,
) -> Figure:  # fmt: skip
    """The interval holds how unsure survival is, and what is paid: cohorts are resampled."""
    if policy.gross_margin is None:
        return Figure.unknown(currency, NO_MARGIN)
    if not np.isfinite(value) or not value:
        return Figure.unknown(currency, NO_PRICE)
    renewed = [None] * len(drawn)
    if group.by_year is not None:
        renewed = group.by_year.draws(np.arange(_years(policy)), len(drawn), rng)
    draws = [_worth(alive, group, group.paid.resampled(rng), policy, years)
             for alive, years in zip(drawn, renewed, strict=True)]  # fmt: skip
    return _figure(value, np.array(draws), currency, TOO_FEW if group.is_small else FROM_TENURE)


def _years(policy: SubscriberPolicy) -> int:
    """Yearly payments within the horizon, the first included."""
    return -(-policy.horizon_months // YEAR)


def _worth(
    alive: np.ndarray, group: _Group, paid: _Paid, policy: SubscriberPolicy,
    renewed: np.ndarray | None = None,
) -> float:  # fmt: skip
    """Contribution of a subscriber over the horizon, discounted, before CAC [currency].

    ``alive`` share there after 0, 1, … renewals by the month; ``renewed`` the same by the year.
    """
    months, years = np.arange(policy.horizon_months), np.arange(_years(policy))
    if renewed is None:
        renewed = alive[YEAR * years] if group.by_year is None else group.by_year.survival(years)
    rate = 1 + policy.discount_rate
    by_the_month = float(alive[months] @ rate ** (-months / YEAR))
    by_the_year = float(renewed @ rate ** (-years.astype(float))) * YEAR
    return paid.mrr_each(by_the_month, by_the_year) * policy.kept
