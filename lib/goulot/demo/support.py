"""Tickets: why customers write, and when they get an answer."""

import numpy as np
import pandas as pd

from goulot.demo.workdays import Server, WorkCalendar
from goulot.demo.world import World

REASONS = ("late", "question", "damaged", "change", "return", "product")
OTHER_SHARES = (0.0, 0.34, 0.18, 0.14, 0.22, 0.12)  # of tickets that are not about lateness
CONTACTS = ("email", "chat", "contact_form", "instagram-direct-message", "phone")
CONTACT_SHARES = (0.52, 0.22, 0.14, 0.08, 0.04)
PATIENCE_DAYS = 6.0  # working days of backlog beyond which tickets are closed unanswered


class Desk:
    """The agents, and the tickets that are still to be written."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self.rules, self.rng, self.days = world.support, rng, world.days
        calendar = WorkCalendar(world.first_day, world.days, (0, 1, 2, 3, 4))
        length = self.rules.closes_hour - self.rules.opens_hour
        per_day = self.rules.agents * self.rules.tickets_per_agent_hour * length * world.size
        self.agents = Server(calendar, per_day, self.rules.opens_hour, self.rules.closes_hour)
        self.coming: dict[int, list[np.ndarray]] = {}
        self.taken: list[np.ndarray] = []

    def expect(self, order: np.ndarray, orders: dict[str, np.ndarray]) -> None:
        """Schedule the tickets that these orders will cause."""
        rng, rules = self.rng, self.rules
        stands = np.isnan(orders["cancelled_hours"])
        late = orders["is_late"] & stands & (rng.random(len(order)) < rules.tickets_per_late_order)
        other = rng.random(len(order)) < rules.tickets_per_order
        waits = np.maximum(orders["delivered"] - orders["promised"], 1.0)
        hour_late = orders["promised"] + rng.random(len(order)) * np.minimum(waits, 96.0) + 10
        after = rng.random(len(order)) < 0.6
        hour_other = np.where(
            after & stands,
            orders["delivered"] + rng.gamma(1.0, 50.0, len(order)),
            orders["hour"] + rng.gamma(1.0, 20.0, len(order)),
        )
        reason = rng.choice(len(REASONS), size=len(order), p=OTHER_SHARES)
        self._schedule(order[late], hour_late[late], np.zeros(late.sum(), dtype=int))
        self._schedule(order[other], hour_other[other], reason[other])

    def _schedule(self, order: np.ndarray, hour: np.ndarray, reason: np.ndarray) -> None:
        hour = self._waking(hour)
        rows = np.stack([order, hour, reason], axis=1)
        day = (hour // 24).astype(int)
        for when in np.unique(day).tolist():
            if when < self.days:
                self.coming.setdefault(when, []).append(rows[day == when])

    def _waking(self, hour: np.ndarray) -> np.ndarray:
        """Few people write at night: most of those hours become morning."""
        of_day = hour % 24
        asleep = (of_day < 7.5) & (self.rng.random(len(hour)) < 0.9)
        return np.where(asleep, hour - of_day + 7.5 + self.rng.gamma(2.0, 1.6, len(hour)), hour)

    def work_day(self, day: int) -> np.ndarray:
        """Take in the tickets written today: columns order, hour, reason, first reply (or NaN)."""
        parts = self.coming.pop(day, [])
        if not parts:
            return np.zeros((0, 4))
        today = np.concatenate(parts)
        today = today[np.lexsort((today[:, 0], today[:, 1]))]
        hours = today[:, 1]
        backlog = self.agents.wait_days(float(hours[0]))
        stays = self.rng.random(len(hours)) < np.exp(-max(0.0, backlog - PATIENCE_DAYS))
        replied = np.full(len(hours), np.nan)
        replied[stays] = self.agents.serve(hours[stays])
        self.taken.append(np.column_stack([today, replied]))
        return self.taken[-1]

    def tickets(self) -> pd.DataFrame:
        """Every ticket written in the world's days, by the hour."""
        rows = np.concatenate([np.zeros((0, 4)), *self.taken])
        frame = pd.DataFrame(rows, columns=["order", "hour", "reason", "replied"])
        return frame.astype({"order": int, "reason": int})
