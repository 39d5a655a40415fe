"""What the constraint costs and what one more order of room is worth, on weeks told by hand."""

import re

import numpy as np
import pandas as pd
import pytest
from goulot import sentences
from goulot.language import Language
from goulot.methods.response import HillCurve, HillDraws, ResponseFit
from goulot.quarter import Quarter
from goulot.steps.constraint import ConstraintPolicy, audit_constraint
from goulot.steps.constraint_actions import recommendations
from goulot.steps.week_limits import WeekLimits, binding_shares, votes
from goulot.steps.weekly_worth import NO_CURVES, NO_MARGIN, Economics, customer_worth
from goulot.steps.widening import widenable, widened
from hypothesis import given, settings
from hypothesis import strategies as st

QUARTER = Quarter(2026, 3)
POLICY = ConstraintPolicy(replicates=200)
MONDAYS = pd.date_range("2026-07-06", periods=12, freq="7D")
UNITS = {
    "acquisition": "orders",
    "fulfillment": "orders",
    "stock": "units",
    "support": "tickets",
}
WORTH = 20.0


def stage(name: str, load, done=np.nan, queue=np.nan) -> pd.DataFrame:
    weeks = len(MONDAYS)
    numbers = {"load": load, "throughput": done, "backlog": queue, "least_backlog": queue,
               "mean_backlog": queue, "released": load, "waited_days": queue}  # fmt: skip
    filled = {k: np.broadcast_to(np.asarray(v, float), weeks) for k, v in numbers.items()}
    named = {"week_starts_on": MONDAYS, "stage": name, "unit": UNITS[name], "days": 7}
    return pd.DataFrame(named | filled)


def money(orders=100.0, spend=0.0, worth: float | None = WORTH, **others) -> Economics:
    week = pd.DataFrame(
        {"week_starts_on": MONDAYS, "channel": "Paid Search", "orders": orders, "spend": spend,
         "contribution": None if worth is None else worth * orders}
    )  # fmt: skip
    return Economics(channel_week=week, **others)


def shop(orders=100.0, *stages: pd.DataFrame) -> pd.DataFrame:
    packing = stage("fulfillment", orders)
    return pd.concat([stage("acquisition", orders, orders), packing, *stages], ignore_index=True)


def audit(frame, declared, economics=None):
    return audit_constraint(frame, declared, QUARTER, POLICY, economics or money())


def test_the_full_stage_has_the_price_of_an_order_and_the_others_none():
    found = audit(shop(), {"fulfillment": 80})
    prices = {stage: figure.value for stage, figure in found.prices.items()}
    assert prices == pytest.approx({"acquisition": 0, "fulfillment": WORTH})
    assert found.lost.value == pytest.approx(20 * WORTH)
    assert [rung.stage for rung in found.rungs] == ["fulfillment", "acquisition"]


def test_a_stage_is_widened_to_the_next_constraint_and_no_further():
    frame = shop(100.0, stage("support", 20.0))
    found = audit(frame, {"fulfillment": 80, "support": 18})
    assert found.lost.value == pytest.approx((90 - 80) * WORTH)  # support is full at 90 orders
    assert [rung.orders for rung in found.rungs] == pytest.approx([80, 90, 100])


def test_a_stage_full_in_some_weeks_is_worth_an_order_in_those():
    orders = np.tile([60.0, 60.0, 120.0], 4)
    found = audit(shop(orders), {"fulfillment": 80}, money(orders))
    assert found.prices["fulfillment"].value == pytest.approx(WORTH / 3)
    assert found.prices["acquisition"].value == pytest.approx(WORTH * 2 / 3)
    low, high = found.prices["fulfillment"].low, found.prices["fulfillment"].high
    assert low < WORTH / 3 < high
    assert found.binding.value == "acquisition"


def test_a_queue_shows_a_limit_that_is_below_demand_even_if_all_is_served_in_the_end():
    waiting = stage("fulfillment", 100.0, 100.0, queue=60.0)
    frame = pd.concat([stage("acquisition", 100.0, 100.0), waiting], ignore_index=True)
    found = audit(frame, {})
    assert (found.binding.value, found.is_sure) == ("fulfillment", True)
    assert found.prices["fulfillment"].value == pytest.approx(WORTH)
    assert found.lost.value == pytest.approx(60 / 12 * WORTH)  # the queue is worked off once


def test_without_a_margin_the_ladder_stands_in_orders_and_the_margin_is_asked_for():
    found = audit(shop(), {"fulfillment": 250}, money(worth=None))
    assert found.lost.note == NO_MARGIN
    assert [round(rung.orders) for rung in found.rungs] == [100, 250]
    assert any("Gross margin" in gap.export for gap in found.missing)
    assert found.prices["acquisition"].value is None


def test_without_curves_nothing_is_said_of_demand_that_could_be_bought():
    found = audit(shop(), {"fulfillment": 250})
    assert found.lost.note == NO_CURVES
    assert found.rungs[0].gain == pytest.approx(150 * WORTH)
    said = sentences.constraint.ladder(found, Language("en"))
    assert "before what finding them costs" in said


@pytest.fixture(scope="module")
def bought():
    """A curve with a marginal CAC of 450 at 100,000; spend is 25,000; a customer is worth 450."""
    curve = HillCurve(base=0, top=1000, half_saturation=50_000, shape=1, observed_max=400_000)
    draws = HillDraws(*(np.full(50, value) for value in (0.0, 1000.0, 50_000.0, 1.0)))
    fit = ResponseFit(curve, draws, 0.0, 52, 0, 1.0)
    cohorts = pd.DataFrame({"age_days": [0, 500], "orders": [10, 0], "contribution": [4500.0, 0],
                            "customers_last_seen": [0, 10]})  # fmt: skip
    orders = np.full(12, 1000.0)
    economics = money(orders, spend=25_000.0, worth=450.0, cohorts=cohorts,
                      curves={"Paid Search": fit}, discount_rate=0.0)  # fmt: skip
    return audit(shop(orders), {"fulfillment": 5000}, economics)


def test_acquisition_can_be_widened_until_the_next_customer_costs_what_one_is_worth(bought):
    capacity = bought.figures["constraint.capacity_per_week.acquisition"]
    added_today, added_best = (
        1000 / 3,
        1000 * 2 / 3,
    )  # Hill at half and at twice the half saturation
    assert capacity.value == pytest.approx(1000 + added_best - added_today, rel=0.01)
    assert capacity.low <= capacity.value <= capacity.high
    gained = 450 * (added_best - added_today) - 75_000
    assert bought.lost.value == pytest.approx(gained, rel=0.01)
    assert [rung.is_bought for rung in bought.rungs] == [False, True, True]


def test_the_first_words_are_the_verdict_with_its_certainty_weeks_and_price(bought):
    for code, words in (("fr", "Votre contrainte est l’acquisition de clients"), ("en", "Your")):
        language = Language(code)
        said = sentences.constraint.verdict(bought, language)
        assert said.startswith(f"**{words}")
        assert {"100", "12", "20"} <= set(re.findall(r"\d+", said))  # sure, weeks, warehouse used
        assert not language.untranslated
    (widen, hold) = sorted(recommendations(bought, "EUR"), key=lambda r: r.owner)
    assert (widen.owner, hold.owner) == ("marketing", "operations")
    assert widen.effect == pytest.approx(13 * bought.lost.value)


def test_a_customer_is_worth_what_those_seen_so_long_brought():
    """Ten customers bring 20 each at once; of the five seen a hundred days, 10 each then."""
    cohorts = pd.DataFrame(
        {"age_days": [0, 50, 100, 400], "orders": [10, 0, 5, 1], "contribution": [200, 0, 50, 99],
         "customers_last_seen": [0, 5, 4, 1]}
    )  # fmt: skip
    assert customer_worth(cohorts, 12, 0.0) == pytest.approx(20 + 10)
    assert customer_worth(cohorts, 12, 0.5) == pytest.approx(20 + 10 * 1.5 ** (-100 / 365))
    assert customer_worth(cohorts, 3, 0.0) == pytest.approx(20)


def test_capacity_sliders_redraw_the_ladder():
    found = audit(shop(), {"fulfillment": 80})
    assert widenable(found) == ("acquisition", "fulfillment")
    today = widened(found, {})
    assert (today.gained, today.rungs[0].stage) == (0, "fulfillment")
    wider = widened(found, {"fulfillment": 2.0})
    assert wider.rungs[0].stage == "acquisition"
    assert wider.gained == pytest.approx(20 * WORTH)


weekly = st.lists(st.integers(1, 300), min_size=12, max_size=12)


@settings(max_examples=25, deadline=None)
@given(weekly, st.integers(20, 400), st.floats(1.0, 3.0))
def test_more_room_never_lowers_the_contribution_and_gains_add_up(orders, capacity, times):
    found = audit(shop(np.array(orders, float)), {"fulfillment": capacity}, money(np.array(orders)))
    answer = widened(found, {"fulfillment": times})
    assert answer.gained >= -1e-9
    for lower, higher in zip(answer.rungs, answer.rungs[1:], strict=False):
        assert lower.contribution + lower.gain == pytest.approx(higher.contribution)


@settings(max_examples=50, deadline=None)
@given(weekly, weekly, weekly, st.integers(1, 9))
def test_a_week_has_one_vote_and_shares_of_histories_add_to_one(demand, one, two, seed):
    full = {"stock": np.array(one) < demand, "support": np.array(two) < demand}
    limits = WeekLimits(
        np.array(demand, float),
        {"stock": np.array(one, float), "support": np.array(two, float)},
        full,
        {name: np.zeros(12, bool) for name in full},
        dict.fromkeys(full, 1.0),
    )
    cast = votes(limits, 0.05)
    assert sum(cast.values()) == pytest.approx(np.ones(12))
    draws = np.random.default_rng(seed).integers(0, 12, (50, 12))
    assert sum(binding_shares(cast, draws, 0.05).values()) == pytest.approx(1)


def test_weeks_without_orders_in_the_exports_are_left_out_of_the_verdict():
    later = stage("support", 20.0).assign(week_starts_on=MONDAYS + pd.Timedelta(weeks=1))
    found = audit(shop(100.0, later), {"fulfillment": 80})
    assert found.weeks == len(MONDAYS)
    assert found.lost.value == pytest.approx(20 * WORTH)


@pytest.mark.parametrize(("wanted", "queue", "demand", "binds"), [
    (204.0, 4.0, 100, "acquisition"),  # two in a hundred were not there: any shop
    (300.0, 100.0, 150, "stock"),  # a third was not there
])  # fmt: skip
def test_empty_shelves_add_to_demand_only_where_they_hold_the_company_back(
    wanted, queue, demand, binds
):
    found = audit(shop(100.0, stage("stock", wanted, 200.0, queue)), {"fulfillment": 400})
    assert found.binding.value == binds
    assert found.limits.demand == pytest.approx(np.full(12, demand))
