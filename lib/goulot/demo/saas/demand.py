"""What is spent by day, how many accounts it opens, and the hours at which people act."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.demand import adstock, respond
from goulot.demo.seasons import calendar_days, promotion_index
from goulot.demo.workdays import is_holiday
from goulot.demo.world import Channel, World, stream

# Restaurants and shops choose their tools in January and September, not in August or December.
MONTHS = (1.14, 1.06, 1.05, 1.00, 0.94, 0.97, 0.86, 0.72, 1.24, 1.12, 1.02, 0.80)
WEEKDAYS = (1.28, 1.30, 1.24, 1.16, 0.98, 0.46, 0.58)
HOLIDAY = 0.45
# By hour of the day: after the lunch service and late in the evening.
HOURS = (
    1.6, 0.7, 0.3, 0.2, 0.2, 0.4, 1.0, 2.3, 4.6, 7.4, 8.2, 6.6,
    3.4, 3.6, 6.6, 8.6, 8.4, 6.8, 4.4, 3.2, 3.4, 5.2, 6.6, 4.2,
)  # fmt: skip
OFFICE_HOURS = (
    0.2, 0.1, 0.0, 0.0, 0.0, 0.1, 0.5, 2.2, 6.0, 10.2, 11.0, 8.2,
    3.6, 4.4, 9.0, 10.4, 9.6, 6.6, 3.4, 2.0, 1.8, 2.0, 1.6, 0.8,
)  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """By channel (row, as in ``world.channels``) and day (column)."""

    spend: np.ndarray  # currency
    expected: np.ndarray  # accounts, before the day's noise
    drawn: np.ndarray  # accounts opened


def make_demand(world: World, seed: int) -> Demand:
    rng = stream(world, seed, "spend")
    spend = np.array([_daily_spend(world, channel, rng) for channel in world.channels])
    expected = expected_signups(world, spend)
    rng = stream(world, seed, "demand")
    noise = rng.gamma(world.noise_shape, 1 / world.noise_shape, expected.shape)
    return Demand(spend, expected, rng.poisson(expected * noise))


def expected_signups(world: World, spend: np.ndarray) -> np.ndarray:
    """Expected accounts by channel and day, were this the spend."""
    rows = [
        day_index(world)
        * world.size
        * promotion_index(world, channel.name)
        * (channel.base_per_day + respond(channel, adstock(channel, row / world.size)))
        for channel, row in zip(world.channels, spend, strict=True)
    ]
    return np.array(rows)


def day_index(world: World) -> np.ndarray:
    """Season × weekday × holidays × growth, by day: about 1 on average."""
    days = calendar_days(world)
    closed = np.where([is_holiday(day.date()) for day in days], HOLIDAY, 1.0)
    return season_index(world) * np.array(WEEKDAYS)[days.day_of_week] * closed


def season_index(world: World) -> np.ndarray:
    days = calendar_days(world)
    turn = (days.day_of_year.to_numpy() - 15) / 365.25 * 12
    yearly = np.interp(turn % 12, np.arange(13), (*MONTHS, MONTHS[0]))
    growth = 1 + world.growth * (np.arange(world.days) / max(world.days - 1, 1) - 0.5)
    return yearly**world.season_strength * growth


def _daily_spend(world: World, channel: Channel, rng: np.random.Generator) -> np.ndarray:
    """Budgets are set by the week; a slow trend, part of the season, a wobble by the day."""
    week = (np.arange(world.days) + world.first_day.weekday()) // 7
    shocks = rng.normal(0, channel.spend_sd, week[-1] + 1)
    level = np.exp(shocks + 0.4 * np.roll(shocks, 1) - 0.58 * channel.spend_sd**2)
    trend = 1 + channel.spend_trend * (np.arange(world.days) / max(world.days - 1, 1) - 0.5)
    season = season_index(world) ** channel.spend_follows_season
    wobble = np.exp(rng.normal(0, 0.05, world.days))
    spend = channel.spend_per_day * world.size * level[week] * trend * season * wobble
    return np.round(spend, 2)


def draw_hours(rng: np.random.Generator, count: int, weights: tuple[float, ...]) -> np.ndarray:
    """Hours of the day, as fractions, at which ``count`` people act."""
    share = np.array(weights) / sum(weights)
    whole = rng.choice(24, size=count, p=share)
    return whole + rng.integers(0, 3600, count) / 3600
