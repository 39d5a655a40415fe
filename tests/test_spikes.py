"""Spikes of the past, and the study of spikes to come: from marts to figures, panels and French."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from goulot import charts, sentences, widgets
from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.language import Language
from goulot.quarter import Quarter
from goulot.settings import ClientSettings
from goulot.steps.spike_actions import recommendations
from goulot.steps.spike_costs import cost_parts
from goulot.steps.spike_inputs import day_dispersion, operations_of
from goulot.steps.spike_operations import SpikePolicy
from goulot.steps.spike_places import WHOLE
from goulot.steps.spike_study import NO_MARGIN, NO_ORDERS, study_spikes
from goulot.steps.spikes import Plan, simulate
from goulot.widgets import grid
from goulot.widgets.live import LivePanel
from spike_marts import marts

QUARTER = Quarter(2026, 3)
POLICY = SpikePolicy(scenarios=60, seed=2)
ONCE = Figure(value=1.0, unit="times/year", basis="assumed")
LEVERS = [
    {"name": "overtime", "stage": "fulfillment", "adds_per_day": 60, "lead_hours": 4,
     "cost_per_order": 6.0},
    {"name": "3PL", "stage": "fulfillment", "adds_per_day": 900, "lead_hours": 24,
     "cost_per_order": 8.9, "standby_per_month": 300},
]  # fmt: skip


def client(**changes) -> ClientSettings:
    """A shop that declares its warehouse, its promise, its margin and two levers."""
    made = {
        "name": "Brume", "currency": "EUR", "timezone": "Europe/Paris",
        "economics": {"gross_margin": 0.6, "payment_fee": 0.015},
        "capacity": {"fulfillment": {"orders_per_day": 150, "cost_per_order": 4.0}},
        "delivery": {"promised_days": 3}, "levers": LEVERS,
    }  # fmt: skip
    return ClientSettings(**made | changes)


def study(settings=None, **changes):
    settings = settings or client()
    operations = operations_of(marts(**changes), settings, QUARTER, POLICY)
    return study_spikes(operations, QUARTER, POLICY, ONCE)


def test_what_a_spike_meets_is_read_from_marts_and_settings():
    operations = operations_of(marts(), client(), QUARTER, POLICY)
    assert operations.baseline.sum() == pytest.approx(700)
    assert operations.baseline[7] == 0
    assert operations.capacity.sum() == pytest.approx(900)
    # Three delivery days less two days on the road, of six working days in seven.
    assert operations.promise.ship_days == 1
    assert operations.patience_days == pytest.approx(40)
    assert operations.tickets_per_late_order == pytest.approx(0.4)
    assert operations.paid_share == pytest.approx(3 / 7)
    assert operations.money.contribution == pytest.approx(25)
    assert operations.money.ad_cost == pytest.approx(46000 / (9200 * 3 / 7))
    assert operations.bases["capacity"] == "declared"
    assert operations.shelves.share.tolist() == [0.75, 0.25]
    assert operations.shelves.stock.tolist() == pytest.approx([45000, 300])


@pytest.mark.parametrize("dispersion", [0.0, 0.02, 0.08])
def test_a_days_luck_is_told_whatever_seasons_and_events_do(dispersion):
    """A year of about 80 orders a day with a rhythm, a season, weeks of more ads, and two sales."""
    days = pd.date_range("2025-10-01", "2026-09-30")
    told = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        mean = 80 * np.where(days.day_of_week >= 5, 0.7, 1.1)
        mean = mean * (1 + 0.3 * np.sin(np.arange(len(days)) / 58))
        mean = mean * np.repeat(rng.lognormal(0, 0.1, 53), 7)[: len(days)]
        mean[50:56], mean[200:203] = 4 * mean[50:56], 3 * mean[200:203]
        luck = rng.gamma(1 / dispersion, dispersion, len(days)) if dispersion else 1.0
        told.append(day_dispersion(pd.DataFrame({"day": days, "orders": rng.poisson(mean * luck)})))
    assert np.mean(told) == pytest.approx(dispersion, abs=0.15 * dispersion + 0.003)


def test_goods_on_order_come_as_late_as_their_supplier_usually_is():
    """A line that is open since the 12th, of a supplier who takes twenty days."""
    lines = marts()["purchase_line"]
    late = lines.assign(lead_days=[17.0, 23.0] * 5, sku="VASE").iloc[-1:]
    late = late.assign(ordered_on=pd.Timestamp("2026-09-12"), received_on=pd.NaT, lead_days=None)
    received = lines.assign(lead_days=[17.0, 23.0] * 5)
    mart = pd.concat([received, late])
    operations = operations_of(marts(purchase_line=mart), client(), QUARTER, POLICY)
    receipts = operations.shelves.receipts
    assert receipts.group.tolist() == [1]
    assert receipts.orders[0] == pytest.approx(250)
    assert (receipts.days[0], receipts.sd_days[0]) == pytest.approx((2.0, np.sqrt(10)))
    blind = operations_of(marts(purchase_line=mart.iloc[:0]), client(), QUARTER, POLICY)
    assert [gap.export for gap in blind.missing] == ["Purchase orders"]
    # What is on order helps, and a quarter in which it had not been placed knows nothing of it.
    without = operations_of(marts(), client(), QUARTER, POLICY)
    assert without.shelves.receipts is None
    policy = replace(POLICY, multiplier=8.0)
    assert simulate(operations, policy).unmet.mean() < simulate(without, policy).unmet.mean()


def test_a_spike_for_one_product_empties_its_shelf_alone():
    """300 orders' worth of vases, of which 25 a day are wanted: ten times for two days, or all."""
    operations = operations_of(marts(), client(), QUARTER, replace(POLICY, sku="VASE"))
    assert operations.group_names == ("VASE", "CANDLE")
    wide, narrow = (
        simulate(operations, replace(POLICY, multiplier=4.0, concentration=share))
        for share in (0.0, 1.0)
    )
    assert narrow.wanted.mean() == pytest.approx(wide.wanted.mean(), rel=0.02)
    assert narrow.unmet.mean() > 2 * wide.unmet.mean()
    with pytest.raises(ParameterError, match="Did you mean 'VASE'"):
        operations_of(marts(), client(), QUARTER, replace(POLICY, sku="VASEN"))


def test_levers_of_supply_bring_goods_and_those_of_other_stages_are_said_to_be_left_out():
    freight = {"name": "air freight", "stage": "supply", "adds_per_day": 400, "lead_hours": 24,
               "cost_per_order": 3.0}  # fmt: skip
    others = [
        {"name": "night van", "stage": "delivery"},
        {"name": "extra desk", "stage": "support"},
    ]
    settings = client(levers=[*LEVERS, freight, *others])
    found = study(settings)
    policy, operations = replace(POLICY, multiplier=8.0), found.operations
    without, helped = (simulate(operations, policy, Plan(n)) for n in ((), ("air freight",)))
    assert helped.unmet.mean() < without.unmet.mean()
    # Only goods that were used are paid for, each order of them once.
    assert helped.by_lever.sum() == pytest.approx(
        (without.unmet - helped.unmet).sum() / 0.75, rel=0.1
    )
    assert helped.extra_cost == pytest.approx(3.0 * helped.by_lever.sum(axis=0))
    for words in (Language("en"), Language("fr")):
        said = sentences.spikes.grounds(found, words)
        assert all(name in said for name in ("night van", "extra desk"))
        assert "air freight" not in said
        assert not words.untranslated
    blind = study(settings, sku_cover_quarter=marts()["sku_cover_quarter"].iloc[:0])
    assert "air freight" in sentences.spikes.grounds(blind, Language("en"))
    assert [lever.name for lever in blind.operations.levers] == ["overtime", "3PL"]


def test_of_two_warehouses_the_one_that_fills_first_is_late_alone():
    """Two thirds of the parcels leave where half of what can be packed is."""
    days = pd.date_range("2026-07-06", periods=60)
    full = days < "2026-07-13"
    places = pd.concat(
        pd.DataFrame({"location": name, "shipped_on": days, "parcels": np.where(full, most, usual)})
        for name, most, usual in (("West", 100, 40), ("East", 100, 12))
    )
    operations = operations_of(marts(location_day=places), client(), QUARTER, POLICY)
    west = (7 * 100 + 53 * 40) / (14 * 100 + 53 * 52)
    assert operations.places[0].of_orders == pytest.approx(west)
    assert [place.of_capacity for place in operations.places] == [0.5, 0.5]
    endless = replace(operations, shelves=None, dispersion=0.0)
    policy = replace(POLICY, multiplier=6.0)
    both = simulate(endless, policy)
    alone = [
        simulate(
            replace(endless, baseline=endless.baseline * place.of_orders, places=WHOLE,
                    capacity=endless.capacity * place.of_capacity),
            policy,
        )
        for place in operations.places
    ]  # fmt: skip
    assert both.peak.mean() == pytest.approx(sum(one.peak.mean() for one in alone), rel=0.02)
    shares = [one.on_time.mean() for one in alone]
    assert shares[0] < both.on_time.mean() < shares[1]
    assert both.drain_hours.mean() == pytest.approx(alone[0].drain_hours.mean(), rel=0.1)


def test_every_figure_of_the_step_is_there_with_interval_and_basis():
    found = study()
    names = {"survivable_multiplier.unaided", "survivable_multiplier.best_plan", "share_on_time.x5",
             "share_on_time.x10", "backlog_peak.x10", "hours_to_drain.x10", "lost_contribution.x10",
             "flexibility_cost_share"}  # fmt: skip
    assert {f"spikes.{name}" for name in names} <= set(found.figures)
    unaided = found.figures["spikes.survivable_multiplier.unaided"]
    best = found.figures["spikes.survivable_multiplier.best_plan"]
    assert 1 < unaided.value < best.value <= 10
    assert unaided.basis == "declared"
    assert found.planning.regret > 0
    assert found.planning.best.per_year <= min(c.per_year for c in found.planning.ranked)
    assert len(found.planning.ranked) == 2**2 * 4


def test_the_parts_of_the_cost_add_up_to_the_contribution_lost():
    found = study()
    plan = Plan(("overtime",))
    outcome = simulate(found.operations, POLICY, plan)
    assert cost_parts(found.operations, outcome).total == pytest.approx(
        outcome.lost_contribution.mean(), rel=1e-4
    )


def test_missing_inputs_are_named_and_the_rest_is_answered():
    bare = client(economics={}, levers=[], capacity={})
    load = pd.DataFrame(
        {"week_starts_on": pd.date_range("2026-07-06", periods=10, freq="7D"), "days": 7,
         "stage": "fulfillment", "unit": "orders", "load": 700, "throughput": 720,
         "least_backlog": 0}
    )  # fmt: skip
    found = study(bare, stage_week=load, sku_cover_quarter=marts()["sku_cover_quarter"].iloc[:0])
    assert found.planning is None
    assert found.figures["spikes.lost_contribution.x10"].note == NO_MARGIN
    assert found.figures["spikes.survivable_multiplier.unaided"].bound == "at least"
    assert len(found.missing) == 4
    for code in ("en", "fr"):
        words = Language(code)
        assert charts.spikes.frontier(found, words) is None
        assert sentences.spikes.verdict(found, words)
        assert sentences.spikes.plan(found, words)
        assert not words.untranslated


def test_a_quarter_without_orders_says_that_nothing_can_be_said():
    none = marts()["hour_of_week"].iloc[:0]
    found = study(hour_of_week=none)
    assert found.figures["spikes.share_on_time.x10"].note == NO_ORDERS
    assert "Nothing can be said" in sentences.spikes.verdict(found, Language("en"))
    assert charts.spikes.on_time(found, Language("en")) is None


@pytest.mark.parametrize("code", ["en", "fr"])
def test_charts_sentences_and_panels_are_drawn_and_translated(code):
    words = Language(code)
    charts.enable(words)
    found = study()
    for name in ("on_time", "backlog", "frontier", "notice"):
        spec = getattr(charts.spikes, name)(found, words).to_dict()
        assert max(len(rows) for rows in spec["datasets"].values()) <= 5000
    assert len(charts.spikes.outcome_table(found, words)) == 10
    for name in ("verdict", "plan", "notice", "standby", "grounds"):
        assert getattr(sentences.spikes, name)(found, words)
    assert recommendations(found)
    live = LivePanel(widgets.spikes.spike(found, words))
    assert len(live.content["knobs"]) == 8 + len(LEVERS) + bool(found.best.extra_stock)
    content = grid.precomputed(widgets.spikes.plans(found, words))
    assert {knob["name"] for knob in content["knobs"]} == {"multiplier", "notice_hours", "plan"}
    readouts, _ = grid.readouts_at_start(content)
    assert len(readouts) == 5
    assert not words.untranslated


def test_more_orders_move_the_backlog_the_share_and_the_money_of_the_panel_together():
    found = study()
    panel = widgets.spikes.plans(found, Language("en"))
    at = {knob.name: knob.start for knob in panel.knobs} | {"plan": "nothing"}
    low, high = (panel.respond(at | {"multiplier": m}).tables for m in (2.0, 10.0))
    assert high["backlog"]["waiting"].max() > low["backlog"]["waiting"].max()
    assert high["share"]["share"].iloc[0] < low["share"]["share"].iloc[0]
    assert high["costs"]["amount"].sum() > low["costs"]["amount"].sum()


def test_a_wider_promise_is_never_shipped_on_time_less_often():
    found = study()
    shares = [
        simulate(
            replace(found.operations, promise=replace(found.operations.promise, ship_days=days)),
            POLICY,
        ).on_time
        for days in (1, 2, 4)
    ]
    assert (shares[0] <= shares[1] + 1e-5).all()
    assert (shares[1] <= shares[2] + 1e-5).all()
