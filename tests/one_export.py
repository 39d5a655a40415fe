"""One export read as a build reads it: its account, and what its rows say; or written again."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import openpyxl
from fixture_files import FIXTURES, all_rows, client_for, recognised
from goulot.exports.account import FileRead, RowsFiles
from goulot.exports.context import ReadContext, literal
from goulot.exports.detect import recognise
from goulot.exports.dialect import file_digest
from goulot.exports.ga4 import GROUP_MACRO
from goulot.exports.macros import MACROS
from goulot.exports.places import lay_places
from goulot.exports.rates import hold_rates
from goulot.exports.read import read_file
from goulot.exports.utm import NOTE_MACROS

TEXTS = [path for path in FIXTURES if path.suffix != ".xlsx"]
CURES = ("xport", "client.yml", "Save it", "ownload")  # what a refusal tells the reader to do

Facts = Counter[tuple[str, ...]]


@contextmanager
def reading() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read exports."""
    with duckdb.connect(config={"threads": "1"}) as connection:
        for macro in (*MACROS, *NOTE_MACROS, GROUP_MACRO):
            connection.execute(macro)
        lay_places(connection)
        hold_rates(connection, ())
        yield connection


def read(connection, folder: Path, path: Path, settings=None) -> tuple[FileRead, Facts]:
    """The file's account, and what its rows say of every table, as text."""
    settings = settings or client_for(path)
    digest, odd = file_digest(path)
    found = recognise(path, path.name, settings.exports, odd=odd)
    files = RowsFiles(folder / f"{digest[:8]}.parquet", folder / f"{digest[:8]}.broken")
    context = ReadContext(settings.currency, settings.timezone, "secret")
    account = read_file(connection, found, context, files, careful="careful" in odd)
    columns = [
        name
        for name, *_ in connection.execute(
            f"describe from read_parquet({literal(files.rows)})"
        ).fetchall()
        if "__" in name
    ]
    rows = connection.execute(
        f"select {', '.join(columns)} from read_parquet({literal(files.rows)})"
        " where problem is null and ignored is null"
    ).fetchall()
    return account, Counter(tuple(map(str, row)) for row in rows)


def save(folder: Path, path: Path, rows: list[list[str]], delimiter: str = "") -> Path:
    """The rows as the fixture is written: its encoding, its quotes, its line ends; or its sheet."""
    dialect = recognised(path).dialect
    if dialect.sheet:
        return save_sheets(folder / path.name, {dialect.sheet: rows})
    if not dialect.quote:
        text = "".join(dialect.delimiter.join(row) + "\n" for row in rows)
    else:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter or dialect.delimiter, lineterminator="\n")
        writer.writerows(row if len(row) > 1 else [*row] for row in rows)
        text = out.getvalue()
    return save_text(folder, path, text)


def save_sheets(target: Path, sheets: Mapping[str, list[list[object]]]) -> Path:
    """A workbook of these sheets, in this order; what reads as a number is one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([number_or_text(cell) for cell in row])
    book.save(target)
    return target


def number_or_text(cell: object) -> object:
    is_number = isinstance(cell, str) and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", cell)
    return float(cell) if is_number else cell


def save_text(folder: Path, path: Path, text: str) -> Path:
    target = folder / path.name
    target.write_bytes(text.encode(recognised(path).dialect.encoding))
    return target


@cache
def records(path: Path) -> list[list[str]]:
    return all_rows(path)


def typed(path: Path, *kinds: str) -> list[int]:
    """Places of the columns of these kinds."""
    found = recognised(path)
    return [place for name, place in found.places.items() if found.spec.read[name].type in kinds]


def edited(path: Path, places: list[int], change) -> list[list[str]]:
    """The records with ``change`` made to the cells below the headings, in these columns."""
    top = recognised(path).dialect.skip + 1
    rows = records(path)
    return rows[:top] + [
        [change(cell) if place in places else cell for place, cell in enumerate(row)]
        for row in rows[top:]
    ]


def with_headings(path: Path, headings: list[str], rows=None) -> list[list[str]]:
    skip = recognised(path).dialect.skip
    rows = rows or records(path)
    return [*rows[:skip], headings, *rows[skip + 1 :]]


def headings_of(path: Path) -> list[str]:
    return list(records(path)[recognised(path).dialect.skip])


def renamed(path: Path, place: int, heading: str) -> list[list[str]]:
    headings = headings_of(path)
    return with_headings(path, [heading if n == place else h for n, h in enumerate(headings)])
