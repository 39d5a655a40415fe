"""Customer service of a subscription business: tickets by age of account, agents by the hour."""

import numpy as np
import pandas as pd

from goulot.demo.saas.accounts import Funnel
from goulot.demo.saas.demand import OFFICE_HOURS, draw_hours
from goulot.demo.saas.world import Desk, Saas
from goulot.demo.workdays import WorkCalendar
from goulot.demo.world import World

WEEKEND_SHARE = 0.35  # of those who would write at the weekend do; the others wait
WAIT_UNTIL = (0.36, 0.26, 0.20, 0.18)  # … for Monday, Tuesday, Wednesday, Thursday
WORK_SHAPE = 1.8  # of the gamma of work in a ticket, in mean tickets


def tickets_wanted(world: World, accounts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Every ticket that accounts would write if they stayed for good: account, hour; by hour.

    At age a weeks an account writes steady + first · exp(−a / fades) a week, times its channel's
    multiple.
    """
    saas: Saas = world.extra
    rules, last = saas.tickets, world.days * 24
    factor = Funnel.of(world).tickets[accounts["channel"]]
    hour = accounts["hour"].to_numpy()
    weeks = np.ceil((last - hour) / 168).astype(int)
    account = np.repeat(np.arange(len(hour)), weeks)
    age = np.arange(len(account)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    fading = rules.fades_weeks * (1 - np.exp(-1 / rules.fades_weeks))  # mean over the week
    rate = rules.steady_per_week + rules.first_per_week * fading * np.exp(-age / rules.fades_weeks)
    count = rng.poisson(rate * factor[account])
    account, age = np.repeat(account, count), np.repeat(age, count)
    inside = rng.random(len(account)) ** np.where(age == 0, 1.8, 1.0)  # early in the first week
    written = hour[account] + (age + inside) * 168
    written = np.maximum(_office_times(world, written, rng), hour[account] + 0.15)
    frame = pd.DataFrame({"account": account, "hour": written})
    return frame[frame["hour"] < last].sort_values("hour", kind="stable", ignore_index=True)


def _office_times(world: World, hours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same days, at hours at which people write; most of the weekend moves to the next week."""
    day = (hours // 24).astype(int)
    weekday = (day + world.first_day.weekday()) % 7
    moves = (weekday >= 5) & (rng.random(len(day)) > WEEKEND_SHARE)
    later = rng.choice(len(WAIT_UNTIL), len(day), p=WAIT_UNTIL)
    day = np.where(moves, day + 7 - weekday + later, day)
    return day * 24 + draw_hours(rng, len(day), OFFICE_HOURS)


class Agents:
    """First in, first out through opening hours in which more or fewer agents are on duty.

    Work is measured in mean tickets; W(t) is what the agents could have done until hour t. The
    n-th ticket ends when W reaches max over k <= n of (W(arrival k) + work k … n) (Lindley).
    """

    def __init__(self, world: World) -> None:
        self.rules: Desk = world.extra.desk
        calendar = WorkCalendar(world.first_day, world.days, (0, 1, 2, 3, 4))
        by_hour = np.zeros(24)
        by_hour[self.rules.opens_hour : self.rules.closes_hour] = self.rules.agents_by_hour
        pace = by_hour * self.rules.tickets_per_agent_hour * world.size
        self.daily = float(pace.sum())  # tickets of a working day
        self.work = np.concatenate([[0.0], np.outer(calendar.worked, pace).ravel().cumsum()])
        self.free_at = 0.0

    def work_at(self, hours: np.ndarray) -> np.ndarray:
        return np.interp(hours, np.arange(len(self.work)), self.work)

    def hour_of(self, work: np.ndarray) -> np.ndarray:
        """The first hour at which so much work has been done."""
        place = np.clip(np.searchsorted(self.work, work, side="left"), 1, len(self.work) - 1)
        before, step = self.work[place - 1], self.work[place] - self.work[place - 1]
        return place - 1 + (work - before) / np.where(step > 0, step, 1.0)

    def answer(self, hours: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Hours of the first replies to these tickets, by hour; NaN: never, the queue was long."""
        arrival = self.work_at(hours)
        backlog = max(0.0, self.free_at - arrival[0]) / self.daily if len(hours) else 0.0
        stays = rng.random(len(hours)) < np.exp(-max(0.0, backlog - self.rules.patience_days))
        replied = np.full(len(hours), np.nan)
        if not stays.any():
            return replied
        work = rng.gamma(WORK_SHAPE, 1 / WORK_SHAPE, stays.sum())
        done = work.cumsum()
        start = np.maximum.accumulate(np.maximum(arrival[stays], self.free_at) - (done - work))
        self.free_at = float((start + done)[-1])
        replied[stays] = self.hour_of(start + done)
        return replied
