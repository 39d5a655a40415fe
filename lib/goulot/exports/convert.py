"""Text to values, in SQL: numbers, money, days and times, by marks decided for the whole file.

Each value is first tried the quick way, as DuckDB casts it; what that refuses is cleaned of
currency signs, thousands and odd spaces, and tried again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from goulot.fields import SQL_TYPE

# What may stand between thousands, and around a number: spaces of every width, apostrophes.
SPACES = " \t\u00a0\u2007\u2009\u202f"
_SPACE = r"[\s\x{00A0}\x{2007}\x{2009}\x{202F}]*"
_BETWEEN = r"[\s\x{00A0}\x{2007}\x{2009}\x{202F}''’]"
_GROUP = "''"  # an apostrophe, in SQL
_GROUPED = {
    ".": r"[+-]?(\d+|[1-9]\d{0,2}((,\d{2,3})*,\d{3}|(''\d{3})+))?(\.\d+)?",
    ",": r"[+-]?(\d+|[1-9]\d{0,2}((\.\d{3})+|(''\d{3})+))?(,\d+)?",
}
# The signs a currency is written with, beside its code. A foreign sign is no noise: it stays, and
# ``signs`` decides what becomes of it.
SIGNS = {
    "EUR": r"€|EURO?S?",
    "GBP": "£",
    "JPY": "¥|JP¥|円",
    "CNY": "¥|CN¥|元",
    "CHF": r"Fr\.?|SFr\.?",
    "SEK": "kr",
    "NOK": "kr",
    "DKK": r"kr\.?",
    "PLN": "zł",
    "CZK": "Kč",
    "INR": "₹",
    "BRL": r"R\$",
    "USD": r"(?:US)?\$(?:US)?",
    "CAD": r"(?:CA?)?\$(?:CA)?",
    "AUD": r"(?:AU?)?\$",
    "NZD": r"(?:NZ)?\$",
    "HKD": r"(?:HK)?\$",
    "SGD": r"(?:SG?)?\$",
    "MXN": r"(?:MX)?\$",
}
_THOUSANDS = {".": ",", ",": "."}
# DuckDB's casts also know 1_000, 0x10, nan and inf; no export means those.
_PLAIN_IN = {".": "[^0-9.+-]", ",": "[^0-9+-]"}
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class Marks:
    """What was decided for a file: decimal mark, order of day and month, time shapes, zones."""

    decimal: str = "."
    date_order: str = ""
    shapes: tuple[str, ...] = ()
    client_zone: str = "UTC"
    currencies: tuple[str, ...] = ()  # whose signs and codes an amount may bear


@dataclass(frozen=True)
class Shape:
    """One way to write a day or a time: how to recognise it and how strptime reads it."""

    name: str
    pattern: str
    formats: dict[str, str]  # by order of day and month; "" where it is fixed
    zoned: bool = False


def _slashed(name: str, rest: str, tail: str) -> Shape:
    day_first = {"dmy": f"%d/%m/%Y{tail}", "mdy": f"%m/%d/%Y{tail}"}
    return Shape(name, rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}{rest}", day_first)


_ISO = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{1,2}:\d{2}"
_OFFSET = r"[+-]\d{2}:?\d{2}"
SHAPES: tuple[Shape, ...] = (
    Shape("iso day", r"\d{4}-\d{1,2}-\d{1,2}", {"": "%Y-%m-%d"}),
    Shape("iso time", rf"{_ISO} {_CLOCK}:\d{{2}}", {"": "%Y-%m-%d %H:%M:%S"}),
    Shape("iso minute", rf"{_ISO} {_CLOCK}", {"": "%Y-%m-%d %H:%M"}),
    Shape("iso fraction", rf"{_ISO} {_CLOCK}:\d{{2}}\.\d+", {"": "%Y-%m-%d %H:%M:%S.%f"}),
    Shape("iso offset", rf"{_ISO} {_CLOCK}:\d{{2}} {_OFFSET}", {"": "%Y-%m-%d %H:%M:%S %z"}, True),
    Shape(
        "iso fraction offset",
        rf"{_ISO} {_CLOCK}:\d{{2}}\.\d+ {_OFFSET}",
        {"": "%Y-%m-%d %H:%M:%S.%f %z"},
        True,
    ),
    Shape("compact day", r"(19|20)\d{6}", {"": "%Y%m%d"}),
    Shape("compact hour", r"(19|20)\d{8}", {"": "%Y%m%d%H"}),
    _slashed("slashed day", "", ""),
    _slashed("slashed minute", rf" {_CLOCK}", " %H:%M"),
    _slashed("slashed time", rf" {_CLOCK}:\d{{2}}", " %H:%M:%S"),
    _slashed("slashed noon minute", rf" {_CLOCK} [AaPp][Mm]", " %I:%M %p"),
    _slashed("slashed noon time", rf" {_CLOCK}:\d{{2}} [AaPp][Mm]", " %I:%M:%S %p"),
)
BY_NAME = {shape.name: shape for shape in SHAPES}


def plain_time(sql: str) -> str:
    """SQL that writes a time the one way the shapes know: no T, a space and +00:00, slashes."""
    text = f"regexp_replace({sql}, '^(\\d{{4}}-\\d{{2}}-\\d{{2}})T', '\\1 ')"
    text = f"regexp_replace({text}, ' ?(Z|UTC)$', ' +00:00')"
    text = f"regexp_replace({text}, '(:\\d{{2}}(\\.\\d+)?)([+-]\\d{{2}}:?\\d{{2}})$', '\\1 \\3')"
    return f"regexp_replace({text}, '^(\\d{{1,2}})[.-](\\d{{1,2}})[.-](\\d{{4}})', '\\1/\\2/\\3')"


def shapes_of(values: Iterable[str]) -> tuple[str, ...]:
    """Names of the shapes seen among ``values`` (already plain), commonest first."""
    counts = {
        shape.name: sum(bool(re.fullmatch(shape.pattern, value)) for value in values)
        for shape in SHAPES
    }
    seen = [name for name, count in counts.items() if count]
    return tuple(sorted(seen, key=lambda name: -counts[name]))


def is_slashed(names: Iterable[str]) -> bool:
    return any(name.startswith("slashed") for name in names)


def number_sql(sql: str, marks: Marks, sql_type: str) -> str:
    """A number of ``sql_type``; null where the text is none or is oddly grouped."""
    return (
        f"case when not regexp_matches({sql}, '{_PLAIN_IN[marks.decimal]}')"
        f" then try_cast({sql} as {sql_type})"
        f" when {sql} is not null then try_cast({_digits(sql, marks)} as {sql_type}) end"
    )


def _digits(sql: str, marks: Marks) -> str:
    """The number as DuckDB casts it, its decimals behind a point; empty where it is none."""
    bare = f"regexp_replace({_unsigned(sql, marks)}, '{_BETWEEN}', '{_GROUP}', 'g')"
    bare = f"regexp_replace({bare}, '^\\((.+)\\)$', '-\\1')"
    whole = f"regexp_extract({bare}, '^(?:{_GROUPED[marks.decimal]})$')"
    plain = f"replace(replace({whole}, '{_THOUSANDS[marks.decimal]}', ''), '{_GROUP}', '')"
    return plain if marks.decimal == "." else f"replace({plain}, ',', '.')"


def _unsigned(sql: str, marks: Marks) -> str:
    """The number without the signs and codes of its currency, which stand before or behind it."""
    signs = [sign for code in marks.currencies for sign in (code, SIGNS.get(code, code))]
    sign = f"({'|'.join(signs)})?" if signs else "()"
    ahead = rf"^{_SPACE}{sign}{_SPACE}([(+-]*){_SPACE}{sign}{_SPACE}"
    behind = rf"{_SPACE}{sign}{_SPACE}(\)?){_SPACE}$"
    text = f"replace({sql}, '\u2212', '-')"
    return f"regexp_replace(regexp_replace({text}, '{ahead}', '\\2'), '{behind}', '\\2')"


def integer_sql(sql: str, marks: Marks) -> str:
    """A whole number; ``6.0`` is one, ``7.5`` is not."""
    whole = f"regexp_extract({_digits(sql, marks)}, '^([+-]?\\d+)(?:\\.0*)?$', 1)"
    return (
        f"case when not regexp_matches({sql}, '[^0-9-]') then try_cast({sql} as BIGINT)"
        f" when {sql} is not null then try_cast({whole} as BIGINT) end"
    )


def time_sql(sql: str, marks: Marks, zone: str | None) -> str:
    """A time in the client's zone; a time without an offset is in ``zone`` (None: the client's).

    Where the clocks go back an hour exists twice: with an offset both become the local time they
    show; without one it is the second. An hour that the clocks skipped is no time. Whether the year
    is a likely one is another question: ``likely_sql``.
    """
    quick = _attempts(sql, marks, zone)
    if not quick:
        return "null::TIMESTAMP"
    slow = _attempts(plain_time(sql), marks, zone)
    return f"coalesce({', '.join([*quick, *slow])})"


def likely_sql(time: str) -> str:
    """A time or day that was read; null where its year is a slip of the pen."""
    return f"case when year({time}) between {FIRST_YEAR} and {LAST_YEAR} then {time} end"


def _attempts(sql: str, marks: Marks, zone: str | None) -> list[str]:
    """One attempt for each shape that was seen in the file."""
    out = []
    for name in marks.shapes:
        shape = BY_NAME[name]
        text = shape.formats.get("") or shape.formats[marks.date_order or "dmy"]
        parsed = f"try_strptime({sql}, '{text}')"
        written = zone or marks.client_zone
        if shape.zoned:
            parsed = f"timezone('{marks.client_zone}', {parsed})"
        elif not name.endswith("day"):
            parsed = f"local_time('{written}', '{marks.client_zone}', {parsed})"
        out.append(parsed)
    return out


def boolean_sql(sql: str) -> str:
    folded = f"lower({sql})"
    return (
        f"case when {folded} in ('true', 'yes', 'oui', '1', 'y', 'vrai') then true"
        f" when {folded} in ('false', 'no', 'non', '0', 'n', 'faux') then false end"
    )


def value_sql(sql: str, kind: str, marks: Marks, zone: str | None = None) -> str:
    """SQL that turns the text ``sql`` into a value of ``kind``; null where it is not one."""
    if kind == "date":
        return f"cast({time_sql(sql, marks, zone)} as DATE)"
    if kind == "timestamp":
        return time_sql(sql, marks, zone)
    if kind == "time":
        return f"try_cast({sql} as TIME)"
    if kind == "integer":
        return integer_sql(sql, marks)
    if kind == "percent":
        return f"{number_sql(f'rtrim({sql}, {chr(39)}% {chr(39)})', marks, 'DOUBLE')} / 100"
    if kind in ("money", "number"):
        return number_sql(sql, marks, SQL_TYPE[kind])
    return boolean_sql(sql) if kind == "boolean" else sql
