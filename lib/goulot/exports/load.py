"""All files of an exports folder to canonical tables, with their ledger and their quarantine."""

import csv
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from goulot.errors import ExportError
from goulot.exports.detect import recognise
from goulot.exports.ga4 import GROUP_MACRO
from goulot.exports.merge import Lost, RowsFile, merge_table
from goulot.exports.places import lay_places
from goulot.exports.read import FileRead, Quarantined, ReadContext, read_file
from goulot.exports.reconcile import LedgerRow, ledger_of
from goulot.exports.rows_sql import MACROS
from goulot.exports.utm import NOTE_MACROS
from goulot.settings import ClientSettings
from goulot.tables import TABLES

MEMORY_LIMIT = "2GB"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Source:
    """A file of the exports folder, by its name below it."""

    path: Path
    name: str
    digest: str
    odd: bool  # blank lines or NULs: to be read the careful way


def load_exports(
    settings: ClientSettings,
    sources: list[Source],
    folder: Path,
    *,
    kept: Path,
    secret: str,
    code: str,
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
    context = ReadContext(settings.currency, settings.timezone, secret)
    config = {"memory_limit": MEMORY_LIMIT, "temp_directory": str(folder / "spill")}
    with duckdb.connect(config=config) as connection:
        for macro in (*MACROS, *NOTE_MACROS, GROUP_MACRO):
            connection.execute(macro)
        lay_places(connection)
        files, refusals = [], []
        for source in sources:
            say(f"reading {source.name}")
            try:
                files.append(_read_one(connection, source, settings, context, kept, code))
            except ExportError as error:
                refusals.append(str(error))
        if refusals:
            raise ExportError("\n\n".join(refusals))
        lost = {}
        for name, table in TABLES.items():
            say(f"merging {name}")
            target = canonical / f"{name}.parquet"
            lost[name] = merge_table(connection, table, files, target, settings.channels)
        ledger = ledger_of(connection, files, lost, canonical)
    _write_quarantine(folder / "quarantine.csv", files, lost)
    return ledger


def _read_one(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    settings: ClientSettings,
    context: ReadContext,
    kept: Path,
    code: str,
) -> RowsFile:
    """The typed rows of a file: those kept from last time, if nothing they depend on changed."""
    found = recognise(source.path, source.name, settings.exports)
    parts = [source.digest, source.name, found.spec.fingerprint, repr(context), code]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    parquet, memory = kept / key / "rows.parquet", kept / key / "read.json"
    if not memory.is_file():
        parquet.parent.mkdir(parents=True, exist_ok=True)
        beside = parquet.with_name(f".rows.{os.getpid()}")
        read = read_file(connection, found, context, beside, careful=source.odd)
        os.replace(beside, parquet)
        write_atomically(memory, json.dumps(read.as_json(), ensure_ascii=False))
    return RowsFile(_read_from(memory), found.spec, parquet, found.dialect.skip + 2)


def write_atomically(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _read_from(path: Path) -> FileRead:
    content = json.loads(path.read_text(encoding="utf-8"))
    quarantine = [Quarantined(**row) for row in content.pop("quarantine")]
    return FileRead(**content, quarantine=quarantine)


def _write_quarantine(path: Path, files: list[RowsFile], lost: dict[str, Lost]) -> None:
    rows = [q for file in files for q in file.read.quarantine]
    rows += [q for table in lost.values() for q in table.orphans]
    with path.open("w", encoding="utf-8", newline="") as out:
        write = csv.writer(out, lineterminator="\n")
        write.writerow(["file", "row", "column", "value", "reason", "cells"])
        for row in sorted(rows, key=lambda q: (q.file, q.row, q.column)):
            write.writerow([_defused(value) for value in asdict(row).values()])


def _defused(value: object) -> object:
    """Text that a spreadsheet would run as a formula, as text."""
    text = str(value)
    is_number = text.lstrip("+-").replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in "=+-@\t\r" and text and not is_number else value
