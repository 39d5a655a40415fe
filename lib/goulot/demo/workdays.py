"""Working time: which days are worked, and clocks that stand still outside opening hours."""

from datetime import date, timedelta

import numpy as np

HOLIDAYS_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
EASTER = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28)}
SLACK_DAYS = 400  # calendar beyond the last day, for what is still on its way


def is_holiday(day: date) -> bool:
    """French public holidays, Easter Monday, Ascension and Whit Monday included."""
    easter = date(day.year, *EASTER[day.year]) if day.year in EASTER else None
    moving = {easter + timedelta(days=n) for n in (1, 39, 50)} if easter else set()
    return (day.month, day.day) in HOLIDAYS_FIXED or day in moving


class WorkCalendar:
    """Days counted from the first day of the world; ``weekdays`` are those worked (Monday 0)."""

    def __init__(self, first_day: date, days: int, weekdays: tuple[int, ...]) -> None:
        dates = [first_day + timedelta(days=n) for n in range(days + SLACK_DAYS)]
        self.worked = np.array([d.weekday() in weekdays and not is_holiday(d) for d in dates])
        self.before = np.concatenate([[0], self.worked.cumsum()])  # working days before day n
        self.nth = np.flatnonzero(self.worked)  # day of the n-th working day

    def add(self, day: np.ndarray, working_days: np.ndarray) -> np.ndarray:
        """The day ``working_days`` after ``day``: 0 is the same day, or the next that is worked."""
        place = self.before[day] + working_days
        return self.nth[np.minimum(place, len(self.nth) - 1)]


class Server:
    """A stage that serves first in, first out at a constant pace in its opening hours.

    With W the working hours elapsed, the n-th of a sorted batch ends at
    ``max over k <= n of (W(arrival k) + (n - k + 1) / pace)`` (Lindley's recursion, unrolled).
    """

    def __init__(
        self, calendar: WorkCalendar, per_day: float, opens_hour: float, closes_hour: float
    ) -> None:
        self.calendar = calendar
        self.opens, self.length = opens_hour, closes_hour - opens_hour
        self.pace = per_day / self.length  # items a working hour
        self.free_at = 0.0  # working hours at which the last item taken ends

    def worked_hours(self, hours: np.ndarray) -> np.ndarray:
        """Working hours elapsed at these wall-clock hours since the first midnight."""
        day = (hours // 24).astype(int)
        today = np.clip(hours - 24 * day - self.opens, 0, self.length)
        return self.calendar.before[day] * self.length + today * self.calendar.worked[day]

    def wall_hours(self, worked: np.ndarray) -> np.ndarray:
        """The first wall-clock hour at which so many working hours have elapsed."""
        turns = np.ceil(worked / self.length - 1e-9).astype(int) - 1
        turns = np.clip(turns, 0, len(self.calendar.nth) - 1)
        return self.calendar.nth[turns] * 24 + self.opens + (worked - turns * self.length)

    def wait_days(self, hour: float) -> float:
        """Working days of work that stand before whoever arrives now."""
        return max(0.0, self.free_at - float(self.worked_hours(np.array([hour]))[0])) / self.length

    def serve(self, hours: np.ndarray) -> np.ndarray:
        """Wall-clock hours at which items that arrive at these sorted hours are done."""
        if not len(hours):
            return hours
        steps = np.arange(len(hours)) / self.pace
        start = np.maximum(self.worked_hours(hours) - steps, self.free_at)
        done = np.maximum.accumulate(start) + steps + 1 / self.pace
        self.free_at = float(done[-1])
        return self.wall_hours(done)
