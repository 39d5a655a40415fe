"""Whatever the bytes: every row and every cent is accounted for, or the file is refused.

A BuildError would be a row that nobody can account for: it is never caught here. `make hunt` looks
for hours' worth of what `make test` looks for in seconds.
"""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from fixture_files import FIXTURES, client_for, recognised
from goulot.errors import ExportError
from goulot.exports.detect import recognise
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.exports.records import text_rows
from goulot.settings import ClientSettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_export import CURES, TEXTS, read, reading, records, save

SHOPIFY = next(path for path in FIXTURES if path.name == "shopify_orders_79.csv")
settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile(
    "hunt", max_examples=8_000, deadline=None, suppress_health_check=list(HealthCheck)
)
HUNT = settings(settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick")))
TOKENS = [b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf"]
TOKENS += [b"\xe9", "\u00a0".encode(), b"=1+1", b"-", b"1.234,56", b"NaN", b"1e400", b"03/04/2026"]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1")
PLACE = st.floats(0, 1, width=32)
EDIT = st.one_of(
    st.tuples(st.just("insert"), PLACE, st.sampled_from(TOKENS)),
    st.tuples(st.just("delete"), PLACE, st.integers(1, 60)),
    st.tuples(st.just("repeat"), PLACE, st.integers(1, 600)),
    st.tuples(st.just("move"), PLACE, st.integers(1, 200)),
    st.tuples(st.just("transcode"), st.just(0.0), st.sampled_from(ENCODINGS)),
)


def edited(content: bytes, kind: str, place: float, what) -> bytes:
    at = int(place * len(content))
    if kind == "transcode":
        return content.decode("utf-8", errors="replace").encode(what, errors="replace")
    if kind == "insert":
        return content[:at] + what + content[at:]
    span, rest = content[at : at + what], content[:at] + content[at + what :]
    if kind == "delete":
        return rest
    return content[:at] + span + content[at:] if kind == "repeat" else rest + span


def hold(folder: Path, name: str, content: bytes, client: ClientSettings) -> None:
    """Load the bytes as a file of that name: refused, or balanced to the row and the cent."""
    path = folder / name
    path.write_bytes(content)
    try:
        source = Source(path, name, *file_digest(path))
        ledger = load_exports(
            client, [source], folder / "build", kept=folder / "kept", secret="s", code="c"
        )
    except ExportError as error:
        assert name in str(error) or "client.yml" in str(error)  # noqa: PT017
        return
    finally:
        shutil.rmtree(folder)
    for row in ledger:
        assert row.loaded >= 0
        assert row.rows == row.loaded + row.duplicates + row.ignored + row.quarantined
        parts = row.amount_loaded + row.amount_duplicates + row.amount_quarantined
        assert row.amount == parts


@pytest.fixture(scope="module")
def connection():
    with reading() as connection:
        yield connection


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hunt")


@pytest.fixture(scope="module")
def whole(connection, folder):
    """What the rows of a whole fixture say, read once each."""
    return cache(lambda path: read(connection, folder, path)[1])


@HUNT
@given(st.binary(max_size=400), st.integers(0, 4_000), st.integers(0, 40))
def test_bytes_in_the_middle_of_an_export_cost_no_row_unseen(tmp_path_factory, junk, place, cut):
    content = SHOPIFY.read_bytes()
    content = content[:place] + junk + content[place + cut :]
    hold(tmp_path_factory.mktemp("junk"), "orders.csv", content, client_for(SHOPIFY))


@HUNT
@given(st.sampled_from(TEXTS), st.lists(EDIT, min_size=1, max_size=4))
def test_an_export_cut_and_put_together_again_loses_no_row_unseen(tmp_path_factory, path, edits):
    content = path.read_bytes()
    for edit in edits:
        content = edited(content, *edit)
    hold(tmp_path_factory.mktemp("edited"), path.name, content, client_for(path))


@HUNT
@given(st.sampled_from(TEXTS), st.lists(EDIT, min_size=1, max_size=4))
def test_every_record_of_the_file_is_counted(connection, folder, path, edits):
    content = path.read_bytes()
    for edit in edits:
        content = edited(content, *edit)
    file = folder / path.name
    file.write_bytes(content)
    try:
        account, _ = read(connection, folder, file, client_for(path))
    except ExportError as error:
        assert any(cure in str(error) for cure in CURES)  # noqa: PT017
        return
    dialect = recognise(file, file.name, {}, odd=file_digest(file)[1]).dialect
    assert account.rows == sum(1 for _ in text_rows(file, dialect)) - 1  # the headings


def test_a_stray_quote_before_a_cell_of_several_lines_is_a_character(connection, folder, whole):
    """Found by the hunt: the careful reader cut the record where the strict one did not."""
    content = SHOPIFY.read_bytes().replace(b"BOU-BRU-180", b'BO"U-BRU-180', 1)
    file = folder / SHOPIFY.name
    file.write_bytes(b"\n" + content)  # a blank line: read with care
    account, found = read(connection, folder, file, client_for(SHOPIFY))
    assert account.quarantined == 0
    assert (found - whole(SHOPIFY)).total() == 1


CELLS = ("", ",", ";", "\t", "\0", "-", "--", "=1+1", "1.234,56", "1,234.56", "1,5", "1.5", "NaN")
CELLS += (
    "1e400",
    "1,23457E+14",
    "03/04/2026",
    "13/04/2026",
    "2026-02-30",
    "$5",
    "5 €",
    "é",
    "100%",
)
CELLS += ("\u00a0", "'", "true", "Total", "#", "x" * 40, "USD")


@cache
def lines_below(path: Path) -> range:
    """Places, among the records, of those that are rows of data."""
    return range(recognised(path).dialect.skip + 1, len(records(path)))


@HUNT
@given(st.sampled_from(TEXTS), PLACE, PLACE, st.sampled_from(CELLS), st.sampled_from((0, 1, None)))
def test_one_odd_cell_changes_no_other_row(
    connection, folder, whole, path, line, column, odd, keep
):
    """The cell is replaced, or something is written before or behind what it holds."""
    rows = [list(row) for row in records(path)]
    places = lines_below(path)
    row = rows[places[int(line * (len(places) - 1))]]
    if recognised(path).spec.looks_around or not row:
        return
    at = int(column * (len(row) - 1))
    row[at] = {None: odd, 0: odd + row[at], 1: row[at] + odd}[keep]
    try:
        file = save(folder, path, rows)
        _, found = read(connection, folder, file, client_for(path))
    except ExportError as error:
        assert any(cure in str(error) for cure in CURES)  # noqa: PT017
        return
    except UnicodeEncodeError:
        return
    facts = whole(path)
    assert (found - facts).total() <= 1
    assert (facts - found).total() <= 1
