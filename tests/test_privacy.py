"""No name, e-mail, phone, street, note or full postcode of any fixture leaves the exports folder.

The personal values are read off the fixtures themselves, by what their headings say, so that a new
fixture is searched for without being listed here.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml
from goulot.errors import ExportError
from goulot.exports.detect import recognise
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.exports.records import text_rows, workbook_rows
from goulot.settings import ClientSettings

FOLDER = Path(__file__).parent / "fixtures" / "exports"
FIXTURES = sorted(p for p in FOLDER.iterdir() if "stacked" not in p.name)  # that one is refused
GOULOT = Path(sys.executable).with_name("goulot")
SHORTEST = 4  # characters; a shorter value would be found by accident

_WHOSE = "billing|shipping|ship[ _-]to|bill[ _-]to|recipient|buyer|customer|requester|submitter"
_WHOSE += "|assignee|card|contact|user|author"
PERSONAL = re.compile(
    rf"(?:{_WHOSE})\b.*\b(?:name|company|address|line1|line2|phone)|first name|last name|full name"
    r"|^customer name|recipient|e-?mail|phone|street|address ?[0-9&]|address line"
    r"|\bzip\b|postal|postcode|zip_code|^notes?$|^notes - |customer note|customer-comments|subject"
    r"|ip address|ip_address|gift message|^customer$|^requester$|^submitter$|^assignee$",
    re.IGNORECASE,
)
NOT_PERSONAL = re.compile(r"order|id$|country|user name|accepts|total recipients", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def is_personal(heading: str) -> bool:
    return bool(PERSONAL.search(heading)) and not NOT_PERSONAL.search(heading)


def settings_for(path: Path, **others) -> ClientSettings:
    found = recognise(path, path.name, {})
    currency = found.currency or "EUR"
    return ClientSettings(name="P", currency=currency, timezone="Europe/Paris", **others)


def personal_values(path: Path) -> set[str]:
    """Values under personal headings, and every e-mail address wherever it stands.

    A record of another width is no row: what stands in it stands under no heading.
    """
    found = recognise(path, path.name, {})
    dialect, least = found.dialect, found.least_cells or len(found.dialect.headings)
    rows = workbook_rows(path, dialect.sheet) if dialect.sheet else text_rows(path, dialect)
    records = [r for r in list(rows)[dialect.skip + 1 :] if not isinstance(r, str)]
    places = [n for n, heading in enumerate(dialect.headings) if is_personal(heading)]
    rows = [r for r in records if least <= len(r)]
    values = {r[n].strip().strip("'") for r in rows for n in places if n < len(r)}
    values |= {mail for r in records for mail in EMAIL.findall(" ".join(r))}
    return {value.casefold() for value in values if is_telling(value)}


def is_telling(value: str) -> bool:
    """Long enough to be somebody's, and no flag or count (a Belgian postcode looks like one)."""
    shortest = SHORTEST + value.isdigit()
    spoilt = not value.casefold().strip("x")  # a number that a test made unreadable
    flag = value.casefold() in {"true", "false", "null", "none"}
    return len(value) >= shortest and not spoilt and not flag


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything below ``folder`` that a person could read, with where it stands."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix == ".parquet":
            yield path.name, everything_in(f"select * from '{path}'")
        elif path.suffix == ".duckdb":
            yield from database_texts(path)
        elif path.suffix == ".xlsx":
            sheets = [s.title for s in workbook(path).worksheets]
            yield (
                path.name,
                "\n".join(" ".join(row) for sheet in sheets for row in workbook_rows(path, sheet)),
            )
        elif path.suffix == ".pdf":
            yield (
                path.name,
                subprocess.run(
                    ["pdftotext", path, "-"], capture_output=True, text=True, check=True
                ).stdout,
            )
        else:
            yield path.name, path.read_text(encoding="utf-8", errors="replace")


def workbook(path: Path):
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True)


def everything_in(query: str) -> str:
    with duckdb.connect() as connection:
        return "\n".join(str(row) for row in connection.execute(query).fetchall())


def database_texts(path: Path) -> Iterator[tuple[str, str]]:
    with duckdb.connect(path, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        for (name,) in tables:
            rows = connection.execute(f"select * from {name}").fetchall()
            yield f"{path.name} {name}", "\n".join(map(str, rows))


def leaks(folder: Path, values: set[str]) -> list[tuple[str, str]]:
    found = []
    for place, text in texts(folder):
        folded = text.casefold()
        found += [(place, value) for value in sorted(values) if stands_in(folded, value)]
    return found


def stands_in(text: str, value: str) -> bool:
    """Digits count only as a number of their own, a word as one: no Paris in a comparison."""
    if value in text and value.isalpha():
        return bool(re.search(rf"\b{value}\b", text))
    if value not in text or not value.isdigit():
        return value in text
    return bool(re.search(rf"(?<![\d.]){value}(?![\d.])", text))


def load(path: Path, folder: Path) -> Path:
    target = folder / "build"
    source = Source(path, path.name, *file_digest(path))
    load_exports(settings_for(path), [source], target, kept=folder / "kept", secret="s", code="c")
    return target


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_no_personal_value_of_a_fixture_is_in_what_is_built_from_it(path, tmp_path):
    values = personal_values(path)
    load(path, tmp_path)
    assert leaks(tmp_path, values) == []


@pytest.mark.parametrize(
    "path", [p for p in FIXTURES if p.suffix in {".csv", ".txt"}], ids=lambda path: path.name
)
def test_a_quarantined_row_hides_whose_it_is(path, tmp_path):
    """Rows of which every number and day is unreadable, and one that is cut in the middle."""
    dialect = recognise(path, path.name, {}).dialect
    records = [r for r in text_rows(path, dialect) if not isinstance(r, str)]
    head, first = records[: dialect.skip + 1], records[dialect.skip + 1]
    spoilt = [re.sub(r"\d", "x", cell) if not EMAIL.search(cell) else cell for cell in first]
    damaged = tmp_path / path.name
    with damaged.open("w", encoding=dialect.encoding, newline="") as file:
        write = csv.writer(file, delimiter=dialect.delimiter).writerow
        for record in [*head, *records[dialect.skip + 1 :], spoilt, first[: len(first) // 2 + 1]]:
            write(record)
    values = personal_values(path) | personal_values(damaged)
    said = ""
    try:
        load(damaged, tmp_path / "work")
    except ExportError as error:
        said = str(error).casefold()
    assert [value for value in sorted(values) if stands_in(said, value)] == []
    assert leaks(tmp_path / "work", values) == []


def test_the_fixtures_do_hold_personal_values():
    """Otherwise the tests above could not fail."""
    counts = {path.name: len(personal_values(path)) for path in FIXTURES}
    assert counts["shopify_orders_79.csv"] >= 10
    assert sum(count > 0 for count in counts.values()) >= 4


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A workbench whose client has every fixture that its currency allows, and its report."""
    home = tmp_path_factory.mktemp("home")
    exports = home / "data" / "planted" / "exports"
    exports.mkdir(parents=True)
    for path in FIXTURES:
        if recognise(path, path.name, {}).currency in ("", "EUR"):
            shutil.copy(path, exports)
    settings = {"name": "Planted", "currency": "EUR", "timezone": "Europe/Paris"}
    (exports.parent / "client.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return home


def test_no_personal_value_is_in_the_build_or_the_report_of_a_client(home):
    environment = os.environ | {"GOULOT_HOME": str(home)}
    words = [GOULOT, "report", "planted", "--quarter", "2026Q3"]
    done = subprocess.run(words, env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    exports = sorted((home / "data" / "planted" / "exports").iterdir())
    values = set.union(*(personal_values(path) for path in exports))
    report = home / "reports" / "planted" / "2026Q3"
    assert leaks(home / "data" / "planted" / "build", values) == []
    assert leaks(report, values) == []
    kinds = {path.suffix for path in report.rglob("*")}
    assert {".html", ".json", ".ipynb"} <= kinds


def test_the_secret_of_the_customers_keys_stays_in_the_clients_folder(home):
    secret = (home / "data" / "planted" / "secret.key").read_text()
    assert leaks(home / "data" / "planted" / "build", {secret}) == []
    assert leaks(home / "reports", {secret}) == []
    manifest = json.loads(next((home / "reports").rglob("manifest.json")).read_text())
    assert "secret" not in json.dumps(manifest)
