"""When people buy: season of the year, day of the week, hour of the day, promotions."""

import numpy as np
import pandas as pd

from goulot.demo.world import World

# Index in the middle of each month: home fragrance sells in the dark months.
MONTHS = (1.02, 0.98, 0.88, 0.86, 0.97, 0.84, 0.70, 0.72, 0.98, 1.12, 1.38, 1.72)
WEEKDAYS = (1.06, 1.01, 1.00, 0.97, 0.93, 0.90, 1.13)
WEEKDAY_HOURS = (
    1.6, 0.8, 0.4, 0.3, 0.3, 0.6, 1.6, 3.0, 4.2, 5.0, 5.4, 5.3,
    6.0, 6.1, 5.2, 4.8, 4.9, 5.2, 5.7, 6.0, 7.4, 8.6, 7.2, 4.0,
)  # fmt: skip
WEEKEND_HOURS = (
    2.0, 1.0, 0.5, 0.3, 0.3, 0.4, 0.9, 1.9, 3.6, 5.6, 6.7, 6.6,
    5.6, 5.2, 5.8, 6.1, 6.2, 6.0, 5.8, 5.6, 6.6, 7.6, 6.2, 3.5,
)  # fmt: skip


def calendar_days(world: World) -> pd.DatetimeIndex:
    return pd.date_range(world.first_day, world.last_day, freq="D")


def season_index(world: World) -> np.ndarray:
    """The yearly season by day, about 1 on average, growth of the company included."""
    days = calendar_days(world)
    turn = (days.day_of_year.to_numpy() - 15) / 365.25 * 12
    yearly = np.interp(turn % 12, np.arange(13), (*MONTHS, MONTHS[0]))
    after_posting = (days.month == 12) & (days.day > 19)  # too late for Christmas
    yearly = np.where(after_posting, np.where(days.day < 26, 0.85, 0.75), yearly)
    growth = 1 + world.growth * (np.arange(len(days)) / max(len(days) - 1, 1) - 0.5)
    return yearly**world.season_strength * growth


def weekday_index(world: World) -> np.ndarray:
    return np.array(WEEKDAYS)[calendar_days(world).day_of_week]


def promotion_index(world: World, channel: str) -> np.ndarray:
    """What the promotions make of each day of ``channel``: a multiple of a normal day."""
    index = np.ones(world.days)
    for promotion in world.promotions:
        if promotion.channel in ("", channel):
            index *= lift(world, promotion)
    return index


def lift(world: World, promotion) -> np.ndarray:
    """The multiple of normal demand that one promotion makes, by day."""
    since = np.arange(world.days) - (promotion.starts_on - world.first_day).days
    length = (promotion.ends_on - promotion.starts_on).days
    inside = (since >= 0) & (since <= length)
    share = promotion.decay ** np.clip(since, 0, length)
    return np.where(inside, 1 + (promotion.multiplier - 1) * share, 1.0)


def shop_index(world: World) -> np.ndarray:
    """Season × weekday × promotions of the whole shop, by day: the pace at which people return."""
    return season_index(world) * weekday_index(world) * promotion_index(world, channel="-")


def draw_seconds(rng: np.random.Generator, weekdays: np.ndarray) -> np.ndarray:
    """Seconds after midnight at which orders of these weekdays (Monday is 0) are placed."""
    weights = np.array([WEEKDAY_HOURS if day < 5 else WEEKEND_HOURS for day in range(7)])
    cumulated = (weights.cumsum(axis=1) / weights.sum(axis=1, keepdims=True))[weekdays]
    draws = rng.random(len(weekdays))
    hours = (draws[:, None] > cumulated).sum(axis=1)
    return hours * 3600 + rng.integers(0, 3600, len(weekdays))
