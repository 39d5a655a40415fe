"""The accounts: when they sign up, whether they get their set-up call, whether they activate."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.demo.saas.demand import HOURS, draw_hours
from goulot.demo.saas.world import SOLO, TEAM, YEARLY, Onboarding, Saas
from goulot.demo.workdays import WorkCalendar
from goulot.demo.world import World

CALLS_FROM, CALLS_HOURS = 9.0, 8.5  # calls are held between 9:00 and 17:30
LATEST_ACTIVATION_DAYS = 30


@dataclass(frozen=True)
class Funnel:
    """Per channel, in the order of ``world.channels``: the traits as arrays."""

    activates: np.ndarray
    pays: np.ndarray
    team_share: np.ndarray
    yearly_share: np.ndarray
    churn: np.ndarray
    churn_spread: np.ndarray
    tickets: np.ndarray

    @classmethod
    def of(cls, world: World) -> "Funnel":
        traits = [world.extra.traits[channel.name] for channel in world.channels]
        return cls(
            **{
                name: np.array([getattr(t, name) for t in traits])
                for name in cls.__dataclass_fields__
            }
        )


def open_accounts(world: World, drawn: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """One row per account, by hour of sign-up; hours count from the first midnight.

    channel, hour, called and activated (hours; NaN: never), trial_ends (hour), will_pay, has_card,
    plan, seats, churn (probability of not renewing, a month or a year by plan).
    """
    saas: Saas = world.extra
    channel, day = np.nonzero(drawn)
    counts = drawn[channel, day]
    channel, day = np.repeat(channel, counts), np.repeat(day, counts)
    hour = day * 24 + draw_hours(rng, len(day), HOURS)
    turn = np.argsort(hour, kind="stable")
    channel, hour = channel[turn], hour[turn]
    funnel = Funnel.of(world)
    called = hold_calls(world, hour, rng)
    activated = _activations(saas.onboarding, funnel.activates[channel], hour, called, rng)
    ends = hour + 24 * saas.trial_days
    chance = np.where(activated < ends, funnel.pays[channel], saas.unactivated_pays)
    will_pay = rng.random(len(hour)) < chance
    plan = draw_plans(funnel, channel, rng)
    return pd.DataFrame({
        "channel": channel, "hour": hour, "called": called, "activated": activated,
        "trial_ends": ends, "will_pay": will_pay,
        "has_card": will_pay | (rng.random(len(hour)) < saas.card_share),
        "plan": plan, "seats": np.where(plan == SOLO, 1, 3 + rng.geometric(0.24, len(hour)) - 1),
        "churn": draw_churn(saas, funnel, channel, plan, rng),
    })  # fmt: skip


def hold_calls(world: World, hour: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The hour of each account's set-up call; NaN where it gave up waiting.

    Each working day has its share of the week's slots; those who signed up before that morning
    are served first come, first served.
    """
    rules: Onboarding = world.extra.onboarding
    worked = WorkCalendar(world.first_day, world.days, (0, 1, 2, 3, 4)).worked[: world.days]
    slots = np.zeros(world.days)
    slots[worked] = np.diff(
        np.floor(np.arange(worked.sum() + 1) * rules.slots_per_week * world.size / 5)
    )
    scale = rules.patience_days / rules.patience_shape
    gives_up = hour + 24 * rng.gamma(rules.patience_shape, scale, len(hour))
    called = np.full(len(hour), np.nan)
    waiting, new = np.zeros(0, dtype=int), 0
    for day in np.flatnonzero(worked):
        morning = day * 24 + CALLS_FROM
        until = int(np.searchsorted(hour, morning))
        waiting = np.concatenate([waiting, np.arange(new, until)])
        waiting, new = waiting[gives_up[waiting] > morning], until
        served, waiting = waiting[: int(slots[day])], waiting[int(slots[day]) :]
        called[served] = morning + np.sort(rng.random(len(served))) * CALLS_HOURS
    return called


def _activations(
    rules: Onboarding,
    activates: np.ndarray,
    hour: np.ndarray,
    called: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """The hour at which each account first got value; NaN: never."""
    helped = ~np.isnan(called)
    wait = np.where(helped, called - hour, 0) / 24
    patient = np.exp(-rules.wait_effect * np.maximum(0, wait - 1))
    chance = activates * np.where(helped, patient, rules.alone)
    after = np.where(helped, np.nan_to_num(called) + 0.6, hour + 1.5)
    activated = after + rng.lognormal(np.where(helped, 1.6, 3.2), 1.3)
    happens = (rng.random(len(hour)) < chance) & (activated < hour + 24 * LATEST_ACTIVATION_DAYS)
    return np.where(happens, activated, np.nan)


def draw_plans(funnel: Funnel, channel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    team = rng.random(len(channel)) < funnel.team_share[channel]
    yearly = rng.random(len(channel)) < funnel.yearly_share[channel]
    return np.where(team, np.where(yearly, YEARLY, TEAM), SOLO)


def draw_churn(
    saas: Saas, funnel: Funnel, channel: np.ndarray, plan: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Each customer's own probability of not renewing: a Beta (Fader & Hardie 2007)."""
    mean = np.where(plan == YEARLY, saas.yearly_churn, funnel.churn[channel])
    spread = np.where(plan == YEARLY, 6.0, funnel.churn_spread[channel])
    return rng.beta(mean * spread, (1 - mean) * spread)
