"""Exports as people hand them over: saved again in a spreadsheet, misnamed, zipped."""

import csv
import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal
from unicodedata import normalize

import openpyxl
import pytest
from goulot.client import Client
from goulot.errors import ExportError
from goulot.exports.convert import SPACES
from goulot.exports.dialect import file_digest
from goulot.pasting import load_merging
from loaded_exports import (
    BRUME,
    FIXTURES,
    SHOPIFY,
    client_with,
    is_balanced,
    load,
    quarantine,
    table,
)

INVENTORY = FIXTURES / "shopify_inventory_2026-09-30.csv"
ORDERS = "order_id, ordered_at, total"


def shopify(change=lambda name, cell: cell) -> list[list[str]]:
    """The orders fixture, each cell below the headings changed."""
    with SHOPIFY.open(encoding="utf-8", newline="") as file:
        headings, *rows = csv.reader(file)
    return [headings, *([change(*pair) for pair in zip(headings, r, strict=True)] for r in rows)]


def written(rows: list[list[str]], delimiter: str = ";", **options) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n", **options).writerows(rows)
    return out.getvalue()


def french(name: str, cell: str) -> str:
    """A cell as a French Excel writes it again: 12,5 for 12.50, 27/11/2026 10:02 for a time."""
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return f"{Decimal(cell).normalize():f}".replace(".", ",")
    when = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d):\d\d [+-]\d{4}", cell)
    if when:
        year, month, day, clock = when.groups()
        return f"{day}/{month}/{year} {clock}"
    return {"true": "VRAI", "false": "FAUX"}.get(cell, cell)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Order, minute and total of the orders fixture as it is."""
    _, target = load(tmp_path_factory.mktemp("whole"), SHOPIFY)
    return to_the_minute(table(target, "orders", ORDERS))


def to_the_minute(orders: list[tuple]) -> list[tuple]:
    return [(number, when.replace(second=0), total) for number, when, total in orders]


@pytest.fixture
def put(tmp_path):
    """Write a file into the folder of exports."""

    def put(name: str, content: bytes | str, encoding: str = "utf-8"):
        path = tmp_path / "exports" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return put


@pytest.mark.parametrize("space", SPACES)
def test_spaces_of_every_width_around_cells_are_nothing(tmp_path, put, whole, space):
    """Also behind an accent, and in a file whose other cells have none."""
    padded = [
        shopify(lambda _, cell: f"{space}{cell}"),
        shopify(lambda _, cell: f"{cell}{space}"),
        shopify(lambda name, cell: f"{space}É {space}" if name == "Lineitem name" else cell),
    ]
    for place, rows in enumerate(padded):
        file = put("orders_export.csv", written(rows, ","))
        _, target = load(tmp_path / str(place), file)
        assert to_the_minute(table(target, "orders", ORDERS)) == whole
    assert {title for (title,) in table(target, "order_lines", "product_title")} == {"É"}


def test_a_dash_or_an_apostrophe_of_print_is_no_odd_space(put):
    assert file_digest(put("a.csv", "Carafe \u2013 L\u2019Aube, é"))[1] == ""
    assert file_digest(put("b.csv", "Carafe \u202f!"))[1] == "spaces"


def refusal(tmp_path, *files, client=BRUME) -> str:
    with pytest.raises(ExportError) as error:
        load(tmp_path, *files, client=client)
    said = str(error.value)
    assert all(file.name in said for file in files)
    assert "Nothing was loaded" in said
    return said


def test_a_french_excel_saved_it_again(tmp_path, put, whole):
    path = put("commandes.csv", written(shopify(french)), "cp1252")
    ledger, target = load(tmp_path, path)
    assert ledger["commandes.csv"].quarantined == 0
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def test_article_numbers_that_excel_shortened_are_no_articles(tmp_path, put):
    def shortened(name, cell):
        return "3,76012E+12" if name == "Lineitem sku" and cell else french(name, cell)

    said = refusal(tmp_path, put("commandes.csv", written(shopify(shortened)), "cp1252"))
    assert "under 'Lineitem sku' are like '3,76012E+12'" in said
    assert "without saving it in a spreadsheet" in said


def test_parcels_whose_tracking_numbers_were_shortened_are_not_taken_for_one(tmp_path, put):
    text = (FIXTURES / "shipstation_shipments.csv").read_text(encoding="utf-8")
    said = refusal(tmp_path, put("parcels.csv", re.sub(r"6A111\d+", "1.23457E+14", text)))
    assert "Shipment - Tracking Number" in said


def test_article_numbers_that_stand_side_by_side_are_looked_at_too(tmp_path, put):
    text = (FIXTURES / "woocommerce_webtoffee_orders.csv").read_text(encoding="utf-8-sig")
    said = refusal(tmp_path, put("orders.csv", text.replace("DIF-SAU", "3.76012E+12")))
    assert "like '3.76012E+12'" in said


def test_other_numbers_that_were_shortened_cost_nothing(tmp_path, put, whole):
    def shortened(name, cell):
        return "5,12346E+12" if name == "Id" and cell else french(name, cell)

    _, target = load(tmp_path, put("commandes.csv", written(shopify(shortened)), "cp1252"))
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def test_numbers_for_mac_puts_the_name_of_the_table_above(tmp_path, put, whole):
    rows = shopify()
    rows.insert(0, ["Tableau 1", *[""] * (len(rows[0]) - 1)])
    ledger, target = load(tmp_path, put("orders_export-Tableau 1.csv", written(rows)))
    assert ledger["orders_export-Tableau 1.csv"].ignored_as == {"preamble": 1}
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


@pytest.mark.parametrize("written_as", ["27 nov. 2026 à 10:02", "27/11/26 10:02", "46353,418"])
def test_dates_that_nobody_can_read_refuse_the_file_once(tmp_path, put, written_as):
    def change(name, cell):
        return written_as if name == "Created at" else cell

    said = refusal(tmp_path, put("orders.csv", written(shopify(change), ",")))
    assert "none of its rows can be used" in said
    assert (
        f"'Created at' is not a time in this file's way of writing them, for example '{written_as}'"
        in said
    )


def test_every_line_as_one_quoted_cell_is_refused(tmp_path, put):
    lines = written(shopify(), ",").splitlines()
    said = refusal(
        tmp_path, put("orders.csv", written([[line] for line in lines], ",", quoting=csv.QUOTE_ALL))
    )
    assert "put each line into one cell" in said


def test_a_hint_for_excel_and_empty_columns_behind_change_nothing(tmp_path, put, whole):
    rows = [[*row, "", "", ""] for row in shopify()]
    ledger, target = load(tmp_path, put("orders.csv", "sep=;\r\n" + written(rows)))
    assert ledger["orders.csv"].quarantined == 0
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def test_columns_behind_the_rows_and_not_behind_the_headings_are_refused_once(tmp_path, put):
    headings, *rows = shopify()
    said = refusal(tmp_path, put("orders.csv", written([headings, *([*r, "", ""] for r in rows)])))
    assert "cells where the headings have" in said


def test_units_below_the_headings_and_a_total_below_the_rows_are_no_orders(tmp_path, put, whole):
    rows = shopify()
    rows.insert(1, ["EUR" if h in ("Total", "Subtotal") else "" for h in rows[0]])
    rows.append(["TOTAL" if h == "Name" else "999.99" if h == "Total" else "" for h in rows[0]])
    ledger, target = load(tmp_path, put("orders.csv", written(rows, ",")))
    assert is_balanced(ledger["orders.csv"])
    assert ledger["orders.csv"].quarantined == 2
    assert len(quarantine(target)) == 2
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def test_a_zip_around_a_csv_is_refused_with_what_to_do(tmp_path, put):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(SHOPIFY, "orders_export.csv")
    for name in ("orders.zip", "orders.csv"):
        assert "Unpack it into exports/" in refusal(tmp_path, put(name, packed.getvalue()))


def test_a_workbook_under_another_name_is_refused_with_the_name_it_needs(tmp_path, put):
    content = (FIXTURES / "tiktok_ads_by_day.xlsx").read_bytes()
    for name in ("tiktok.csv", "tiktok.xls"):
        assert "Rename it to tiktok.xlsx" in refusal(tmp_path, put(name, content))


def test_text_under_the_name_of_a_workbook_is_read_as_text(tmp_path, put, whole):
    _, target = load(tmp_path, put("orders.xlsx", SHOPIFY.read_bytes()))
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def test_one_name_in_two_cases_is_two_files_that_overlap(tmp_path, put, whole):
    files = [put(name, SHOPIFY.read_bytes()) for name in ("Orders.CSV", "orders.csv")]
    ledger, target = load(tmp_path, *files)
    assert sorted(row.duplicates for row in ledger.values()) == [0, 9]
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def test_accents_of_a_mac_in_a_files_name_are_those_of_client_yml(tmp_path, put):
    path = put(
        normalize("NFD", "Été, décembre.csv"),
        SHOPIFY.read_bytes().replace(b"Created at", b"Fait le"),
    )
    block = {
        normalize("NFC", "Été*.csv"): {
            "format": "shopify_orders",
            "columns": {"Created at": "Fait le"},
        }
    }
    ledger, _ = load(tmp_path, path, client=BRUME.model_copy(update={"exports": block}))
    assert ledger[path.name].loaded == 9


def test_a_workbook_of_dates_and_numbers_is_the_text_it_was_made_of(tmp_path, put, whole):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["read me", "first"])
    sheet = book.create_sheet("orders")
    for row in shopify():
        sheet.append([as_cell(cell) for cell in row])
    path = put("orders.xlsx", b"")
    book.save(path)
    ledger, target = load(tmp_path, path)
    assert ledger["orders.xlsx"].quarantined == 0
    assert to_the_minute(table(target, "orders", ORDERS)) == whole


def as_cell(text: str) -> object:
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d .*", text):
        return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S")
    return text.lstrip("=") or None


def test_files_that_client_yml_leaves_out_are_named_by_a_pattern(tmp_path):
    from goulot.build import export_files

    client: Client = client_with(tmp_path, BRUME_YML + 'exports: {"notes*": {ignore: true}}\n')
    (client.exports_folder / "notes 1.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert [path.name for path in export_files(client)] == ["calendar_template_fr.csv"]


BRUME_YML = "name: Brume\ncurrency: EUR\ntimezone: Europe/Paris\n"


def test_money_saved_again_that_could_be_a_thousand_is_asked_for(tmp_path, put):
    def change(name, cell):
        return "1,234" if cell == "43.20" else french(name, cell)

    path = put("orders.csv", written(shopify(change)))
    said = refusal(tmp_path, path)
    assert "saved again in a spreadsheet" in said
    client = BRUME.model_copy(update=load_merging(said.split("run again:\n")[1]))
    _, target = load(tmp_path, path, client=client)
    assert (Decimal("1.2340"),) in table(target, "orders", "subtotal")


def test_a_file_that_nobody_knows_is_mapped_by_pasting_what_is_offered(tmp_path, put):
    path = put(
        "caisse.csv", "Ticket;Quand;Payé\nA1;03/04/2026 10:00;12,50\nA2;05/06/2026 11:00;7\n"
    )
    said = refusal(tmp_path, path)
    assert "headings: Ticket, Quand, Payé" in said
    assert "; not there: " in said
    mapped = "exports:" + said.split("\nexports:")[1]
    said = refusal(tmp_path, path, client=BRUME.model_copy(update=load_merging(mapped)))
    assert "3 Apr 2026 with the day first" in said
    both = load_merging(f"{mapped}\n" + said.split("run again:\n")[1])
    _, target = load(tmp_path, path, client=BRUME.model_copy(update=both))
    assert table(target, "orders", ORDERS) == [
        ("A1", datetime(2026, 4, 3, 10), Decimal("12.5")),
        ("A2", datetime(2026, 6, 5, 11), Decimal("7")),
    ]


@pytest.mark.parametrize(
    ("fixture", "old", "new"),
    [
        ("shopify_orders_79.csv", "Created at", "Date de création"),  # no likeness: "Paid at" has
        ("meta_ads_campaigns_reporting.csv", "Amount spent (EUR)", "Dépense"),
        ("stripe_payments.csv", "Converted Amount", "Montant"),
    ],
)
def test_another_column_of_the_platform_is_never_offered_for_one_that_is_missing(
    tmp_path, put, fixture, old, new
):
    text = (FIXTURES / fixture).read_text(encoding="utf-8-sig")
    path = put("export.csv", re.sub(rf"(?<![\w ]){re.escape(old)}(?![\w ])", new, text, count=1))
    said = refusal(tmp_path, path)
    assert f"closest in the file: {new!r}" in said
    client = BRUME.model_copy(update=load_merging("exports:" + said.split("\nexports:")[1]))
    ledger, _ = load(tmp_path, path, client=client)
    whole, _ = load(tmp_path / "whole", FIXTURES / fixture)
    assert ledger["export.csv"].amount == whole[fixture].amount


def test_a_line_of_junk_is_compared_with_the_formats_in_no_time(tmp_path, put):
    """Likeness costs the square of what is compared: forty thousand headings are not."""
    wide = put("wide.csv", ",".join(f"column {n}" for n in range(40_000)) + "\n")
    assert "no known export" in refusal(tmp_path, wide)


def test_stock_saved_again_keeps_what_is_not_stocked(tmp_path, put):
    text = INVENTORY.read_text(encoding="utf-8").replace(",", ";")
    _, target = load(tmp_path, put("inventory_export_2026-09-30.csv", text, "utf-16"))
    _, plain = load(tmp_path / "plain", INVENTORY)
    columns = "snapshot_on, sku, location, on_hand"
    assert table(target, "stock_levels", columns) == table(plain, "stock_levels", columns)
