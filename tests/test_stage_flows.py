"""What the exports say of each stage: a queue is not a straggler, a late parcel is late once."""

import pytest
from goulot.warehouse.build import build_marts
from goulot.warehouse.read import open_readonly, read_mart
from small_shop import SETTINGS, line, order, write_canonical

MONDAY = 6  # of July 2026
DAYS = range(MONDAY, MONDAY + 21)


def day(number: int) -> str:
    """July the ``number``th; beyond it, August."""
    return f"2026-07-{number:02d}" if number <= 31 else f"2026-08-{number - 31:02d}"


def stages(folder, **tables):
    """The whole weeks of each stage, by stage."""
    canonical = write_canonical(folder / "canonical", **tables)
    build_marts(folder / "w.duckdb", canonical, settings=SETTINGS)
    rows = read_mart(open_readonly(folder / "w.duckdb", canonical), "stage_week")
    return {stage: part[part["days"] == 7] for stage, part in rows.groupby("stage")}


def orders(per_day: int = 4, **others):
    names = [(f"{number}-{n}", day(number)) for number in DAYS for n in range(per_day)]
    return [order(name, f"{on} 09:00", **others) for name, on in names]


def parcels(after_days, transit_days: int = 2, promised_days: int = 4):
    """One parcel an order; ``after_days(name)`` is how long it stands in the warehouse."""
    rows = []
    for placed in orders():
        number = int(placed["order_id"].split("-")[0])
        left = number + after_days(placed["order_id"])
        rows.append(
            {
                "shipment_id": placed["order_id"],
                "order_id": placed["order_id"],
                "shipped_at": f"{day(left)} 15:00",
                "promised_at": f"{day(number + promised_days)} 20:00",
                "delivered_at": f"{day(left + transit_days)} 12:00",
            }
        )
    return rows


def test_orders_that_all_wait_are_a_queue_and_little_s_law_holds(tmp_path):
    rows = stages(tmp_path, orders=orders(), shipments=parcels(lambda name: 3))["fulfillment"]
    steady = rows.iloc[1]
    assert steady["least_backlog"] == 12  # four a day, three days each
    assert steady["mean_backlog"] == 12
    assert steady["waited_days"] / 7 == 12  # L = λW


def test_a_few_orders_that_wait_for_goods_are_no_queue(tmp_path):
    late = parcels(lambda name: 14 if name.endswith("-0") else 0)
    rows = stages(tmp_path, orders=orders(), shipments=late)["fulfillment"]
    assert rows["least_backlog"].dropna().tolist() == [0, 0, 0]


def test_a_cancelled_order_was_demand_and_left_the_queue(tmp_path):
    placed = orders() + [
        order(f"c{n}", f"{day(n)} 10:00", cancelled_at=f"{day(n + 1)} 10:00") for n in DAYS
    ]
    found = stages(tmp_path, orders=placed, shipments=parcels(lambda name: 0))
    assert found["acquisition"]["load"].tolist() == [35, 35, 35]
    assert found["acquisition"]["throughput"].tolist() == [28, 28, 28]
    assert found["fulfillment"]["load"].tolist() == [35, 35, 35]
    assert found["fulfillment"]["least_backlog"].dropna().tolist() == [0, 0, 0]


def test_a_parcel_that_left_late_but_travels_as_ever_is_not_the_carrier_s_queue(tmp_path):
    found = stages(tmp_path, orders=orders(), shipments=parcels(lambda name: 5))
    assert found["fulfillment"]["least_backlog"].max() == 20
    assert found["delivery"]["least_backlog"].dropna().max() == 0


def test_parcels_that_travel_longer_than_was_promised_are_the_carrier_s_queue(tmp_path):
    found = stages(tmp_path, orders=orders(), shipments=parcels(lambda name: 0, transit_days=9))
    assert found["fulfillment"]["least_backlog"].dropna().max() == 0
    assert found["delivery"]["least_backlog"].dropna().max() == 20  # five days past the fourth


@pytest.fixture(params=[False, True], ids=["not ordered", "supplier overdue"])
def shortage(request, tmp_path):
    """Two products sold alike; one is gone from the second week on, its purchase order overdue."""
    sold = [line(o["order_id"], "A", 1, 30) for o in orders()]
    sold += [
        line(o["order_id"], "B", 1, 30, line_no=2)
        for o in orders()
        if int(o["order_id"].split("-")[0]) < MONDAY + 7
    ]
    counts = [
        {"sku": sku, "snapshot_on": day(number), "location": "L", "available": units}
        for number in DAYS
        for sku, units in (("A", 99), ("B", 0 if number >= MONDAY + 7 else 50))
    ]
    bought = {"po_id": "1", "sku": "B", "supplier": "S", "quantity": 90}
    bought |= {"ordered_on": day(1), "promised_on": day(8), "received_on": None}
    found = stages(
        tmp_path,
        orders=orders(),
        order_lines=sold,
        stock_levels=counts,
        purchase_orders=[bought] if request.param else [],
    )
    return request.param, found


def test_what_is_not_there_is_wanted_all_the_same_and_whose_it_is_is_told(shortage):
    is_overdue, found = shortage
    stock, supply = found["stock"], found["supply"]
    assert stock["throughput"].tolist() == [56, 28, 28]
    assert stock["load"].tolist() == pytest.approx([56, 56, 56], abs=2)
    assert supply["load"].tolist() == pytest.approx([56, 56, 56], abs=2)
    # A usual week of B stands, with the supplier if the order is overdue, else with the buyer.
    stands = [28, 0] if is_overdue else [0, 28]
    assert supply["least_backlog"].iloc[1] == pytest.approx(stands[0], abs=1)
    assert stock["least_backlog"].iloc[1] == pytest.approx(stands[1], abs=1)


def test_a_hard_question_is_not_a_desk_at_its_limit(tmp_path):
    tickets = [
        {
            "ticket_id": f"{n}-{k}",
            "created_at": f"{day(n)} 09:00",
            "first_reply_at": f"{day(n + (10 if k == 0 else 0))} 16:00",
        }
        for n in DAYS
        for k in range(5)
    ]
    rows = stages(tmp_path, orders=orders(), tickets=tickets)["support"]
    assert rows["least_backlog"].dropna().max() == 0
