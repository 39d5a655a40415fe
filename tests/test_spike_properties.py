"""What holds of every spike, whatever the shop, the policy and the plan."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from goulot.methods.spike_simulation import arrivals, pack, shipped_on_time
from goulot.methods.spike_stock import Receipts, Shelves, serve_from_stock
from goulot.steps.spike_operations import Operations, Place, Promise, SpikePolicy
from goulot.steps.spike_plans import every_plan, plan_spikes
from goulot.steps.spike_survival import is_survived, survivable_multiplier
from goulot.steps.spikes import NOTHING, Plan, fluid, simulate, simulate_plans, worlds_of
from hypothesis import given, settings
from hypothesis import strategies as st
from spike_shop import ALL_WEEK, shop


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
