"""Every row and every cent of every file, accounted for."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from goulot.errors import BuildError
from goulot.exports.context import AMOUNT, literal
from goulot.exports.lost import Lost
from goulot.exports.merge import RowsFile


@dataclass(frozen=True)
class LedgerRow:
    """What became of the rows of one file, and of its money where it holds any.

    rows = loaded + duplicates + ignored + quarantined, and likewise the amounts, which are in the
    client's currency; ``converted`` holds what the file says in others, ``absent`` the headings
    of the format that are not in the file, ``stand_ins`` those for which another column stands.
    """

    file: str
    format: str
    title: str
    rows: int
    loaded: int
    duplicates: int
    ignored: int
    quarantined: int
    ignored_as: dict[str, int]
    duplicates_as: dict[str, int]
    first_day: str
    last_day: str
    measure: str
    amount: Decimal
    amount_loaded: Decimal
    amount_duplicates: Decimal
    amount_quarantined: Decimal
    converted: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    stand_ins: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {k: str(v) if isinstance(v, Decimal) else v for k, v in asdict(self).items()}


def ledger_of(
    connection: duckdb.DuckDBPyConnection,
    files: list[RowsFile],
    lost: dict[str, Lost],
    canonical: Path,
) -> list[LedgerRow]:
    """One row per file, by name.

    Raises
    ------
    BuildError
        A row or a cent is unaccounted for: a fault of ours, never of the exports.
    """
    rows = [
        _ledger_row(connection, file, lost, canonical)
        for file in sorted(files, key=lambda f: f.read.file)
    ]
    for row in rows:
        _balance(row)
    return rows


def _ledger_row(
    connection: duckdb.DuckDBPyConnection,
    file: RowsFile,
    lost: dict[str, Lost],
    canonical: Path,
) -> LedgerRow:
    read, main = file.read, lost[file.spec.one_row_is]
    duplicates_as = main.duplicates.get(read.file, {})
    duplicates = sum(duplicates_as.values())
    orphans = main.orphans.get(read.file, 0)
    table = next((t for t in AMOUNT if t in file.spec.tables), "")
    total = quarantined = loaded = twice = Decimal(0)
    if table:
        total, quarantined = _amounts(connection, file, table)
        loaded = _loaded(connection, canonical, table, read.file)
        twice = lost[table].amounts.get(read.file) or Decimal(0)
    return LedgerRow(
        file=read.file,
        format=read.format,
        title=read.title,
        rows=read.rows,
        loaded=read.kept - duplicates - orphans,
        duplicates=duplicates,
        ignored=sum(read.ignored.values()),
        quarantined=read.quarantined + orphans,
        ignored_as=read.ignored,
        duplicates_as=duplicates_as,
        first_day=read.first_day,
        last_day=read.last_day,
        measure=AMOUNT.get(table, ""),
        amount=total,
        amount_loaded=loaded,
        amount_duplicates=twice,
        amount_quarantined=quarantined,
        converted=read.converted,
        absent=read.absent,
        stand_ins=read.stand_ins,
    )


def _amounts(
    connection: duckdb.DuckDBPyConnection, file: RowsFile, table: str
) -> tuple[Decimal, Decimal]:
    """Sum over all data rows of the file, and over the quarantined ones, straight from its rows."""
    mapping, column = file.spec.tables[table], f"{table}__{AMOUNT[table]}"
    rows = (
        f"select {column} as amount, problem from read_parquet({literal(file.kept.rows)})"
        f" where {table}__in and ignored is null"
    )
    if mapping.per_line and AMOUNT[table] not in mapping.sum:
        rows = _once_per_order(rows)
    total, quarantined = connection.execute(
        f"select sum(amount), sum(amount) filter (problem is not null) from ({rows})"
    ).fetchall()[0]
    return total or Decimal(0), quarantined or Decimal(0)


def _once_per_order(rows: str) -> str:
    """Amounts that stand on every line of an order, once; quarantined where no line was read."""
    rows = rows.replace("select ", "select orders__order_id as order_id, ", 1)
    return (
        "select coalesce(min(amount) filter (problem is null), min(amount)) as amount,"
        " case when count(*) filter (problem is null) = 0 then 'all' end as problem"
        f" from ({rows}) group by order_id"
    )


def _loaded(
    connection: duckdb.DuckDBPyConnection, canonical: Path, table: str, name: str
) -> Decimal:
    path = literal(canonical / f"{table}.parquet")
    found = connection.execute(
        f"select sum({AMOUNT[table]}) from read_parquet({path}) where source_file = $name",
        {"name": name},
    ).fetchall()
    return found[0][0] or Decimal(0)


def _balance(row: LedgerRow) -> None:
    accounted = row.loaded + row.duplicates + row.ignored + row.quarantined
    money = row.amount_loaded + row.amount_duplicates + row.amount_quarantined
    if row.rows != accounted or row.amount != money:
        raise BuildError(
            f"{row.file}: {row.rows} rows and {row.amount} of {row.measure or 'money'} in the "
            f"file, {accounted} rows and {money} accounted for. Nothing was published; the last "
            "build is still there. This is a fault of Goulot's: please report it with the file's "
            "headings."
        )
