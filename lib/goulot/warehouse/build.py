"""The build: canonical Parquet in, one DuckDB file of checked marts out."""

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from goulot.errors import BuildError, ParameterError
from goulot.fields import FIELDS
from goulot.tables import TABLES
from goulot.warehouse.promises import hold_check, hold_promises
from goulot.warehouse.scripts import SQL_FOLDER, Script, build_order, load_scripts

# What the SQL needs of client.yml, as the one row of canonical.settings; None: not declared.
SETTINGS = {
    "gross_margin": "DOUBLE",  # share of revenue
    "payment_fee": "DOUBLE",  # share of the total
    "cost_per_order": "DOUBLE",  # pick-pack, currency an order
    "parcel_cost": "DOUBLE",  # carrier, currency an order, where no export tells it
    "promised_days": "DOUBLE",  # delivery days from order to door, where no export has a promise
    "delivery_week_days": "DOUBLE",  # days from Monday on which parcels are delivered
    "sells_access": "BOOLEAN",  # what is paid for is no parcel: kind: saas
}
# Columns that say on which days something happened: between the first and the last of them lies
# the calendar in which a day without a row means zero. Promises and plans are not among them.
HAPPENED = (
    ("orders", "ordered_at"),
    ("shipments", "shipped_at"),
    ("shipments", "delivered_at"),
    ("returns", "returned_on"),
    ("stock_levels", "snapshot_on"),
    ("purchase_orders", "ordered_on"),
    ("purchase_orders", "received_on"),
    ("ad_spend", "day"),
    ("traffic", "day"),
    ("tickets", "created_at"),
    ("signups", "signed_up_at"),
    ("subscriptions", "started_on"),
    ("subscriptions", "ended_on"),
)

# Of keys, which are nearly all unlike, this looks for what they share: a quarter of the writing.
_QUICKLY = {"disabled_compression_methods": "dict_fsst"}
_SCRIPTS_AT_A_TIME = 2  # most are too small to keep more than one processor busy


def build_marts(
    database: Path,
    canonical: Path,
    *,
    settings: Mapping[str, float | None],
    memory_limit: str = "2GB",
    threads: int | None = None,
    sql: Path = SQL_FOLDER,
) -> None:
    """Write ``database``: every table of ``sql`` over the Parquet files in ``canonical``, checked.

    ``settings`` has the keys of ``SETTINGS``. A file that is there already is replaced.

    Raises
    ------
    BuildError
        A SQL file cannot be run, or a promise or a check does not hold; the file is removed.
    """
    scripts = load_scripts(sql)
    order = build_order(scripts, {*TABLES, "settings", "days"})
    database.unlink(missing_ok=True)
    config = {"memory_limit": memory_limit, "temp_directory": f"{database}.tmp"} | _QUICKLY
    if threads:
        config["threads"] = str(threads)
    try:
        with duckdb.connect(config=config) as connection:
            # Half a file is never used, so that no statement need wait for the disk.
            connection.execute(
                f"attach {_quoted(str(database))} as build (recovery_mode no_wal_writes)"
            )
            connection.execute("use build")
            _lay_foundations(connection, canonical, settings)
            _run_all(connection, order)
            _clear_away(connection, scripts)
            connection.execute("checkpoint")
    except BaseException:
        database.unlink(missing_ok=True)
        raise


def _lay_foundations(
    connection: duckdb.DuckDBPyConnection, canonical: Path, settings: Mapping[str, float | None]
) -> None:
    """The schemas, ``canonical.*`` over Parquet, the settings and the calendar of days."""
    for schema in ("canonical", "staging", "marts"):
        connection.execute(f"create schema {schema}")
    for name in TABLES:
        connection.execute(canonical_view(canonical, name))
    for name in set(settings) - set(SETTINGS):
        raise ParameterError.unknown(name, SETTINGS, what="canonical.settings")
    columns = ", ".join(f"cast(${name} as {kind}) as {name}" for name, kind in SETTINGS.items())
    values = {name: settings.get(name) for name in SETTINGS}
    connection.execute(f"create table canonical.settings as select {columns}", values)
    seen = " union all ".join(
        f"select min(cast({column} as date)) as a, max(cast({column} as date)) as b "
        f"from canonical.{table}"
        for table, column in HAPPENED
    )
    connection.execute(
        "create table canonical.days as select cast(day as date) as day from "
        f"(select unnest(generate_series(min(a), max(b), interval 1 day)) as day from ({seen}))"
    )


def canonical_view(canonical: Path, name: str) -> str:
    """The statement that lays ``canonical.<name>`` over its Parquet file."""
    path = str(canonical / f"{name}.parquet").replace("'", "''")
    return f"create view canonical.{name} as select * from read_parquet('{path}')"


def _run_all(connection: duckdb.DuckDBPyConnection, order: TopologicalSorter[Script]) -> None:
    """Run each script once those that it reads have run, some at a time."""
    running: dict[Future[None], Script] = {}
    with ThreadPoolExecutor(_SCRIPTS_AT_A_TIME) as workers:
        try:
            while order.is_active():
                ready = order.get_ready()
                running |= {workers.submit(_run_alone, connection, one): one for one in ready}
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    done.result()
                    order.done(running.pop(done))
        finally:
            workers.shutdown(cancel_futures=True)


def _run_alone(connection: duckdb.DuckDBPyConnection, script: Script) -> None:
    """In a transaction of its own, beside others."""
    with connection.cursor() as own:
        own.execute("use build")
        own.begin()
        _run(own, script)
        own.commit()


def _run(connection: duckdb.DuckDBPyConnection, script: Script) -> None:
    try:
        if script.layer == "checks":
            hold_check(connection, script)
            return
        connection.execute(_create(script))
        if not script.is_view:
            hold_promises(connection, script)
        _comment(connection, script)
    except duckdb.Error as error:
        raise BuildError.in_script(script.file, f"{error}.") from error


def _create(script: Script) -> str:
    """``create table``, with the types of the column dictionary.

    The rows lie as they come: ``read.read_mart`` puts them in the order of their key.
    """
    query = script.sql.strip().rstrip(";")
    typed = ", ".join(
        f"cast({name} as {FIELDS[name].sql_type}) as {name}" if name in FIELDS else name
        for name in script.columns
    )
    if script.layer == "marts" and not script.key:
        raise BuildError.in_script(
            script.file, "a mart names its row: write #UNIQUE above a column or -- #KEY(a, b)."
        )
    kind = "view" if script.is_view else "table"
    return f"create {kind} {script.table} as select {typed} from (\n{query}\n) as rows"


def _comment(connection: duckdb.DuckDBPyConnection, script: Script) -> None:
    kind = "view" if script.is_view else "table"
    connection.execute(f"comment on {kind} {script.table} is {_quoted(script.meaning)}")
    for name in script.columns:
        if name in FIELDS:
            meaning = _quoted(FIELDS[name].meaning)
            connection.execute(f"comment on column {script.table}.{name} is {meaning}")


def _clear_away(connection: duckdb.DuckDBPyConnection, scripts: Sequence[Script]) -> None:
    """Drop the views over Parquet: the build's folder is renamed when it is published."""
    dropped = {f"canonical.{name}" for name in TABLES}
    while more := {s.table for s in scripts if s.is_view and s.reads & dropped} - dropped:
        dropped |= more
    for table in sorted(dropped):
        connection.execute(f"drop view {table}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
