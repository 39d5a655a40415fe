"""Export files loaded as a build loads them, and what came of it."""

import csv
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.settings import ClientSettings

FIXTURES = Path(__file__).parent / "fixtures" / "exports"
SHOPIFY = FIXTURES / "shopify_orders_79.csv"
BRUME = ClientSettings(name="Brume", currency="EUR", timezone="Europe/Paris")
day, at = date.fromisoformat, datetime.fromisoformat
BLACK_FRIDAY = """
name: Brume
currency: EUR
timezone: Europe/Paris
calendar:
  - {event: Black Friday, kind: promotion, starts_on: 2026-11-27, ends_on: 2026-11-30,
     channel: Email, expected_multiplier: 3.125}
  - {event: Calendrier de l'Avent, kind: launch, starts_on: 2026-12-01}
"""


def load(folder: Path, *files: Path, client: ClientSettings = BRUME):
    """The ledger of ``files`` by name, and the folder in which the canonical tables are."""
    sources = [Source(path, path.name, *file_digest(path)) for path in sorted(files)]
    target = folder / "build"
    shutil.rmtree(target, ignore_errors=True)
    ledger = load_exports(client, sources, target, kept=folder / "kept", secret="s", code="c")
    return {row.file: row for row in ledger}, target


def rows(target: Path, query: str) -> list[tuple]:
    """The answer to a query in which ``canonical`` stands for the folder of the tables."""
    with duckdb.connect() as connection:
        return connection.execute(query.replace("canonical", str(target / "canonical"))).fetchall()


def quarantine(target: Path) -> list[dict[str, str]]:
    with (target / "quarantine.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def changed(folder: Path, old: bytes, new: bytes, path: Path = SHOPIFY) -> Path:
    content = path.read_bytes()
    assert old in content
    copy = folder / f"changed_{path.name}"
    copy.write_bytes(content.replace(old, new, 1))
    return copy


def is_balanced(row) -> bool:
    return row.rows == row.loaded + row.duplicates + row.ignored + row.quarantined


def table(target: Path, name: str, columns: str, order: str = "all") -> list[tuple]:
    return rows(target, f"select {columns} from 'canonical/{name}.parquet' order by {order}")


def euros(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


def client_with(folder: Path, text: str):
    from goulot.client import Client

    home = folder / "home"
    (home / "data" / "brume" / "exports").mkdir(parents=True)
    (home / "data" / "brume" / "client.yml").write_text(text, encoding="utf-8")
    shutil.copy(FIXTURES / "calendar_template_fr.csv", home / "data" / "brume" / "exports")
    return Client.load("brume", home)
