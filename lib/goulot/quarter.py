"""A calendar quarter: the period that a report is about."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from goulot.errors import ParameterError


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, written ``2026Q3``.

    >>> Quarter.parse("2026Q3").first_day
    datetime.date(2026, 7, 1)
    >>> str(Quarter.parse("2026Q1").previous)
    '2025Q4'
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        match = re.fullmatch(r"\s*(\d{4})\s*-?\s*[QqTt]([1-4])\s*", text)
        if not match:
            raise ParameterError(
                f"quarter={text!r} is not a quarter: write the year, Q and 1 to 4, as in 2026Q3."
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        return Quarter.of(self.first_day - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"
