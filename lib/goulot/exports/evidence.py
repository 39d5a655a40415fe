"""Marks decided by what the file itself shows: decimal mark, date order, shapes of dates."""

import re

import duckdb

from goulot.errors import ExportError
from goulot.exports.convert import Marks, is_slashed, plain_time, shapes_of
from goulot.exports.detect import Recognised

SAMPLE_ROWS = 200_000
NUMBERS = ("integer", "number", "money", "percent")
TIMES = ("date", "timestamp")


def decide_marks(
    connection: duckdb.DuckDBPyConnection, source: str, found: Recognised, zone: str
) -> Marks:
    """The marks of a file. Raises ExportError where its dates or numbers can be read two ways."""
    times = _columns(found, TIMES)
    shapes = _shapes(connection, source, times)
    order = _date_order(connection, source, found, times) if is_slashed(shapes) else ""
    decimal = found.spec.decimal or _decimal(connection, source, found)
    return Marks(decimal, order, shapes, zone)


def _columns(found: Recognised, kinds: tuple[str, ...]) -> list[str]:
    return [f"c{p}" for name, p in found.places.items() if found.spec.read[name].type in kinds]


def _shapes(connection: duckdb.DuckDBPyConnection, source: str, times: list[str]) -> tuple:
    """Shapes of the days and times in the first rows, and of one value of every kind in them."""
    seen: dict[str, None] = {}
    for column in times:
        plain = plain_time(f"trim({column})")
        sketch = f"regexp_replace({plain}, '\\d', '9', 'g')"
        rows = connection.execute(
            f"select min({plain}) from (select {column} from {source} limit {SAMPLE_ROWS})"
            f" where {column} is not null group by {sketch} order by count(*) desc limit 50"
        ).fetchall()
        seen |= dict.fromkeys(shapes_of([value for (value,) in rows if value]))
    return tuple(seen)


def _date_order(
    connection: duckdb.DuckDBPyConnection, source: str, found: Recognised, times: list[str]
) -> str:
    """``dmy`` or ``mdy``, by a first or second part above 12 anywhere in the file."""
    parts = " union all ".join(f"select trim({column}) as t from {source}" for column in times)
    pattern = r"'^(\d{1,2})([/.-])(\d{1,2})[/.-]\d{4}'"
    first, second, dots, example = connection.execute(
        f"select max(try_cast(regexp_extract(t, {pattern}, 1) as int)),"
        f" max(try_cast(regexp_extract(t, {pattern}, 3) as int)),"
        f" bool_or(regexp_extract(t, {pattern}, 2) = '.'),"
        f" min(case when regexp_matches(t, {pattern}) then t end) from ({parts})"
    ).fetchall()[0]
    shown = ""
    if (first or 0) > 12 and (second or 0) <= 12:
        shown = "dmy"
    if (second or 0) > 12 and (first or 0) <= 12:
        shown = "mdy"
    declared = found.spec.date_order
    if declared in ("dmy", "mdy"):
        if shown and shown != declared:
            raise _other_order(found, shown, declared)
        return declared
    if shown:
        return shown
    if dots:
        return "dmy"
    raise _two_readings(found, example or "", both=(first or 0) > 12)


def _two_readings(found: Recognised, example: str, *, both: bool) -> ExportError:
    why = (
        "some of its dates have the day first and some the month"
        if both
        else "nothing in the file tells which, because no day above 12 occurs"
    )
    return ExportError(
        f"{found.name}: {example!r} can be read with the day first or with the month first, and "
        f"{why}. Nothing was loaded from it. Paste one of these into client.yml and run again:\n"
        + _paste(
            found, "date_order", "dmy", "day first, as in Europe; mdy: month first, as in the US"
        )
    )


def _other_order(found: Recognised, shown: str, declared: str) -> ExportError:
    """The dates of the file are not written as its format, or client.yml, says they are."""
    first = {"dmy": "the day first", "mdy": "the month first"}
    return ExportError(
        f"{found.name}: {found.spec.title} is read with {first[declared]}, and some dates of this "
        f"file can only have {first[shown]}: it was saved again in a spreadsheet, or the setting "
        "is wrong. Nothing was loaded from it. Export it again or, if all its dates are so written,"
        " paste this into client.yml and run again:\n"
        + _paste(found, "date_order", shown, first[shown])
    )


def _paste(found: Recognised, key: str, value: str, meaning: str) -> str:
    name = f'exports:\n  "{found.name}":\n'
    kind = "" if found.spec.name == "mapped" else f"    format: {found.spec.name}\n"
    return f'{name}{kind}    {key}: "{value}"  # {meaning}'


def _decimal(connection: duckdb.DuckDBPyConnection, source: str, found: Recognised) -> str:
    """The decimal mark, by numbers that can be read one way only."""
    columns = _columns(found, NUMBERS)
    if not columns:
        return "."
    sample = " union all ".join(
        f"select regexp_replace({c}, '[^0-9.,]', '', 'g') as t"
        f" from (select {c} from {source} limit {SAMPLE_ROWS})"
        for c in columns
    )
    point, comma, either = connection.execute(
        "select count(*) filter (t like '%.%' and not regexp_full_match(t, '\\d{1,3}(\\.\\d{3})+')"
        " and not t like '%.%,%'),"
        " count(*) filter (t like '%,%' and not regexp_full_match(t, '\\d{1,3}(,\\d{2,3})*,\\d{3}')"
        " and not t like '%,%.%'),"
        f" min(case when regexp_full_match(t, '\\d{{1,3}}[.,]\\d{{3}}') then t end) from ({sample})"
    ).fetchall()[0]
    if point or comma:
        return "." if point >= comma else ","
    if (either and found.dialect.delimiter == ";") or (either and re.search(r"\.", either)):
        raise ExportError(
            f"{found.name}: {either!r} can be read as a thousand or as a number below a thousand, "
            "and no other number in the file tells which. Nothing was loaded from it. "
            "Paste this into client.yml, with the right mark, and run again:\n"
            + _paste(found, "decimal", ",", "or . where the point marks decimals")
        )
    return "."
