"""All files of an exports folder to canonical tables, with their ledger and their quarantine."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from goulot.errors import ExportError
from goulot.exports.account import FileRead, RowsFiles
from goulot.exports.collisions import refuse_two_shops
from goulot.exports.context import ReadContext
from goulot.exports.detect import fits_pattern, recognise
from goulot.exports.ga4 import GROUP_MACRO
from goulot.exports.lost import ORPHANED
from goulot.exports.macros import MACROS
from goulot.exports.merge import RowsFile, merge_table
from goulot.exports.places import lay_places
from goulot.exports.quarantine import write_quarantine
from goulot.exports.rates import Rate, hold_rates
from goulot.exports.read import read_file
from goulot.exports.reconcile import LedgerRow, ledger_of
from goulot.exports.utm import NOTE_MACROS
from goulot.settings import ClientSettings
from goulot.tables import TABLES

MEMORY_LIMIT = "2GB"
# A list of five words or more behind IN would become a join, which computes what is compared in
# every row, whatever case it stands in, and does not keep the rows in the order of the file.
IN_FILE_ORDER = {"disabled_optimizers": "in_clause"}
READERS = 2  # files read at a time: a small one keeps one processor busy
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Source:
    """A file of the exports folder, by its name below it."""

    path: Path
    name: str
    digest: str
    odd: str  # what ``dialect.file_digest`` found odd in it


def load_exports(
    settings: ClientSettings,
    sources: list[Source],
    folder: Path,
    *,
    kept: Path,
    secret: str,
    code: str,
    rates: tuple[Rate, ...] = (),
    say: Progress = lambda text: None,
) -> list[LedgerRow]:
    """Write ``folder/canonical/*.parquet`` and ``folder/quarantine.csv``; return the ledger.

    ``kept`` holds the typed rows of each file from one time to the next, by a key of its content,
    its format, the settings it is read with and ``code``, the fingerprint of the code that reads.

    Raises
    ------
    ExportError
        Files that cannot be used, all of them in one message.
    BuildError
        A row or a cent is unaccounted for.
    """
    canonical = folder / "canonical"
    canonical.mkdir(parents=True)
    context = ReadContext(settings.currency, settings.timezone, secret, rates)
    spill = str(folder / "spill")
    config = {"memory_limit": MEMORY_LIMIT, "temp_directory": spill} | IN_FILE_ORDER
    with duckdb.connect(config=config) as connection:
        for macro in (*MACROS, *NOTE_MACROS, GROUP_MACRO):
            connection.execute(macro)
        lay_places(connection)
        hold_rates(connection, rates)
        connection.execute(f"create temp table {ORPHANED}")
        read = partial(_read_one, connection, settings, context, kept, code, say)
        with ThreadPoolExecutor(READERS) as readers:
            found = list(readers.map(read, sources))
        if refusals := [refusal for refusal in found if isinstance(refusal, str)]:
            raise ExportError("\n\n".join(refusals))
        files = [file for file in found if isinstance(file, RowsFile)]
        lost = {}
        for name, table in TABLES.items():
            say(f"merging {name}")
            target = canonical / f"{name}.parquet"
            lost[name] = merge_table(connection, table, files, target, settings.channels)
            if name == "orders" and sum(name in file.spec.tables for file in files) > 1:
                refuse_two_shops(connection)
        ledger = ledger_of(connection, files, lost, canonical)
        write_quarantine(connection, folder / "quarantine.csv", files)
    return ledger


def _read_one(
    connection: duckdb.DuckDBPyConnection,
    settings: ClientSettings,
    context: ReadContext,
    kept: Path,
    code: str,
    say: Progress,
    source: Source,
) -> RowsFile | str:
    """The typed rows of a file, or why it cannot be used."""
    say(f"reading {source.name}")
    try:
        with connection.cursor() as own:
            return _rows_of(own, source, settings, context, kept, code)
    except ExportError as error:
        return str(error)


def _rows_of(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    settings: ClientSettings,
    context: ReadContext,
    kept: Path,
    code: str,
) -> RowsFile:
    """The typed rows of a file: those kept from last time, if nothing they depend on changed."""
    shop = _shop_of(source.name, settings.shops)
    found = recognise(source.path, source.name, settings.exports, odd=source.odd, shop=shop)
    parts = [source.digest, source.name, shop, found.spec.fingerprint, repr(context), code]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    folder = kept / key
    memory = folder / "read.json"
    if not memory.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        beside = RowsFiles(folder / f".rows.{os.getpid()}", folder / f".broken.{os.getpid()}")
        read = read_file(connection, found, context, beside, careful="careful" in source.odd)
        os.replace(beside.rows, folder / "rows.parquet")
        if beside.broken.is_file():
            os.replace(beside.broken, folder / "broken.parquet")
        write_atomically(memory, json.dumps(read.as_json(), ensure_ascii=False))
    read = FileRead(**json.loads(memory.read_text(encoding="utf-8")))
    files = RowsFiles(folder / "rows.parquet", folder / "broken.parquet")
    return RowsFile(read, found.spec, files, found.dialect.skip + 2, shop)


def _shop_of(name: str, shops: Mapping[str, str]) -> str:
    """The shop whose pattern the file's name fits, of those in client.yml; empty for none."""
    return next((shop for shop, pattern in shops.items() if fits_pattern(name, pattern)), "")


def write_atomically(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
