"""The report's language: sentences, numbers, money, dates and the charts' axes, French or English.

English source text is the message; French stands in ``translations/<code>/``, one file per step or
part of the report, where a test holds it to the sources.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from math import floor, isfinite, log10
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_currency, get_currency_symbol

from goulot.errors import ParameterError
from goulot.quarter import Quarter
from goulot.words import CHANNEL, ONE, UNITS, WORDS, finding_label, written_out

LANGUAGES = ("en", "fr")
NOT_KNOWN = "–"
FEW = 10  # of what is counted: below, an interval's ends keep their decimals
TRANSLATIONS = Path(__file__).parent / "translations"
_CHANNEL_OF_SLUG = {channel.casefold().replace(" ", "_"): channel for channel in CHANNEL}
INDEX = "IDX"  # in place of a currency: amounts as an index
_MINUS = "−"
_UNIT_BEHIND = re.compile(r"[^\d…]*$")


@cache
def catalog(code: str) -> Mapping[str, str]:
    """English message → translation, file by file; empty for English itself."""
    found: dict[str, str] = {}
    for path in sorted((TRANSLATIONS / code).glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale=code)
        found |= {str(m.id): str(m.string) for m in messages if m.id and not m.fuzzy}
    return MappingProxyType(found)


class Language:
    """How a report in language ``code`` about money in ``currency`` says things."""

    def __init__(self, code: str, currency: str = "EUR") -> None:
        if code not in LANGUAGES:
            raise ParameterError(
                f"language={code!r} is not one that reports are written in: "
                f"write {' or '.join(LANGUAGES)}."
            )
        self.code = code
        self.currency = currency
        self.untranslated: set[str] = set()
        self._locale = Locale(code)
        self._catalog = catalog(code)

    def say(self, msgid: str, /, **values: Any) -> str:
        """The message in this language, its ``{placeholders}`` filled in.

        A message without a translation stays English and is kept in ``untranslated``.
        """
        text = self._catalog.get(msgid, "")
        if not text:
            text = msgid
            if self.code != "en":
                self.untranslated.add(msgid)
        return text.format(**values) if values else text

    def translated(self, text: str) -> str:
        """A text that a step left: a message, or already said in this language."""
        return self._catalog.get(text) or text

    def count(self, number: int, one: str, many: str, /, **values: Any) -> str:
        """``one`` or ``many``, messages with ``{count}``, as the language counts: French has the
        singular for zero too."""
        message = one if self._locale.plural_form(number) == "one" else many
        return self.say(message, count=self.number(number), **values)

    def word(self, code: str) -> str:
        """A code that a step returns (stage, basis, owner, …) as a reader would call it."""
        return self.say(WORDS[code]) if code in WORDS else code

    def finding(self, name: str) -> str:
        """A finding by its name in ``results.json``, as a reader would call it."""
        label, slug = finding_label(name)
        return f"{self.say(label)}, {self.slug(slug)}" if slug else self.say(label)

    def slug(self, slug: str) -> str:
        """What a finding is about: ``paid_search`` → "Paid search", ``x10`` → "10×"."""
        if slug in WORDS:
            return self.word(slug)
        if slug.startswith("x") and slug[1:].isdigit():
            return f"{slug[1:]}×"
        channel = _CHANNEL_OF_SLUG.get(slug)
        return self.word(channel) if channel else self.translated(written_out(slug))

    def number(self, x: float | None, digits: int = 0) -> str:
        if not _is_known(x):
            return NOT_KNOWN
        return _signed(x, digits, self._written(x, digits))

    def money(self, x: float | None, digits: int | None = None) -> str:
        """An amount in the client's currency; from 100 on without cents unless ``digits`` asks."""
        if not _is_known(x):
            return NOT_KNOWN
        if digits is None:
            digits = 2 if 0 < abs(round(x, 2)) < 99.995 else 0
        if self.currency == INDEX:
            return f"{self.number(x, digits)}\N{NO-BREAK SPACE}{INDEX}"
        before, behind = self._around_money
        return _signed(x, digits, f"{before}{self._written(x, digits)}{behind}")

    def _written(self, x: float, digits: int) -> str:
        """Its size with the separators of the language, rounded half to even as babel does."""
        return f"{abs(Decimal(str(x))):,.{digits}f}".translate(self._separators)

    @cached_property
    def _separators(self) -> dict[int, str]:
        symbols = self._locale.number_symbols["latn"]
        return str.maketrans({",": symbols["group"], ".": symbols["decimal"]})

    @cached_property
    def _around_money(self) -> tuple[str, str]:
        """What stands before an amount, and what behind it."""
        pattern = re.sub(r"[#,.]*0[.0]*", "0", self._locale.currency_formats["standard"].pattern)
        nothing = format_currency(
            0, self.currency, pattern, locale=self._locale, currency_digits=False
        )
        before, _, behind = nothing.partition("0")
        return before, behind

    def percent(self, share: float | None, digits: int | None = None) -> str:
        """A share as per cent; without ``digits``, small shares keep two significant figures."""
        if not _is_known(share):
            return NOT_KNOWN
        if digits is None:
            digits = decimals(100 * share, significant=2)
        return f"{self.number(100 * share, digits)}{self._percent_sign}"

    def multiple(self, x: float | None) -> str:
        """How many times, with up to two decimals: ``1.5×``, ``1,5×``, ``10×``."""
        if not _is_known(x):
            return NOT_KNOWN
        digits = next(n for n in range(3) if n == 2 or round(x, n) == round(x, 2))
        return f"{self.number(x, digits)}×"

    def quantity(self, value: float | str | None, unit: str, digits: int | None = None) -> str:
        """A number with its unit (``orders/week``, ``share``, ``EUR/week``), sensibly rounded."""
        if isinstance(value, str):
            return self.short_day(date.fromisoformat(value)) if unit == "date" else self.word(value)
        what, _, per = unit.partition("/")
        digits = decimals(value) if digits is None and _is_known(value) else digits
        if what == self.currency:
            text = self.money(value, None if digits is None else min(digits, 2))
        elif what == "share":
            text = self.percent(value)
        else:
            named = self._counted(what, value, digits or 0)
            text = f"{self.number(value, digits or 0)}\N{NO-BREAK SPACE}{named}".strip()
        return f"{text}\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}{self.unit(per)}" if per else text

    def interval(self, low: float | str | None, high: float | str | None, unit: str) -> str:
        """``98 to 131 orders``: three figures of its larger end, whole numbers of what is counted
        in tens and more; an end may be open (None).

        A unit that both ends have behind them is said once. Of a date the ends are days.
        """
        if unit == "date":
            ends = [self.quantity(end, unit) for end in (low, high)]
            return self.say("{low} to {high}", low=ends[0], high=ends[1])
        known = [abs(end) for end in (low, high) if end is not None]
        digits = max(map(decimals, known)) and decimals(max(known), whole=True)
        if unit in ONE and max(known) >= FEW:
            digits = 0
        ends = [self.quantity(e, unit, digits) if e is not None else "…" for e in (low, high)]
        units = [_UNIT_BEHIND.search(end)[0] for end in ends]
        if units[0] == units[1] or unit in UNITS:
            ends[0] = ends[0].removesuffix(units[0])
        return self.say("{low} to {high}", low=ends[0], high=ends[1])

    def country(self, code: str) -> str:
        """What a country is called: ``BE`` → ``Belgium``, ``Belgique``."""
        return self._locale.territories.get(code, code)

    def _counted(self, unit: str, value: float | None, digits: int) -> str:
        """The unit of so many: ``1 order``, and in French ``0 commande``."""
        if unit not in ONE or not _is_known(value):
            return self.unit(unit)
        is_one = self._locale.plural_form(abs(round(value, digits))) == "one"
        return self.say(ONE[unit]) if is_one else self.unit(unit)

    def series(self, texts: Iterable[str]) -> str:
        """Clauses in a row: ``stock; supply``."""
        return self.say("; ").join(texts)

    def unit(self, unit: str) -> str:
        return self.say(UNITS[unit]) if unit in UNITS else unit

    def day(self, day: date) -> str:
        return format_date(day, "d MMMM yyyy", locale=self._locale)

    def short_day(self, day: date) -> str:
        return format_date(day, "d MMM yyyy", locale=self._locale)

    def day_of_year(self, day: date) -> str:
        """A day without its year, where it is plain."""
        return format_date(day, "d MMM", locale=self._locale)

    def time(self, moment: datetime) -> str:
        return format_datetime(moment, "d MMM yyyy HH:mm", locale=self._locale)

    def month(self, day: date) -> str:
        return format_date(day, "MMMM yyyy", locale=self._locale)

    def quarter(self, quarter: Quarter) -> str:
        return format_skeleton("yQQQ", quarter.first_day, locale=self._locale)

    @property
    def _percent_sign(self) -> str:
        return self._locale.percent_formats[None].pattern.split("0")[-1]

    def vega_locale(self) -> dict[str, dict[str, Any]]:
        """``{"number": …, "time": …}``: what Vega needs to write axes in this language (d3)."""
        return {"number": self._vega_number_locale(), "time": self._vega_time_locale()}

    def _vega_number_locale(self) -> dict[str, Any]:
        symbols = self._locale.number_symbols["latn"]
        symbol = get_currency_symbol(self.currency, locale=self._locale)
        is_in_front = self._locale.currency_formats["standard"].pattern.startswith("¤")
        return {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": [symbol, ""] if is_in_front else ["", f"\N{NO-BREAK SPACE}{symbol}"],
            "percent": self._percent_sign,
        }

    def _vega_time_locale(self) -> dict[str, Any]:
        days, months = self._locale.days["format"], self._locale.months["format"]
        sunday_first = [6, 0, 1, 2, 3, 4, 5]
        return {
            "dateTime": "%A %-d %B %Y, %H:%M",
            "date": "%d/%m/%Y",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [days["wide"][n] for n in sunday_first],
            "shortDays": [days["abbreviated"][n] for n in sunday_first],
            "months": [months["wide"][n] for n in range(1, 13)],
            "shortMonths": [months["abbreviated"][n] for n in range(1, 13)],
        }


def decimals(x: float, significant: int = 3, *, whole: bool = False) -> int:
    """Digits after the point that show ``significant`` figures; none for a whole number, unless
    ``whole`` asks for as many as any other of its size.

    >>> [decimals(x) for x in (1234.5, 12.34, 0.01234, 3.0)]
    [0, 1, 4, 0]
    >>> decimals(3.0, whole=True)
    2
    """
    if not isfinite(x) or x == 0 or (x == int(x) and not whole):
        return 0
    return max(0, significant - 1 - floor(log10(abs(x))))


def _is_known(x: float | None) -> bool:
    return x is not None and isfinite(x)


def _signed(x: float, digits: int, size: str) -> str:
    """With a real minus sign, which does not break at the end of a line; zero has none."""
    return f"{_MINUS}{size}" if x < 0 and round(x, digits) != 0 else size
