"""Rows that did not become rows of a table: duplicates are counted, orphans kept with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from goulot.exports.context import literal

ORPHANED = (
    "orphans (source_file VARCHAR, source_row BIGINT)"  # rows without the first of their order
)


@dataclass(frozen=True)
class Lost:
    """What of one table's rows was left out; orphans are kept in the table ``orphans``."""

    duplicates: dict[str, dict[str, int]]  # by file, by reason
    amounts: dict[str, Decimal]  # of the duplicates
    orphans: dict[str, int]


def count_lost(
    connection: duckdb.DuckDBPyConnection, query: str, counting: Collection[str]
) -> Lost:
    """Count what ``query`` (source_file, source_row, amount, rows, why) finds left out.

    ``counting`` are the files whose rows are rows of this table; of others the amounts count only.
    """
    connection.execute(f"create or replace temp table lost as {query}")
    rows = connection.execute(
        "select source_file, why, sum(rows)::BIGINT, sum(amount) from lost where why <> 'orphan'"
        " group by 1, 2 order by 1, 2"
    ).fetchall()
    listed = ", ".join(map(literal, counting)) or "''"
    connection.execute(
        "insert into orphans select source_file, source_row from lost"
        f" where why = 'orphan' and source_file in ({listed})"
    )
    orphans = connection.execute(
        "select source_file, count(*) from lost where why = 'orphan' group by 1"
    ).fetchall()
    duplicates: dict[str, dict[str, int]] = {}
    amounts: dict[str, Decimal] = {}
    for file, why, count, amount in rows:
        if file in counting and count:
            duplicates.setdefault(file, {})[why] = count
        if amount:
            amounts[file] = amounts.get(file, Decimal(0)) + amount
    counted = {file: count for file, count in orphans if file in counting}
    return Lost(duplicates, amounts, counted)
