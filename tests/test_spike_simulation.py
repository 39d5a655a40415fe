"""The simulation of spikes: held to closed forms, to a queue simulated order by order, to laws."""

import tomllib
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import simpy
from goulot.methods.queues import mmc
from goulot.methods.spike_simulation import (
    arrivals,
    draw_worlds,
    judged_hours,
    pack,
    shipped_on_time,
    still_worlds,
)
from goulot.methods.spike_stock import Receipts, Shelves, serve_from_stock
from goulot.steps.spike_operations import (
    Lever,
    Money,
    Operations,
    Place,
    Promise,
    SpikePolicy,
)
from goulot.steps.spike_plans import every_plan, plan_spikes
from goulot.steps.spike_survival import is_survived, survivable_multiplier
from goulot.steps.spikes import NOTHING, Plan, fluid, simulate, simulate_plans, worlds_of
from hypothesis import given, settings
from hypothesis import strategies as st

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"
ALL_WEEK = tuple(range(7))


def case(method: str) -> dict:
    if not REFERENCE.is_file():
        pytest.skip("the reference cases are not there")
    cases = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))["case"]
    return next(c for c in cases if c["method"] == method)


def shop(**changes) -> Operations:
    """A shop with a warehouse that works on six days, ten hours a day."""
    packing = np.zeros((7, 24))
    packing[:6, 8:18] = 25.0
    usual = np.tile(np.r_[np.full(8, 1.0), np.full(16, 4.5)], 7)
    made = {
        "baseline": usual,
        "capacity": packing.ravel(),
        "promise": Promise(ship_days=1, working_days=tuple(range(6)), closes=18, basis="declared"),
        "levers": (
            Lever(name="overtime", adds_per_day=120, lead_hours=4, cost_per_order=6.0),
            Lever(name="temps", adds_per_day=600, lead_hours=36, ramp_hours=6, cost_per_order=7.2),
            Lever(name="throttle", removes_share=0.8, lead_hours=2),
            Lever(name="freight", brings_goods=True, adds_per_day=150, lead_hours=24),
        ),
        "money": Money(contribution=30.0, packing=4.1, ad_cost=12.0, goods=20.0),
        "shelves": Shelves(np.array([0.1, 0.9]), np.array([120.0, 3000.0])),
        "dispersion": 0.02,
        "patience_days": 20.0,
        "paid_share": 0.4,
        "tickets_per_order": 0.05,
        "tickets_per_late_order": 0.3,
    }
    return Operations(**made | changes)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("days", [14, 110])
def test_without_luck_the_simulation_is_the_fluid_limit(place, days):
    """Also where the backlog outlives the horizon, from which on its drain is told by the rates."""
    found = case("spike_fluid")
    given_, expect = found["given"], found["expect"]
    operations = Operations(
        baseline=np.full(168, given_["baseline_per_day"] / 24),
        capacity=np.full(168, given_["capacity_per_day"] / 24),
        promise=Promise(ship_days=2, working_days=ALL_WEEK, closes=24, basis="assumed"),
    )
    policy = SpikePolicy(
        multiplier=given_["multipliers"][place], plateau_hours=24 * given_["spike_days"],
        rise_hours=0, decay_hours=0, starts_hour=0, horizon_days=days,
    )  # fmt: skip
    outcome = fluid(operations, policy)
    assert outcome.peak[0] == pytest.approx(expect["backlog"][place], rel=1e-9)
    assert outcome.drain_hours[0] / 24 == pytest.approx(expect["drain_days"][place], rel=1e-3)
    # The last order of the spike waits for all that stands before it.
    wait = outcome.peak[0] / given_["capacity_per_day"]
    assert wait == pytest.approx(expect["longest_wait_days"][place], rel=1e-3)


def test_at_steady_state_it_meets_an_mmc():
    """Arrivals and the ticks of three servers, event by event (uniformised): within 2 %."""
    given_ = case("mmc")["given"]
    events, runs = 5000, 800
    rate = given_["arrival_rate"] + given_["servers"] * given_["service_rate"]
    rng = np.random.default_rng(7)
    is_arrival = rng.random((events, runs)) < given_["arrival_rate"] / rate
    rank = rng.integers(0, given_["servers"], (events, runs))
    packed = pack(is_arrival.astype(float), 1.0 - is_arrival, rank=rank)
    steady = slice(1000, None)
    expected = mmc(**given_)
    assert packed.backlog[steady].mean() == pytest.approx(expected.in_system, rel=0.02)
    waiting = np.maximum(packed.backlog[steady] - given_["servers"], 0)
    assert waiting.mean() == pytest.approx(expected.queue_length, rel=0.02)


def by_hand(orders: np.ndarray, capacity: np.ndarray) -> tuple[list[float], list[int]]:
    """SimPy, one order at a time: hour placed → hour shipped, and what stands each hour's end."""
    env, line = simpy.Environment(), []
    shipped: dict[int, list[tuple[int, int]]] = {}
    standing = []

    def shop_floor():
        for hour, (came, room) in enumerate(zip(orders, capacity, strict=True)):
            line.extend([hour] * int(came))
            shipped[hour] = [(placed, hour) for placed in line[: int(room)]]
            del line[: int(room)]
            standing.append(len(line))
            yield env.timeout(1)

    env.process(shop_floor())
    env.run()
    return [pair for pairs in shipped.values() for pair in pairs], standing


@pytest.mark.parametrize("seed", range(3))
def test_backlog_and_share_on_time_are_those_of_a_queue_simulated_order_by_order(seed):
    rng = np.random.default_rng(seed)
    hours = 24 * 14
    orders = rng.poisson(np.where((np.arange(hours) > 40) & (np.arange(hours) < 90), 25, 6), hours)
    capacity = np.where(np.arange(hours) % 24 < 10, 22, 0)
    promise = Promise(ship_days=2, working_days=tuple(range(6)), closes=10, basis="assumed")
    due = promise.due(hours)
    pairs, standing = by_hand(orders, capacity)
    column = orders[:, None].astype(float)
    packed = pack(column, capacity)
    assert packed.backlog[:, 0].tolist() == standing
    in_time = shipped_on_time(packed, due, since=30)
    judged = [a for a in range(30, hours) if due[a] < hours]
    assert judged_hours(due, 30) == slice(30, 1 + judged[-1])
    assert in_time[0] == sum(a in set(judged) and b <= due[a] for a, b in pairs)


@pytest.mark.parametrize(("patience_days", "days"), [(None, 14), (5.0, 14), (1.0, 90)])
def test_the_line_follows_its_recursion_hour_by_hour_with_cancellations_and_relief(
    patience_days, days
):
    rng = np.random.default_rng(4)
    hours = 24 * days
    keep = 1.0 if patience_days is None else float(np.exp(-1 / (24 * patience_days)))
    orders = rng.poisson(np.where(np.arange(hours) < 100, 20, 6), hours).astype(np.float32)[:, None]
    capacity = np.where(np.arange(hours) % 24 < 10, 12.0, 0.0)
    relief, beyond = np.where(capacity > 0, 8.0, 0.0), np.full(hours, 60.0)
    packed = pack(orders, capacity, keep, relief=relief, beyond=beyond)
    stands, shipped = 0.0, []
    for hour in range(hours):
        waits = stands + float(orders[hour, 0])
        extra = min(relief[hour], max(waits - beyond[hour], 0.0))
        shipped.append(min(waits, capacity[hour] + extra))
        stands = (waits - shipped[-1]) * keep
        assert packed.backlog[hour, 0] == pytest.approx(stands, abs=0.01)
    assert packed.shipped[:, 0] == pytest.approx(np.array(shipped)[packed.works], abs=0.01)


def test_littles_law_holds():
    """What stands on average is what comes times how long it waits."""
    operations = shop(shelves=None, patience_days=None)
    policy = SpikePolicy(horizon_days=28, scenarios=50)
    worlds = worlds_of(operations, policy)
    orders = arrivals(worlds, np.resize(operations.baseline, policy.hours) * 1.5)
    packed = pack(orders, np.resize(operations.capacity, policy.hours))
    waits = []
    for run in range(worlds.scenarios):
        came, left = packed.came[:, run], packed.came[:, run] - packed.backlog[:, run]
        levels = (np.arange(2000) + 0.5) / 2000 * came[-1]  # of the orders, one in 2,000
        waits.append((np.searchsorted(left, levels) - np.searchsorted(came, levels)).mean())
    rate = orders.mean(axis=0)  # who waits when the hours end has waited until then
    assert np.mean(waits * rate / packed.backlog.mean(axis=0)) == pytest.approx(1, abs=0.01)


def test_arrivals_have_the_mean_that_is_asked_even_at_night_and_the_spread_of_a_negative_binomial():
    worlds = draw_worlds(24 * 40, 2000, dispersion=0.05, seed=3)
    for rate in (0.05, 0.4, 3.0, 80.0):
        orders = arrivals(worlds, np.full(worlds.hours, rate))
        assert orders.mean() == pytest.approx(rate, rel=0.02)
    days = orders.reshape(40, 24, -1).sum(axis=1)
    mean = 24 * 80.0
    assert days.var() == pytest.approx(mean + 0.05 * mean**2, rel=0.05)


def test_stock_that_ends_is_first_come_first_served():
    orders = np.full((10, 1), 10.0)
    served = serve_from_stock(orders, Shelves(np.array([0.5, 0.5]), np.array([20.0, 1000.0])))
    assert served.met[:, 0].tolist() == [10.0] * 4 + [5.0] * 6
    assert served.lost[0] == 30.0
    assert orders.sum() == 100.0


def test_who_waits_for_goods_gets_those_that_come_before_anybody_else():
    """Three days of ten orders an hour, goods for 100, and for 100 more on the second morning."""
    orders = np.full((72, 1), 10.0)
    goods = np.zeros((3, 1, 1))
    goods[1] = 100.0
    shelves = Shelves(np.array([1.0]), np.array([100.0]))
    served = serve_from_stock(orders, shelves, goods=goods, waits=0.5, keep=0.9)
    # On the first day 140 find nothing: 70 are lost, and of the 70 who wait 63 last the night.
    assert served.released[:, 0].tolist() == pytest.approx([0, 63, 0])
    assert served.met[24:28, 0].tolist() == pytest.approx([10, 10, 10, 7])
    assert served.met[28:].sum() == 0
    # 203 and 240 more find nothing; half of them wait.
    assert served.lost[0] == pytest.approx(70 + 203 / 2 + 240 / 2)
    assert served.waiting[0] == pytest.approx((203 / 2 * 0.9 + 120) * 0.9)
    told = served.met.sum() + served.released.sum() + served.lost + served.gone + served.waiting
    assert told[0] == pytest.approx(720)


def test_orders_for_one_product_alone_leave_the_other_shelves_alone():
    orders = np.full((24, 1), 10.0)
    leading = np.full((24, 1), 6.0)
    shelves = Shelves(np.array([0.5, 0.5]), np.array([24.0, 47.0]))
    served = serve_from_stock(orders, shelves, leading=leading)
    # 8 of each hour's 10 are for the first group: gone after three hours; of 48 for the other one
    # finds nothing.
    assert served.met[:, 0].tolist() == [10.0] * 3 + [2.0] * 20 + [1.0]
    assert served.left[:, 0].tolist() == [0.0, 0.0]


def test_who_waited_for_goods_is_packed_first_and_never_on_time():
    """Stock for one day, and for another on the third morning: the second day's orders wait."""
    still = Operations(
        baseline=np.full(168, 10.0), capacity=np.full(168, 20.0),
        promise=Promise(ship_days=1, working_days=ALL_WEEK, closes=24, basis="assumed"),
        shelves=Shelves(
            np.array([1.0]), np.array([240.0]),
            Receipts(*(np.array([x]) for x in (0, 1e6, 3.0, 0.0))),
        ),
    )  # fmt: skip
    policy = SpikePolicy(multiplier=1.0, starts_hour=0, lost_share=0.0, horizon_days=7)
    outcome = fluid(still, policy)
    # 240 join the third day's 240 and are packed before them, twenty an hour.
    assert outcome.backlog[47:72:12, 0].tolist() == pytest.approx([0, 120, 0])
    assert outcome.on_time[0] == pytest.approx(5 / 6)  # the seventh is not due yet
    assert outcome.unserved[-1, 0] == pytest.approx(0, abs=1e-6)


multipliers = st.floats(1, 10)
policies = st.builds(
    SpikePolicy,
    multiplier=multipliers,
    notice_hours=st.sampled_from([0.0, 12.0, 48.0]),
    rise_hours=st.sampled_from([0.0, 6.0]),
    plateau_hours=st.sampled_from([12.0, 48.0]),
    decay_hours=st.sampled_from([0.0, 24.0]),
    concentration=st.sampled_from([0.0, 0.5, 1.0]),
    lost_share=st.sampled_from([0.0, 0.75, 1.0]),
    scenarios=st.just(20),
    seed=st.integers(0, 5),
)
plans = st.sampled_from(
    [
        NOTHING,
        Plan(("overtime",)),
        Plan(("overtime", "temps", "throttle")),
        Plan(("temps", "freight"), (100.0, 500.0)),
    ]
)
lines = st.builds(
    lambda orders, days: Receipts(np.arange(2), np.array(orders), np.array(days), np.full(2, 2.0)),
    st.tuples(st.floats(0, 500), st.floats(0, 500)),
    st.tuples(st.floats(0, 12), st.floats(0, 12)),
)
stocks = st.builds(  # from none at all to more than any spike asks for
    lambda first, rest, receipts: Shelves(np.array([0.1, 0.9]), np.array([first, rest]), receipts),
    st.floats(0, 2000),
    st.floats(0, 12000),
    st.none() | lines,
)
shops = st.builds(
    lambda **made: shop(**made),
    shelves=st.none() | stocks,
    patience_days=st.sampled_from([None, 5.0, 20.0]),
    dispersion=st.sampled_from([0.0, 0.05]),
    places=st.sampled_from([(Place(1.0, 1.0),), (Place(0.7, 0.5), Place(0.3, 0.5))]),
)
CLOSE = 0.05  # orders: what single precision leaves


@settings(max_examples=40, deadline=None)
@given(shops, policies, plans, multipliers)
def test_a_higher_multiplier_never_leaves_fewer_unserved(operations, policy, plan, other):
    """Nor a shorter queue, where goods do not run out; a shop that is sold out has none."""
    low, high = (replace(policy, multiplier=m) for m in sorted([policy.multiplier, other]))
    worlds = worlds_of(operations, policy)
    less, more = (simulate(operations, chosen, plan, worlds) for chosen in (low, high))
    assert (more.unserved >= less.unserved - CLOSE).all()
    if operations.shelves is None:
        assert (more.backlog >= less.backlog - CLOSE).all()


@settings(max_examples=40, deadline=None)
@given(shops, policies, plans, st.floats(0, 3))
def test_more_capacity_never_raises_the_backlog_and_no_plan_leaves_more_unserved(
    operations, policy, plan, more
):
    """However thin the stock. (A throttle saves goods for later orders, and freight brings some:
    these then wait to be packed, where without them they would have been lost.)"""
    worlds = worlds_of(operations, policy)
    wider = replace(operations, capacity=operations.capacity * (1 + more))
    before = simulate(operations, policy, NOTHING, worlds)
    after = simulate(wider, policy, NOTHING, worlds)
    packers = simulate(operations, policy, Plan(("overtime", "temps")), worlds)
    helped = simulate(operations, policy, plan, worlds)
    assert (after.backlog <= before.backlog + CLOSE).all()
    assert (packers.backlog <= before.backlog + CLOSE).all()
    assert (helped.unserved <= before.unserved + CLOSE).all()


@settings(max_examples=20, deadline=None)
@given(shops, policies)
def test_plans_simulated_together_do_what_each_does_alone(operations, policy):
    worlds = worlds_of(operations, policy)
    every = [plan for plan, _ in every_plan(operations, policy)][::3]
    for plan, found in zip(every, simulate_plans(operations, policy, every, worlds), strict=True):
        alone = simulate(operations, policy, plan, worlds)
        for name in ("on_time", "lost_contribution", "by_lever", "drain_hours", "peak"):
            assert getattr(found, name) == pytest.approx(getattr(alone, name), rel=1e-5, abs=CLOSE)


def test_warehouses_side_by_side_do_what_each_does_with_its_own_share_of_the_orders():
    rng = np.random.default_rng(8)
    hours = 24 * 14
    orders = rng.poisson(np.where(np.arange(hours) < 100, 40, 12), (20, hours)).T.astype(float)
    own = np.where(np.arange(hours) % 24 < 10, 25.0, 0.0)
    help_, beyond = own * 0.8, own * 3
    due = Promise(ship_days=2, working_days=ALL_WEEK, closes=10, basis="assumed").due(hours)
    places = (Place(0.7, 0.5), Place(0.3, 0.5))
    rooms = np.array([place.room for place in places])[:, None]
    wide = slice(None), None, None
    packed = pack(orders[:, None], own[wide] * rooms, 0.999, relief=help_[wide],
                  beyond=beyond[wide] * rooms)  # fmt: skip
    in_time = shipped_on_time(packed, due, since=30)
    for side, place in enumerate(places):
        alone = pack(
            orders * place.of_orders, own * place.of_capacity, 0.999,
            relief=help_ * place.of_orders, beyond=beyond * place.of_capacity,
        )  # fmt: skip
        assert place.of_orders * packed.backlog[:, side] == pytest.approx(alone.backlog, abs=1e-6)
        on_time = shipped_on_time(alone, due, since=30)
        assert place.of_orders * in_time[side] == pytest.approx(on_time, abs=1e-6)


def test_a_warehouse_that_never_works_ships_nothing():
    places = (Place(0.7, 0.5), Place(0.3, 0.5))
    shut = shop(capacity=np.zeros(168), shelves=None, patience_days=None, places=places)
    outcome = fluid(shut, SpikePolicy(), Plan(("overtime",)))
    assert (outcome.on_time, outcome.drain_hours) == (0.0, np.inf)
    assert outcome.peak[0] == pytest.approx(outcome.orders.sum() + shut.usual_backlog[-1], rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(shops, policies, plans, st.none() | multipliers)
def test_the_survivable_multiplier_is_the_last_that_is_survived_wherever_the_search_begins(
    operations, policy, plan, near
):
    worlds = worlds_of(operations, policy)

    def holds(multiplier: float) -> bool:
        chosen = replace(policy, multiplier=multiplier)
        return is_survived(simulate(operations, chosen, plan, worlds), policy)

    found = survivable_multiplier(operations, policy, plan, worlds, near)
    assert holds(found) if found else not holds(1.0)
    assert found in (0.0, 10.0) or not holds(found + 9 / 256)


@settings(max_examples=3, deadline=None)
@given(shops, policies)
def test_more_notice_never_costs_more(operations, policy):
    planning = plan_spikes(operations, policy, times_per_year=2.0)
    costs = [cost.per_year for _, cost in sorted(planning.by_notice.items())]
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(costs))


@settings(max_examples=20, deadline=None)
@given(shops, policies, plans)
def test_every_order_that_is_wanted_is_accounted_for(operations, policy, plan):
    """Shipped, cancelled, waiting, without goods or never advertised for: nothing is lost, and no
    more is shipped than there were goods for."""
    worlds = worlds_of(operations, policy)
    orders = arrivals(worlds, np.resize(operations.baseline, policy.hours) * 3)
    served = serve_from_stock(
        orders, operations.shelves, goods=worlds.goods, waits=1 - policy.lost_share, keep=0.95
    )
    back = np.zeros(worlds.scenarios) if served.released is None else served.released.sum(axis=0)
    told = served.met.sum(axis=0) + back + served.lost + served.gone + served.waiting
    assert told == pytest.approx(orders.sum(axis=0), rel=1e-3)
    packed = pack(served.met, np.resize(operations.capacity, policy.hours), operations.keep)
    told = packed.shipped.sum(axis=0) + packed.cancelled + packed.backlog[-1]
    assert told == pytest.approx(served.met.sum(axis=0), rel=1e-3, abs=1e-2)
    outcome = simulate(operations, policy, plan, worlds)
    assert (outcome.on_time <= 1 + 1e-5).all()
    assert (outcome.contribution <= outcome.wanted * operations.money.contribution + 1e-2).all()
    if operations.shelves is not None and plan == NOTHING:
        goods = 0.0 if worlds.goods is None else worlds.goods.sum(axis=(0, 1))
        most = operations.shelves.stock.sum() + goods + operations.usual_backlog[-1]
        assert (outcome.packed.shipped.sum(axis=0) <= most + CLOSE).all()


def test_the_fluid_limit_of_a_simulated_shop_is_the_middle_of_its_scenarios():
    operations = shop(shelves=None, dispersion=0.0)
    policy = SpikePolicy(multiplier=6, scenarios=400)
    sure = fluid(operations, policy)
    spread = simulate(operations, policy)
    assert float(np.median(spread.peak)) == pytest.approx(float(sure.peak[0]), rel=0.03)
    assert still_worlds(24).scenarios == 1
