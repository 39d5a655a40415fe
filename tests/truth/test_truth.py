"""A small part of ``make truth``: every measure on its quick worlds, with one seed."""

import numpy as np
import pytest
from goulot.demo.company import live
from goulot.demo.worlds import find_world
from goulot.demo.writers.shop_orders import FIRST_NUMBER
from harness import lived, measures
from known_short import KNOWN_SHORT

SEEDS = (1,)


@pytest.mark.parametrize("module", measures(), ids=lambda m: m.__name__)
def test_the_quick_worlds_are_judged_as_before(module):
    rows = module.measure(lived, SEEDS, module.QUICK)
    assert rows
    short = {(row.step, row.what, row.world): row.note for row in rows if not row.ok}
    named = {key: why for key, why in KNOWN_SHORT.items() if key[0] in {row.step for row in rows}}
    assert short.keys() == named.keys(), "fix what fell short, or name it in known_short.py"


@pytest.mark.parametrize("world", ["dirty", "thin"])
def test_what_was_planted_is_found_and_nothing_else(world):
    client = lived(world, 1)
    planted, totals = client.truth["planted"], client.truth["totals"]
    ledger = client.session().ledger
    orders = ledger[ledger["title"] == "Shopify orders"]
    assert orders["duplicates"].sum() == planted["duplicate_rows"]
    assert ledger["quarantined"].sum() == planted["quarantined_rows"]
    found = client.session().sql("select count(*) as n, sum(is_test::INT) as t from orders")
    gone = planted["quarantined_rows"] - planted["quarantined_rows"] // 2  # of one line each
    assert found["t"][0] == planted["test_orders"]
    assert found["n"][0] == totals["orders"] + planted["test_orders"] - gone


def test_a_store_that_moved_to_another_time_zone_keeps_its_days():
    company = live(find_world("dirty"), 1)
    read = lived("dirty", 1).session().sql("select order_id, ordered_at from orders")
    read = read[read["order_id"].str.startswith("#1")]
    hour = company.orders["hour"].to_numpy()[read["order_id"].str[1:].astype(int) - FIRST_NUMBER]
    expected = company.world.start.astype("datetime64[s]") + (hour * 3600).astype("timedelta64[s]")
    apart = np.abs(read["ordered_at"].to_numpy() - expected)
    assert (apart <= np.timedelta64(1, "h")).all()  # an hour that spring skips
    assert (apart <= np.timedelta64(1, "s")).mean() > 0.999


def test_orders_are_late_in_the_marts_that_were_late_in_life():
    company = live(find_world("thin"), 1)
    read = (
        lived("thin", 1).session().sql("select order_id, is_late, delivered_at from order_delivery")
    )
    read = read.dropna(subset=["delivered_at"])
    place = read["order_id"].str[1:].astype(int) - FIRST_NUMBER
    assert len(read) > 100
    assert read["is_late"].astype(bool).tolist() == company.orders["is_late"].iloc[place].tolist()
