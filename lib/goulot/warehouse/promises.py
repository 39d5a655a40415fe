"""Promises and checks as queries: the first row that breaks one stops the build."""

from typing import Any

import duckdb

from goulot.errors import BuildError
from goulot.warehouse.scripts import Promise, Script

_BROKEN = {"NOT_NULL": "{0} is null", "NOT_NEGATIVE": "{0} < 0"}


def hold_promises(connection: duckdb.DuckDBPyConnection, script: Script) -> None:
    """Raise BuildError for the first promise of ``script`` that its table breaks.

    Promises about single rows are counted in one pass; missing parts of a key compare as equal.
    """
    per_row = [promise for promise in script.promises if promise.kind in _BROKEN]
    if per_row:
        counts = ", ".join(f"count(*) filter (where {_breaks(promise)})" for promise in per_row)
        row = connection.execute(f"select {counts} from {script.table}").fetchall()[0]
        for promise, count in zip(per_row, row, strict=True):
            if count:
                query = f"select * from {script.table} where {_breaks(promise)}"
                raise _broken(connection, script, promise, count, query)
    for promise in script.promises:
        if promise.kind not in _BROKEN:
            _hold_key(connection, script, promise)


def hold_check(connection: duckdb.DuckDBPyConnection, script: Script) -> None:
    """Raise BuildError if the query of a check returns a row."""
    rows = connection.execute(script.sql).fetchall()
    if rows:
        raise BuildError.failed_check(
            script.file,
            claim=script.meaning,
            count=len(rows),
            example=_in_words(connection.description, rows[0]),
        )


def _breaks(promise: Promise) -> str:
    return _BROKEN[promise.kind].format(promise.columns[0])


def _hold_key(connection: duckdb.DuckDBPyConnection, script: Script, promise: Promise) -> None:
    columns = ", ".join(promise.columns)
    repeated = (
        f"select {columns}, count(*) as times from {script.table} "
        f"group by {columns} having count(*) > 1"
    )
    count = connection.execute(f"select count(*) from ({repeated})").fetchall()[0][0]
    if count:
        raise _broken(connection, script, promise, count, repeated)


def _broken(
    connection: duckdb.DuckDBPyConnection,
    script: Script,
    promise: Promise,
    count: int,
    query: str,
) -> BuildError:
    example = connection.execute(f"{query} order by all limit 1").fetchall()[0]
    return BuildError.broken_promise(
        script.file,
        promise=promise.kind,
        columns=f"{script.table}.{', '.join(promise.columns)}",
        count=count,
        example=_in_words(connection.description, example),
    )


def _in_words(description: list[tuple[Any, ...]], row: tuple[Any, ...]) -> str:
    named = zip((column[0] for column in description), row, strict=True)
    return ", ".join(f"{name}={'null' if value is None else value}" for name, value in named)
