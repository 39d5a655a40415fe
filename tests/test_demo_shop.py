"""The simulated shop: its laws, its exports, and the truth it tells."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from goulot.demo import write_demo
from goulot.demo.bills import make_bills
from goulot.demo.company import Company, live
from goulot.demo.fulfillment import Fulfillment
from goulot.demo.settings_text import settings_text
from goulot.demo.stock_levels import stock_levels
from goulot.demo.truth import tell_truth
from goulot.demo.truth.channels import customers_at
from goulot.demo.truth.stages import last_quarter
from goulot.demo.worlds import WORLDS, find_world
from goulot.errors import ParameterError
from goulot.settings import ClientSettings

SHOPS = [name for name, world in WORLDS.items() if world.kind == "ecommerce"]


@cache
def lived(name: str, size: float = 0.1) -> Company:
    return live(find_world(name).with_(size=size), 1)


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        write_demo(tmp_path / name, world="thin", seed=seed)
    first, again, other = (content(tmp_path / name) for name in ("first", "again", "other"))
    assert first == again
    assert {name for name in first if name in other and first[name] == other[name]} == {
        "client.yml"
    }


def test_exports_of_an_earlier_demo_do_not_stay(tmp_path):
    (tmp_path / "exports").mkdir(parents=True)
    (tmp_path / "exports" / "orders_export_9.csv").write_text("old", encoding="utf-8")
    write_demo(tmp_path, world="thin", seed=1)
    assert not (tmp_path / "exports" / "orders_export_9.csv").exists()


def test_an_unknown_world_is_refused_with_the_list(tmp_path):
    with pytest.raises(ParameterError, match=r"Did you mean 'fulfillment'.*shop.*thin"):
        write_demo(tmp_path / "x", world="fulfilment", seed=1)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", SHOPS)
def test_every_world_says_what_is_true_of_it_in_a_client_yml_that_can_be_read(name):
    world = find_world(name)
    assert world.about
    settings = ClientSettings.model_validate(yaml.safe_load(settings_text(world)))
    assert settings.delivery.promised_days == world.delivery.promise_days
    declared = settings.capacity.fulfillment.orders_per_day
    assert (declared is not None) == ("fulfillment" in world.declares)


@pytest.mark.parametrize("name", ["fulfillment", "supply", "support", "heavy_tails", "thin"])
def test_a_world_lives_at_any_size(name):
    assert len(lived(name, 0.05).orders) > 50


@pytest.mark.parametrize("name", ["shop", "stock"])
@pytest.mark.parametrize("share", [0.2, 0.6, 1.0])
def test_no_unit_is_lost_from_opening_stock_to_the_snapshot(name, share):
    """On hand = opening + received - sent, by SKU, on any evening."""
    company = lived(name)
    day = int(company.world.days * share) - 1
    sold_to = company.lines["order"].map(company.orders["cancelled_hours"].isna()).to_numpy()
    sent = company.lines[sold_to].merge(
        company.parcels[["order", "location", "from_day", "shipped"]],
        on=["order", "location", "from_day"],
        validate="many_to_one",
    )
    gone = sent[sent["shipped"] < (day + 1) * 24]
    bought = company.purchases[company.purchases["received"] <= day]
    count = len(company.catalogue)
    expected = (
        _opening(company)
        + np.bincount(bought["sku"], weights=bought["units"], minlength=count)
        - np.bincount(gone["sku"], weights=gone["quantity"], minlength=count)
    )
    assert stock_levels(company, day).on_hand.sum(axis=1).tolist() == expected.tolist()


def _opening(company: Company) -> np.ndarray:
    """Stock before the first day, from what was free at its end and taken during it."""
    first = stock_levels(company, 0).on_hand.sum(axis=1)
    sent = company.parcels[company.parcels["shipped"] < 24]
    lines = company.lines.merge(sent[["order", "location", "from_day"]], validate="many_to_one")
    stands = company.orders["cancelled_hours"].isna()
    lines = lines[lines["order"].map(stands)]
    taken = np.bincount(lines["sku"], weights=lines["quantity"], minlength=len(first))
    return first + taken


def test_an_order_is_late_the_day_after_the_promise_of_working_days():
    company = lived("shop")
    promise = Fulfillment(company.world).promise(3)  # Friday 2024-10-04, four delivery days
    assert promise // 24 - 3 == 5  # Wednesday: the Sunday does not count
    orders = company.orders.dropna(subset=["delivered"])
    late = orders["delivered"] // 24 > orders["promised"] // 24
    assert orders["is_late"].tolist() == late.tolist()


def test_remote_regions_are_late_more_often_and_buy_less_whatever_the_delivery():
    truth = tell_truth(lived("shop", 0.4), make_bills(lived("shop", 0.4)), {})
    big = {name: r for name, r in truth["regions"].items() if r["order_share"] > 0.02}
    remote = [r for r in big.values() if r["is_remote"]]
    near = [r for r in big.values() if not r["is_remote"]]
    assert min(r["late_share"] for r in remote) > 2 * max(r["late_share"] for r in near)
    assert max(r["comes_back"] for r in remote) < min(r["comes_back"] for r in near)


def test_where_lateness_has_no_effect_the_truth_is_nought_and_elsewhere_it_is_not():
    for name, size in (("confounded", 0.2), ("shop", 0.2)):
        company = lived(name, size)
        effect = tell_truth(company, make_bills(company), {})["late_effect"]
        is_none = company.world.customers.late_effect == 0
        assert (effect["on_repeat_within_180_days"] == 0) == is_none
        assert (effect["on_value"] == 0) == is_none


def test_twice_the_spend_brings_more_but_less_than_twice_where_the_curve_is_concave():
    company = lived("shop")
    quarter = last_quarter(company.world)
    at = [customers_at(company, quarter, {"Paid Search": f})["Paid Search"] for f in (0, 1, 2)]
    assert at[0] < at[1] < at[2]
    assert at[2] - at[1] < at[1] - at[0]


def test_only_tests_read_the_truth():
    package = Path(__file__).parents[1] / "lib" / "goulot"
    demo = package / "demo"
    readers = [
        path.relative_to(package)
        for path in package.rglob("*.py")
        if "truth" in path.read_text(encoding="utf-8") and demo not in path.parents
    ]
    assert readers == []


def test_the_truth_is_plain_json(tmp_path):
    write_demo(tmp_path, world="thin", seed=1)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["world"] == "thin"
    assert truth["binding_stage"] == "acquisition"
