"""Every fixture × every damage: the right rows, quarantine, or a refusal with the fix.

A damaged file may say less than the whole one (the rest is then counted), never something else.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path

import duckdb
import pytest
import yaml
from fixture_files import FIXTURES, client_for, recognised, text_of
from goulot.errors import ExportError
from goulot.exports.account import FileRead
from goulot.exports.detect import recognise
from one_export import (
    CURES,
    Facts,
    edited,
    headings_of,
    read,
    reading,
    records,
    renamed,
    save,
    save_text,
    typed,
)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with reading() as connection:
        yield connection


@pytest.fixture(scope="module")
def whole(connection, tmp_path_factory) -> Callable[[Path], tuple[FileRead, Facts]]:
    """What a whole fixture says, read once each."""
    folder = tmp_path_factory.mktemp("whole")
    return cache(lambda path: read(connection, folder, path))


# Each damage: the fixture in, the damaged file out; None where it cannot be done to this one.


def of_text(damage):
    """A damage to the characters of a file, which a workbook does not have."""
    return wraps(damage)(lambda *args: None if recognised(args[1]).dialect.sheet else damage(*args))


def truncated(folder, path):
    if recognised(path).dialect.sheet:
        content = path.read_bytes()
        (folder / path.name).write_bytes(content[: len(content) // 2])
        return folder / path.name
    lines = text_of(path).rstrip("\r\n\t").split("\n")
    return save_text(folder, path, "\n".join([*lines[:-1], lines[-1][: len(lines[-1]) // 2]]))


@of_text
def wrong_delimiter(folder, path):
    dialect = recognised(path).dialect
    other = ";" if dialect.delimiter != ";" else "\t"
    return save(folder, path, records(path), other) if dialect.quote else None


@of_text
def one_row_in_another_delimiter(folder, path):
    dialect = recognised(path).dialect
    lines = text_of(path).rstrip("\r\n").split("\n")
    lines[-1] = lines[-1].replace(dialect.delimiter, "|")
    return save_text(folder, path, "\n".join([*lines, ""]))


def day_first(folder, path):
    return dates(folder, path, r"\3/\2/\1")


def month_first(folder, path):
    return dates(folder, path, r"\2/\3/\1")


def dates(folder, path, order):
    rows = edited(
        path,
        typed(path, "date", "timestamp"),
        lambda cell: re.sub(r"^(\d{4})-(\d\d)-(\d\d)", order, cell),
    )
    return save(folder, path, rows) if rows != records(path) else None


def swapped(folder, path):
    rows = edited(
        path,
        typed(path, "date", "timestamp"),
        lambda cell: re.sub(r"^(\d\d)([/.-])(\d\d)([/.-]\d{4})", r"\3\2\1\4", cell),
    )
    return save(folder, path, rows) if rows != records(path) else None


def decimal_comma(folder, path):
    rows = edited(
        path,
        typed(path, "money", "number"),
        lambda cell: re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell),
    )
    return save(folder, path, rows) if rows != records(path) else None


@of_text
def nul_byte(folder, path):
    text = text_of(path).rstrip("\r\n")
    place = text.rindex("\n") + 3
    return save_text(folder, path, f"{text[:place]}\0{text[place:]}\n")


@of_text
def mixed_line_ends(folder, path):
    ends = ("\n", "\r\n", "\r")
    lines = re.split(r"\r\n|\n|\r", text_of(path).rstrip("\r\n"))
    text = "".join(line + ends[n % 3] for n, line in enumerate(lines))
    return save_text(folder, path, text)


def another_type(folder, path):
    places = typed(path, "money", "number", "integer", "percent")[:1]
    return save(folder, path, edited(path, places, lambda cell: cell and "pomme"))


def text_for_days(folder, path):
    places = typed(path, "date", "timestamp")[:1]
    return (
        save(folder, path, edited(path, places, lambda cell: cell and "hier")) if places else None
    )


def same_heading_again(folder, path):
    """A required column twice, word for word."""
    place = first_required(path)
    top = recognised(path).dialect.skip
    rows = [
        row if n < top else wider(row, row[place : place + 1])
        for n, row in enumerate(records(path))
    ]
    return save(folder, path, rows) if not recognised(path).spec.pad else None


def no_rows(folder, path):
    return save(folder, path, records(path)[: recognised(path).dialect.skip + 1])


def blank(folder, path):
    if recognised(path).dialect.sheet:
        return save(folder, path, [])
    return save_text(folder, path, "\n\n")


def wider(row: list[str], cell: list[str]) -> list[str]:
    return row + cell if len(row) > 1 else row


def first_required(path: Path) -> int:
    found = recognised(path)
    return next(found.places[name] for name in found.spec.required if name in found.places)


DAMAGES = (
    *(truncated, wrong_delimiter, one_row_in_another_delimiter, day_first, month_first, swapped),
    *(decimal_comma, nul_byte, mixed_line_ends, another_type, text_for_days, same_heading_again),
    *(no_rows, blank),
)
LESS = {truncated, one_row_in_another_delimiter, nul_byte, another_type, text_for_days}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_damaged_file_is_read_right_or_quarantined_or_refused(
    connection, whole, tmp_path, path, damage
):
    account, facts = whole(path)
    file = damage(tmp_path, path)
    if file is None:
        return
    try:
        damaged, found = read(connection, tmp_path, file, client_for(path))
    except ExportError as error:
        said = str(error)
        assert file.name in said and any(cure in said for cure in CURES)  # noqa: PT018
        return
    assert not found - facts, f"rows that the whole file does not hold: {found - facts}"
    lost = facts.total() - found.total()
    ignored = Counter(damaged.ignored).total() - Counter(account.ignored).total()
    assert lost <= damaged.quarantined - account.quarantined + max(ignored, 0)
    assert damage in LESS or not lost or damaged.quarantined


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_column_that_must_be_there_is_missed_and_the_rename_that_is_offered_works(
    connection, whole, tmp_path, path
):
    account, facts = whole(path)
    found = recognised(path)
    offers = {}
    for name in found.spec.required:
        place = found.places[name]
        rows = [row[:place] + row[place + 1 :] for row in records(path)]
        if is_still_something(save(tmp_path, path, rows), found):
            continue
        assert refused(save(tmp_path, path, rows))
        rows = renamed(path, place, f"{headings_of(path)[place]} bis")
        _, _, block = refused(save(tmp_path, path, rows)).partition("\nexports:\n")
        if "    columns:" in block:
            offers[name] = rows, yaml.safe_load(f"exports:\n{block}")["exports"]
    for rows, exports in list(offers.values())[-1:]:
        mapped = client_for(path).model_copy(update={"exports": exports})
        again, same = read(connection, tmp_path, save(tmp_path, path, rows), mapped)
        assert (again.kept, same) == (account.kept, facts)


def refused(file: Path) -> str:
    with pytest.raises(ExportError) as refusal:
        recognise(file, file.name, {})
    said = str(refusal.value)
    assert file.name in said
    assert any(cure in said for cure in CURES)
    return said


def is_still_something(file: Path, found) -> bool:
    """Without its keywords a list of keywords is one of ad groups; an order has two numbers."""
    try:
        again = recognise(file, file.name, {})
    except ExportError:
        return False
    family = found.spec.name.split("_")[0]
    assert again.spec.one_row_is == found.spec.one_row_is
    return again.spec.name.startswith(family)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_column_that_may_be_there_is_noticed_when_its_name_is_another(tmp_path, path):
    found = recognised(path)
    places = list(found.places.values())
    optional = [name for name in found.places if not found.spec.read[name].required]
    for name in optional[:6]:
        place = found.places[name]
        if places.count(place) > 1:
            continue
        file = save(tmp_path, path, renamed(path, place, "Kolonne"))
        if is_still_something(file, found):
            again = recognise(file, file.name, {})
            assert again.absent != found.absent or again.places[name] != place
        else:
            assert refused(file)


STAND_INS = [
    (path, name)
    for path in FIXTURES
    for name, column in recognised(path).spec.read.items()
    if column.instead and name in recognised(path).places
]


@pytest.mark.parametrize(("path", "name"), STAND_INS, ids=lambda part: getattr(part, "name", part))
def test_a_column_that_stands_in_for_another_is_said_to(connection, tmp_path, path, name):
    found = recognised(path)
    column, place = found.spec.read[name], found.places[name]
    other = re.sub(r"\(\?!.*?\)|\.\*|^/|/$|\?", "", column.instead[0])
    rows = renamed(path, place, other)
    if other in headings_of(path):
        rows = [row[:place] + row[place + 1 :] for row in records(path)]
    file = save(tmp_path, path, rows)
    account, _ = read(connection, tmp_path, file, client_for(path))
    assert account.stand_ins[column.header[0]] == other


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_heading_above_two_columns_that_differ_is_refused(connection, tmp_path, path):
    found = recognised(path)
    for name in [n for n in found.spec.read if n in found.places][:3]:
        place = found.places[name]
        top = found.dialect.skip
        headings = headings_of(path)
        rows = [
            row if n < top else [*(row + [""] * (len(headings) - len(row))), f"other {n}"]
            for n, row in enumerate(records(path))
        ]
        rows[top][-1] = headings[place]
        file = save(tmp_path, path, rows)
        with pytest.raises(ExportError, match="stands above columns"):
            read(connection, tmp_path, file, client_for(path))


@pytest.mark.parametrize(
    "name",
    ["shopify_orders_79.csv", "amazon_orders_33.txt", "google_ads_campaigns_by_day_excel.csv"],
)
def test_ten_megabytes_in_one_cell_cost_that_row_only(connection, whole, tmp_path, name):
    path = next(p for p in FIXTURES if p.name == name)
    account, facts = whole(path)
    lines = text_of(path).rstrip("\r\n").split("\n")
    row = next(
        n for n in range(len(lines) - 1, 0, -1) if len(lines[n]) > 60 and "Total" not in lines[n]
    )
    lines[row] = lines[row][:3] + "x" * 10_000_000 + lines[row][3:]
    file = save_text(tmp_path, path, "\n".join([*lines, ""]))
    damaged, found = read(connection, tmp_path, file, client_for(path))
    assert not found - facts
    assert facts.total() - found.total() <= damaged.quarantined - account.quarantined == 1
