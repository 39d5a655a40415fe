"""Exchange rates that the consultant gives: ``data/<client>/fx_rates.csv``.

Three columns, ``day,currency,rate``: on that day (2026-09-30) one unit of ``currency`` (USD) cost
``rate`` units of the client's currency, so that amount * rate is in the client's currency. A day
without a rate takes that of the nearest earlier day. (The European Central Bank publishes the
inverse, units of a currency for one euro.)
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from goulot.errors import ExportError

COLUMNS = ("day", "currency", "rate")


@dataclass(frozen=True, order=True)
class Rate:
    """What one unit of a currency cost on a day, in the client's currency."""

    currency: str
    day: date
    rate: Decimal


def read_rates(path: Path) -> tuple[Rate, ...]:
    """The rates of a file, by currency and day; none where there is no file.

    Raises
    ------
    ExportError
        A line is not a day, a currency and a positive number, or a day is given twice.
    """
    if not path.is_file():
        return ()
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (csv.Error, UnicodeDecodeError) as error:
        raise _unusable(path, 1, str(error)) from error
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    if sorted(head) != sorted(COLUMNS):
        raise _unusable(path, 1, f"its headings are {', '.join(head) or 'not there'}")
    rates: dict[tuple[str, date], Rate] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        rate = _rate(dict(zip(head, map(str.strip, cells), strict=False)))
        if rate is None:
            raise _unusable(path, number, f"{','.join(cells)!r} is no rate")
        known = rates.setdefault((rate.currency, rate.day), rate)
        if known != rate:
            raise _unusable(path, number, f"{rate.currency} has another rate on {rate.day} above")
    return tuple(sorted(rates.values()))


def _rate(cells: dict[str, str]) -> Rate | None:
    try:
        day, rate = date.fromisoformat(cells["day"]), Decimal(cells["rate"])
    except (KeyError, ValueError, InvalidOperation):
        return None
    code = cells["currency"].upper()
    fine = re.fullmatch("[A-Z]{3}", code) and rate.is_finite() and 0 < rate < 10**8
    return Rate(code, day, rate) if fine else None


def _unusable(path: Path, line: int, problem: str) -> ExportError:
    return ExportError(
        f"{path.name}, line {line}: {problem}. Nothing was loaded. It has three columns, "
        "day,currency,rate: a line 2026-09-30,USD,0.91 says that one dollar cost 0.91 of the "
        "client's currency on that day. Correct that line and run again."
    )


def hold_rates(connection: duckdb.DuckDBPyConnection, rates: tuple[Rate, ...]) -> None:
    """Make the table ``fx_rates`` that the rows of other currencies are joined with."""
    connection.execute("create table fx_rates (currency VARCHAR, day DATE, rate DECIMAL(18, 8))")
    if rates:
        values = ", ".join(f"('{r.currency}', '{r.day}', {r.rate:f})" for r in rates)
        connection.execute(f"insert into fx_rates values {values}")


def no_rates(
    name: str,
    foreign: list[str],
    wanted: str,
    *,
    rows: int = 0,
    first_day: str = "",
    some: bool = False,
) -> ExportError:
    """A file in a currency that is not the client's, and for which fx_rates.csv has no rate."""
    codes = " and ".join(foreign)
    of_rows = f"{rows:,} of its rows hold amounts" if rows else "its amounts are"
    alone = "" if rows else f", or set currency: {foreign[0]} in client.yml"
    return ExportError(
        f"{name}: {of_rows} in {codes}, and client.yml says {wanted}. Nothing was loaded from it. "
        f"Export it in {wanted}{alone}; or convert it: "
        + how_to_convert(foreign[0], wanted, first_day, some=some)
    )


def how_to_convert(foreign: str, wanted: str, first_day: str, *, some: bool) -> str:
    """What to write into fx_rates.csv, from the first day on that is to be converted."""
    there = "has no rate for it: add" if some else "is not there: put it beside client.yml, with"
    head = "" if some else "day,currency,rate\n"
    return (
        f"fx_rates.csv {there} a line for each day (a day without one takes the nearest earlier "
        f"one) that says what one {foreign} cost in {wanted}, as in:\n"
        f"{head}{first_day or '2026-01-01'},{foreign},0.9100"
    )


def refuse_days_without_rate(
    connection: duckdb.DuckDBPyConnection, name: str, rows: str, foreign: Sequence[str], wanted: str
) -> None:
    """Raise ExportError where a row's day lies before the first rate of its currency."""
    early = connection.execute(
        f"select foreign_currency, count(*), min(day_seen)::VARCHAR, max(day_seen)::VARCHAR"
        f" from {rows} where rate is null and ignored is null and foreign_currency in $known"
        " group by 1 order by 1",
        {"known": list(foreign)},
    ).fetchall()
    if early:
        currency, count, first, last = early[0]
        raise ExportError(
            f"{name}: {count:,} rows in {currency} from {first} to {last} lie before the first "
            f"rate of {currency} in fx_rates.csv. Nothing was loaded from it. Add a rate for "
            f"{first} or earlier, what one {currency} cost in {wanted}, as in:\n"
            f"{first},{currency},0.9100"
        )
