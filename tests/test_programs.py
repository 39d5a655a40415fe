"""The weekly program: closed forms, the published allocation, and what must hold of any week."""

import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from goulot.errors import ParameterError
from goulot.methods.ladders import ladder
from goulot.methods.programs import (
    DEMAND,
    WeeklyProgram,
    best_contribution,
    customers,
    price,
    profitable_spend,
    solve,
)
from goulot.methods.response import HillCurve, Segments, concave_segments
from hypothesis import given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"


def week(**others) -> WeeklyProgram:
    """A hundred orders that come by themselves, each worth 20."""
    return WeeklyProgram(**({"worth_per_order": 20.0, "free_orders": 100.0} | others))


def packing(orders: float, **others) -> WeeklyProgram:
    return week(capacity={"fulfillment": orders}, use_per_order={"fulfillment": 1.0}, **others)


@pytest.mark.skipif(not CASES.exists(), reason="the folder of references is not beside this one")
def test_the_published_allocation():
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    (case,) = [case for case in cases if case["method"] == "allocation"]
    spend = np.linspace(0, 100, 2001)
    curves = {f"x{n}": concave_segments(spend, b * np.sqrt(spend)) for n, b in ((1, 3), (2, 4))}
    program = WeeklyProgram(
        worth_per_order=1000.0, free_orders=0.0, curves=curves, budget=case["given"]["budget"]
    )
    plan = solve(program)
    expected = case["expect"]
    assert list(plan.spend.values()) == pytest.approx(expected["spend"], rel=case["rel_tol"])
    assert plan.orders == pytest.approx(expected["response"], rel=case["rel_tol"])
    assert "budget" in plan.binding


def test_a_full_warehouse_is_worth_a_whole_order_and_demand_nothing():
    plan = solve(packing(80))
    assert (plan.orders, plan.contribution, plan.binding) == (80, 1600, ("fulfillment",))
    assert price(packing(80), "fulfillment").one_more == pytest.approx(20)
    assert price(packing(80), DEMAND).one_more == pytest.approx(0)


def test_where_two_bind_one_more_of_either_is_worth_nothing_and_one_less_costs_all():
    both = price(packing(100), "fulfillment")
    assert both.one_more == pytest.approx(0, abs=1e-6)
    assert both.one_less == pytest.approx(20)


def test_two_tickets_an_order_halve_what_the_desk_can_carry():
    desk = week(capacity={"support": 60}, use_per_order={"support": 2.0})
    assert desk.orders_at_limit("support") == 30
    assert solve(desk).orders == pytest.approx(30)
    assert price(desk, "support").one_more == pytest.approx(20)  # of one order, not of a ticket


def test_spend_stops_where_the_next_customer_costs_what_one_is_worth():
    curve = HillCurve(base=0, top=1000, half_saturation=50_000, shape=1, observed_max=400_000)
    segments = curve.segments(400_000, 2000)
    program = week(curves={"Paid": segments}, worth_per_order=450.0)
    plan = solve(program)
    assert plan.spend["Paid"] == pytest.approx(100_000, rel=5e-3)  # marginal CAC there is 450
    assert plan.orders == pytest.approx(program.orders_at_limit(DEMAND)[0])


def test_capacity_that_demand_is_bought_for_is_worth_the_order_less_its_price():
    curve = {"Paid": Segments(np.array([1000.0]), np.array([0.1]))}  # 10 a customer
    program = packing(150, curves=curve)
    plan = solve(program)
    assert (plan.orders, plan.spend["Paid"]) == (pytest.approx(150), pytest.approx(500))
    assert price(program, "fulfillment").one_more == pytest.approx(10)
    assert price(program, DEMAND).one_more == pytest.approx(10)


def test_the_ladder_widens_to_the_next_constraint_and_ends_where_nothing_else_is_known():
    program = week(
        capacity={"fulfillment": 80, "support": 30, "stock": 180},
        use_per_order={"fulfillment": 1.0, "support": 0.5, "stock": 1.2},
    )
    rungs = ladder(program)
    assert [rung.stage for rung in rungs] == ["support", "fulfillment", DEMAND, "stock"]
    assert [rung.orders for rung in rungs] == pytest.approx([60, 80, 100, 150])
    assert [rung.gain for rung in rungs][:3] == pytest.approx([400, 400, 1000])  # 20 an order
    assert rungs[-1].gain is None


def test_acquisition_is_widened_by_buying_first_and_by_gifts_only_then():
    curve = {"Paid": Segments(np.array([1000.0]), np.array([0.1]))}  # 10 a customer
    today = packing(400, fixed_spend=50.0)
    first, second, third = ladder(today, packing(400, curves=curve))
    assert (first.stage, first.contribution, first.is_bought) == (DEMAND, 1950, False)
    assert first.gain == pytest.approx(200 * 20 - 1000 - 1950)  # a hundred more, 10 each
    assert (second.stage, second.orders, second.is_bought) == (DEMAND, pytest.approx(200), True)
    assert second.gain == pytest.approx(200 * 20)  # up to the warehouse, finding costs left out
    assert (third.stage, third.gain) == ("fulfillment", None)


def test_a_stage_full_in_one_week_of_four_is_worth_a_quarter_of_an_order():
    program = packing(120, free_orders=np.array([100.0, 90.0, 110.0, 150.0]))
    plan = solve(program)
    assert plan.orders == pytest.approx((100 + 90 + 110 + 120) / 4)
    assert plan.dual["fulfillment"] == pytest.approx(20 / 4)
    assert plan.dual[DEMAND] == pytest.approx(20 * 3 / 4)
    assert [rung.stage for rung in ladder(program)] == [DEMAND, "fulfillment"]


def test_a_week_that_nothing_limits_is_refused():
    with pytest.raises(ParameterError, match="finite"):
        solve(packing(np.inf, free_orders=np.inf))


def test_a_curve_that_bends_up_and_a_stage_nobody_uses_are_refused():
    bad = Segments(np.array([1.0, 1.0]), np.array([0.1, 0.2]))
    with pytest.raises(ParameterError, match="Paid"):
        week(curves={"Paid": bad})
    with pytest.raises(ParameterError, match="support"):
        week(capacity={"support": 10})


STAGES = ("stock", "fulfillment", "support")
positive = st.floats(1, 1000)


@st.composite
def programs(draw) -> WeeklyProgram:
    slopes = sorted(draw(st.lists(st.floats(0.001, 0.5), min_size=3, max_size=3)), reverse=True)
    widths = draw(st.lists(st.floats(1, 500), min_size=3, max_size=3))
    return WeeklyProgram(
        worth_per_order=draw(st.floats(1, 100)),
        free_orders=draw(positive),
        orders_per_customer=draw(st.floats(1, 3)),
        curves={"Paid": Segments(np.array(widths), np.array(slopes))},
        capacity={stage: draw(positive) for stage in STAGES},
        use_per_order={stage: draw(st.floats(0.1, 3)) for stage in STAGES},
        budget=draw(st.none() | st.floats(1, 1000)),
    )


def greedy(program: WeeklyProgram) -> float:
    """Contribution by a second road: buy the cheapest customers first, up to the tightest stage."""
    room = min(float(program.orders_at_limit(stage)[0]) for stage in program.capacity)
    orders, spent, (curve,) = min(program.free_orders, room), 0.0, program.curves.values()
    for width, slope in zip(curve.widths, curve.slopes, strict=True):
        each = slope * program.orders_per_customer
        most = min(width, (room - orders) / each, (program.budget or np.inf) - spent)
        if each * program.worth_per_order > 1:
            orders, spent = orders + each * most, spent + most
    return orders * program.worth_per_order - spent


@settings(max_examples=60, deadline=None)
@given(programs())
def test_any_week_is_best_by_both_roads_and_prices_stand_only_where_something_binds(program):
    plan = solve(program)
    assert plan.contribution == pytest.approx(greedy(program), rel=1e-6, abs=1e-4)
    for name, dual in plan.dual.items():
        assert dual >= -1e-7
        assert name in plan.binding or dual == pytest.approx(0, abs=1e-7)  # complementary slackness
    for stage in STAGES:
        prices = price(program, stage)
        assert prices.one_more <= prices.one_less + 1e-3  # concave
        assert prices.one_more - 1e-3 <= plan.dual[stage] <= prices.one_less + 1e-3


@settings(max_examples=30, deadline=None)
@given(programs(), st.sampled_from(STAGES), st.floats(1, 3))
def test_more_capacity_never_lowers_profit_and_brings_less_and_less(program, stage, times):
    limit = float(program.orders_at_limit(stage)[0])
    widths = (limit, limit * times, limit * (2 * times - 1))
    profits = [solve(program.with_capacity(stage, w)).contribution for w in widths]
    first, second = (after - before for before, after in pairwise(profits))
    assert first >= -1e-6
    assert second <= first + 1e-6
    rungs = ladder(program)
    gains = [rung.contribution for rung in rungs]
    assert all(after >= before - 1e-6 for before, after in pairwise(gains))


@settings(max_examples=60, deadline=None)
@given(programs(), programs(), st.lists(positive, min_size=1, max_size=4))
def test_what_the_best_plan_earns_is_found_without_the_solver(one, other, demand):
    curves = {"Paid": one.curves["Paid"], "Other": other.curves["Paid"]}
    weeks = replace(one, free_orders=np.array(demand), curves=curves)
    assert best_contribution(weeks) == pytest.approx(solve(weeks).contribution, rel=1e-6, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(programs(), st.lists(positive, min_size=2, max_size=4))
def test_weeks_in_which_nothing_is_bought_are_solved_in_closed_form_as_by_the_solver(one, demand):
    weeks = replace(one, free_orders=np.array(demand), curves={}, budget=None)
    never = {"none": Segments(np.array([0.0]), np.array([0.1]))}
    quick, solver = solve(weeks), solve(replace(weeks, curves=never))
    assert quick.orders == pytest.approx(solver.orders)
    assert quick.contribution == pytest.approx(solver.contribution)
    assert sum(quick.dual.values()) == pytest.approx(sum(solver.dual.values()))
    assert set(quick.binding) == set(solver.binding)


def test_customers_of_a_curve_stop_at_its_last_segment():
    curve = Segments(np.array([100.0, 100.0]), np.array([0.2, 0.1]))
    assert [customers(curve, spend) for spend in (0, 50, 150, 900)] == [0, 10, 25, 30]
    assert [profitable_spend(curve, worth) for worth in (4, 6, 20)] == [0, 100, 200]
