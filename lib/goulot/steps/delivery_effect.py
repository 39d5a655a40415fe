"""What a bad first delivery does to the customers who had it: whether and how much they buy later.

Late is not drawn by lot: remote regions, busy months and large baskets are late more often, and
their customers come back less anyway. Compared are therefore customers alike in channel, country,
region, category, basket and month of the first order, and in whether it left in several parcels,
which is decided before it arrives and makes it late more often (methods.effects).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.covariates import Covariates
from goulot.methods.effects import e_value, e_value_of_interval
from goulot.steps.customer_money import DAYS_PER_MONTH
from goulot.steps.first_deliveries import (
    COVARIATES,
    NO_DATES,
    NO_MARGIN,
    NOBODY,
    OF_ALL,
    TOO_FEW,
    EffectPolicy,
    Judged,
    came_back,
    covariates_of,
    followed,
    judge,
    levelled,
    number,
)

WINDOWS = (365, 180, 90)  # days after the first order over which the mart sums contribution
BINS = 40  # of the picture of propensities
DOSES = ((1, 1), (2, 3), (4, None))  # days late, from and to


@dataclass(frozen=True)
class ChannelEffect:
    """The effect on repeat purchase among one channel's customers; ``customers`` compared."""

    channel: str
    customers: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class DeliveryEffect:
    """What was found of late deliveries, and of slow and split ones.

    ``value`` by window [days] the effect on contribution after the first order; ``placebo`` that
    on the basket of the first order itself, which was bought before it was delivered; ``dose`` by
    days late (from, to) the effect on repeat; ``balance`` one row per covariate: the largest
    standardised difference before and after.
    """

    policy: EffectPolicy
    customers: int
    repeat: Judged
    value: Mapping[int, Judged]
    placebo: Judged
    dose: Mapping[tuple[int, int | None], Judged]
    slow: Judged
    slow_days: float
    split: Judged
    by_channel: tuple[ChannelEffect, ...]
    balance: pd.DataFrame

    @property
    def e_values(self) -> tuple[float, float]:
        """Of the effect on repeat, and of the end of its interval nearest to none."""
        found = self.repeat.effect
        risk = min(max(found.mean_untreated, 1e-6), 1.0)
        return (
            e_value(risk, found.value),
            e_value_of_interval(risk, found.low, found.high),
        )

    def value_over(self, months: int) -> tuple[int, Judged]:
        """The longest window known within so many months, with its days; else the shortest."""
        known = [w for w in WINDOWS if self.value[w].is_known]
        within = [w for w in known if w <= months * DAYS_PER_MONTH]
        best = max(within, default=min(known, default=WINDOWS[0]))
        return best, self.value[best]


def figures(found: DeliveryEffect, horizon_months: int, currency: str) -> dict[str, Figure]:
    """The findings of the late effect, under their names in ``results.json``."""
    if found.repeat.refused == NOBODY:
        return {}
    _, value = found.value_over(horizon_months)
    return {
        "lifetime.late_effect_on_repeat": _figure(found.repeat, "share"),
        "lifetime.late_effect_on_value": _figure(value, currency),
    }


def _figure(judged: Judged, unit: str) -> Figure:
    if not judged.is_known:
        return Figure.unknown(unit, judged.refused)
    e = judged.effect
    return Figure(value=e.value, low=e.low, high=e.high, unit=unit, basis="observed", note=OF_ALL)


def delivery_effect(
    first_delivery: pd.DataFrame, as_of: date, policy: EffectPolicy, *, has_margin: bool = True
) -> DeliveryEffect:
    """Estimate every effect from the mart ``first_delivery``, of customers whose time is over.

    Nothing after ``as_of`` is looked at. Without a declared gross margin (``has_margin``) what came
    later has no known contribution.
    """
    if first_delivery.empty:
        return _unknown(policy, NOBODY)
    told = levelled(first_delivery[first_delivery["is_late"].notna()])
    if told.empty:
        return _unknown(policy, NO_DATES)
    seen = followed(told, as_of, policy.repeat_days)
    if seen.empty:
        return _unknown(policy, TOO_FEW)
    late = seen["is_late"].astype(bool).to_numpy()
    covariates = covariates_of(seen)
    repeat = judge(late, came_back(seen, policy), covariates, policy)
    quick = _compare_slow(seen, covariates, late, policy)
    return DeliveryEffect(
        policy=policy,
        customers=len(seen),
        repeat=repeat,
        value={
            days: value_effect(told, as_of, days, policy) if has_margin else Judged(None, NO_MARGIN)
            for days in WINDOWS
        },
        placebo=placebo_effect(told, as_of, policy),
        dose={dose: _dose(seen, dose, policy) for dose in DOSES},
        slow=quick[0],
        slow_days=quick[1],
        split=_split(seen, covariates, policy),
        by_channel=_by_channel(seen, repeat, policy),
        balance=_balance(repeat),
    )


def _unknown(policy: EffectPolicy, why: str) -> DeliveryEffect:
    """Nothing can be said, and why."""
    none = Judged(None, why)
    return DeliveryEffect(
        policy=policy, customers=0, repeat=none,
        value=dict.fromkeys(WINDOWS, none), placebo=none, dose=dict.fromkeys(DOSES, none),
        slow=none, slow_days=float("nan"), split=none, by_channel=(),
        balance=_balance(none),
    )  # fmt: skip


def repeat_effect(told: pd.DataFrame, as_of: date, policy: EffectPolicy) -> Judged:
    """Late against on time: the change of the share who order again within the policy's days."""
    seen = followed(told, as_of, policy.repeat_days)
    if seen.empty:
        return Judged(None, TOO_FEW)
    return judge(seen["is_late"].astype(bool), came_back(seen, policy), covariates_of(seen), policy)


def placebo_effect(told: pd.DataFrame, as_of: date, policy: EffectPolicy) -> Judged:
    """Late against on time: the change of the first basket, which was bought before; nil if the
    comparison is fair.

    In several parcels comes what is large, and it arrives with the last of them: without that
    covariate large baskets are late more often and the placebo fails, as it must.
    """
    seen = followed(told, as_of, policy.repeat_days)
    if seen.empty:
        return Judged(None, TOO_FEW)
    late, covariates = seen["is_late"].astype(bool), covariates_of(seen)
    return judge(late, number(seen["basket"]), covariates.without("basket"), policy)


def value_effect(told: pd.DataFrame, as_of: date, days: int, policy: EffectPolicy) -> Judged:
    """Late against on time: the change of contribution in the days after the first order."""
    seen = followed(told, as_of, days)
    outcome = number(seen[f"later_{days}"])
    if seen.empty:
        return Judged(None, TOO_FEW)
    return judge(seen["is_late"].astype(bool), outcome, covariates_of(seen), policy)


def _dose(seen: pd.DataFrame, dose: tuple[int, int | None], policy: EffectPolicy) -> Judged:
    """So many days late, against on time."""
    days = number(seen["days_late"]).to_numpy()
    low, high = dose
    treated = (days >= low) & (days <= (np.inf if high is None else high))
    part = treated | (days <= 0)
    rows = seen[part].reset_index(drop=True)
    return judge(treated[part], came_back(rows, policy), covariates_of(rows), policy)


def _compare_slow(seen, covariates: Covariates, late, policy: EffectPolicy) -> tuple[Judged, float]:
    """On time, but slower than half of those on time; and how many days that is more than."""
    days = number(seen["days_to_deliver"]).to_numpy()
    part = ~late & np.isfinite(days)
    if not part.any():
        return Judged(None, TOO_FEW), float("nan")
    usual = float(np.median(days[part]))
    rows = seen[part].reset_index(drop=True)
    return judge(days[part] > usual, came_back(rows, policy), covariates.rows(part), policy), usual


def _split(seen: pd.DataFrame, covariates: Covariates, policy: EffectPolicy) -> Judged:
    part = seen["is_split"].notna().to_numpy()
    rows = seen[part].reset_index(drop=True)
    covariates = covariates.without("split").rows(part)
    return judge(rows["is_split"].astype(bool), came_back(rows, policy), covariates, policy)


def _by_channel(seen, repeat: Judged, policy: EffectPolicy) -> tuple[ChannelEffect, ...]:
    """Means of the scores by channel, where the interval is narrow enough to say something."""
    if not repeat.is_known:
        return ()
    chance = repeat.effect.propensity
    channel = seen["channel"].to_numpy()[(chance >= 0.01) & (chance <= 0.99)]
    found = []
    for name in sorted(set(channel)):
        scores = repeat.effect.scores[channel == name]
        if len(scores) < policy.min_treated:
            continue
        half = 1.6449 * scores.std(ddof=1) / np.sqrt(len(scores))
        if half <= policy.channel_half_width:
            mean = float(scores.mean())
            ends = (float(mean - half), float(mean + half))
            found.append(ChannelEffect(str(name), len(scores), mean, *ends))
    return tuple(found)


def _balance(repeat: Judged) -> pd.DataFrame:
    if repeat.effect is None:
        return pd.DataFrame(columns=["covariate", "before", "after"])
    found = repeat.effect
    before, after = np.abs(found.imbalance_before), np.abs(found.imbalance_after)
    rows = [
        {"covariate": name, "before": float(before[found.covariate == name].max()),
         "after": float(after[found.covariate == name].max())}
        for name in COVARIATES
        if (found.covariate == name).any()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def propensity_shares(found: DeliveryEffect) -> pd.DataFrame:
    """chance, upto, share: of the customers with a chance of a late delivery from … up to …"""
    counts, edges = np.histogram(found.repeat.effect.propensity, bins=BINS, range=(0, 1))
    frame = pd.DataFrame({"chance": edges[:-1], "upto": edges[1:], "share": counts / counts.sum()})
    return frame[frame["share"] > 0].reset_index(drop=True)
