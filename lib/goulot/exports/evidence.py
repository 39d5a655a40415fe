"""Marks decided by what the file itself shows: decimal mark, date order, shapes of dates."""

import re
from calendar import month_abbr

import duckdb

from goulot.errors import ExportError
from goulot.exports.context import literal
from goulot.exports.convert import SPACES, Marks, is_slashed, plain_time, shapes_of
from goulot.exports.detect import Recognised
from goulot.exports.refusals import setting_block

SAMPLE_ROWS = 20_000
NUMBERS = ("integer", "number", "money", "percent")
TIMES = ("date", "timestamp")


def decide_marks(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    found: Recognised,
    zone: str,
    *,
    whole: bool = False,
) -> Marks:
    """The marks of a file: by its first rows, or by all where a row could not be read by those.

    Raises
    ------
    ExportError
        Its dates or numbers can be read two ways.
    """
    times = _columns(found, TIMES)
    sample = source if whole else f"(from {source} limit {SAMPLE_ROWS})"
    shapes = _shapes(connection, sample, times)
    order = _date_order(connection, source, found, times) if is_slashed(shapes) else ""
    decimal = found.spec.decimal
    if not decimal:
        decimal = _decimal(connection, sample, found)
    elif whole and decimal != (shown := _other_decimal(connection, source, found)):
        decimal = shown
    return Marks(decimal, order, shapes, zone)


def refuse_doubles(connection: duckdb.DuckDBPyConnection, source: str, found: Recognised) -> None:
    """Raise ExportError where a heading stands twice, above columns that say different things."""
    for name, first, second in found.doubles:
        differs = f"trim(c{first}) is distinct from trim(c{second})"
        count, row = connection.execute(
            f"select count(*), min({{c{first}: c{first}, c{second}: c{second}}})"
            f" from {source} where {differs}"
        ).fetchall()[0]
        if count:
            heading = found.dialect.headings[first]
            personal = found.spec.read[name].personal or found.spec.read[name].type == "key"
            values = "" if personal else f", for example {' and '.join(map(repr, row.values()))}"
            raise ExportError(
                f"{found.name}: the heading {heading!r} stands above columns {first + 1} and "
                f"{second + 1}, which differ in {count:,} rows{values}. Nothing was loaded from "
                "it. Take one of the columns out of the export, or rename it, and run again."
            )


def _columns(found: Recognised, kinds: tuple[str, ...]) -> list[str]:
    return [f"c{p}" for name, p in found.places.items() if found.spec.read[name].type in kinds]


def _cells(source: str, columns: list[str]) -> str:
    """The cells of several columns one below another, from one pass over the file."""
    return f"(select unnest([{', '.join(columns)}]) as t from {source})"


def _shapes(
    connection: duckdb.DuckDBPyConnection, source: str, times: list[str]
) -> tuple[str, ...]:
    """Shapes of the days and times, by one value of every kind of text in their columns."""
    if not times:
        return ()
    sketch = "translate(trim(t), '012345678', '999999999')"
    plain = plain_time(f"trim(example, {literal(SPACES)})")
    rows = connection.execute(
        f"select {plain} from (select min(trim(t)) as example, count(*) as times"
        f" from {_cells(source, times)} where t <> '' group by {sketch})"
        " order by times desc, example limit 50"
    ).fetchall()
    return shapes_of([value for (value,) in rows if value])


def _date_order(
    connection: duckdb.DuckDBPyConnection, source: str, found: Recognised, times: list[str]
) -> str:
    """``dmy`` or ``mdy``, by a first or second part above 12 anywhere in the file."""
    pattern = r"'^(\d{1,2})([/.-])(\d{1,2})[/.-]\d{4}'"
    first, second, dots, example = connection.execute(
        f"select max(try_cast(regexp_extract(t, {pattern}, 1) as int)),"
        f" max(try_cast(regexp_extract(t, {pattern}, 3) as int)),"
        f" bool_or(regexp_extract(t, {pattern}, 2) = '.'),"
        f" min(case when regexp_matches(t, {pattern}) then t end)"
        f" from (select trim(t) as t from {_cells(source, times)})"
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
    readings = _readings(example)
    return ExportError(
        f"{found.name}: {example!r} is {readings['dmy']} with the day first and "
        f"{readings['mdy']} with the month first, and {why}. Nothing was loaded from it. "
        "Paste this into client.yml and run again:\n"
        + setting_block(
            found.pattern,
            found.spec,
            f'date_order: "dmy"  # day first: {readings["dmy"]}; '
            f"write mdy for month first: {readings['mdy']}",
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
        + setting_block(found.pattern, found.spec, f'date_order: "{shown}"  # {first[shown]}')
    )


def _readings(example: str) -> dict[str, str]:
    """The two days that ``03/04/2026`` may be, in words that cannot be read two ways."""
    first, second, year = map(int, re.findall(r"\d+", example)[:3])
    return {
        order: f"{day} {month_abbr[month]} {year}" if 0 < month <= 12 else "no day"
        for order, day, month in (("dmy", first, second), ("mdy", second, first))
    }


def _other_decimal(connection: duckdb.DuckDBPyConnection, source: str, found: Recognised) -> str:
    """The decimal mark of a file that was saved again with another than its format's.

    Raises ExportError where a number would be another one by it.
    """
    declared = found.spec.decimal
    shown, either = _numbers_tell(connection, source, found)
    if not shown or shown == declared:
        return declared
    if either:
        raise ExportError(
            f"{found.name}: {found.spec.title} is read with {declared!r} before the decimals, and "
            f"this file has {shown!r} there: it was saved again in a spreadsheet, and {either!r} "
            "may be a thousand or a number below it. Nothing was loaded from it. Export it again; "
            "or, if all its numbers are so written, paste this into client.yml and run again:\n"
            + setting_block(found.pattern, found.spec, f'decimal: "{shown}"')
        )
    return shown


def _decimal(connection: duckdb.DuckDBPyConnection, source: str, found: Recognised) -> str:
    """The decimal mark, by numbers that can be read one way only."""
    shown, either = _numbers_tell(connection, source, found)
    if shown:
        return shown
    if (either and found.dialect.delimiter == ";") or (either and "." in either):
        raise ExportError(
            f"{found.name}: {either!r} can be read as a thousand or as a number below a thousand, "
            "and no other number in the file tells which. Nothing was loaded from it. "
            "Paste this into client.yml, with the right mark, and run again:\n"
            + setting_block(
                found.pattern, found.spec, 'decimal: ","  # or "." where the point marks decimals'
            )
        )
    return "."


def _numbers_tell(
    connection: duckdb.DuckDBPyConnection, source: str, found: Recognised
) -> tuple[str, str]:
    """The mark before the decimals of most numbers, and a number that can be read two ways.

    Either is empty where there is none.
    """
    columns = _columns(found, NUMBERS)
    if not columns:
        return ".", ""

    def thousands(mark: str) -> str:
        return f"regexp_full_match(t, '[1-9]\\d{{0,2}}([{mark}]\\d{{2,3}})*[{mark}]\\d{{3}}')"

    point, comma, either = connection.execute(
        f"select count(*) filter (t like '%.%' and not t like '%.%,%' and not {thousands('.')}),"
        f" count(*) filter (t like '%,%' and not t like '%,%.%' and not {thousands(',')}),"
        f" min(case when regexp_full_match(t, '[1-9]\\d{{0,2}}[.,]\\d{{3}}') then t end)"
        f" from (select regexp_replace(t, '[^0-9.,]', '', 'g') as t from {_cells(source, columns)})"
    ).fetchall()[0]
    shown = ("." if point >= comma else ",") if point or comma else ""
    return shown, either or ""
