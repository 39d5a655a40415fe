"""Canonical tables to marts: totals by two roads, promises that hold, readers that only read."""

import re
from pathlib import Path

import pytest
from goulot.errors import BuildError, ParameterError
from goulot.warehouse.build import build_marts
from goulot.warehouse.read import open_readonly, read_mart, run_query
from goulot.warehouse.scripts import SQL_FOLDER
from small_shop import SETTINGS, line, order, write_canonical

SCRIPTS = sorted(SQL_FOLDER.rglob("*.sql"))
NOT_PORTABLE = (
    r"\basof\b|\bpivot\b|quantile_cont|\bweek\(|\bisodow\b|time_bucket|\bexclude\b|\breplace\s*\("
    r"|generate_series|->|\blist\("
)


@pytest.fixture
def shop(tmp_path):
    """Five orders: two of one customer, one cancelled, one test, one return."""
    return write_canonical(
        tmp_path / "canonical",
        orders=[
            order("1", "2026-07-06 09:00", 60, customer_key="a", tax=10),
            order("2", "2026-07-14 09:00", 40, customer_key="a", refunded=5),
            order("3", "2026-07-14 10:00", 30, cancelled_at="2026-07-14 11:00"),
            order("4", "2026-07-15 10:00", 99, is_test=True),
            order("5", "2026-07-16 10:00", -20),
        ],
        order_lines=[line("1", "A", 2, 30), line("2", "A", 1, 40)],
    )


@pytest.fixture
def connection(tmp_path, shop):
    build_marts(tmp_path / "w.duckdb", shop, settings=SETTINGS)
    return open_readonly(tmp_path / "w.duckdb", shop)


def test_orders_that_count_are_counted_once_and_the_others_are_kept_with_their_reason(connection):
    (kpi,) = read_mart(connection, "quarter_kpi").to_dict("records")
    assert (kpi["orders"], kpi["customers"], kpi["new_customers"]) == (2, 1, 1)
    assert (float(kpi["total"]), float(kpi["revenue"]), float(kpi["returned"])) == (100, 85, 20)
    reasons = run_query(connection, "select left_out_because from marts.left_out_orders")
    assert sorted(reasons["left_out_because"]) == ["cancelled", "return", "test"]


def test_contribution_is_revenue_at_margin_less_fee_and_packing(connection):
    (kpi,) = read_mart(connection, "quarter_kpi").to_dict("records")
    assert float(kpi["contribution"]) == pytest.approx(85 * 0.5 - 100 * 0.02 - 2 * 4.0)


def test_what_the_carrier_takes_is_off_contribution_as_told_else_as_declared(tmp_path):
    """Told of one order, its cost stands for the other too; told of none, client.yml's does."""
    orders = [order("1", "2026-07-06 09:00", 60), order("2", "2026-07-14 09:00", 40)]
    parcel = {"shipment_id": "p", "order_id": "1", "shipped_at": "2026-07-07 09:00"}
    net = {}
    for name, cost in {"told": 6.5, "silent": None}.items():
        folder = write_canonical(
            tmp_path / name, orders=orders, shipments=[parcel | {"cost": cost}]
        )
        settings = SETTINGS | {"parcel_cost": 3.0}
        build_marts(tmp_path / f"{name}.duckdb", folder, settings=settings)
        shop = open_readonly(tmp_path / f"{name}.duckdb", folder)
        net[name] = float(read_mart(shop, "quarter_kpi")["contribution"][0])
    before = 100 * 0.5 - 100 * 0.02 - 2 * 4.0
    assert net == pytest.approx({"told": before - 2 * 6.5, "silent": before - 2 * 3.0})


def test_the_basket_is_what_was_bought_whatever_was_paid_back_later(tmp_path):
    """A late delivery is refunded more often: a basket net of that would look its effect."""
    bought = order("1", "2026-07-06 09:00", 60, customer_key="a", tax=10, refunded=20)
    folder = write_canonical(tmp_path / "refunded", orders=[bought])
    build_marts(tmp_path / "refunded.duckdb", folder, settings=SETTINGS)
    first = read_mart(open_readonly(tmp_path / "refunded.duckdb", folder), "first_delivery")
    assert [float(basket) for basket in first["basket"]] == [50.0]


def test_payments_for_access_are_no_parcels_to_pack(tmp_path, shop, connection):
    build_marts(tmp_path / "access.duckdb", shop, settings=SETTINGS | {"sells_access": True})
    access = open_readonly(tmp_path / "access.duckdb", shop)
    packed, paid = (set(read_mart(c, "stage_week")["stage"]) for c in (connection, access))
    assert packed - paid == {"fulfillment"}


def test_every_channel_has_every_week(connection):
    weeks = read_mart(connection, "channel_week")
    assert weeks["orders"].tolist() == [1, 1]
    assert weeks["new_customers"].tolist() == [1, 0]


def test_a_stage_without_an_export_has_no_row(connection):
    stages = set(read_mart(connection, "stage_week")["stage"])
    assert "acquisition" in stages
    assert not stages & {"delivery", "support", "stock"}


def test_a_mart_that_loses_an_order_is_not_published(tmp_path, shop):
    sql = tmp_path / "sql"
    for path in SCRIPTS:
        copy = sql / path.relative_to(SQL_FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.name == "customer_orders.sql":
            assert "from staging.stg_order_margin" in text
            text = text.replace(
                "from staging.stg_order_margin",
                "from (select * from staging.stg_order_margin limit 1)",
                1,
            )
        copy.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError):
        build_marts(tmp_path / "w.duckdb", shop, settings=SETTINGS, sql=sql)
    assert not (tmp_path / "w.duckdb").exists()


@pytest.mark.parametrize(
    "query",
    [
        "drop table marts.quarter_kpi",
        "select 1; select 2",
        "copy (select 1) to 'x.csv'",
        "select * from read_csv('/etc/passwd')",
        "attach 'other.duckdb'",
    ],
)
def test_a_reader_can_only_read_the_build(connection, query):
    with pytest.raises(ParameterError):
        run_query(connection, query)


def test_an_unknown_mart_names_the_closest(connection):
    with pytest.raises(ParameterError, match="stage_week"):
        read_mart(connection, "stage_weeks")


def test_two_readers_at_once(tmp_path, connection):
    other = open_readonly(tmp_path / "w.duckdb", tmp_path / "canonical")
    assert len(read_mart(other, "quarter_kpi")) == len(read_mart(connection, "quarter_kpi")) == 1


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_sql_is_short_and_reads_alike_on_duckdb_and_spark(path: Path):
    text = path.read_text(encoding="utf-8")
    statements = re.sub(r"--.*", "", text).lower()
    assert not re.search(NOT_PORTABLE, statements)
    assert len(text.splitlines()) <= 120
