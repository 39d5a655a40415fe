"""The days and hours of a world as dates and wall-clock times."""

from datetime import date, timedelta

import numpy as np

from goulot.demo.company import Company
from goulot.demo.world import World

ZONE = "Europe/Paris"


def wall_time(company: Company, hours: np.ndarray) -> np.ndarray:
    """Hours since the first midnight as wall-clock times; after the last day: not yet (NaT)."""
    hours = np.asarray(hours, dtype=float)
    past = np.isfinite(hours) & (hours < company.world.days * 24)
    seconds = np.where(past, hours * 3600, 0).astype("timedelta64[s]")
    times = company.world.start.astype("datetime64[s]") + seconds
    return np.where(past, times, np.datetime64("NaT"))


def halves(world: World) -> tuple[tuple[date, date], ...]:
    """The two years of the world, each of which is one export; half a year or less is one."""
    if world.days <= 183:
        return ((world.first_day, world.last_day),)
    middle = world.first_day + timedelta(days=world.days // 2)
    return (world.first_day, middle - timedelta(days=1)), (middle, world.last_day)
