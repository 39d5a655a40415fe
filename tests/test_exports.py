"""Exports in the platforms' own shapes: recognised, converted, and every row accounted for."""

import csv
import gzip
import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import yaml
from goulot.errors import ExportError
from goulot.exports.read import read_file
from goulot.settings import ClientSettings
from goulot.tables import TABLES
from loaded_exports import (
    BRUME,
    FIXTURES,
    SHOPIFY,
    changed,
    is_balanced,
    load,
    quarantine,
    rows,
)
from shopify_lines import write_lines

REAL = Path(__file__).parents[2] / "shared" / "data" / "online_retail.csv.gz"
EXAMPLE = Path(__file__).parents[1] / "data" / "examples" / "online-retail" / "client.yml"
PERSONAL = ("fixture@example.com", "Camille", "rue des Essais", "75011", "99 00", "Sonner")


@pytest.mark.parametrize(
    ("name", "title", "loaded", "ignored"),
    [
        ("shopify_orders_79.csv", "Shopify orders", 9, {}),
        ("shopify_orders_78.csv", "Shopify orders", 9, {}),
        ("shopify_orders_75.csv", "Shopify orders", 9, {}),
        ("shopify_orders_71.csv", "Shopify orders", 9, {}),
        ("shopify_inventory_2026-09-30.csv", "Shopify inventory", 4, {"not data": 1}),
        ("shopify_products.csv", "Shopify products", 3, {"not data": 1}),
        (
            "google_ads_campaigns_by_day.csv",
            "Google Ads campaigns by day",
            4,
            {"not data": 1, "preamble": 2, "totals": 2},
        ),
        (
            "google_ads_campaigns_by_day_excel.csv",
            "Google Ads campaigns by day",
            4,
            {"not data": 1, "preamble": 2, "totals": 2},
        ),
        (
            "meta_ads_campaigns_reporting.csv",
            "Meta Ads campaigns by day",
            3,
            {"not data": 1, "totals": 1},
        ),
        ("meta_ads_campaigns_gestionnaire_fr.csv", "Meta Ads campaigns by day", 2, {}),
    ],
)
def test_every_fixture_is_recognised_and_every_row_accounted_for(
    tmp_path, name, title, loaded, ignored
):
    ledger, _ = load(tmp_path, FIXTURES / name)
    row = ledger[name]
    assert (row.title, row.loaded, row.ignored_as, row.quarantined) == (title, loaded, ignored, 0)
    assert is_balanced(row)


def test_shopify_totals_are_those_of_the_file_read_another_way(tmp_path):
    _, target = load(tmp_path, SHOPIFY)
    with SHOPIFY.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    totals = sum(Decimal(line["Total"]) for line in lines if line["Total"])
    goods = sum(Decimal(line["Lineitem price"]) * int(line["Lineitem quantity"]) for line in lines)
    assert rows(target, "select sum(total) from 'canonical/orders.parquet'") == [(totals,)]
    query = "select sum(quantity * unit_price) from 'canonical/order_lines.parquet'"
    assert rows(target, query) == [(goods,)]


def test_spend_is_that_of_the_total_row_that_was_left_out(tmp_path):
    _, target = load(tmp_path, FIXTURES / "google_ads_campaigns_by_day_excel.csv")
    query = "select sum(spend), sum(impressions) from 'canonical/ad_spend.parquet'"
    assert rows(target, query) == [(Decimal("1135.1200"), 29_085)]


def test_follow_up_rows_are_lines_of_the_order_above(tmp_path):
    _, target = load(tmp_path, SHOPIFY)
    query = (
        "select order_id, line_no, sku from 'canonical/order_lines.parquet'"
        " where order_id = '#1004' order by line_no"
    )
    found = rows(target, query)
    assert found == [
        ("#1004", 1, "BOU-SAU-180"),
        ("#1004", 2, "BOU-SAU-180"),
        ("#1004", 3, "ALL-LON"),
    ]


def test_channels_are_decided_by_utm_then_code_then_source(tmp_path):
    client = BRUME.model_copy(
        update={"channels": BRUME.channels.model_copy(update={"sources": {"580111": "Referral"}})}
    )
    _, target = load(tmp_path, SHOPIFY, client=client)
    query = "select order_id, channel, channel_rule from 'canonical/orders.parquet' order by 1"
    assert rows(target, query) == [
        ("#1001", "Paid Search", "utm"),
        ("#1002", "Email", "utm"),
        ("#1003", "Direct", "source"),
        ("#1004", "Unattributed", "none"),
        ("#1005", "Referral", "source"),
        ("#1006", "Unattributed", "none"),
    ]


def test_a_customer_is_the_same_key_however_the_mail_is_written_and_no_mail_is_kept(tmp_path):
    _, target = load(tmp_path, SHOPIFY)
    query = "select order_id, customer_key from 'canonical/orders.parquet'"
    keys = dict(rows(target, query))
    assert keys["#1001"] == keys["#1005"] == keys["#1006"]
    assert keys["#1003"] is None
    for name in TABLES:
        text = str(rows(target, f"select * from 'canonical/{name}.parquet'"))
        for personal in (
            "fixture@example.com",
            "Camille",
            "rue des Essais",
            "75011",
            "99 00",
            "Sonner",
        ):
            assert personal not in text


def test_overlapping_files_count_once_and_the_fresher_one_wins(tmp_path):
    later = tmp_path / "orders_later.csv"
    text = SHOPIFY.read_text(encoding="utf-8").replace("29.00,Atelier Brume", "35.00,Atelier Brume")
    head, *records = list(csv.reader(io.StringIO(text, newline="")))
    extra = [dict(zip(head, records[3], strict=True))]
    extra[0] |= {"Name": "#1007", "Created at": "2026-11-02 10:00:00 +0100"}
    kept = [dict(zip(head, record, strict=True)) for record in records if record[0] != "#1001"]
    kept[0]["Total"] = "50.00"
    with later.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head)
        writer.writeheader()
        writer.writerows(kept + extra)
    ledger, target = load(tmp_path, SHOPIFY, later)
    assert ledger["shopify_orders_79.csv"].duplicates == 7
    assert ledger["orders_later.csv"].duplicates == 0
    assert all(is_balanced(row) for row in ledger.values())
    found = dict(rows(target, "select order_id, total from 'canonical/orders.parquet'"))
    assert sorted(found) == ["#1001", "#1002", "#1003", "#1004", "#1005", "#1006", "#1007"]
    assert found["#1002"] == 50


def test_the_same_file_twice_counts_once(tmp_path):
    again = shutil.copy(SHOPIFY, tmp_path / "again.csv")
    ledger, target = load(tmp_path, SHOPIFY, Path(again))
    assert sum(row.duplicates for row in ledger.values()) == 9
    assert rows(target, "select count(*), sum(total) from 'canonical/orders.parquet'")[0][0] == 6


def test_an_order_repeated_in_one_file_counts_once(tmp_path):
    content = SHOPIFY.read_bytes()
    first = content[content.index(b"#1003") : content.index(b"#1004")]
    double = tmp_path / "double.csv"
    double.write_bytes(content + first)
    ledger, target = load(tmp_path, double)
    assert ledger["double.csv"].duplicates == 1
    query = "select count(*) from 'canonical/order_lines.parquet' where order_id = '#1003'"
    assert rows(target, query) == [(1,)]


def test_a_row_of_a_long_export_is_found_in_it_by_its_number(tmp_path):
    write_lines(tmp_path / "long.csv", 50_000)
    with (tmp_path / "long.csv").open(encoding="utf-8", newline="") as file:
        names = [record[0] for record in csv.reader(file)]
    _, target = load(tmp_path, tmp_path / "long.csv")
    found = rows(target, "select source_row, order_id from 'canonical/order_lines.parquet'")
    assert len(found) == len(names) - 1
    assert [(row, name) for row, name in found if names[row - 1] != name] == []


def test_lines_of_an_order_whose_first_row_cannot_be_read_are_kept_with_it(tmp_path):
    ledger, target = load(tmp_path, changed(tmp_path, b"97.90,,0.00", b"abc,,0.00"))
    assert ledger["changed_shopify_orders_79.csv"].quarantined == 2
    said = [(row["row"], row["column"], row["value"]) for row in quarantine(target)]
    assert said == [("2", "total", "abc"), ("3", "order_id", "")]
    assert "example.com" not in (target / "quarantine.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"#1002,noe", b'#1002,"noe', "cells where the headings have 79"),
        (b"#1002,noe", b"#1002,no\x00e", "NUL"),
        (b"#1002,noe", b"#1002," + b"x" * 2_500_000, "longer than"),
        (b"48.10,BIENVENUE10", b'"48,10",BIENVENUE10', "not an amount"),
        (b"EUR,43.20", b"EU?,43.20", "currency"),
        (b"2026-07-01 20:41:55 +0200,1,Coffret", b"yesterday,1,Coffret", "not a time"),
    ],
)
def test_a_damaged_row_is_quarantined_and_the_rest_is_right(tmp_path, old, new, reason):
    ledger, target = load(tmp_path, changed(tmp_path, old, new))
    (row,) = ledger.values()
    assert is_balanced(row)
    assert any(reason in entry["reason"] for entry in quarantine(target))
    found = dict(rows(target, "select order_id, total from 'canonical/orders.parquet'"))
    assert "#1002" not in found
    assert found["#1001"] == Decimal("97.90")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252", "replace"),
        lambda text: text.replace("\n#", "\r\n#").encode(),
        lambda text: text.replace("\n#1003", "\r\n#1003").encode(),
    ],
    ids=["utf-8 with mark", "utf-16", "cp1252", "crlf", "mixed line ends"],
)
def test_however_it_is_encoded_the_numbers_are_the_same(tmp_path, encode):
    path = tmp_path / "orders.csv"
    path.write_bytes(encode(SHOPIFY.read_text(encoding="utf-8")))
    ledger, target = load(tmp_path, path)
    assert ledger["orders.csv"].loaded == 9
    query = "select sum(total), max(product_title) from 'canonical/orders.parquet' as o"
    query += " join 'canonical/order_lines.parquet' as l using (order_id) where sku = 'COF-DEC'"
    assert rows(target, query) == [(Decimal("48.1000"), "Coffret Découverte")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (SHOPIFY.read_bytes().split(b"\n")[0] + b"\n", "no rows below"),
        (SHOPIFY.read_bytes().replace(b"Created at", b"Created_at"), '"Created at": "Created_at"'),
        (b"Kunde;Menge;Artikel\nA;1;B\n", "no known export has these headings"),
        (b"hello\nworld\n", "this is no table"),
        (b"PK\x03\x04junk", "zip archive"),
        (
            (FIXTURES / "google_ads_campaigns_by_day.csv").read_bytes().replace(b"\nDay,", b"\nD,"),
            "Segment › Time › Day",
        ),
        (
            (FIXTURES / "meta_ads_campaigns_reporting.csv")
            .read_bytes()
            .replace(b"(EUR)", b"(USD)"),
            "its amounts are in USD, and client.yml says EUR",
        ),
        (
            SHOPIFY.read_bytes().replace(b"EUR,43.20", b"USD,43.20"),
            "1 of its rows hold amounts in USD",
        ),
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (gzip.compress(SHOPIFY.read_bytes())[:300], "cannot be read to its end"),
        (
            b"Day,Campaign,Impr.,Cost\n03/04/2026,A,1,2.50\n05/06/2026,A,1,2.50\n",
            'date_order: "dmy"',
        ),
    ],
    ids=[
        *("empty", "no rows", "renamed", "foreign", "prose", "zip", "no day", "currency"),
        *("rows in a currency", "pdf", "xls", "html", "cut gzip", "dates"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_type(tmp_path, content, said):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(ExportError) as refusal:
        load(tmp_path, path)
    assert said in str(refusal.value)
    assert "file.csv" in str(refusal.value)


def test_the_block_that_a_refusal_offers_works_when_it_is_pasted(tmp_path):
    path = changed(tmp_path, b"Created at", b"Placed on")
    block = {path.name: {"format": "shopify_orders", "columns": {"Created at": "Placed on"}}}
    ledger, _ = load(tmp_path, path, client=BRUME.model_copy(update={"exports": block}))
    assert ledger[path.name].loaded == 9


def test_one_changed_file_of_twelve_re_reads_one_file(tmp_path, monkeypatch):
    content, reads = (FIXTURES / "shopify_products.csv").read_bytes(), []
    files = [tmp_path / f"products_{month:02}.csv" for month in range(1, 13)]
    for file in files:
        file.write_bytes(content)
    monkeypatch.setattr(
        "goulot.exports.load.read_file",
        lambda connection, found, *others, **named: (
            reads.append(found.name) or read_file(connection, found, *others, **named)
        ),
    )
    load(tmp_path, *files)
    assert sorted(reads) == [file.name for file in files]
    files[4].write_bytes(content.replace(b"7.20", b"7.30"))
    load(tmp_path, *files)
    assert reads[12:] == ["products_05.csv"]


def test_order_numbers_of_two_shops_are_never_merged_and_the_cure_works_when_pasted(tmp_path):
    other = SHOPIFY.read_bytes().replace(b"2026-07-", b"2025-03-").replace(b"camille", b"noe")
    files = [tmp_path / "paris.csv", tmp_path / "lyon.csv"]
    files[0].write_bytes(SHOPIFY.read_bytes())
    files[1].write_bytes(other)
    with pytest.raises(ExportError, match="order numbers in both") as refusal:
        load(tmp_path, *files)
    shops = yaml.safe_load(str(refusal.value).partition("run again:\n")[2])
    ledger, _ = load(tmp_path, *files, client=BRUME.model_copy(update=shops))
    assert sum(row.duplicates for row in ledger.values()) == 0
    assert ledger["paris.csv"].amount_loaded == ledger["lyon.csv"].amount_loaded


def test_an_order_that_was_refunded_between_two_exports_is_still_one_order(tmp_path):
    before, after = tmp_path / "july.csv", tmp_path / "august.csv"
    before.write_bytes(SHOPIFY.read_bytes().replace(b",10.00,", b",0.00,"))
    after.write_bytes(SHOPIFY.read_bytes().replace(b"97.90", b"87.90", 1))
    ledger, target = load(tmp_path, before, after)
    assert rows(target, "select count(*) from 'canonical/orders.parquet'") == [(6,)]
    assert sum(row.duplicates for row in ledger.values()) == 9


def test_a_formula_without_its_value_refuses_the_workbook(tmp_path):
    """A program that writes formulas leaves their values to the spreadsheet that opens the file."""
    path, book = tmp_path / "google.xlsx", openpyxl.Workbook()
    for row in (
        ["Day", "Campaign", "Impr.", "Clicks", "Cost", "Conversions", "Currency code"],
        [date(2026, 9, 14), "A", 100, 10, 12.5, 2, "EUR"],
        [date(2026, 9, 15), "A", 100, 10, 7.5, "=F2*2", "EUR"],
    ):
        book.active.append(row)
    book.save(path)
    with pytest.raises(ExportError, match=r"row 3 .*'=F2\*2'.* save it as CSV"):
        load(tmp_path, path)
    book.active["F3"] = 4
    book.save(path)
    ledger, _ = load(tmp_path, path)
    assert (ledger[path.name].loaded, ledger[path.name].amount) == (2, Decimal(20))


def test_the_block_for_a_file_that_nobody_knows_works_when_it_is_pasted(tmp_path):
    path = tmp_path / "till.csv"
    path.write_text(
        "Bon;Jour;Boutique;Montant TTC\nT-1;2026-09-14;Lyon;12,50\nT-2;2026-09-15;Paris;7,00\n",
        encoding="utf-8",
    )
    with pytest.raises(ExportError, match="The closest is") as refusal:
        load(tmp_path, path)
    said = str(refusal.value)
    assert "Bon, Jour, Boutique, Montant TTC" in said
    exports = yaml.safe_load(said[said.index("\nexports:") :])
    ledger, _ = load(tmp_path, path, client=BRUME.model_copy(update=exports))
    assert (ledger["till.csv"].loaded, ledger["till.csv"].amount_loaded) == (2, Decimal("19.5"))


def test_the_real_invoice_lines_reconcile_to_the_penny(tmp_path):
    if not REAL.is_file():
        pytest.skip("the Online Retail file is not on this machine (../shared/data)")
    retail = ClientSettings.model_validate(yaml.safe_load(EXAMPLE.read_text(encoding="utf-8")))
    ledger, target = load(tmp_path, REAL, client=retail)
    row = ledger["online_retail.csv.gz"]
    assert (row.rows, row.loaded, row.quarantined) == (541_909, 541_909, 0)
    assert row.amount_loaded == Decimal("9747747.9340")  # pandas: (Quantity * UnitPrice).sum()
    query = "select count(*), count(customer_key) from 'canonical/orders.parquet'"
    assert rows(target, query)[0][0] == 25_900
