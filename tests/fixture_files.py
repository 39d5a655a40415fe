"""The export fixtures, and each of them read by the csv module or openpyxl alone."""

import csv
import gzip
import io
import re
from collections import Counter
from functools import cache
from pathlib import Path

import openpyxl
from goulot.exports.detect import Recognised, recognise
from goulot.settings import ClientSettings

FIXTURES = sorted(
    path
    for path in (Path(__file__).parent / "fixtures" / "exports").iterdir()
    if path.suffix in {".csv", ".tsv", ".txt", ".xlsx", ".gz"} and "stacked" not in path.name
)
NAMES = [path.name for path in FIXTURES]


@cache
def recognised(path: Path) -> Recognised:
    return recognise(path, path.name, {})


@cache
def client_for(path: Path) -> ClientSettings:
    """A client in whose currency the fixture is."""
    found = recognised(path)
    column = found.places.get(found.spec.currency)
    codes = Counter(
        cells[column].strip().upper()
        for cells in data_rows(path)
        if column is not None and len(cells) > column and re.fullmatch("[A-Za-z]{3}", cells[column])
    )
    currency = found.currency or (codes.most_common(1)[0][0] if codes else "EUR")
    return ClientSettings(name="Brume", currency=currency, timezone="Europe/Paris")


def text_of(path: Path) -> str:
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return raw.decode(recognised(path).dialect.encoding)


def all_rows(path: Path) -> list[list[str]]:
    """Every record, preamble and headings with it."""
    dialect = recognised(path).dialect
    if dialect.sheet:
        sheet = openpyxl.load_workbook(path)[dialect.sheet]
        return [["" if v is None else str(v) for v in row] for row in sheet.values]
    options = {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
    text = io.StringIO(text_of(path), newline="")
    return list(csv.reader(text, delimiter=dialect.delimiter, **options))


def data_rows(path: Path) -> list[list[str]]:
    """The cells below the headings."""
    return [row for row in all_rows(path)[recognised(path).dialect.skip + 1 :] if row]
