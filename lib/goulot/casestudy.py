"""A client as a case study: no name of theirs in any table, and amounts as an index.

The tables themselves are changed, before any notebook reads them, so that nothing that comes after
could tell. 100 is the mean paid order of the whole history; counts of orders stay as they are.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import yaml

from goulot.build import Build, mart_settings
from goulot.client import Client
from goulot.fields import FIELDS
from goulot.language import INDEX
from goulot.tables import TABLES
from goulot.warehouse.build import build_marts

NAME = "case-study"
MEAN_ORDER = 100.0  # what an order of the mean size is worth in an anonymous report

# Columns whose texts name something of the client's → what stands there instead, with a number.
NAMES = {
    "campaign": "Campaign",
    "sku": "SKU",
    "product_title": "Product",
    "title": "Product",
    "category": "Category",
    "supplier": "Supplier",
    "location": "Warehouse",
    "carrier": "Carrier",
    "service": "Service",
    "event": "Event",
    "plan": "Plan",
    "source_file": "Export",
    "send_id": "Message",
    "po_id": "Purchase order",
    "order_id": "Order",
}
# Money in the ledger of rows.
AMOUNTS = ("amount", "amount_loaded", "amount_duplicates", "amount_quarantined")
# Texts of which nothing is needed once the tables are made.
EMPTIED = ("tags", "source", "medium")


@contextmanager
def anonymous(client: Client, build: Build, called: str) -> Iterator[tuple[Client, Build]]:
    """The client, ``called`` otherwise, and the build as a case study, in a folder that is removed
    afterwards."""
    with TemporaryDirectory(prefix="goulot-") as home:
        factor = _factor(build.canonical)
        folder = Path(home) / "data" / NAME
        folder.mkdir(parents=True)
        text = yaml.safe_dump(_settings(client, factor) | {"name": called}, allow_unicode=True)
        (folder / "client.yml").write_text(text, encoding="utf-8")
        if client.settings.consultant.logo:
            logo = Path(client.settings.consultant.logo)
            shutil.copyfile(client.folder / logo, folder / f"logo{logo.suffix}")
        study = Client.load(NAME, Path(home))
        made = Build(study.build_folder / "anonymous")
        _rewrite(build.canonical, made.canonical, factor)
        build_marts(made.database, made.canonical, settings=mart_settings(study))
        manifest = json.dumps({"exports": {}, "ledger": _ledger(build.ledger, factor)})
        (made.folder / "manifest.json").write_text(manifest, encoding="utf-8")
        yield study, made


def _ledger(ledger: Sequence[Mapping[str, Any]], factor: float) -> list[dict[str, Any]]:
    """What became of the rows and of the money, the files numbered in an order that says nothing
    of their names, and the amounts indexed."""
    hidden = sorted(ledger, key=lambda row: md5(row["file"].encode()).hexdigest())
    times = Decimal(repr(factor))
    return [
        {
            **row,
            **{name: str(round(Decimal(row[name]) * times, 4)) for name in AMOUNTS},
            "file": f"{NAMES['source_file']} {number}",
            "converted": {},
        }
        for number, row in enumerate(hidden, start=1)
    ]


def _factor(canonical: Path) -> float:
    """What amounts are multiplied with; 1 where there are no orders to index them by."""
    query = f"select avg(total) from '{canonical / 'orders.parquet'}' where total > 0"
    with duckdb.connect() as connection:
        ((mean,),) = connection.execute(query).fetchall()
    return MEAN_ORDER / float(mean) if mean else 1.0


def _rewrite(source: Path, target: Path, factor: float) -> None:
    """The canonical tables with names numbered and amounts indexed; each name keeps its number."""
    target.mkdir(parents=True)
    with duckdb.connect() as connection:
        for name in TABLES:
            connection.execute(f"create view {name} as from '{source / f'{name}.parquet'}'")
        _number_names(connection)
        for name in TABLES:
            columns = _columns(connection, name)
            chosen = ", ".join(_column(column, factor) for column in columns)
            query = f"select {chosen} from {name}"
            connection.execute(f"copy ({query}) to '{target / f'{name}.parquet'}'")


def _number_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``named_<what>`` of name and number, in an order that says nothing of the names."""
    for what in sorted(set(NAMES.values())):
        columns = [column for column, kind in NAMES.items() if kind == what]
        uses = [
            f"select {column} as name from {table}"
            for table in TABLES
            for column in columns
            if column in _columns(connection, table)
        ]
        connection.execute(
            f"create table named_{what.replace(' ', '_')} as select name, row_number() over "
            f"(order by md5(name)) as number from ({' union all '.join(uses)}) "
            "where name is not null group by name"
        )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in connection.execute(f"describe {table}").fetchall()]


def _column(name: str, factor: float) -> str:
    if name in NAMES:
        what = NAMES[name]
        table = f"named_{what.replace(' ', '_')}"
        number = f"(select number from {table} where {table}.name = {name})"
        return f"'{what} ' || {number} as {name}"
    if name in EMPTIED:
        return f"cast(null as varchar) as {name}"
    if name in FIELDS and FIELDS[name].kind == "money":
        return f"cast({name} * {factor!r} as decimal(18, 4)) as {name}"
    return name


def _settings(client: Client, factor: float) -> dict[str, Any]:
    """The settings without what names the client, its amounts indexed; the consultant stays."""
    kept = client.settings.model_dump(
        mode="json",
        include={"timezone", "kind", "language", "consultant", "economics", "capacity"}
        | {"delivery", "service"},
    )
    logo = kept["consultant"]["logo"]
    kept["consultant"]["logo"] = f"logo{Path(logo).suffix}" if logo else ""
    packing = kept["capacity"]["fulfillment"]
    for cost in ("cost_per_order", "parcel_cost"):
        if packing[cost] is not None:
            packing[cost] *= factor
    costs = kept["service"]
    kept["service"] = {name: cost and cost * factor for name, cost in costs.items()}
    levers = client.settings.model_dump(mode="json", include={"levers"})["levers"]
    for number, lever in enumerate(levers, start=1):
        lever["name"] = f"{lever['stage']} {number}"
        lever["cost_per_order"] *= factor
        lever["standby_per_month"] *= factor
    return kept | {"currency": INDEX, "levers": levers}
