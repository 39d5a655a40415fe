"""Exports of shops, warehouses and carriers, and the two templates: value by value."""

import csv
import re
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from goulot.errors import ExportError, SettingsError
from goulot.exports.spec import parse_format, platform_formats
from goulot.settings import ClientSettings, read_settings
from goulot.tables import TABLES
from test_exports import BRUME, FIXTURES, changed, is_balanced, load, quarantine, rows

MINE = sorted(
    path
    for start in ("woocommerce", "amazon", "shipstation", "sendcloud", "parcellab", "flexport")
    for path in FIXTURES.glob(f"{start}*")
) + sorted(FIXTURES.glob("*_template_*"))
WIDE = FIXTURES / "woocommerce_webtoffee_orders.csv"
EXPECTED = {  # rows loaded, and why the others were not
    "amazon_fba_inventory_2026-09-30.txt": (2, {}),
    "amazon_fba_returns.txt": (3, {}),
    "amazon_fba_shipments.txt": (5, {}),
    "amazon_orders_29.txt": (5, {"in the shop's export": 1, "not paid": 1}),
    "amazon_orders_32.txt": (5, {"in the shop's export": 1, "not paid": 1}),
    "amazon_orders_33.txt": (5, {"in the shop's export": 1, "not paid": 1}),
    "calendar_template_fr.csv": (5, {"preamble": 2}),
    "flexport_orders.csv": (2, {"voided": 1}),
    "parcellab_trackings.csv": (2, {}),
    "purchase_orders_template_fr.csv": (3, {"preamble": 2}),
    "sendcloud_parcels.csv": (3, {"return parcel": 1, "voided": 1}),
    "shipstation_shipments.csv": (4, {"voided": 1}),
    "shipstation_shipments_items.csv": (4, {"voided": 2}),
    "shipstation_shipments_orders.csv": (2, {"not data": 1}),
    "woocommerce_algolplus_orders.csv": (8, {"not paid": 1}),
    "woocommerce_analytics_orders.csv": (5, {"not paid": 1}),
    "woocommerce_analytics_products.csv": (3, {"not data": 1}),
    "woocommerce_webtoffee_orders.csv": (5, {"not paid": 1}),
}
PERSONAL = (
    *("Camille", "Fixture", "Essaidi", "Factice", "example", "99 00", "7946", "rue des Essais"),
    *("Specimen", "impasse", "75011", "SW1A", "20121", "Sonner", "voisin", "192.0.2", "LPNFIX"),
)
BLACK_FRIDAY = """
name: Brume
currency: EUR
timezone: Europe/Paris
calendar:
  - {event: Black Friday, kind: promotion, starts_on: 2026-11-27, ends_on: 2026-11-30,
     channel: Email, expected_multiplier: 3.125}
  - {event: Calendrier de l'Avent, kind: launch, starts_on: 2026-12-01}
"""


def table(target: Path, name: str, columns: str, order: str = "all") -> list[tuple]:
    return rows(target, f"select {columns} from 'canonical/{name}.parquet' order by {order}")


at, day = datetime.fromisoformat, date.fromisoformat


def euros(*amounts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(amount) for amount in amounts)


@pytest.mark.parametrize("path", MINE, ids=lambda path: path.name)
def test_every_fixture_is_recognised_and_every_row_accounted_for(tmp_path, path):
    ledger, _ = load(tmp_path, path)
    row = ledger[path.name]
    assert path.name.startswith(row.format)
    assert (row.loaded, row.ignored_as, row.quarantined) == (*EXPECTED[path.name], 0)
    assert is_balanced(row)
    assert row.amount == row.amount_loaded


@pytest.mark.parametrize("path", MINE, ids=lambda path: path.name)
def test_no_personal_value_reaches_a_canonical_table(tmp_path, path):
    _, target = load(tmp_path, path)
    text = "".join(str(rows(target, f"select * from 'canonical/{t}.parquet'")) for t in TABLES)
    assert not [value for value in PERSONAL if value in text]


def test_line_items_side_by_side_become_lines_of_their_order(tmp_path):
    _, target = load(tmp_path, WIDE)
    lines = table(target, "order_lines", "order_id, line_no, sku, quantity, unit_price, discount")
    assert lines[:4] == [
        ("2041", 1, "BOU-BRU-180", 2, *euros("24.17", "4.83")),
        ("2041", 2, "DIF-SAU", 1, *euros("33.25", "3.33")),
        ("2041", 3, "ALL-LON", 3, *euros("5.75", "1.72")),
        ("2042", 1, "BOU-SAU-180", 1, *euros("24.17", "0")),
    ]
    assert len(lines) == 8


def test_orders_of_the_wide_shape_are_paid_refunded_or_cancelled(tmp_path):
    ledger, target = load(tmp_path, WIDE)
    found = table(
        target, "orders", "order_id, subtotal, discount, shipping_charged, tax, total, refunded"
    )
    assert found == [
        ("2041", *euros("88.96", "9.88", "4.08", "18.61", "111.65", "0")),
        ("2042", *euros("24.17", "0", "0", "4.83", "29", "0")),
        ("2043", *euros("40", "0", "4.08", "8.82", "52.90", "52.90")),
        ("2044", *euros("40", "0", "4.08", "8.82", "52.90", "0")),
        ("2046", *euros("57.42", "0", "0", "11.48", "68.90", "0")),
    ]
    cancelled = table(target, "orders", "order_id, channel, region, cancelled_at is not null")
    assert cancelled[0] == ("2041", "Paid Search", "Île-de-France", False)
    assert [order for order, *_, gone in cancelled if gone] == ["2044"]
    assert cancelled[2][2] == "SW"
    assert ledger[WIDE.name].amount == Decimal("315.35")


def test_an_amount_of_the_third_item_that_cannot_be_read_quarantines_its_order(tmp_path):
    path = changed(tmp_path, b"3,15.53,17.25", b"3,abc,17.25", WIDE)
    ledger, target = load(tmp_path, path)
    (row,) = ledger.values()
    assert (row.loaded, row.quarantined, is_balanced(row)) == (4, 1, True)
    assert [(q["column"], q["value"]) for q in quarantine(target)] == [("item_total_3", "abc")]
    assert "2041" not in str(table(target, "order_lines", "order_id"))


@pytest.mark.parametrize("largest", [1, 2, 12])
def test_there_are_as_many_items_as_the_largest_basket_of_the_file(tmp_path, largest):
    head = ["order_number", "order_date", "status", "order_total"]
    parts = ("SKU", "Name", "Quantity", "Total", "Subtotal")
    head += [f"Product Item {n} {part}" for n in range(1, largest + 1) for part in parts]
    items = [cell for n in range(largest) for cell in (f"S{n}", "Bougie", "2", "8", "10")]
    first = ["7", "2026-09-01 10:00:00", "completed", str(8 * largest), *items]
    second = ["8", "2026-09-02 10:00:00", "completed", "8", *items[:5], *[""] * (5 * largest - 5)]
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, first, second])
    _, target = load(tmp_path, path)
    lines = table(target, "order_lines", "order_id, line_no, sku, unit_price, discount")
    assert lines == [
        *(("7", n + 1, f"S{n}", *euros("5", "2")) for n in range(largest)),
        ("8", 1, "S0", *euros("5", "2")),
    ]


def test_order_columns_repeated_on_every_line_count_once(tmp_path):
    ledger, target = load(tmp_path, FIXTURES / "woocommerce_algolplus_orders.csv")
    found = table(target, "orders", "order_id, total, refunded, tax, source_row", "order_id")
    assert found == [
        ("2141", *euros("111.65", "0", "18.61"), 2),
        ("2142", *euros("29", "0", "4.83"), 5),
        ("2143", *euros("66.70", "48", "11.12"), 6),
        ("2144", *euros("52.90", "0", "8.82"), 8),
        ("2146", *euros("29", "29", "4.83"), 10),
    ]
    goods = "select sum(quantity * unit_price - discount) from 'canonical/order_lines.parquet'"
    assert rows(target, goods + " where order_id = '2141'") == [(Decimal("88.96"),)]
    assert ledger["woocommerce_algolplus_orders.csv"].amount == Decimal("289.25")


def test_without_an_order_total_the_lines_add_up_to_it(tmp_path):
    path = tmp_path / "orders.csv"
    with (FIXTURES / "woocommerce_algolplus_orders.csv").open(encoding="utf-8", newline="") as file:
        records = [record[:41] for record in csv.reader(file)]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(records)
    ledger, target = load(tmp_path, path)
    found = dict(table(target, "orders", "order_id, total"))
    assert found["2141"] == Decimal("106.75")
    assert ledger["orders.csv"].amount_loaded == sum(found.values())


def test_one_unreadable_line_leaves_the_repeated_total_of_its_order_right(tmp_path):
    path = changed(
        tmp_path,
        b"DIF-SAU,Diffuseur Sauge,,1,1",
        b"DIF-SAU,Diffuseur Sauge,,one,1",
        FIXTURES / "woocommerce_algolplus_orders.csv",
    )
    ledger, target = load(tmp_path, path)
    (row,) = ledger.values()
    assert (row.quarantined, row.amount, row.amount_loaded) == (1, *euros("289.25", "289.25"))
    assert dict(table(target, "orders", "order_id, total"))["2141"] == Decimal("111.65")


def test_analytics_tells_net_revenue_and_no_lines(tmp_path):
    ledger, target = load(tmp_path, FIXTURES / "woocommerce_analytics_orders.csv")
    totals = table(target, "orders", "order_id, total, cancelled_at is not null")
    assert totals[0] == ("3001", Decimal("88.96"), False)
    assert [order for order, _, gone in totals if gone] == ["3004"]
    assert ledger["woocommerce_analytics_orders.csv"].amount == Decimal("1357.63")
    assert table(target, "order_lines", "*") == []


def test_analytics_products_give_categories_and_the_stock_that_is_counted(tmp_path):
    _, target = load(tmp_path, FIXTURES / "woocommerce_analytics_products.csv")
    assert table(target, "products", "sku, category") == [
        ("BOU-BRU-180", "Bougies"),
        ("COF-DEC", "Coffrets"),
        ("DIF-SAU", "Diffuseurs"),
    ]
    assert table(target, "stock_levels", "sku, available") == [("BOU-BRU-180", 57), ("DIF-SAU", 0)]


@pytest.mark.parametrize("vintage", ["29", "32", "33"])
def test_amazon_orders_add_up_over_their_items_in_every_vintage(tmp_path, vintage):
    _, target = load(tmp_path, FIXTURES / f"amazon_orders_{vintage}.txt")
    columns = "order_id, ordered_at, channel, discount, shipping_charged, total, cancelled_at"
    assert table(target, "orders", columns) == [
        (
            "403-1000001-0000001",
            at("2026-09-01 10:15:02"),
            "Marketplace",
            *euros("10.7", "4.9", "92.1"),
            None,
        ),
        (
            "403-1000002-0000002",
            at("2026-10-25 01:30:00"),
            "Marketplace",
            *euros("0", "0", "29"),
            None,
        ),
        (
            "403-1000003-0000003",
            at("2026-10-25 02:30:00"),
            "Marketplace",
            *euros("0", "0", "0"),
            at("2026-10-25 08:00:00"),
        ),
    ]
    titles = table(target, "order_lines", "product_title, quantity, unit_price", "source_row")
    assert titles[:3] == [
        ('Bougie Brume 180 g 6" été', 2, Decimal("29")),
        ("Diffuseur Sauge", 1, Decimal("39.9")),
        ('Candela "Salvia" 180 g', 1, Decimal("29")),
    ]


def test_american_prices_are_without_their_tax(tmp_path):
    source = FIXTURES / "amazon_orders_32.txt"
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes().replace(b"Amazon.it", b"Amazon.com"))
    _, target = load(tmp_path, path)
    totals = dict(table(target, "orders", "order_id, total"))
    assert totals["403-1000002-0000002"] == Decimal("34.23")


def test_items_of_one_parcel_are_one_parcel_and_keep_its_promise(tmp_path):
    _, target = load(tmp_path, FIXTURES / "amazon_fba_shipments.txt")
    columns = "shipment_id, order_id, location, shipped_at, promised_at, delivered_at"
    paris = [
        (
            "6A00000000001",
            "403-1000001-0000001",
            "ORY4",
            at("2026-09-01 22:05:00"),
            at("2026-09-03 23:59:59"),
            None,
        ),
        (
            "6A00000000002",
            "403-1000001-0000001",
            "LIL1",
            at("2026-09-03 00:30:00"),
            at("2026-09-04 23:59:59"),
            None,
        ),
        (
            "6A00000000003",
            "1001",
            "ORY4",
            at("2026-09-02 20:00:00"),
            at("2026-09-05 23:59:59"),
            None,
        ),
        (
            "DfixT1ccc",
            "403-1000002-0000002",
            "MXP5",
            at("2026-10-25 23:45:00"),
            at("2026-10-28 23:59:59"),
            None,
        ),
    ]
    assert table(target, "shipments", columns) == paris


def test_amazon_stock_counts_what_is_inbound(tmp_path):
    _, target = load(tmp_path, FIXTURES / "amazon_fba_inventory_2026-09-30.txt")
    columns = "snapshot_on, sku, on_hand, available, committed, incoming"
    assert table(target, "stock_levels", columns) == [
        (day("2026-09-30"), "BOU-BRU-180", 120, 100, 18, 30),
        (day("2026-09-30"), "DIF-SAU", 0, 0, 0, 12),
    ]


def test_units_returned_on_one_day_for_one_reason_add_up(tmp_path):
    _, target = load(tmp_path, FIXTURES / "amazon_fba_returns.txt")
    columns = "order_id, sku, returned_on, reason, condition, quantity"
    assert table(target, "returns", columns) == [
        ("403-1000001-0000001", "BOU-BRU-180", day("2026-09-11"), "UNWANTED_ITEM", "SELLABLE", 2),
        (
            "403-1000002-0000002",
            "BOU-SAU-180",
            day("2026-11-02"),
            "DEFECTIVE",
            "CUSTOMER_DAMAGED",
            1,
        ),
    ]


@pytest.mark.parametrize("level", ["", "_items"])
def test_shipstation_tells_american_times_and_leaves_voided_labels_out(tmp_path, level):
    _, target = load(tmp_path, FIXTURES / f"shipstation_shipments{level}.csv")
    found = table(target, "shipments", "shipment_id, shipped_at, delivered_at, cost, status")
    assert found[:3] == [
        (
            "6A11111111111",
            at("2026-07-01 16:30:00"),
            at("2026-07-03 12:05:00"),
            Decimal("4.35"),
            "delivered",
        ),
        (
            "6A11111111112",
            at("2026-07-02 10:00:00"),
            at("2026-07-06 09:40:00"),
            Decimal("5.1"),
            "delivered",
        ),
        (
            "6A11111111113",
            at("2026-07-13 00:00:00"),
            at("2026-07-15 18:30:00"),
            Decimal("4.35"),
            "delivered",
        ),
    ]


def test_shipstation_by_order_is_one_parcel_an_order(tmp_path):
    _, target = load(tmp_path, FIXTURES / "shipstation_shipments_orders.csv")
    assert table(target, "shipments", "shipment_id, order_id, shipped_at, cost") == [
        ("1001", "1001", at("2026-07-01 16:30:00"), Decimal("9.45")),
        ("1002", "1002", at("2026-07-13 00:00:00"), Decimal("4.35")),
    ]


def test_american_dates_saved_again_with_the_day_first_are_refused_with_what_to_type(tmp_path):
    source = FIXTURES / "shipstation_shipments_orders.csv"
    path = tmp_path / source.name
    content = re.sub(rb"(07)/(\d\d)/2026", rb"\2/\1/2026", source.read_bytes())
    path.write_bytes(content)
    with pytest.raises(ExportError, match='date_order: "dmy"'):
        load(tmp_path, path)
    block = {path.name: {"format": "shipstation_shipments", "date_order": "dmy"}}
    _, target = load(tmp_path, path, client=BRUME.model_copy(update={"exports": block}))
    assert table(target, "shipments", "max(shipped_at)") == [(at("2026-07-13 00:00:00"),)]


def test_sendcloud_times_are_the_clients_and_return_parcels_are_no_deliveries(tmp_path):
    _, target = load(tmp_path, FIXTURES / "sendcloud_parcels.csv")
    columns = "shipment_id, region, shipped_at, delivered_at, cost, status"
    assert table(target, "shipments", columns, "shipped_at") == [
        (
            "6A22222222221",
            "Île-de-France",
            at("2026-07-01 18:30:00"),
            at("2026-07-03 12:05:00"),
            Decimal("4.35"),
            "delivered",
        ),
        (
            "6A22222222222",
            "Bruxelles-Capitale",
            at("2026-07-03 00:30:00.123456"),
            None,
            Decimal("5.1"),
            "en_route_to_sorting_center",
        ),
        (
            "Sendcloud 700005",
            "SW",
            at("2026-10-25 02:30:00"),
            at("2026-10-27 12:00:00"),
            Decimal("6.2"),
            "delivered",
        ),
    ]


def test_parcellab_days_and_times_of_day_come_together(tmp_path):
    _, target = load(tmp_path, FIXTURES / "parcellab_trackings.csv")
    assert table(target, "shipments", "shipment_id, carrier, shipped_at, delivered_at") == [
        ("6A33333333331", "colissimo", at("2026-07-01 00:00:00"), None),
        ("6A33333333332", "dpd", at("2026-07-02 08:05:00"), None),
    ]


def test_flexport_tells_the_promise_and_the_cost(tmp_path):
    _, target = load(tmp_path, FIXTURES / "flexport_orders.csv")
    assert table(target, "shipments", "order_id, shipped_at, promised_at, cost") == [
        ("1001", None, at("2026-07-04 08:59:59"), Decimal("6.85")),
        ("1002", None, at("2026-07-05 05:00:00"), Decimal("7.1")),
    ]


@pytest.mark.parametrize("parcels", ["shipstation_shipments", "sendcloud_parcels"])
def test_a_parcel_finds_its_order_however_the_number_is_written(tmp_path, parcels):
    _, target = load(tmp_path, FIXTURES / "shopify_orders_79.csv", FIXTURES / f"{parcels}.csv")
    known = set(table(target, "orders", "order_id"))
    assert set(table(target, "shipments", "order_id")) <= known


def test_a_number_that_two_shops_use_is_left_as_it_is(tmp_path):
    woo = tmp_path / "woo.csv"
    woo.write_text(
        "order_number,order_date,status,order_total,Product Item 1 Quantity,Product Item 1 Total\n"
        "1001-,2026-07-01 10:00:00,completed,10,1,10\n",
        encoding="utf-8",
    )
    shopify, parcels = FIXTURES / "shopify_orders_79.csv", FIXTURES / "flexport_orders.csv"
    _, target = load(tmp_path, shopify, woo, parcels)
    assert table(target, "shipments", "order_id") == [("#1002",), ("1001",)]


def test_purchase_orders_come_in_the_template(tmp_path):
    _, target = load(tmp_path, FIXTURES / "purchase_orders_template_fr.csv")
    columns = "po_id, sku, supplier, ordered_on, promised_on, received_on, quantity, unit_cost"
    assert table(target, "purchase_orders", columns)[1:] == [
        (
            "PO-2026-014",
            "BOU-BRU-180",
            "Cirier du Rhône",
            day("2026-03-02"),
            day("2026-03-16"),
            day("2026-03-18"),
            1200,
            Decimal("7.2"),
        ),
        (
            "PO-2026-021",
            "COF-DEC",
            "Cartonnages Martin & fils",
            day("2026-08-05"),
            None,
            None,
            300,
            Decimal("9.8"),
        ),
    ]


def test_an_event_that_returns_every_year_is_kept_every_year(tmp_path):
    _, target = load(tmp_path, FIXTURES / "calendar_template_fr.csv")
    columns = "event, kind, starts_on, ends_on, channel, expected_multiplier"
    assert table(target, "calendar", columns, "starts_on") == [
        ("Soldes d'été", "promotion", day("2025-06-25"), day("2025-07-22"), "Email", 1.6),
        ("Soldes d'été", "promotion", day("2026-06-24"), day("2026-07-21"), "Email", 1.8),
        ("Rentrée", "season", day("2026-09-01"), day("2026-09-15"), None, None),
        ("Vidéo de Léa", "influencer", day("2026-09-12"), day("2026-09-12"), "Influencer", 3.25),
        ("Bougie Ambre", "launch", day("2026-10-05"), day("2026-10-11"), "Paid Social", 2),
    ]


def test_an_unknown_kind_of_event_is_quarantined(tmp_path):
    path = changed(tmp_path, b";saison;", b";picnic;", FIXTURES / "calendar_template_fr.csv")
    _, target = load(tmp_path, path)
    assert [(q["column"], "not known" in q["reason"]) for q in quarantine(target)] == [
        ("kind", True)
    ]


def client_with(folder: Path, text: str):
    from goulot.client import Client

    home = folder / "home"
    (home / "data" / "brume" / "exports").mkdir(parents=True)
    (home / "data" / "brume" / "client.yml").write_text(text, encoding="utf-8")
    shutil.copy(FIXTURES / "calendar_template_fr.csv", home / "data" / "brume" / "exports")
    return Client.load("brume", home)


def test_events_of_client_yml_stand_beside_those_of_the_file(tmp_path):
    from goulot.build import ensure_build

    build = ensure_build(client_with(tmp_path, BLACK_FRIDAY))
    found = table(build.folder, "calendar", "event, ends_on, expected_multiplier, source_file")
    assert len(found) == 7
    assert found[0] == ("Black Friday", day("2026-11-30"), 3.125, "client.yml")
    assert ("Calendrier de l'Avent", day("2026-12-01"), None, "client.yml") in found


def test_the_calendar_may_be_a_file_beside_client_yml(tmp_path):
    from goulot.build import ensure_build

    client = client_with(tmp_path, BLACK_FRIDAY.split("calendar:")[0] + "calendar: plan.csv")
    with pytest.raises(SettingsError, match=r"plan\.csv"):
        ensure_build(client)
    plan = "Event,Kind,Starts on\nSummer box,launch,2026-06-01\n"
    (client.folder / "plan.csv").write_text(plan, encoding="utf-8")
    found = table(ensure_build(client).folder, "calendar", "event, source_file", "1")
    assert ("Summer box", "plan.csv") in found
    assert len(found) == 6


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("kind: promotion, starts_on: 2026-11-27, ends_on", "kind: party, ends_on"),
        ("ends_on: 2026-11-30", "ends_on: 2026-11-02"),
        ("channel: Email", "channel: Mail"),
        ("expected_multiplier: 3.125", "expected_multiplier: -1"),
        ("event: Black Friday, ", "evnt: Black Friday, "),
    ],
)
def test_a_mistake_in_the_calendar_names_the_key(tmp_path, wrong, said):
    assert wrong in BLACK_FRIDAY
    path = tmp_path / "client.yml"
    path.write_text(BLACK_FRIDAY.replace(wrong, said, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"calendar\.0\.{said.split(':')[0]}"):
        read_settings(path)


def test_a_new_client_gets_templates_that_are_read_once_they_are_filled_in(tmp_path):
    from goulot.newclient import make_client

    folder = make_client(tmp_path, "brume", "ecommerce")
    assert list((folder / "exports").iterdir()) == []
    for name, line in {
        "purchase_orders.csv": "PO-1,A,Maker,2026-03-02,2026-03-16,,10,1.50\n",
        "commandes_fournisseurs.csv": "PO-2;A;Maker;2026-03-02;2026-03-16;;10;1,50\n",
        "calendar.csv": "Sale,promotion,2026-06-24,2026-06-30,,,2\n",
        "calendrier.csv": "Soldes;promotion;2026-06-24;2026-06-30;;;2\n",
        "campaigns.csv": "Search | Candles,can-1,\n",
        "campagnes.csv": "Search | Vases;;Vases\n",
    }.items():
        path = folder / "exports" / name
        path.write_bytes((folder / "templates" / name).read_bytes() + line.encode())
    ledger, target = load(tmp_path, *(folder / "exports").iterdir())
    assert {row.loaded for row in ledger.values()} == {1}
    assert table(target, "purchase_orders", "po_id, unit_cost") == [
        ("PO-1", Decimal("1.5")),
        ("PO-2", Decimal("1.5")),
    ]
    assert len(table(target, "calendar", "*")) == 2
    assert table(target, "ad_links", "campaign, sku, category") == [
        ("Search | Candles", "CAN-1", None),
        ("Search | Vases", None, "Vases"),
    ]


def test_an_empty_template_left_in_exports_is_refused_with_what_to_do(tmp_path):
    from goulot.newclient import make_client

    folder = make_client(tmp_path, "brume", "ecommerce")
    with pytest.raises(ExportError, match="no rows below"):
        load(tmp_path, folder / "templates" / "calendar.csv")


def test_every_format_of_a_shop_or_carrier_says_where_to_click_in_both_languages():
    formats = platform_formats()
    for name in {name for path in MINE for name in formats if path.name.startswith(name)}:
        for language in ("en", "fr"):
            menu, _ = formats[name].asked_for(language)
            assert menu, (name, language)


def test_a_numbered_name_outside_a_numbered_table_is_refused():
    with pytest.raises(SettingsError, match="order_lines"):
        parse_format(
            "x",
            {
                "title": "X",
                "platform": "X",
                "one_row_is": "order_lines",
                "read": {"quantity_{n}": "Item {n} quantity"},
                "tables": {"order_lines": {"order_id": "'1'", "quantity": "quantity_{n}"}},
            },
        )


def test_a_client_without_a_calendar_has_none():
    bare = ClientSettings(name="Brume", currency="EUR", timezone="Europe/Paris")
    assert (bare.calendar, bare.calendar_file) == ([], "")


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    """The marts of a client whose parcels come from three programs."""
    from goulot.build import ensure_build

    client = client_with(tmp_path_factory.mktemp("marts"), BLACK_FRIDAY)
    for name in (
        *("shopify_orders_79.csv", "amazon_orders_32.txt", "shipstation_shipments.csv"),
        *("amazon_fba_shipments.txt", "amazon_fba_returns.txt", "flexport_orders.csv"),
        *("amazon_fba_inventory_2026-09-30.txt", "purchase_orders_template_fr.csv"),
    ):
        shutil.copy(FIXTURES / name, client.exports_folder)
    with duckdb.connect(str(ensure_build(client).database), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_orders_find_their_parcels_voided_labels_are_none_and_several_are_a_split(marts):
    found = marts("select order_id, parcels, is_split from marts.order_delivery order by 1")
    assert found == [
        ("#1001", 4, True),  # two of ShipStation, one of Amazon, one of Flexport
        ("#1002", 2, True),
        ("#1003", None, None),
        ("#1004", 1, False),
        ("#1006", None, None),
        ("403-1000001-0000001", 2, True),
        ("403-1000002-0000002", 1, False),
    ]


def test_a_parcel_whose_export_never_tells_arrivals_is_not_late_for_want_of_one(marts):
    late = "select order_id from marts.order_delivery where is_late"
    assert marts(late) == []
    flows = "select count(*) from staging.stg_flow_delivery where waits_from_on is not null"
    assert marts(flows) == [(0,)]


def test_a_supplier_is_as_late_as_the_template_says(marts):
    lead = "select supplier, received_lines, open_lines, lead_time_days, late_share from"
    assert marts(f"{lead} marts.supplier_lead_time order by 1") == [
        ("Cartonnages Martin & fils", 0, 1, None, None),
        ("Cirier du Rhône", 2, 0, 14.0, 0.5),
    ]


def test_stock_at_amazon_is_cover(marts):
    cover = "select sku, on_hand, available, incoming from marts.sku_cover order by 1"
    assert marts(cover) == [("BOU-BRU-180", 120, 100, 30), ("DIF-SAU", 0, 0, 12)]
