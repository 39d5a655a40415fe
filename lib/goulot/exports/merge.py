"""Typed rows of all files to one Parquet file per canonical table: each fact once.

Where files overlap, the freshest one wins: the one that reaches furthest in time, then the one
with more rows, then the last by name. What loses is counted as a duplicate of its file.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from goulot.exports.account import FileRead, RowsFiles, row_number_sql
from goulot.exports.channels import EVIDENCE, attributed, campaign_channel
from goulot.exports.context import AMOUNT, literal
from goulot.exports.grains import judged_rows, whole_and_parts
from goulot.exports.lost import Lost, count_lost
from goulot.exports.order_names import FOLLOW_ORDERS, with_known_orders
from goulot.exports.places import placed
from goulot.exports.spec import Format
from goulot.fields import FIELDS
from goulot.settings import ChannelRules
from goulot.tables import PROVENANCE, TABLES, Table

ATTRIBUTED = ("orders", "signups", "subscriptions")  # whose channel is decided by evidence
RANK = 1 << 40  # above any row number: rank * RANK + row orders rows of all files


@dataclass(frozen=True)
class RowsFile:
    """The typed rows of one export, and what is known of it."""

    read: FileRead
    spec: Format
    kept: RowsFiles
    first_row: int  # number, in the export, of the row that stands first in the Parquet file
    shop: str = ""  # of client.yml's shops: files of one shop overlap, of two they do not

    @property
    def freshness(self) -> tuple[str, int, str]:
        return (self.read.last_day, self.read.kept, self.read.file)


def merge_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    files: list[RowsFile],
    target: Path,
    rules: ChannelRules,
) -> Lost:
    """Write ``target`` from the files that feed ``table``, and say what was left out."""
    feeding = [file for file in files if table.name in file.spec.tables]
    if not feeding:
        connection.execute(
            f"copy (select {', '.join(table.columns)} from ({_incoming(table, [])}))"
            f" to {literal(target)} (format parquet)"
        )
        return Lost({}, {}, {})
    feeding.sort(key=lambda file: file.freshness)
    place = _lay_incoming(connection, table, feeding)
    query, lost = {"last": _last, "sum": _sum, "order": _order}[table.combine](table)
    if any(file.spec.tables[table.name].gathers for file in feeding) and table.combine == "order":
        query = f"select * from ({query}) order by rank, source_row{_then_line(table)}"
    if place:
        query = placed(connection, query, "incoming")
    if table.name in ATTRIBUTED:
        sources = _order_sources(files, target) if table.name == "orders" else ""
        query = attributed(connection, query, rules, table.columns, sources)
    if table.name in FOLLOW_ORDERS:
        query = with_known_orders(query, table, target.with_name("orders.parquet"))
    if table.name == "ad_spend":
        query = campaign_channel(query, rules.campaigns)
    written = connection.execute(
        f"copy (select {', '.join(table.columns)} from ({query})) to {literal(target)}"
        " (format parquet)"
    ).fetchall()[0][0]
    if table.combine != "sum" and written == _count(connection, "incoming"):
        return Lost({}, {}, {})
    amount = AMOUNT.get(table.name, "0")
    counting = [file.read.file for file in feeding if file.spec.one_row_is == table.name]
    return count_lost(connection, lost.replace("{amount}", amount), counting)


def _lay_incoming(
    connection: duckdb.DuckDBPyConnection, table: Table, feeding: list[RowsFile]
) -> bool:
    """Lay the views that the query of the table reads; whether its places are still as written."""
    connection.execute(f"create or replace temp view written as {_incoming(table, feeding)}")
    has_places = {"country", "region"} <= {*table.columns}
    before = "region" in table.key  # rows that add up are those of one region, by one name
    incoming = "select * from written"
    if has_places and before:
        incoming = placed(connection, incoming, "written")
    connection.execute(f"create or replace temp view incoming as {incoming}")
    if table.combine == "order":
        heads = _order_heads(table, feeding)
        connection.execute(f"create or replace temp view heads as {heads}")
    if table.parts:
        judged = judged_rows(table, AMOUNT[table.name])
        connection.execute(f"create or replace temp table judged as {judged}")
    return has_places and not before


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return connection.execute(f"select count(*) from {relation}").fetchall()[0][0]


def _order_sources(files: list[RowsFile], target: Path) -> str:
    """The canonical order_sources, which are written before the orders; empty without a file."""
    if not any("order_sources" in file.spec.tables for file in files):
        return ""
    return f"read_parquet({literal(target.with_name('order_sources.parquet'))})"


def _then_line(table: Table) -> str:
    return ", line_no" if "line_no" in table.key else ""


def _incoming(table: Table, files: list[RowsFile]) -> str:
    """All rows that feed the table, with the rank of their file."""
    if not files:
        nulls = [f"null::{FIELDS[name].sql_type} as {name}" for name in table.columns]
        evidence = [f"null::VARCHAR as evidence_{name}" for name in EVIDENCE]
        hidden = ["0 as rank", "0 as record", "0 as finer", "null::VARCHAR as shop"]
        return f"select {', '.join([*nulls, *evidence, *hidden])} where false"
    return " union all ".join(_rows_of(table, file, rank) for rank, file in enumerate(files))


def _rows_of(table: Table, file: RowsFile, rank: int) -> str:
    mapping = file.spec.tables[table.name]
    given = [name for name in table.columns if name not in PROVENANCE]
    prefix = "item." if mapping.is_numbered else f"{table.name}__"
    columns = {name: f"{prefix}{name}" for name in given if name in mapping.columns}
    if mapping.is_numbered and "line_no" in given:
        columns["line_no"] = "item.line_no"
    columns |= {
        f"evidence_{name}": f"{table.name}__evidence_{name}"
        for name in EVIDENCE
        if name in mapping.evidence
    }
    names = [*given, *(f"evidence_{n}" for n in EVIDENCE)] if table.name in ATTRIBUTED else given
    number, shop = row_number_sql(file.first_row), literal(file.shop)
    source = _source(table, file)
    if mapping.per_line:
        chosen = [
            f"{columns[name]} as {name}"
            if name in table.key
            else f"{_over_lines(columns.get(name), name, mapping.sum)} as {name}"
            for name in names
        ]
        return (
            f"select {', '.join(chosen)},"
            f" {literal(file.read.file)} as source_file, min({number})::BIGINT as source_row,"
            f" {rank} as rank, null::UBIGINT as record, 0 as finer, {shop} as shop {source}"
            f" group by {', '.join(columns[name] for name in table.key)}"
        )
    chosen = [f"{columns.get(name, _null(name))} as {name}" for name in names]
    return (
        f"select {', '.join(chosen)}, {literal(file.read.file)} as source_file,"
        f" {number}::BIGINT as source_row, {rank} as rank, record, {mapping.finer} as finer,"
        f" {shop} as shop {source}"
    )


def _source(table: Table, file: RowsFile) -> str:
    """The file's rows that feed the table; where they stand side by side, one ``item`` each."""
    rows = f"read_parquet({literal(file.kept.rows)}, file_row_number=true)"
    mine = f"{table.name}__in"
    if file.spec.tables[table.name].is_numbered:
        rows = f"(select *, unnest({table.name}__each) as item from {rows})"
        mine = "item is not null"
    return f" from {rows} where {mine} and problem is null and ignored is null"


def _null(name: str) -> str:
    return f"null::{FIELDS[name].sql_type if name in FIELDS else 'VARCHAR'}"


def _over_lines(column: str | None, name: str, summed: tuple[str, ...]) -> str:
    """A value of an order or parcel from its lines: a sum, or what stands on every line."""
    if column is None:
        return _null(name)
    return f"cast({'sum' if name in summed else 'min'}({column}) as {_null(name)[6:]})"


def _last(table: Table) -> tuple[str, str]:
    """One row per key: the last of the freshest file."""
    key = ", ".join(table.key)
    ranked = (
        f"select *, row_number() over (partition by {key} order by rank desc, source_row desc)"
        " as place from incoming"
    )
    lost = (
        "select source_file, source_row, {amount} as amount, 1 as rows, 'duplicate' as why"
        f" from ({ranked}) where place > 1"
    )
    return f"select * from ({ranked}) where place = 1 order by {key}", lost


def _sum(table: Table) -> tuple[str, str]:
    """Rows of one key in one file add up; between files the freshest has the say.

    Two rows of a file that are the same in every cell are one row written twice. Two shops spend
    apart on campaigns of one name, and add up; they count the same stock.
    """
    if table.parts:
        return whole_and_parts(table, AMOUNT[table.name])
    owner, key = ", ".join(table.owner), ", ".join(table.key)
    apart = owner if table.name == "stock_levels" else f"{owner}, shop"
    ranked = (
        f"select *, max(rank) over (partition by {apart}) as best,"
        " row_number() over (partition by rank, record order by source_row) as copy from incoming"
    )
    lost = (
        "select source_file, source_row, {amount} as amount, 1 as rows, 'duplicate' as why"
        f" from ({ranked}) where rank < best or copy > 1"
    )
    columns = ", ".join(_summed(table, name) for name in table.columns)
    kept = f"select * from ({ranked}) where rank = best and copy = 1"
    return f"select {columns} from ({kept}) group by {key} order by {key}", lost


def _summed(table: Table, name: str) -> str:
    if name in table.key:
        return name
    adds_up = FIELDS[name].kind in ("integer", "number", "money") and name not in PROVENANCE
    return f"cast({'sum' if adds_up else 'min'}({name}) as {FIELDS[name].sql_type}) as {name}"


def _order(table: Table) -> tuple[str, str]:
    """Rows of an order come together: the block under its last head in the freshest file.

    The rows keep the order of the files (DuckDB keeps the order of what it scans).
    """
    winners = (
        f"select order_id, max(rank * {RANK} + source_row) as position, count(*) as copies"
        " from heads group by order_id"
    )
    if table.name == "orders":
        joined, columns = "select *, 0 as position from incoming", "*"
        mine = f"rank * {RANK} + source_row in (select position from ({winners}))"
    else:
        joined = (
            f"select incoming.*, position, copies, position // {RANK} as best,"
            f" position % {RANK} as head from incoming left join ({winners}) using (order_id)"
        )
        mine = "rank = best and (copies = 1 or source_row >= head)"
        columns = "* replace (coalesce(line_no, source_row - head + 1) as line_no)"
    lost = (
        "select source_file, source_row, {amount} as amount, 1 as rows,"
        " case when position is null then 'orphan' else 'duplicate' end as why"
        f" from ({joined}) where not coalesce({mine}, false)"
    )
    return f"select {columns} from ({joined}) where {mine}", lost


def _order_heads(table: Table, files: list[RowsFile]) -> str:
    """Where each order begins in each file: its order-level row, or else its first line."""
    if table.name == "orders":
        return "select order_id, rank, source_row from incoming"
    parts = []
    for rank, file in enumerate(files):
        if "orders" in file.spec.tables:
            rows = _rows_of(TABLES["orders"], file, rank)
            parts.append(f"select order_id, rank, source_row from ({rows})")
        else:
            rows = _rows_of(table, file, rank)
            parts.append(
                f"select order_id, rank, min(source_row) as source_row from ({rows}) group by 1, 2"
            )
    return " union all ".join(parts) or "select order_id, rank, source_row from incoming"
