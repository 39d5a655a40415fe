"""Reports of Amazon Seller Central: orders, parcels, stock, returns, value by value."""

from decimal import Decimal

import pytest
from loaded_exports import FIXTURES, at, day, euros, load, table


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
