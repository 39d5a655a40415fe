"""Exports of ShipStation, Sendcloud, parcelLab and Flexport: value by value."""

import re
from decimal import Decimal

import pytest
from goulot.errors import ExportError
from loaded_exports import BRUME, FIXTURES, at, load, table


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
