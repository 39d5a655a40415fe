"""Every fixture, whole and damaged in every way: right, quarantined or refused, never changed."""

import csv
import gzip
import io
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from goulot.exports.context import AMOUNT
from goulot.exports.detect import recognise
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.exports.spec import platform_formats
from goulot.settings import ClientSettings
from goulot.tables import TABLES

FIXTURES = sorted(
    path
    for path in (Path(__file__).parent / "fixtures" / "exports").iterdir()
    if path.suffix in {".csv", ".tsv", ".txt", ".xlsx", ".gz"} and "stacked" not in path.name
)
SAVED = [path for path in FIXTURES if path.suffix != ".xlsx"]  # whose bytes are text
NAMES = [path.name for path in FIXTURES]


def client_for(path: Path) -> ClientSettings:
    """A client in whose currency the fixture is."""
    found = recognise(path, path.name, {})
    column = found.places.get(found.spec.currency)
    codes = Counter(
        cells[column].strip().upper()
        for cells in data_rows(path)
        if column is not None and len(cells) > column and re.fullmatch("[A-Za-z]{3}", cells[column])
    )
    currency = found.currency or (codes.most_common(1)[0][0] if codes else "EUR")
    return ClientSettings(name="Brume", currency=currency, timezone="Europe/Paris")


def data_rows(path: Path) -> list[list[str]]:
    """The cells below the headings, read by the csv module or openpyxl alone."""
    found = recognise(path, path.name, {})
    dialect = found.dialect
    if dialect.sheet:
        sheet = openpyxl.load_workbook(path)[dialect.sheet]
        rows = [["" if v is None else str(v) for v in row] for row in sheet.values]
    else:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
        options = {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
        text = io.StringIO(raw.decode(dialect.encoding), newline="")
        rows = list(csv.reader(text, delimiter=dialect.delimiter, **options))
    return [row for row in rows[dialect.skip + 1 :] if row]


def load(folder: Path, path: Path, client: ClientSettings):
    source = Source(path, path.name, *file_digest(path))
    build = folder / "build"
    (row,) = load_exports(client, [source], build, kept=folder / "kept", secret="s", code="c")
    return row, build / "canonical"


def facts(canonical: Path) -> dict[str, set]:
    """What the canonical tables say, a set of rows for each, without where it was read."""
    with duckdb.connect() as connection:
        return {
            name: set(
                connection.execute(
                    f"select * exclude (source_file, source_row) from '{canonical / name}.parquet'"
                ).fetchall()
            )
            for name in TABLES
        }


def amount_of(text: str) -> Decimal | None:
    """A number read by eye: the last mark that is followed by one or two digits is the decimal."""
    text = re.sub(r"[^\d.,()-]", "", text)
    if not re.search(r"\d", text):
        return None
    whole, mark, rest = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}|\d{4,}))?", text).groups()
    value = Decimal(re.sub(r"[.,()]", "", whole) + ("." + rest if mark else ""))
    return -abs(value) if text.startswith("(") else value


@pytest.mark.parametrize("path", FIXTURES, ids=NAMES)
def test_a_fixture_is_recognised_as_what_its_name_says_and_adds_up(tmp_path, path):
    row, _ = load(tmp_path, path, client_for(path))
    known = [name for name in platform_formats() if path.name.startswith(name)]
    family = path.name.split("_")[0]
    assert row.format == max(known, key=len) if known else row.format.startswith(family)
    assert row.rows == row.loaded + row.duplicates + row.ignored + row.quarantined
    assert row.loaded > 0
    assert row.rows == len(data_rows(path)) + row.ignored_as.get("preamble", 0)


@pytest.mark.parametrize("path", FIXTURES, ids=NAMES)
def test_a_fixtures_total_is_the_files_read_another_way(tmp_path, path):
    found = recognise(path, path.name, {})
    table = next((name for name in AMOUNT if name in found.spec.tables), None)
    source = found.spec.tables[table].columns[AMOUNT[table]] if table else ""
    if source not in found.places:
        pytest.skip("its amount is not the sum of one column")
    row, _ = load(tmp_path, path, client_for(path))
    place = found.places[source]
    rules = [rule for rule in found.spec.ignore if rule.starts_with]
    total = Decimal(0)
    for cells in data_rows(path):
        first = [cell.strip().lower() for cell in cells[:3]]
        if any(c.startswith(t.lower()) for r in rules for t in r.starts_with for c in first):
            continue
        if blank_by_rule(found, cells) or len(cells) <= place:
            continue
        total += amount_of(cells[place]) or 0
    if found.spec.ignore:  # totals, and rows that the format says are no sales
        assert 0 < row.amount <= total
    else:
        assert row.amount == total


def blank_by_rule(found, cells: list[str]) -> bool:
    return any(
        all(
            not cells[found.places[name]].strip(" -") for name in rule.blank if name in found.places
        )
        for rule in found.spec.ignore
        if rule.blank
    )
