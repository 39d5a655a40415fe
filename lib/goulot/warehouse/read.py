"""Reading a build: locked down, read-only, by as many processes as like."""

import re
from pathlib import Path

import duckdb
import pandas as pd

from goulot.errors import ParameterError, closest
from goulot.tables import TABLES
from goulot.warehouse.build import canonical_view
from goulot.warehouse.scripts import SQL_FOLDER, Script

# In this order, because later settings forbid the earlier ones.
_LOCKS = (
    "set python_enable_replacements = false",
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
_EXPLAINED = re.compile(r"\s*explain\s+(?:analyze\s+)?(.*)", re.IGNORECASE | re.DOTALL)


def open_readonly(
    database: Path, canonical: Path, *, memory_limit: str = "2GB"
) -> duckdb.DuckDBPyConnection:
    """Open a build for reading: ``marts.*``, ``staging.*`` and ``canonical.*``, and no other file.

    Raises
    ------
    ParameterError
        ``database`` is not there.
    """
    if not database.is_file():
        raise ParameterError(
            f"There is no build at {database.name}. To make one: goulot check CLIENT"
        )
    connection = duckdb.connect(config={"memory_limit": memory_limit})
    connection.execute(f"attach {_quoted(database)} as build (read_only)")
    connection.execute("create schema canonical")
    for name in TABLES:
        if (canonical / f"{name}.parquet").is_file():
            connection.execute(canonical_view(canonical, name))
    connection.execute(
        "set search_path = 'memory.canonical,build.canonical,build.marts,build.staging'"
    )
    connection.execute(f"set allowed_directories = [{_quoted(canonical)}]")
    for lock in _LOCKS:
        connection.execute(lock)
    return connection


def read_mart(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """All rows of ``marts.<name>``, in the order of its key. Raises ParameterError if unknown."""
    marts = {path.stem: path for path in sorted((SQL_FOLDER / "marts").glob("*.sql"))}
    if name not in marts:
        guess = closest(name, marts)
        hint = f"Did you mean {guess!r}?" if guess else f"There are: {', '.join(marts)}."
        raise ParameterError(f"There is no mart {name!r}. {hint}")
    key = Script.from_path(SQL_FOLDER, marts[name]).key
    return connection.execute(f"select * from marts.{name} order by {', '.join(key)}").df()


def run_query(connection: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """The answer to one question in SQL.

    Raises
    ------
    ParameterError
        ``sql`` is not exactly one query, or DuckDB cannot answer it; the message says why.
    """
    try:
        _refuse_all_but_one_query(connection, sql)
        return connection.execute(sql).df()
    except duckdb.Error as error:
        raise ParameterError(f"The query cannot be answered. {error}") from error


def _refuse_all_but_one_query(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise ParameterError(
            f"{len(statements)} statements were given and none was run: "
            'give one query, as in goulot sql CLIENT "select * from marts.quarter_kpi"'
        )
    kind = statements[0].type.name
    explained = _EXPLAINED.fullmatch(sql)
    if kind == "EXPLAIN" and explained:
        # explain analyze runs what it explains, so that has to be a query too.
        _refuse_all_but_one_query(connection, explained[1])
    elif kind != "SELECT":
        raise ParameterError(
            f"{kind} was not run: a build is read-only. Ask with select, with, describe, show or "
            "explain; to change the numbers, change the exports or client.yml."
        )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
