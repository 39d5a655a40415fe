"""What customer service was asked for in the last quarter, and how many agents that takes."""

import math
from typing import Any

import numpy as np

from goulot.demo.saas.company import SaasCompany
from goulot.demo.saas.world import Desk

TARGET_MINUTES = 240.0
TARGET_SHARE = 0.80


def true_support(company: SaasCompany, quarter: np.ndarray) -> dict[str, Any]:
    """Load, replies, and by opening hour the agents that answer 80 % within four hours.

    ``agents_needed_by_hour`` takes each hour as a queue of its own (Erlang C), the tickets of the
    night left to the morning; ``agents_needed`` is the least that can do the week's work.
    """
    desk: Desk = company.world.extra.desk
    hour, replied = company.tickets["hour"].to_numpy(), company.tickets["replied"].to_numpy()
    day = (hour // 24).astype(int)
    mine = quarter[day]
    weeks = quarter.sum() / 7
    wait = (replied - hour)[mine]
    by_hour = _tickets_by_hour(company, hour[mine]) / (weeks * 5)
    opening = range(desk.opens_hour, desk.closes_hour)
    load = mine.sum() / weeks
    return {
        "tickets_per_week": float(load),
        "capacity_per_week": desk.tickets_per_week * company.world.size,
        "agents_by_hour": dict(zip(map(str, opening), desk.agents_by_hour, strict=True)),
        "tickets_by_hour": {str(h): float(by_hour[h]) for h in opening},
        "agents_needed_by_hour": {
            str(h): agents_for(float(by_hour[h]), desk.tickets_per_agent_hour) for h in opening
        },
        "agents_needed": float(load / (5 * len(opening) * desk.tickets_per_agent_hour)),
        "median_reply_hours": float(np.nanmedian(wait)),
        "within_target_share": float((wait <= TARGET_MINUTES / 60).mean()),
        "unanswered_share": float(np.isnan(wait).mean()),
        "slow_reply_hours": desk.slow_reply_hours,
        "slow_reply_effect": desk.slow_reply_effect,
    }


def _tickets_by_hour(company: SaasCompany, hours: np.ndarray) -> np.ndarray:
    """Tickets of working days by hour of the day."""
    weekday = ((hours // 24).astype(int) + company.world.first_day.weekday()) % 7
    return np.bincount((hours[weekday < 5] % 24).astype(int), minlength=24).astype(float)


def agents_for(per_hour: float, rate: float) -> int:
    """The fewest agents of whom ``TARGET_SHARE`` of calls wait no longer than the target."""
    load = per_hour / rate
    agents = max(1, math.floor(load) + 1)
    while 1 - erlang_c(agents, load) * math.exp(
        -(agents - load) * rate * TARGET_MINUTES / 60
    ) < TARGET_SHARE:  # fmt: skip
        agents += 1
    return agents


def erlang_c(agents: int, load: float) -> float:
    """Probability that an arrival waits (Erlang 1917), by the recursion of Erlang B."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))
