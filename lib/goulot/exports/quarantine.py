"""The rows that could not be used, verbatim: ``quarantine.csv``, by file and row.

They are written as they are read, one at a time: there may be millions, and they are not sorted,
because each file's come in the order of the file.
"""

import csv
from collections.abc import Iterator
from heapq import merge
from operator import itemgetter
from pathlib import Path

import duckdb

from goulot.cells import defused
from goulot.exports.account import row_number_sql
from goulot.exports.context import literal
from goulot.exports.merge import RowsFile

HEADINGS = ("file", "row", "column", "value", "reason", "cells")
ORPHAN = "the row belongs to an order whose first row is missing or quarantined"
AT_ONCE = 2_000  # rows


def write_quarantine(
    connection: duckdb.DuckDBPyConnection, path: Path, files: list[RowsFile]
) -> None:
    """Write every row of ``files`` that is neither loaded, nor a duplicate, nor ignored."""
    with path.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        write(HEADINGS)
        for file in sorted(files, key=lambda file: file.read.file):
            for row in merge(*_parts(connection, file), key=itemgetter(0)):
                write([defused(value) for value in (file.read.file, *row)])


def _parts(
    connection: duckdb.DuckDBPyConnection, file: RowsFile
) -> Iterator[Iterator[tuple[object, ...]]]:
    """Rows with a cell that cannot be read, rows that broke, rows without the head of their order.

    Each as row, column, value, reason, cells; by row.
    """
    rows, broken = (literal(path) for path in (file.kept.rows, file.kept.broken))
    yield _streamed(
        connection.cursor(),
        f"select {row_number_sql(file.first_row)}, problem, value, reason, cells"
        f" from read_parquet({rows}, file_row_number=true)"
        " where problem is not null and ignored is null",
    )
    if file.kept.broken.is_file():
        query = f"select number, '', '', reason, '' from read_parquet({broken})"
        yield _streamed(connection.cursor(), query)
    yield _streamed(
        connection,  # the only one that sees the temp table
        f"select source_row, 'order_id', '', {literal(ORPHAN)}, '' from orphans"
        f" where source_file = {literal(file.read.file)} order by 1",
    )


def _streamed(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[object, ...]]:
    found = connection.execute(query)
    while rows := found.fetchmany(AT_ONCE):
        yield from rows
