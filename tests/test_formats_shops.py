"""Exports of shops, warehouses, carriers: each fixture counted, and the marts of all together."""

import shutil

import duckdb
import pytest
from goulot.errors import SettingsError
from goulot.exports.spec import parse_format, platform_formats
from goulot.tables import TABLES
from loaded_exports import BLACK_FRIDAY, FIXTURES, client_with, is_balanced, load, rows

MINE = sorted(
    path
    for start in ("woocommerce", "amazon", "shipstation", "sendcloud", "parcellab", "flexport")
    for path in FIXTURES.glob(f"{start}*")
) + sorted(FIXTURES.glob("*_template_*"))
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


def test_every_format_of_a_shop_or_carrier_says_where_to_click_in_both_languages():
    formats = platform_formats()
    for name in {name for path in MINE for name in formats if path.name.startswith(name)}:
        for language in ("en", "fr"):
            menu, _ = formats[name].asked_for(language)
            assert menu, (name, language)


def test_a_heading_that_is_missed_is_named_in_words():
    first = [c.header[0] for spec in platform_formats().values() for c in spec.read.values()]
    assert not [heading for heading in first if heading.startswith("/")]


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
