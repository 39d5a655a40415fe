"""A promise that client.yml declares, for exports of parcels that have none."""

import duckdb
import numpy as np
import pytest
from goulot.settings import ClientSettings
from goulot.warehouse.build import build_marts
from small_shop import SETTINGS, order, write_canonical

# A whole week with Christmas in it, and the ends of two Februaries.
DAYS = ("2025-12-22", "2025-12-23", "2025-12-24", "2025-12-25", "2025-12-26", "2025-12-27",
        "2025-12-28", "2026-02-28", "2028-02-29")  # fmt: skip
MASKS = {5: "1111100", 6: "1111110", 7: "1111111"}


def parcel(name: str, delivered_at: str | None, **others):
    return {"shipment_id": f"p{name}", "order_id": name, "delivered_at": delivered_at} | others


def delivery(tmp_path, shipments, promised_days, week_days=6):
    orders = [order(day, f"{day} 15:00") for day in DAYS]
    canonical = write_canonical(tmp_path / "canonical", orders=orders, shipments=shipments)
    declared = {"promised_days": promised_days, "delivery_week_days": week_days}
    build_marts(tmp_path / "w.duckdb", canonical, settings=SETTINGS | declared)
    with duckdb.connect(str(tmp_path / "w.duckdb"), read_only=True) as connection:
        query = "select order_id, promised_at, is_late from staging.stg_order_shipping"
        return connection.execute(query).df().set_index("order_id").sort_index()


@pytest.mark.parametrize("week_days", [5, 6, 7])
@pytest.mark.parametrize("promised_days", [0, 1, 4, 13])
def test_the_declared_promise_counts_as_numpy_counts_business_days(
    tmp_path, promised_days, week_days
):
    found = delivery(tmp_path, [parcel(day, None) for day in DAYS], promised_days, week_days)
    expected = np.busday_offset(DAYS, promised_days, roll="forward", weekmask=MASKS[week_days])
    assert found["promised_at"].to_numpy().astype("datetime64[D]").tolist() == expected.tolist()


def test_a_parcel_is_late_from_the_day_after_the_declared_day(tmp_path):
    shipments = [
        parcel("2025-12-22", "2025-12-26 19:00"),  # Monday, four delivery days: Friday
        parcel("2025-12-23", "2025-12-29 08:00"),  # Tuesday: Saturday; Sunday is none, Monday late
    ]
    found = delivery(tmp_path, shipments, 4)
    assert found["is_late"].tolist() == [False, True]


def test_the_promise_of_the_export_goes_before_the_declared_one(tmp_path):
    shipments = [parcel("2025-12-22", "2025-12-26 19:00", promised_at="2025-12-23 00:00")]
    assert delivery(tmp_path, shipments, 4)["is_late"].tolist() == [True]


def test_without_any_promise_nothing_is_called_late(tmp_path):
    found = delivery(tmp_path, [parcel("2025-12-22", "2026-03-01 10:00")], None)
    assert found["is_late"].isna().all()


def test_client_yml_declares_it():
    settings = ClientSettings.model_validate(
        {"name": "A", "currency": "EUR", "timezone": "Europe/Paris",
         "delivery": {"promised_days": 4, "days": "mon-fri"}}
    )  # fmt: skip
    assert (settings.delivery.promised_days, settings.delivery.week_days) == (4, 5)
