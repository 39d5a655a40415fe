"""Lives that subscribers of a world would lead: how long they stay, and what they pay.

Nothing here is estimated from the exports, but for how often tickets were answered slowly.
"""

from dataclasses import dataclass

import numpy as np

from goulot.demo.saas.accounts import Funnel, draw_churn, draw_plans
from goulot.demo.saas.company import REFUNDS, SaasCompany
from goulot.demo.saas.world import PLANS, SOLO, TEAM, YEARLY, Saas
from goulot.demo.world import stream

LIVES = 40_000
WEEKS_A_MONTH = 365 / 84


@dataclass(frozen=True)
class Worth:
    """Of a channel's paying customers: monthly ones still there after twelve renewals [share], and
    contribution over the horizon, discounted, before CAC [currency]."""

    retention_12_months: float
    ltv: float


def true_worth(company: SaasCompany, place: int) -> Worth:
    """Draw lives of the customers of the channel at ``place``, slow replies included."""
    world, saas = company.world, company.world.extra
    rng = stream(world, company.seed, f"lives of {place}")
    funnel, channel = Funnel.of(world), np.full(LIVES, place)
    plan = draw_plans(funnel, channel, rng)
    seats = np.where(plan == SOLO, 1, 3 + rng.geometric(0.24, LIVES) - 1)
    churn = draw_churn(saas, funnel, channel, plan, rng)
    slow = slow_before_renewal(company, place, max(world.horizon_months, 12))
    monthly = churn[plan != YEARLY][:, None] + saas.desk.slow_reply_effect * slow[:12]
    price = np.array([p.price for p in PLANS])
    alive, paid = np.ones(LIVES, dtype=bool), np.zeros(LIVES)
    for month in range(world.horizon_months):
        due = (plan != YEARLY) | (month % 12 == 0)
        if month:
            before = np.where(plan == YEARLY, 1 - (1 - slow[:month]).prod(), slow[month - 1])
            stays = rng.random(LIVES) >= churn + saas.desk.slow_reply_effect * before
            alive &= stays | ~due
            plan, seats = _changed(saas, plan, seats, due, rng)
        paid += alive * due * price[plan] * seats / (1 + world.discount_rate) ** (month / 12)
    kept = world.gross_margin - world.payment_fee
    return Worth(
        float((1 - monthly).prod(axis=1).mean()), float(paid.mean()) * kept * (1 - REFUNDS)
    )


def _changed(saas: Saas, plan: np.ndarray, seats: np.ndarray, due: np.ndarray, rng):
    """Upgrades and seats at a renewal, as the company lives them."""
    draw, count = rng.random(len(plan)), len(plan)
    up = due & (plan == SOLO) & (draw < saas.upgrade)
    more = due & (plan != SOLO) & (draw < saas.seats_up)
    fewer = due & (plan != SOLO) & (draw > 1 - saas.seats_down)
    grown = np.where(more, seats + rng.integers(1, 4, count), seats)
    grown = np.where(fewer, np.maximum(2, seats - 1), grown)
    return np.where(up, TEAM, plan), np.where(up, rng.integers(3, 7, count), grown)


def slow_before_renewal(company: SaasCompany, place: int, months: int) -> np.ndarray:
    """By paid month of a channel's customer, the probability that a ticket in it was answered
    slowly: tickets come at random at the rates of ``world.Tickets``."""
    world, saas = company.world, company.world.extra
    tickets = company.tickets
    hour = tickets["hour"].to_numpy()
    late_in_week = (hour // 24 + world.first_day.weekday()) % 7 >= 4
    allowed = saas.desk.slow_reply_hours + 48 * late_in_week
    share = float((~(tickets["replied"].to_numpy() - hour <= allowed)).mean())
    factor = saas.traits[world.channels[place].name].tickets
    ends = saas.trial_days / 7 + WEEKS_A_MONTH * np.arange(months + 1)
    rules = saas.tickets
    first = rules.first_per_week * rules.fades_weeks * -np.diff(np.exp(-ends / rules.fades_weeks))
    written = factor * (first + rules.steady_per_week * WEEKS_A_MONTH)
    return 1 - np.exp(-share * written)
