"""The simulation of spikes: held to closed forms, to a queue simulated order by order, to laws."""

import tomllib
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
from goulot.methods.spike_stock import Shelves, serve_from_stock
from goulot.steps.spike_operations import Operations, Promise, SpikePolicy
from goulot.steps.spikes import fluid, simulate, worlds_of
from spike_shop import ALL_WEEK, shop

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"


def case(method: str) -> dict:
    if not REFERENCE.is_file():
        pytest.skip("the reference cases are not there")
    cases = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))["case"]
    return next(c for c in cases if c["method"] == method)


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


def test_the_fluid_limit_of_a_simulated_shop_is_the_middle_of_its_scenarios():
    operations = shop(shelves=None, dispersion=0.0)
    policy = SpikePolicy(multiplier=6, scenarios=400)
    sure = fluid(operations, policy)
    spread = simulate(operations, policy)
    assert float(np.median(spread.peak)) == pytest.approx(float(sure.peak[0]), rel=0.03)
    assert still_worlds(24).scenarios == 1
