"""What is spent on each channel by day, and how many new customers it brings."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.seasons import promotion_index, season_index, weekday_index
from goulot.demo.world import Channel, World, stream


@dataclass(frozen=True)
class Demand:
    """By channel (row, as in ``world.channels``) and day (column)."""

    spend: np.ndarray  # currency
    expected: np.ndarray  # new customers, before the day's noise
    drawn: np.ndarray  # new customers who want to order


def make_demand(world: World, seed: int) -> Demand:
    rng = stream(world, seed, "spend")
    spend = np.array([_daily_spend(world, channel, rng) for channel in world.channels])
    expected = expected_customers(world, spend)
    rng = stream(world, seed, "demand")
    drawn = rng.poisson(expected * _noise(world, rng, expected.shape))
    return Demand(spend, expected, drawn)


def expected_customers(world: World, spend: np.ndarray) -> np.ndarray:
    """Expected new customers by channel and day, were this the spend."""
    shop = season_index(world) * weekday_index(world) * world.size
    rows = [
        shop
        * promotion_index(world, channel.name)
        * (channel.base_per_day + respond(channel, adstock(channel, row / world.size)))
        for channel, row in zip(world.channels, spend, strict=True)
    ]
    return np.array(rows)


def adstock(channel: Channel, spend: np.ndarray) -> np.ndarray:
    """Mean of recent daily spend, weights falling by ``carryover`` a day; the past is the start."""
    keep = channel.carryover
    stock = np.empty_like(spend, dtype=float)
    level = spend[: max(7, 1)].mean()
    for day, amount in enumerate(spend):
        level = keep * level + (1 - keep) * amount
        stock[day] = level
    return stock


def respond(channel: Channel, stock: np.ndarray) -> np.ndarray:
    """New customers a day (index 1) that this adstock brings beyond the base.

    Hill: top · xˢ / (hˢ + xˢ) (Hill 1910; for media Jin et al. 2017). The others are there to
    break a model that believes in Hill: a straight line, a logarithm, and a threshold below
    which nothing happens.
    """
    if channel.response == "hill":
        power = stock**channel.shape
        return channel.top_per_day * power / (channel.half_spend**channel.shape + power)
    if channel.response == "linear":
        return channel.slope * stock
    if channel.response == "log":
        return channel.slope * channel.half_spend * np.log1p(stock / channel.half_spend)
    if channel.response == "threshold":
        over = (stock - 0.5 * channel.half_spend).clip(min=0)
        return channel.top_per_day * (1 - np.exp(-over / (0.72 * channel.half_spend)))
    return np.zeros_like(stock)


def _daily_spend(world: World, channel: Channel, rng: np.random.Generator) -> np.ndarray:
    """Budgets are set by the week and wobble by the day."""
    days = np.arange(world.days)
    weeks = (days + world.first_day.weekday()) // 7
    count = weeks[-1] + 1
    shocks = rng.normal(0, channel.spend_sd, count)
    level = np.exp(0.4 * np.roll(shocks, 1) + shocks - 0.58 * channel.spend_sd**2)
    tested = rng.choice(count, size=min(channel.test_weeks, count), replace=False)
    level[tested] *= np.where(rng.random(len(tested)) < 0.6, 0.35, 1.8)
    trend = 1 + channel.spend_trend * (days / max(world.days - 1, 1) - 0.5)
    season = season_index(world) ** channel.spend_follows_season
    wobble = np.exp(rng.normal(0, 0.05, world.days)) if channel.spend_sd else 1.0
    spend = channel.spend_per_day * world.size * level[weeks] * trend * season * wobble
    return np.round(spend, 2)


def _noise(world: World, rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """What no model knows of a channel's day: mean about 1."""
    if world.heavy_tails:
        return np.exp(0.22 * rng.standard_t(3, shape)).clip(0.1, 6.0)
    return rng.gamma(world.noise_shape, 1 / world.noise_shape, shape)
