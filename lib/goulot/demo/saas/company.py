"""A subscription business lives day by day: trials end, plans renew or not, tickets are answered.

The world is lived a year longer than it is exported, so that the first day finds customers.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from goulot.demo.saas.accounts import open_accounts
from goulot.demo.saas.demand import Demand, make_demand
from goulot.demo.saas.desk import Agents, tickets_wanted
from goulot.demo.saas.world import PLANS, SOLO, TEAM, YEARLY, Saas
from goulot.demo.world import World, stream

WARM_UP_WEEKS = 52
INVOICED_AFTER_HOURS = 1.02  # Stripe leaves an invoice open for an hour before it charges
FIRST_TRY_FAILS = 0.045
RETRY_HOURS = 72
UNPAID_SHARE = 0.14  # of those who do not renew: their card failed until Stripe gave up
UNPAID_AFTER_DAYS = 8
REFUNDS = 0.006
LATER_UNLIKELY = 1e9  # hour beyond every world


@dataclass(frozen=True)
class SaasCompany:
    """What happened. Hours and days count from the first midnight of ``world``, a year early.

    ``accounts``: see ``open_accounts``, with ended (hour; NaN: runs), asked_to_end, plan_now,
    seats_now, is_unpaid, renewals. ``payments``: account, hour, amount, is_paid, period (0 is the
    first), refunded. ``tickets``: account, hour, replied (NaN: never).
    ``from_day``: the first that is exported.
    """

    world: World
    seed: int
    from_day: int
    demand: Demand
    accounts: pd.DataFrame
    payments: pd.DataFrame
    tickets: pd.DataFrame

    @property
    def last_hour(self) -> int:
        return self.world.days * 24


def live(world: World, seed: int) -> SaasCompany:
    lived = world.with_(first_day=world.first_day - timedelta(weeks=WARM_UP_WEEKS))
    demand = make_demand(lived, seed)
    accounts = open_accounts(lived, demand.drawn, stream(world, seed, "accounts"))
    wanted = tickets_wanted(lived, accounts, stream(world, seed, "tickets"))
    life = _Life(lived, accounts, wanted, stream(world, seed, "life"))
    for day in range(lived.days):
        life.live_day(day)
    return SaasCompany(
        lived, seed, WARM_UP_WEEKS * 7, demand, life.accounts(), life.payments(), life.tickets()
    )


class _Life:
    """The state of every account, from day to day."""

    def __init__(
        self, world: World, accounts: pd.DataFrame, wanted: pd.DataFrame, rng: np.random.Generator
    ) -> None:
        self.world, self.saas, self.frame, self.rng = world, world.extra, accounts, rng
        self.agents = Agents(world)
        self.wanted = wanted.to_numpy()
        self.from_ticket = np.searchsorted(self.wanted[:, 1], np.arange(world.days + 1) * 24)
        count = len(accounts)
        self.trial_ends = accounts["trial_ends"].to_numpy()
        self.will_pay = accounts["will_pay"].to_numpy()
        self.ended = np.where(self.will_pay, LATER_UNLIKELY, self.trial_ends)
        self.asked = np.full(count, np.nan)
        self.is_unpaid = np.zeros(count, dtype=bool)
        self.was_slow = np.zeros(count, dtype=bool)
        self.plan = accounts["plan"].to_numpy().copy()
        self.seats = accounts["seats"].to_numpy().copy()
        self.renewals = np.zeros(count, dtype=int)
        self.due: dict[int, list[np.ndarray]] = defaultdict(list)
        self.paid: list[np.ndarray] = []
        self.taken: list[np.ndarray] = []
        self._remember(np.flatnonzero(self.will_pay), self.trial_ends[self.will_pay])

    def live_day(self, day: int) -> None:
        who = np.concatenate([np.zeros(0, dtype=int), *self.due.pop(day, [])])
        if len(who):
            self._renew(np.sort(who))
        self._answer(day)

    def _answer(self, day: int) -> None:
        rows = self.wanted[self.from_ticket[day] : self.from_ticket[day + 1]]
        account = rows[:, 0].astype(int)
        rows = rows[rows[:, 1] < self.ended[account]]
        if not len(rows):
            return
        replied = self.agents.answer(rows[:, 1], self.rng)
        before_weekend = (day + self.world.first_day.weekday()) % 7 >= 4
        allowed = self.saas.desk.slow_reply_hours + 48 * before_weekend
        slow = ~(replied - rows[:, 1] <= allowed)
        self.was_slow[rows[slow, 0].astype(int)] = True
        self.taken.append(np.column_stack([rows, replied]))

    def _renew(self, who: np.ndarray) -> None:
        """Those whose trial or paid period ends today: they pay for the next one, or leave."""
        rng, first = self.rng, self.renewals[who] == 0
        churn = self.frame["churn"].to_numpy()[who]
        chance = churn + self.was_slow[who] * self.saas.desk.slow_reply_effect
        leaves = ~first & (rng.random(len(who)) < chance)
        self.was_slow[who] = False
        self._leave(who[leaves])
        stays = who[~leaves]
        self._change_plan(stays[~first[~leaves]])
        self._pay(stays, self._period_start(stays), fails=rng.random(len(stays)) < FIRST_TRY_FAILS)
        self.renewals[stays] += 1
        self._remember(stays, self._period_start(stays))

    def _leave(self, who: np.ndarray) -> None:
        ends = self._period_start(who)
        unpaid = self.rng.random(len(who)) < UNPAID_SHARE
        length = np.where(self.plan[who] == YEARLY, 300, 29) * 24
        self.asked[who] = ends - self.rng.random(len(who)) ** 1.4 * length
        self.is_unpaid[who] = unpaid
        late = ends + UNPAID_AFTER_DAYS * 24
        self.ended[who] = np.where(unpaid, late, ends)
        self.asked[who[unpaid]] = late[unpaid]
        for tries in range(3):
            self._charge(who[unpaid], ends[unpaid] + tries * RETRY_HOURS, "Failed")

    def _change_plan(self, who: np.ndarray) -> None:
        saas: Saas = self.saas
        draw = self.rng.random(len(who))
        solo = self.plan[who] == SOLO
        up = who[solo & (draw < saas.upgrade)]
        self.plan[up], self.seats[up] = TEAM, self.rng.integers(3, 7, len(up))
        more = who[~solo & (draw < saas.seats_up)]
        self.seats[more] += self.rng.integers(1, 4, len(more))
        fewer = who[~solo & (draw > 1 - saas.seats_down)]
        self.seats[fewer] = np.maximum(2, self.seats[fewer] - 1)

    def _pay(self, who: np.ndarray, due: np.ndarray, *, fails: np.ndarray) -> None:
        self._charge(who[fails], due[fails], "Failed")
        self._charge(who, due + fails * RETRY_HOURS, "Paid")

    def _charge(self, who: np.ndarray, hours: np.ndarray, status: str) -> None:
        price = np.array([plan.price for plan in PLANS])[self.plan[who]]
        wobble = self.rng.random(len(who)) * 0.12
        self.paid.append(np.column_stack([
            who, hours + INVOICED_AFTER_HOURS + wobble, price * self.seats[who],
            np.full(len(who), status == "Paid"), self.renewals[who],
        ]))  # fmt: skip

    def _period_start(self, who: np.ndarray) -> np.ndarray:
        """The hour at which the period number ``renewals`` begins: the same day of the month."""
        start = self.trial_ends[who]
        step = np.where(self.plan[who] == YEARLY, 12, 1) * self.renewals[who]
        return add_months(self.world, start, step)

    def _remember(self, who: np.ndarray, hours: np.ndarray) -> None:
        days = (hours // 24).astype(int)
        turn = np.argsort(days, kind="stable")
        who, days = who[turn], days[turn]
        for day, start in zip(*np.unique(days, return_index=True), strict=True):
            if day < self.world.days:
                self.due[day].append(who[start : np.searchsorted(days, day, side="right")])

    def accounts(self) -> pd.DataFrame:
        runs = self.ended >= self.world.days * 24
        return self.frame.assign(
            ended=np.where(runs, np.nan, self.ended), asked_to_end=self.asked, plan_now=self.plan,
            seats_now=self.seats, is_unpaid=self.is_unpaid & ~runs, renewals=self.renewals,
        )  # fmt: skip

    def payments(self) -> pd.DataFrame:
        """By hour; an invoice is one period of one account, however many times it was tried."""
        rows = np.concatenate(self.paid)
        names = ["account", "hour", "amount", "is_paid", "period"]
        frame = pd.DataFrame(rows, columns=names).astype({"account": int, "period": int})
        frame = frame[frame["hour"] < self.world.days * 24]
        frame = frame.sort_values(["hour", "account"], kind="stable", ignore_index=True)
        refunded = (frame["is_paid"] == 1) & (self.rng.random(len(frame)) < REFUNDS)
        return frame.assign(is_paid=frame["is_paid"] == 1, refunded=refunded)

    def tickets(self) -> pd.DataFrame:
        rows = np.concatenate([np.zeros((0, 3)), *self.taken])
        return pd.DataFrame(rows, columns=["account", "hour", "replied"]).astype({"account": int})


def add_months(world: World, hours: np.ndarray, months: np.ndarray) -> np.ndarray:
    """These hours, so many months later: the same day and time, or the last day of the month."""
    start = np.datetime64(world.first_day, "D")
    days = start + (hours // 24).astype(int)
    month = days.astype("datetime64[M]")
    place = (days - month.astype("datetime64[D]")).astype(int)
    later = month + months
    length = ((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(int)
    day = later.astype("datetime64[D]") + np.minimum(place, length - 1)
    return (day - start).astype(int) * 24 + hours % 24
