"""The columns of canonical tables over the read columns, and their money in one currency."""

from goulot.exports.context import AMOUNT, NUMBERED, ReadContext, literal
from goulot.exports.detect import Recognised
from goulot.exports.spec import Format, TableMap
from goulot.fields import FIELDS


def priced_sql(
    spec: Format, found: Recognised, context: ReadContext, foreign: tuple[str, ...]
) -> str:
    """Each row with its currency and the rate of its day; an order's rows share both."""
    if not foreign:
        return ""
    day, currency = day_sql(spec), literal(found.currency or context.currency)
    lines = spec.tables.get("order_lines")
    of_order = f"over (partition by {lines.columns['order_id']})" if lines else ""
    if of_order:
        day = f"coalesce({day}, min({day}) {of_order})"
    if spec.currency in found.places:
        own = f"upper({spec.currency})"
        of_row = f"coalesce({own}, max({own}) {of_order})" if of_order else own
        currency = f"coalesce({of_row}, {currency})"
    return f""",
dated as (
    select *, {currency} as foreign_currency, coalesce({day}, file_date) as rate_day from mapped
),
priced as (
    select dated.*,
        case when foreign_currency = {literal(context.currency)} then 1 else rate end as rate
    from dated asof left join fx_rates
        on dated.foreign_currency = fx_rates.currency and dated.rate_day >= fx_rates.day
)"""


def table_maps(spec: Format) -> list[tuple[str, str, TableMap]]:
    """Every table of the format, with the prefix of its columns: several where it is numbered."""
    return [(t, prefix, mapping) for t in spec.tables for prefix, mapping in spec.copies(t)]


def table_sql(spec: Format, shop: str) -> list[str]:
    out = []
    for _, prefix, mapping in table_maps(spec):
        out.append(f"coalesce({mapping.rows}, false) as {prefix}__in")
        for column, sql in mapping.columns.items():
            if shop and column in NUMBERED:
                sql = f"{literal(f'{shop}:')} || ({sql})"
            out.append(f"cast({sql} as {FIELDS[column].sql_type}) as {prefix}__{column}")
        for name, sql in mapping.evidence.items():
            out.append(f"cast({sql} as VARCHAR) as {prefix}__evidence_{name}")
    return out


def table_columns(spec: Format, foreign: tuple[str, ...]) -> list[str]:
    """The columns of all tables, money converted where the file has other currencies."""
    out = []
    for table, mapping in spec.tables.items():
        if mapping.is_numbered:
            out.append(_each_sql(spec, table, foreign))
            continue
        out.append(f"{table}__in")
        for column in mapping.columns:
            name = f"{table}__{column}"
            value = _converted(name, column, foreign)
            out.append(name if value == name else f"{value} as {name}")
        out += [f"{table}__evidence_{key}" for key in mapping.evidence]
    if foreign:
        amounts = [f"{t}__{AMOUNT[t]}" for t in spec.tables if t in AMOUNT] or ["null::DOUBLE"]
        out += ["foreign_currency", "rate", f"{amounts[0]} as original"]
    return out


def _converted(name: str, column: str, foreign: tuple[str, ...]) -> str:
    field = FIELDS[column]
    is_money = foreign and field.kind == "money"
    return f"cast({name} * rate as {field.sql_type})" if is_money else name


def _each_sql(spec: Format, table: str, foreign: tuple[str, ...]) -> str:
    """The rows of a table that stand side by side in one row of the file."""
    rows = []
    for number, (prefix, mapping) in zip(spec.numbers, spec.copies(table), strict=True):
        pairs = ", ".join(
            f"{column} := {_converted(f'{prefix}__{column}', column, foreign)}"
            for column in mapping.columns
        )
        row = f"struct_pack(line_no := {number}::BIGINT, {pairs})"
        rows.append(f"case when {prefix}__in then {row} end")
    return f"[{', '.join(rows)}] as {table}__each"


def day_sql(spec: Format) -> str:
    """The day a row speaks of: the first day or time column of its main table, or of any."""
    tables = [spec.one_row_is, *(t for t in spec.tables if t != spec.one_row_is)]
    for table in tables:
        if spec.tables[table].is_numbered:
            continue
        for column in spec.tables[table].columns:
            if FIELDS[column].kind in ("date", "timestamp"):
                return f"cast({table}__{column} as DATE)"
    return "null::DATE"
