"""Every fixture, whole and damaged in every way: right, quarantined or refused, never changed."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from fixture_files import FIXTURES, NAMES, client_for, data_rows
from goulot.exports.context import AMOUNT
from goulot.exports.detect import recognise
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.exports.spec import platform_formats
from goulot.settings import ClientSettings


def load(folder: Path, path: Path, client: ClientSettings):
    source = Source(path, path.name, *file_digest(path))
    build = folder / "build"
    (row,) = load_exports(client, [source], build, kept=folder / "kept", secret="s", code="c")
    return row, build / "canonical"


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
    total = Decimal(0)
    for cells in data_rows(path):
        if len(cells) > place and not is_left_out(found, cells):
            total += amount_of(cells[place]) or 0
    assert row.amount == total


EVERY = {"all", "tous", "toutes", "alle", "todos", "todas"}
UNPAID = ("pending", "failed", "draft", "checkout-draft", "trash")


def is_left_out(found, cells: list[str]) -> bool:
    """Rows that are no sale and no spend, told apart here without the rules of the formats."""
    said = {
        name: cells[place].strip().lower()
        for name, place in found.places.items()
        if len(cells) > place
    }
    totals = any(c.strip().lower().startswith(("total", "gesamt")) for c in cells[:3])
    if found.spec.one_row_is == "ad_spend":
        whole = [said[n] for n in ("day", "campaign", "region", "country") if n in said]
        return totals or said.get("campaign") in ("", "-", "--") or bool(EVERY & set(whole))
    if found.spec.name == "stripe_invoices":
        return said["status"] != "paid"
    if found.spec.name == "stripe_payments":  # a charge that failed, or is in the shop's export too
        return said["status"] == "failed" or bool(said.get("shop_order"))
    return said.get("status", "").removeprefix("wc-").startswith(UNPAID)
