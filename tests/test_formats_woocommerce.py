"""Exports of WooCommerce in their three shapes: value by value."""

import csv
from decimal import Decimal

import pytest
from loaded_exports import FIXTURES, changed, euros, is_balanced, load, quarantine, rows, table

WIDE = FIXTURES / "woocommerce_webtoffee_orders.csv"


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
