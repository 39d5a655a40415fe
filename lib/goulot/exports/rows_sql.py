"""The query that turns a file's cells into typed rows of its canonical tables.

Its columns: ``number`` (row in the file; null on the fast road, where the Parquet row tells),
``ignored``, ``problem``, ``value``, ``reason``, ``cells`` (of a quarantined row), ``day_seen``,
``record`` (hash of the whole row, where rows are summed), ``refused`` (the rule by which the file
cannot be used), then for each table ``<table>__in`` and ``<table>__<column>``; of a table made of
numbered columns ``<table>__each``, a list of its rows (a struct each, null where there is none).
Personal columns are used in expressions and never written.
"""

import re
from datetime import date

from goulot.exports.context import ReadContext, literal
from goulot.exports.convert import SPACES, Marks, likely_sql, value_sql
from goulot.exports.detect import Recognised
from goulot.exports.evidence import TIMES
from goulot.exports.spec import Format, IgnoreRule
from goulot.exports.tables_sql import day_sql, priced_sql, table_columns, table_maps, table_sql
from goulot.tables import TABLES


def rows_query(
    source: str,
    found: Recognised,
    marks: Marks,
    context: ReadContext,
    file_day: date,
    foreign: tuple[str, ...] = (),
) -> str:
    """The query; with ``foreign``, amounts in those currencies are converted by ``fx_rates``."""
    spec = found.spec
    number = "number" if "'number': 'BIGINT'" in source else "null::BIGINT"
    if spec.looks_around and number != "number":
        number = f"row_number() over () + {found.dialect.skip + 1}"
    order = " order by number" if foreign or spec.looks_around else ""
    texts = [f"{_text_sql(spec, found, name)} as {name}" for name in spec.read]
    cells = ", ".join(f"c{i}" for i in range(len(found.dialect.headings)))
    typed = [f"{_typed_sql(spec, name, marks)} as {name}" for name in spec.read]
    summed = any(TABLES[table].combine == "sum" for table in spec.tables)
    return f"""
with cells as (
    select {number} as number,
        {f"hash({cells})" if summed else "null::UBIGINT"} as record,
        {_ignored_sql(spec, found)} as ignored_above,
        {", ".join(texts)}
    from {source}
),
filled as ({_filled_sql(spec)}),
typed as (
    select number, record, {_ignored_blank_sql(spec, found)} as ignored,
        {", ".join(f"{name} as text__{name}" for name in spec.read)},
        {", ".join(typed)}
    from filled
),
checked as (select {_checked_sql(spec, context)} from typed),
judged as (
    select *,
        {literal(file_day)}::DATE as file_date,
        {_problem_sql(spec, found, (context.currency, *foreign))} as problem
    from checked
),
mapped as (
    select *, {", ".join(table_sql(spec, found.shop))} from judged
){priced_sql(spec, found, context, foreign)}
select number, record, ignored,
    {_gap_sql(spec, "name")} as problem,
    {_value_of_problem(spec)} as value,
    {_gap_sql(spec, "reason")} as reason,
    case when problem is not null or {_gap_sql(spec, "name")} is not null
        then {_cells_json(spec)} end as cells,
    {day_sql(spec)} as day_seen,
    {_refused_sql(spec, found)} as refused,
    {", ".join(table_columns(spec, foreign))}
from {"priced" if foreign else "mapped"}{order}"""


def _text_sql(spec: Format, found: Recognised, name: str) -> str:
    if name not in found.places:
        return "null::VARCHAR"
    cell = f"c{found.places[name]}"
    nulls = list(dict.fromkeys(("", *spec.nulls)))
    listed = ", ".join(map(literal, nulls))
    # Trimming takes long, of odd spaces five times as long: only where there is something to trim.
    odd = found.has_odd_spaces
    trimmed = f"trim({cell}, {literal(SPACES)})" if odd else f"trim({cell})"
    whole = f"case when {trimmed} in ({listed}) then null else {trimmed} end"
    words = ", ".join(literal(null) for null in nulls if null >= FIRST_PLAIN)
    doubts = [f"{cell} < '{FIRST_PLAIN}'", *([f"{cell} > '{LAST_PLAIN}'"] if odd else [])]
    doubts += [f"suffix({cell}, '{space}')" for space in (SPACES if odd else " ")]
    doubts += [f"{cell} in ({words})"] if words else []
    doubtful = " or ".join(doubts)
    return f"case when {cell} = '' then null when {doubtful} then {whole} else {cell} end"


def _ignored_sql(spec: Format, found: Recognised) -> str:
    rules = [rule for rule in spec.ignore if rule.starts_with]
    width = len(found.dialect.headings)
    cases = [f"when {' or '.join(_starts(rule, width))} then {literal(rule.why)}" for rule in rules]
    heads = [p for name, p in found.places.items() if spec.read[name].required][:4]
    if len(heads) > 1:  # the headings again, where files were put one below another
        again = (f"trim(c{place}) = {literal(found.dialect.headings[place])}" for place in heads)
        cases.append(f"when {' and '.join(again)} then 'not data'")
    return f"case {' '.join(cases)} end" if cases else "null::VARCHAR"


def _starts(rule: IgnoreRule, width: int) -> list[str]:
    return [
        f"starts_with(lower(ltrim(c{i})), {literal(prefix.lower())})"
        for i in range(min(rule.in_first_cells, width))
        for prefix in rule.starts_with
    ]


def _refused_sql(spec: Format, found: Recognised) -> str:
    """The number of the rule by which a row of data refuses the whole file."""
    cases = [
        f"when ignored is null and ({rule.where}) then {number}"
        for number, rule in enumerate(spec.refuse)
        if not set(rule.absent) & found.places.keys()
    ]
    return f"case {' '.join(cases)} end" if cases else "null::INTEGER"


def _filled_sql(spec: Format) -> str:
    if not spec.fill_down:
        return "select * from cells"
    by = spec.fill_down.by
    window = f"over (partition by {by})"
    filled = ", ".join(
        f"coalesce({name}, max({name}) {window}) as {name}" for name in spec.fill_down.columns
    )
    return f"select * replace ({filled}) from cells"


def _ignored_blank_sql(spec: Format, found: Recognised) -> str:
    """The reason a row is not data, by the rules of the format; a row without a cell is blank."""
    cases = [
        f"when {' and '.join(f'{name} is null' for name in rule.blank)} then {literal(rule.why)}"
        for rule in spec.ignore
        if rule.blank and all(name in found.places for name in rule.blank)
    ]
    cases += [f"when {rule.where} then {literal(rule.why)}" for rule in spec.ignore if rule.where]
    read = " and ".join(f"{name} is null" for name in found.places)
    above = f"when ignored_above is not null then ignored_above when {read} then 'blank'"
    return f"case {above} {' '.join(cases)} end"


def _typed_sql(spec: Format, name: str, marks: Marks) -> str:
    column = spec.read[name]
    zone = (column.zone or spec.zone or None) if column.type == "timestamp" else None
    return value_sql(name, column.type, marks, zone)


def _checked_sql(spec: Format, context: ReadContext) -> str:
    """All columns: times in likely years, keys hashed in the rows of tables that speak of them."""
    checked = {n: likely_sql(n) for n, column in spec.read.items() if column.type in TIMES}
    for name in (n for n, column in spec.read.items() if column.type == "key"):
        keyed = f"sha256({literal(context.secret)} || ':' || lower({name}))"
        checked[name] = f"case when {_spoken_of(spec, name)} then left({keyed}, 20) end"
    replaced = ", ".join(f"{sql} as {name}" for name, sql in checked.items())
    return f"* replace ({replaced})" if checked else "*"


def _spoken_of(spec: Format, name: str) -> str:
    """Whether a row is one of a table whose columns speak of the read column."""
    rows = {
        mapping.rows
        for _, _, mapping in table_maps(spec)
        if re.search(
            rf"\b{name}\b", " ".join((*mapping.columns.values(), *mapping.evidence.values()))
        )
    }
    return " or ".join(f"({row})" for row in sorted(rows)) or "false"


def _problem_sql(spec: Format, found: Recognised, currencies: tuple[str, ...]) -> str:
    """The first column whose text is not what the format says it is."""
    typed = [name for name, c in spec.read.items() if c.type not in ("text", "key")]
    cases = [
        f"when text__{name} is not null and {name} is null then {literal(name)}"
        for name in typed
        if name in found.places
    ]
    if spec.currency in found.places:
        known = ", ".join(map(literal, currencies))
        foreign = f"upper({spec.currency}) not in ({known})"
        cases.append(f"when {foreign} then {literal(spec.currency)}")
    return f"case {' '.join(cases)} end" if cases else "null::VARCHAR"


FIRST_PLAIN = "."  # before it stand the space, the hyphen, and other signs that are no value alone
LAST_PLAIN = "\x7f"  # behind it stand the letters and spaces that are not of ASCII
REASON = {
    "integer": "is not a whole number",
    "number": "is not a number",
    "money": "is not an amount in the currency of client.yml",
    "percent": "is not a percentage",
    "date": "is not a day in this file's way of writing them",
    "timestamp": "is not a time in this file's way of writing them",
    "time": "is not a time of day",
    "boolean": "is neither yes nor no",
}


UNCLEAR = "is empty, or written in a way that is not known"


def _gap_sql(spec: Format, what: str) -> str:
    """Name of, or reason for, the problem of a row: a value of another type, or a gap."""
    if what == "name":
        cases = ["when problem is not null then problem"]
    else:
        cases = [
            f"when problem = {literal(n)} then {literal(REASON[c.type])}"
            for n, c in spec.read.items()
            if c.type in REASON
        ]
        if spec.currency:
            foreign = "is not the currency of client.yml, nor one of fx_rates.csv"
            cases.append(f"when problem = {literal(spec.currency)} then {literal(foreign)}")
    for table, prefix, mapping in table_maps(spec):
        for column in TABLES[table].required:
            if column in mapping.columns:
                empty = "is empty" if mapping.columns[column] in spec.read else UNCLEAR
                said = literal(column if what == "name" else empty)
                cases.append(f"when {prefix}__in and {prefix}__{column} is null then {said}")
    return f"case when ignored is not null then null {' '.join(cases)} end"


def _value_of_problem(spec: Format) -> str:
    shown = [n for n, c in spec.read.items() if not c.personal and c.type != "key"]
    cases = [f"when {literal(name)} then text__{name}" for name in shown]
    return f"case problem {' '.join(cases)} end" if cases else "null::VARCHAR"


def _cells_json(spec: Format) -> str:
    """The row's cells as they stand in the file, personal ones left out."""
    shown = [n for n, c in spec.read.items() if not c.personal and c.type != "key"]
    pairs = ", ".join(f"{name} := text__{name}" for name in shown)
    return f"cast(to_json(struct_pack({pairs})) as VARCHAR)"
