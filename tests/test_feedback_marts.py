"""The marts of step 4, of a shop small enough to count by hand."""

import pytest
from goulot.warehouse.build import build_marts
from goulot.warehouse.read import open_readonly, read_mart
from small_shop import SETTINGS, line, order, write_canonical


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    """Anna (Brittany) is late and gets a free order, Ben (no region) is on time and refunded."""
    folder = tmp_path_factory.mktemp("shop")
    paid = {"channel": "Paid Search", "country": "FR"}
    spend = {"platform": "Google Ads", "channel": "Paid Search", "campaign": "Search"}
    parcel = {"location": "Lyon", "carrier": "Post", "country": "FR", "cost": 6}
    canonical = write_canonical(
        folder / "canonical",
        orders=[
            order("A", "2026-07-01 09:00", 50, customer_key="anna", region="Bretagne", **paid),
            order("FREE", "2026-07-20 09:00", 0, customer_key="anna", region="Bretagne", **paid),
            order("B", "2026-07-02 09:00", 80, customer_key="ben", refunded=30, **paid),
        ],
        order_lines=[line("A", "CAN", 2, 25), line("B", "VAS", 1, 80), line("FREE", "CAN", 1, 0)],
        products=[
            {"sku": "CAN", "category": "Candles", "supplier": "Wax", "is_backordered": True},
            {"sku": "VAS", "category": "Vases", "supplier": "Pot"},
        ],
        shipments=[
            {"shipment_id": "1", "order_id": "A", "region": "Bretagne",
             "shipped_at": "2026-07-02 09:00", "promised_at": "2026-07-03 18:00",
             "delivered_at": "2026-07-06 10:00", **parcel},
            {"shipment_id": "2", "order_id": "B", "shipped_at": "2026-07-03 09:00",
             "promised_at": "2026-07-06 18:00", "delivered_at": "2026-07-05 10:00", **parcel},
        ],
        tickets=[{"ticket_id": "1", "created_at": "2026-07-05 09:00", "order_id": "A"}],
        ad_spend=[
            {"day": "2026-07-01", "country": "FR", "region": "Bretagne", "spend": 10, **spend},
            {"day": "2026-07-01", "sku": "can", "spend": 4, **spend},
            {"day": "2026-07-02", "spend": -1, **spend},
        ],
        ad_links=[{"campaign": "Search", "category": "Candles"}],
        stock_levels=[
            {"sku": "CAN", "snapshot_on": "2026-06-20", "available": 5},
            {"sku": "CAN", "snapshot_on": "2026-07-10", "available": 0},
            {"sku": "CAN", "snapshot_on": "2026-07-13", "available": 9},
        ],
        purchase_orders=[{"po_id": "1", "sku": "CAN", "supplier": "Wax", "quantity": 9,
                          "ordered_on": "2026-07-03", "promised_on": "2026-07-10",
                          "received_on": "2026-07-12"}],
    )  # fmt: skip
    build_marts(folder / "w.duckdb", canonical, settings=SETTINGS)
    return open_readonly(folder / "w.duckdb", canonical)


def test_each_order_is_counted_once_where_it_went_and_spend_stands_apart(marts):
    rows = read_mart(marts, "channel_region_quarter")
    orders = rows[rows["orders"] > 0].set_index("category")
    anna, ben = orders.loc["Candles"], orders.loc["Vases"]
    assert [anna.region, anna.late_orders, anna.ticketed_orders, anna.replaced_orders] == [
        "Bretagne", 1, 1, 1,
    ]  # fmt: skip
    assert [ben.late_orders, ben.judged_orders, ben.refunded_orders] == [0, 1, 1]
    assert float(ben.refunded_revenue) == 30
    assert orders["new_customers"].tolist() == [1, 1]
    spend = rows[rows["spend"].notna()].fillna({"region": ""}).set_index("region")["spend"]
    assert spend.astype(float).to_dict() == {"Bretagne": 10, "": 3}


def test_campaigns_are_told_by_day_by_sku_and_by_place(marts):
    days = read_mart(marts, "campaign_day")
    assert days.dropna(subset=["sku"])[["sku", "spend"]].values.tolist() == [["CAN", 4]]
    assert float(days["spend"].sum()) == 13
    assert float(read_mart(marts, "campaign_place_quarter")["spend"].sum()) == 13
    assert read_mart(marts, "ad_link")["category"].tolist() == ["Candles"]


def test_spend_on_a_sku_stands_beside_what_the_channel_sold_of_it(marts):
    rows = read_mart(marts, "channel_sku_quarter").set_index("sku")
    assert rows.loc["CAN", ["units", "spend"]].tolist() == [3, 4]
    assert rows.loc["VAS"].isna()["spend"]


def test_days_without_stock_run_to_the_next_count(marts):
    (gone,) = read_mart(marts, "stock_out").itertuples()
    assert (gone.sku, str(gone.out_from)[:10], gone.days) == ("CAN", "2026-07-10", 3)
    before, cover = read_mart(marts, "sku_cover_quarter").sort_values("quarter").itertuples()
    assert (before.quarter, str(before.snapshot_on)[:10], before.available) == (
        "2026Q2", "2026-06-20", 5,
    )  # fmt: skip
    assert (cover.quarter, str(cover.snapshot_on)[:10], cover.available) == (
        "2026Q3", "2026-07-13", 9,
    )  # fmt: skip
    assert (cover.recent_units, cover.recent_squares, cover.window_days) == (2, 4, 12)
    assert bool(cover.is_backordered) is True


def test_routes_warehouses_and_purchases(marts):
    routes = read_mart(marts, "parcel_route_quarter")
    assert routes["parcels"].sum() == 2
    assert routes["late_parcels"].sum() == 1
    weeks = read_mart(marts, "location_week").dropna(subset=["location"])
    assert weeks["orders"].sum() == 2
    (bought,) = read_mart(marts, "purchase_line").itertuples()
    assert (bought.lead_days, str(bought.promised_on)[:10]) == (9, "2026-07-10")
