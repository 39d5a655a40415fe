"""What a late first delivery costs, and what a customer is worth: is it true?

The customers of each company are divided by lot into four parts, each a sample of its own, so that
coverage is told from more cases than companies.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from goulot.findings import Figure
from goulot.steps.channel_figures import slug
from goulot.steps.channel_inputs import Declared
from goulot.steps.delivery_effect import placebo_effect, repeat_effect, value_effect
from goulot.steps.first_deliveries import EffectPolicy, Judged
from goulot.steps.lifetime import LifetimePolicy, Lifetimes, lifetimes
from goulot.steps.subscribers import SubscriberPolicy, Subscribers, subscribers
from harness import Get, Lived, Measure, share
from scipy.stats import binom

AFFECTED = ("shop", "fragile", "varied")
WITHOUT = ("no_late_effect", "confounded")
SUBSCRIBED = ("saas", "saas_onboarding", "saas_support")
WORLDS = (*AFFECTED, *WITHOUT, *SUBSCRIBED)
QUICK = ("shop", "saas")
PARTS = 4
POLICY = EffectPolicy()
REPEAT, VALUE = "on_repeat_within_180_days", "on_value"


def measure(get: Get, seeds: Sequence[int], worlds: Sequence[str] = WORLDS) -> list[Measure]:
    """Rows over all worlds with an effect together, over those without one, and of subscribers."""
    lives = [(world, get(world, seed)) for world in worlds for seed in seeds]
    subscribed = [life for world, life in lives if world in SUBSCRIBED]
    lives = [(world, life) for world, life in lives if world not in SUBSCRIBED]
    with_one = [life for world, life in lives if world in AFFECTED]
    without = [(world, life) for world, life in lives if world in WITHOUT]
    rows = [*_repeat(with_one), *_value(with_one)] if with_one else []
    rows += [row for world in WITHOUT for row in _nothing(world, without)]
    rows += (
        [_placebo([life for _, life in lives]), _ltv([life for _, life in lives])] if lives else []
    )
    return [*rows, *(_subscribed(subscribed) if subscribed else [])]


def parts(life: Lived) -> list[pd.DataFrame]:
    """The first deliveries that can be judged, divided by lot."""
    told = life.session().mart("first_delivery")
    told = told[told["is_late"].notna()]
    lot = np.random.default_rng(1).integers(0, PARTS, len(told))
    return [told[lot == number].reset_index(drop=True) for number in range(PARTS)]


def _repeat(lives: Sequence[Lived]) -> list[Measure]:
    cases = [(repeat_effect(part, life.session().as_of, POLICY), life.truth["late_effect"][REPEAT])
             for life in lives for part in parts(life)]  # fmt: skip
    return _against(cases, "late effect on repeat within 180 days")


def _value(lives: Sequence[Lived]) -> list[Measure]:
    cases = [(value_effect(part, life.session().as_of, 365, POLICY),
              life.truth["late_effect"][VALUE])
             for life in lives for part in parts(life)]  # fmt: skip
    return _against(cases, "late effect on contribution within a year")


def _against(cases: Sequence[tuple[Judged, float]], what: str) -> list[Measure]:
    known = [(judged.effect, true) for judged, true in cases if judged.is_known]
    size = np.mean([abs(true) for _, true in known])
    bias = float(np.mean([effect.value - true for effect, true in known])) / size
    naive = float(np.mean([effect.naive - true for effect, true in known])) / size
    error = np.sqrt(sum(effect.standard_error**2 for effect, _ in known)) / len(known) / size
    held = [effect.low <= true <= effect.high for effect, true in known]
    plain = [abs(effect.naive - true) <= 1.645 * effect.naive_standard_error
             for effect, true in known]  # fmt: skip
    low, high = _chance(len(held), (0.85, 0.95))
    note = f"{_strictly(abs(bias) < 0.10)}; the plain difference is off by {abs(naive):.0%}"
    return [
        Measure(
            step="lifetime", what=f"{what}: bias, as a share of it", world="with an effect",
            target="under 10 %, up to chance", value=abs(bias), low=abs(bias) - 1.645 * error,
            high=abs(bias) + 1.645 * error, n=len(known),
            ok=bool(abs(bias) - 1.645 * error < 0.10), note=note,
        ),
        Measure(
            step="lifetime", what=f"{what}: 90 % interval holds the truth", world="with an effect",
            target="85 to 95 %, up to chance", value=share(held), low=low, high=high, n=len(held),
            ok=bool(low <= share(held)),
            note=f"{_strictly(0.85 <= share(held) <= 0.95)}; the plain one holds it in "
            f"{share(plain):.0%}",
        ),
    ]  # fmt: skip


def _nothing(world: str, lives: Sequence[tuple[str, Lived]]) -> list[Measure]:
    """Where lateness costs nothing, how often an interval says that it does."""
    found = [repeat_effect(part, life.session().as_of, POLICY).effect
             for name, life in lives if name == world for part in parts(life)]  # fmt: skip
    if not found:
        return []
    false = [not effect.low <= 0 <= effect.high for effect in found]
    plain = [abs(effect.naive) > 1.645 * effect.naive_standard_error for effect in found]
    low, high = _chance(len(false), (0.10, 0.10))
    return [
        Measure(
            step="lifetime", what="an effect is found where there is none", world=world,
            target="at most 10 %, up to chance", value=share(false), low=low, high=high,
            n=len(false), ok=bool(share(false) <= high),
            note=f"{_strictly(share(false) <= 0.10)}; the plain difference finds one in "
            f"{share(plain):.0%}, and the mean of ours is {np.mean([e.value for e in found]):+.4f}",
        )
    ]  # fmt: skip


def _placebo(lives: Sequence[Lived]) -> Measure:
    """How often lateness seems to change what was bought before anything was delivered."""
    found = [placebo_effect(part, life.session().as_of, POLICY).effect
             for life in lives for part in parts(life)]  # fmt: skip
    false = [not effect.low <= 0 <= effect.high for effect in found]
    low, high = _chance(len(false), (0.10, 0.10))
    return Measure(
        step="lifetime", what="placebo: an effect on the basket bought before",
        world="all together", target="at most 10 %, up to chance", value=share(false), low=low,
        high=high, n=len(false), ok=bool(share(false) <= high),
        note=f"{_strictly(share(false) <= 0.10)}; the mean is "
        f"{np.mean([effect.value for effect in found]):+.2f}",
    )  # fmt: skip


def _strictly(met: bool) -> str:
    """Whether the target is met without allowing for chance."""
    return "strictly met" if met else "strictly not met"


def _chance(count: int, between: tuple[float, float]) -> tuple[float, float]:
    """Shares that chance leaves open for so many cases."""
    low, high = binom.ppf((0.05, 0.95), count, between) / max(count, 1)
    return float(low), float(high)


def worth(life: Lived) -> Lifetimes:
    """What notebook 05 would find."""
    session = life.session()
    economics = session.settings.economics
    declared = Declared(
        horizon_months=economics.horizon_months, discount_rate=economics.discount_rate
    )
    policy = LifetimePolicy(horizon_months=declared.horizon, discount_rate=declared.rate)
    marts = session.mart("purchase_day"), session.mart("cohort_day")
    return lifetimes(*marts, session.quarter, session.as_of, policy, session.settings.currency)


def _ltv(lives: Sequence[Lived]) -> Measure:
    held, errors, used = [], [], []
    for life in lives:
        found = worth(life)
        used.append(found.used)
        for one in found.channels:
            true = life.truth["channels"].get(slug(one.channel))
            if true and not one.pooled:
                held.append(one.ltv.low <= true["ltv"] <= one.ltv.high)
                errors.append(one.ltv.value / true["ltv"] - 1)
    low, high = _chance(len(held), (0.85, 0.95))
    return Measure(
        step="lifetime", what="LTV by channel: 90 % interval holds the truth",
        world="all together", target="85 to 95 %, up to chance", value=share(held), low=low,
        high=high, n=len(held), ok=bool(low <= share(held)),
        note=f"median error {np.median(np.abs(errors)):.1%}, mean {np.mean(errors):+.1%}; told by "
        f"{', '.join(sorted(set(used)))}",
    )  # fmt: skip


def stay(life: Lived) -> Subscribers:
    """What notebook 05 would find of subscribers."""
    session = life.session()
    economics = session.settings.economics
    policy = SubscriberPolicy(
        gross_margin=economics.gross_margin, payment_fee=economics.payment_fee,
        horizon_months=economics.horizon_months, discount_rate=economics.discount_rate,
    )  # fmt: skip
    mart = session.mart("subscription_month")
    return subscribers(mart, session.as_of, policy, session.settings.currency)


def _subscribed(lives: Sequence[Lived]) -> list[Measure]:
    """Channels with a curve of their own, against what their subscribers will truly do."""
    found = [(stay(life), life.truth["channels"]) for life in lives]
    cases = [(one, truth[slug(one.channel)]) for each, truth in found for one in each.channels
             if not one.is_small and slug(one.channel) in truth]  # fmt: skip
    used = ", ".join(sorted({each.used for each, _ in found}))
    months = [(one.retention, true["retention_12_months_as_lived"]) for one, true in cases]
    return [
        _held("subscribers still there after twelve renewals", months, used),
        _held(
            "LTV of subscribers by channel", [(one.ltv, true["ltv"]) for one, true in cases], used
        ),
    ]


def _held(what: str, cases: Sequence[tuple[Figure, float]], used: str) -> Measure:
    held = [figure.low <= true <= figure.high for figure, true in cases]
    errors = np.array([figure.value / true - 1 for figure, true in cases])
    low, high = _chance(len(held), (0.85, 0.95))
    return Measure(
        step="lifetime", what=f"{what}: 90 % interval holds the truth", world="subscriptions",
        target="85 to 95 %, up to chance", value=share(held), low=low, high=high, n=len(held),
        ok=bool(low <= share(held)),
        note=f"median error {np.median(np.abs(errors)):.1%}, mean {errors.mean():+.1%}; told by "
        f"{used}",
    )  # fmt: skip
