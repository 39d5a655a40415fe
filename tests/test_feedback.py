"""Step 4: who is dear to serve, which bids move, which ads outlast their stock, and the files."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from channel_frames import BASE, HALF, TOP, channel_week
from feedback_frames import (
    AS_OF,
    CATEGORIES,
    DEARER,
    DECLARED,
    QUARTER,
    campaign_marts,
    cohort_day,
    first_delivery,
    marts,
    purchases,
    stock_marts,
    world,
)
from goulot import charts, sentences
from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.language import Language
from goulot.methods.discoveries import discovered
from goulot.methods.sellout import DailyDemand, pooled_shape, sellout_days
from goulot.methods.shrinkage import shrunk_rates, shrunk_shares
from goulot.quarter import Quarter
from goulot.sentences.ad_account_files import COLUMNS
from goulot.sentences.feedback_files import action_files
from goulot.sentences.feedback_readme import readme
from goulot.steps.added_costs import KEYS
from goulot.steps.cost_table import cost_rows
from goulot.steps.delivery_effect import delivery_effect
from goulot.steps.feedback import read_feedback, with_bids, with_policy, with_strength
from goulot.steps.feedback_inputs import Declared, FeedbackPolicy
from goulot.steps.first_deliveries import EffectPolicy
from goulot.steps.late_places import LatePlaces
from goulot.steps.lost_repeats import lost_repeats
from goulot.steps.receipts import known_lines
from goulot.steps.service_costs import LAYERS
from goulot.widgets import feedback as widgets
from goulot.widgets import grid
from hypothesis import given, settings
from hypothesis import strategies as st

POLICY = FeedbackPolicy(draws=400)
ENGLISH, FRENCH = Language("en"), Language("fr")
EMPTY = pd.DataFrame()


def read(given=None, declared=DECLARED, policy=POLICY, full=()):
    return read_feedback(given or marts(), QUARTER, AS_OF, declared, policy, full)


@pytest.fixture(scope="module")
def report():
    return read()


@pytest.fixture(scope="module")
def truth():
    return world(1)[1]


# ── shrinkage ────────────────────────────────────────────────────────────────────────────────────


def test_equal_cells_become_one_and_different_ones_stay_apart():
    trials = np.full(20, 200)
    same = shrunk_shares(np.full(20, 20), trials, draws=400, seed=1).mean(axis=1)
    apart = shrunk_shares(np.array([10] * 10 + [80] * 10), trials, draws=400, seed=1).mean(axis=1)
    assert np.ptp(same) < 0.01
    assert apart[:10] == pytest.approx(0.05, abs=0.02)
    assert apart[10:] == pytest.approx(0.40, abs=0.03)


def test_a_cell_without_trials_is_its_parent_and_as_unsure():
    parent = np.vstack([np.full(400, 0.2), np.full(400, 0.2)])
    cells = shrunk_shares([0, 40], [0, 200], draws=400, seed=2, parent=parent)
    assert cells[0].mean() == pytest.approx(0.2, abs=0.05)
    assert cells[0].std() >= 0.9 * cells[1].std() or cells[0].std() < 0.02


def test_intervals_of_shrunk_shares_hold_the_truth():
    """Gelman et al. (2013), ch. 5: draws of the posterior cover at their level over the prior."""
    rng, held = np.random.default_rng(3), []
    for seed in range(40):
        truth = rng.beta(8, 60, 15)
        trials = rng.integers(5, 300, 15)
        draws = shrunk_shares(rng.binomial(trials, truth), trials, draws=600, seed=seed)
        low, high = np.quantile(draws, (0.05, 0.95), axis=1)
        held += list((low <= truth) & (truth <= high))
    assert 0.85 <= np.mean(held) <= 0.95


def test_intervals_of_shrunk_rates_hold_the_truth():
    rng, held = np.random.default_rng(4), []
    for seed in range(40):
        truth = rng.gamma(20, 0.04 / 20, 12)
        spend = rng.uniform(100, 5000, 12)
        draws = shrunk_rates(rng.poisson(truth * spend), spend, draws=600, seed=seed)
        low, high = np.quantile(draws, (0.05, 0.95), axis=1)
        held += list((low <= truth) & (truth <= high))
    assert 0.85 <= np.mean(held) <= 0.95


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_a_shrunk_share_is_a_share(pairs):
    hits = np.array([min(a, b) for a, b in pairs])
    trials = np.array([max(a, b) for a, b in pairs])
    draws = shrunk_shares(hits, trials, draws=50, seed=1)
    assert draws.shape == (len(pairs), 50)
    assert ((draws >= 0) & (draws <= 1)).all()


# ── adjusted CAC ─────────────────────────────────────────────────────────────────────────────────


def test_the_layers_add_up_and_hold_the_truth(report, truth):
    rows = cost_rows(report.drawn, report.costs, KEYS, min_orders=30)
    assert rows[list(LAYERS)].sum(axis=1).to_numpy() == pytest.approx(rows["added"].to_numpy())
    paid = rows.dropna(subset=["cac"])
    assert (paid["cac"] + paid["added"]).to_numpy() == pytest.approx(paid["adjusted"].to_numpy())
    inside = [
        row.low <= truth.cac[row.channel, row.region] + truth.added(row.region) <= row.high
        for row in paid.itertuples()
    ]
    assert np.mean(inside) > 0.8


@pytest.mark.parametrize("keys", [["channel"], ["country", "region"], KEYS])
def test_larger_cells_are_means_of_theirs_by_new_customers(report, keys):
    drawn, found = report.drawn, report.drawn.by(keys)
    cac = drawn.cac_by(keys)
    for row, (_, at) in enumerate(drawn.cells.groupby(keys, sort=True).indices.items()):
        new = drawn.cells["new_customers"].to_numpy(dtype=float)[at]
        own = new if new.any() else drawn.cells["orders"].to_numpy(dtype=float)[at]
        plain = np.average(drawn.shares["late"][at], axis=0, weights=own)
        assert found.shares["late"][row] == pytest.approx(plain)
        plain = np.average(drawn.cell_cac[at], axis=0, weights=new if new.any() else None)
        assert cac[row] == pytest.approx(plain, nan_ok=True)


def cac_by_category(**parts) -> pd.Series:
    found = read(marts(**parts))
    rows = cost_rows(found.drawn, found.costs, ["channel", "category"], min_orders=30)
    return rows[rows["channel"] == "Paid Search"].set_index("category")["cac"]


def test_a_category_costs_what_the_campaigns_spent_whose_customers_bought_it_first():
    rows, _ = world(1)
    known = cac_by_category(**campaign_marts(rows))
    alike = cac_by_category(campaign_place_quarter=EMPTY)
    for category, dearer in zip(CATEGORIES, DEARER, strict=True):
        assert known[category] / alike[category] == pytest.approx(dearer, rel=0.2)
    assert alike.max() / alike.min() < 1.1


def test_without_regions_a_category_still_has_a_cac_of_its_own():
    rows, _ = world(1)
    parts = campaign_marts(rows)
    places = parts["campaign_place_quarter"].assign(country=None, region=None)
    bare = rows.assign(country=None, region=None)
    found = cac_by_category(
        **(parts | {"campaign_place_quarter": places, "channel_region_quarter": bare})
    )
    assert found["Soaps"] / found["Vases"] == pytest.approx(DEARER[2] / DEARER[1], rel=0.2)
    assert found["Candles"] / found["Vases"] == pytest.approx(DEARER[0] / DEARER[1], rel=0.2)


def test_a_campaign_that_no_order_names_falls_to_the_products_it_is_linked_to():
    rows, _ = world(1)
    linked = campaign_marts(rows) | {"campaign_category_quarter": EMPTY}
    linked["campaign_day"] = stock_marts()["campaign_day"].assign(
        campaign="Paid Search | Candles", sku=None
    )
    found = read(marts(**linked))
    assert list(found.shared_spend) == ["links"]
    assert "linked to" in sentences.feedback.evidence(found, ENGLISH)
    whole = read(marts(**campaign_marts(rows)))
    assert "bought first" in sentences.feedback.evidence(whole, ENGLISH)
    paid = whole.drawn.channels["spend"].sum()
    assert sum(whole.shared_spend.values()) == pytest.approx(paid)


def test_a_thin_cell_is_pulled_to_its_parent_and_marked(report):
    rows = cost_rows(report.drawn, report.costs, KEYS, min_orders=60)
    thin = rows[rows["is_thin"]]
    assert len(thin) > 0
    plain = thin["orders"] * 0 + rows.loc[~rows["is_thin"], "added"].mean()
    assert (thin["added"] - plain).abs().max() < 10


def test_the_figures_bear_the_names_of_the_design(report):
    figures = report.figures
    assert {"feedback.adjusted_cac.paid_search", "feedback.late_share.region_00",
            "feedback.spend_on_out_of_stock", "feedback.skus_to_throttle",
            "feedback.contribution_at_stake"} <= set(figures)  # fmt: skip
    assert all(isinstance(figure, Figure) for figure in figures.values())
    assert figures["feedback.adjusted_cac.organic_search"].value is None
    assert figures["feedback.added_cost.organic_search"].value > 0


def test_costs_that_nobody_declared_are_assumed_and_marked():
    costs = read(declared=Declared()).costs
    assert [costs.late.basis, costs.ticket.basis, costs.replacement.basis] == ["assumed"] * 3
    assert costs.refund.note
    assert read(declared=Declared()).figures["feedback.added_cost.paid_search"].basis == "assumed"
    assert read().figures["feedback.added_cost.paid_search"].basis == "observed"
    assert costs.late.value == 0
    assert read().costs.late.basis == "declared"


# ── lost repeat purchases ────────────────────────────────────────────────────────────────────────


def late_costs(rows, *, has_margin=True):
    return lost_repeats(rows, AS_OF, "EUR", has_margin=has_margin, horizon_months=12, seed=1)


@pytest.mark.parametrize("effect", [0.0, 5.0])
def test_what_a_late_first_delivery_costs_is_told_from_where_it_happens(effect):
    found = late_costs(first_delivery(effect))
    assert found.figure.low <= effect <= found.figure.high
    assert found.counted == (0.0 if effect == 0 else found.figure.value)


def test_an_effect_whose_interval_holds_nothing_counts_for_nothing_but_stays_in_the_interval():
    with_it = read(marts(first_delivery=first_delivery(0.0)))
    assert with_it.lost.counted == 0
    assert with_it.lost.spread > 0
    without = read(marts())
    name = "feedback.added_cost.paid_search"
    one, other = with_it.figures[name], without.figures[name]
    assert one.value == pytest.approx(other.value, rel=0.02)
    assert one.high - one.low > other.high - other.low


def test_too_few_late_deliveries_say_nothing():
    few = first_delivery(5.0, rows=EffectPolicy().min_treated)
    assert late_costs(few.assign(later_180=0.0, later_90=0.0)).figure.value is None
    no_margin = late_costs(first_delivery(5.0), has_margin=False)
    assert no_margin.figure.value is None
    assert no_margin.counted == 0


def test_what_a_late_delivery_costs_is_what_step_five_says_it_does():
    """One estimate in both steps: over the longest window within the horizon."""
    rows = first_delivery(5.0)
    rows = rows.assign(
        later_180=rows["later_365"], later_90=rows["later_365"], second_after_days=np.nan,
        days_late=0, days_to_deliver=3.0,
    )  # fmt: skip
    days, told = delivery_effect(rows, AS_OF, EffectPolicy(seed=1)).value_over(12)
    mine = late_costs(rows)
    assert (mine.days, mine.figure.value) == (days, -told.effect.value)


# ── targeting ────────────────────────────────────────────────────────────────────────────────────


def test_slow_places_are_listed_and_the_others_are_not(report, truth):
    slow = {change.region for change in report.changes if change.reason == "slow"}
    assert slow == set(truth.bad)


def test_bids_keep_within_their_bounds_and_follow_the_strength(report):
    strong = with_policy(report, replace(POLICY, strength=50.0))
    assert {c.modifier for c in strong.changes if c.modifier < 0} == {-0.5}
    assert all(-0.5 <= c.modifier <= 0.3 for c in strong.changes)
    weak = with_policy(report, replace(POLICY, strength=0.0))
    assert weak.changes == ()


def test_a_strength_moves_the_listed_places_as_if_all_were_read_anew(report):
    strong = replace(POLICY, strength=2.0)
    moved, anew = (
        with_strength(with_bids(report, POLICY, 7.0), 2.0),
        with_bids(report, strong, 7.0),
    )
    told = [[(c.key, c.modifier, c.effect) for c in found.changes] for found in (moved, anew)]
    assert told[0] == told[1] != []


def test_nothing_asks_for_more_orders_where_operations_are_full():
    free = read(policy=replace(POLICY, material_share=0.0))
    assert any(change.modifier > 0 for change in free.changes)
    full = read(policy=replace(POLICY, material_share=0.0), full=("fulfillment",))
    assert full.changes
    assert all(change.modifier < 0 for change in full.changes)
    assert "fulfillment" in sentences.feedback_bids.changes(full, ENGLISH)


def test_a_place_whose_customers_cost_more_than_they_bring_gives_up_its_spend():
    rows, truth = world(1)
    place = next(name for name in truth.late if name not in truth.bad)
    here = (rows["region"] == place) & (rows["channel"] == "Paid Social")
    rows.loc[here, "spend"] *= 4
    changes = read(marts(channel_region_quarter=rows)).changes
    dear = [change for change in changes if change.reason == "dear"]
    assert [change.region for change in dear] == [place]
    assert dear[0].modifier == -0.5
    said = sentences.feedback.verdict(read(marts(channel_region_quarter=rows)), ENGLISH)
    assert "costs more than one brings" in said
    assert dear[0].effect.low > 0


def test_places_are_named_so_that_few_are_named_wrongly():
    """Newton et al. (2004): the mean of what may be wrong stays within the bound."""
    chance = np.random.default_rng(1).beta(0.7, 0.7, 200)
    for bound in (0.02, 0.10, 0.30):
        named = discovered(chance, bound)
        assert (1 - chance[named]).mean() <= bound
        assert chance[named].min() >= chance[~named].max()
    assert not discovered(np.array([0.85, 0.4]), 0.10).any()


def test_customers_follow_spend_by_the_channels_curve_where_there_is_one():
    """Search gains by a curve that is known, social never moved its spend: there it is assumed."""
    found = read(marts(channel_week=channel_week(1)))
    search = found.elasticity["Paid Search"]
    spend = 1000.0
    truth = spend * TOP * HALF / (HALF + spend) ** 2 / (BASE + TOP * spend / (HALF + spend))
    low, high = np.quantile(search.draws, (0.05, 0.95))
    assert low <= truth <= high
    assert search.basis == "observed"
    assert "Paid Social" not in found.elasticity
    bases = {change.channel: change.effect.basis for change in found.changes}
    assert bases == {"Paid Search": "observed", "Paid Social": "assumed"}
    said = sentences.feedback_bids.changes(found, ENGLISH)
    assert "By the response curves" in said
    assert "0.7% is assumed" in said


def test_an_elasticity_that_no_curve_tells_is_assumed_and_marked(report):
    assert report.elasticity == {}
    assert {change.effect.basis for change in report.changes} == {"assumed"}
    assert "0.7% is assumed" in sentences.feedback_bids.changes(report, ENGLISH)
    assert report.figures["feedback.contribution_at_stake"].basis == "assumed"


def test_where_delivery_does_not_matter_the_list_is_empty_and_says_so():
    rows, _ = world(3, late_bad=0.10)
    quiet = read(marts(channel_region_quarter=rows))
    assert quiet.changes == ()
    assert "No bid needs changing" in sentences.feedback.verdict(quiet, ENGLISH)


def test_a_policy_says_what_is_wrong_with_it():
    with pytest.raises(ParameterError, match="least_modifier"):
        FeedbackPolicy(least_modifier=0.2)
    with pytest.raises(ParameterError, match="false_share"):
        FeedbackPolicy(false_share=10)


# ── stock and ads ────────────────────────────────────────────────────────────────────────────────


def test_a_product_that_sells_out_before_goods_come_is_held_back(report):
    (candle,) = report.throttled
    assert candle.oversell > 0.9
    assert candle.receipt.on_order
    middle, low, high = candle.sells_out_on
    assert low <= middle <= high
    assert abs((middle - AS_OF).days - 10) <= 3
    assert candle.daily_spend == pytest.approx(10.0, rel=0.05)  # the last day has none
    assert candle.saved.value == pytest.approx(20 * 10.0, rel=0.25)  # thirty days less ten


def test_spend_on_days_without_stock_is_the_spend_of_these_days(report):
    assert report.out_spend == {"CAN-1": pytest.approx(70.0)}
    assert report.figures["feedback.spend_on_out_of_stock"].value == pytest.approx(70.0)


def test_an_older_quarter_is_held_against_the_stock_it_had():
    cover = stock_marts(available=20)["sku_cover_quarter"]
    before = cover.assign(quarter="2026Q2", available=500, snapshot_on=pd.Timestamp("2026-06-30"))
    both = stock_marts() | {"sku_cover_quarter": pd.concat([cover, before])}
    whole = marts(**both)
    now = read(whole)
    then = read_feedback(whole, QUARTER.previous, date(2026, 6, 30), DECLARED, POLICY)
    assert [o.available for o in now.outlooks] == [20]
    assert then.throttled == ()
    long_ago = read_feedback(whole, Quarter(2025, 4), date(2025, 12, 31), DECLARED, POLICY)
    assert any("stock count" in gap.export for gap in long_ago.missing)
    assert "counts the stock" in sentences.feedback.verdict(long_ago, ENGLISH)


def test_goods_that_came_after_the_quarter_had_not_come_yet():
    lines = purchases()
    assert known_lines(lines, AS_OF)["lead_days"].notna().sum() == 5
    early = known_lines(lines, AS_OF - timedelta(days=100))
    assert early["ordered_on"].max() <= pd.Timestamp(AS_OF - timedelta(days=100))
    assert early["lead_days"].notna().sum() == 2
    assert lines["lead_days"].notna().sum() == 5  # what came in is left as it was


def test_what_was_spent_on_empty_shelves_is_not_known_of_a_quarter_hardly_counted(report):
    name = "feedback.spend_on_out_of_stock"
    assert replace(report, counted_share=0.8).figures[name].bound == "at least"
    hardly = replace(report, counted_share=0.3)
    assert hardly.figures[name].value is None
    for language in (ENGLISH, FRENCH):
        assert language.say(hardly.figures[name].note) in sentences.feedback.stock(hardly, language)
    assert actions_of(hardly)["throttle"].prediction is None


def test_a_product_that_is_sold_on_when_it_is_out_is_left_alone():
    found = read(marts(**stock_marts(backordered=True)))
    assert found.outlooks == ()
    assert found.out_spend == {}


def test_the_table_says_when_a_product_sells_out_and_how_sure_that_is(report):
    (row,) = charts.feedback_tables.throttle_table(report, ENGLISH).to_dict("records")
    middle, low, high = (ENGLISH.day_of_year(day) for day in report.throttled[0].sells_out_on)
    assert row["sells_out"] == f"{middle} ({low} – {high})"


def test_more_cover_to_keep_starts_earlier(report):
    wide = with_policy(report, replace(POLICY, min_cover_days=3))
    near = with_policy(report, replace(POLICY, min_cover_days=9))
    assert wide.throttled[0].throttle_from > near.throttled[0].throttle_from >= AS_OF


def test_links_are_the_clients_before_the_exports_before_a_name():
    by_name = read(marts(**stock_marts(named=False)))
    assert set(by_name.links["how"]) == {"name"}
    assert [gap.export for gap in by_name.missing if "campaign advertises" in gap.export]
    links = pd.DataFrame([{"campaign": "search | candles", "sku": None, "category": "candles"}])
    declared = read(marts(**(stock_marts(named=False) | {"ad_link": links})))
    assert set(declared.links["how"]) == {"declared"}
    assert set(read().links["how"]) == {"export"}


def test_sell_out_dates_hold_at_their_level():
    """Negative binomial demand whose mean was only seen for eight weeks."""
    rng, held = np.random.default_rng(11), []
    for _ in range(300):
        mean, shape = rng.uniform(0.4, 4), 3.0
        past = rng.poisson(mean * rng.gamma(shape, 1 / shape, 56)).sum()
        stock = int(rng.integers(5, 60))
        future = rng.poisson(mean * rng.gamma(shape, 1 / shape, 400)).cumsum()
        truth = int((future < stock).sum())
        draws = sellout_days(stock, DailyDemand(past, 56, shape), horizon=400, draws=400, rng=rng)
        low, high = np.quantile(draws, (0.05, 0.95))
        held.append(low <= truth <= high)
    assert 0.85 <= np.mean(held) <= 0.96


@pytest.mark.parametrize(
    ("stock", "units", "shape"), [(10, 112, 5.0), (40, 0, 1.0), (2.5, 20, 0.3)]
)
def test_the_day_of_the_last_unit_is_that_of_days_sold_one_by_one(stock, units, shape):
    rng, draws, horizon = np.random.default_rng(13), 20_000, 60
    mean = rng.gamma(units + 0.5, 1 / 56, (draws, 1))
    sold = rng.poisson(mean * rng.gamma(shape, 1 / shape, (draws, horizon))).cumsum(axis=1)
    one_by_one = np.sort((sold < stock).sum(axis=1))
    days = sellout_days(stock, DailyDemand(units, 56, shape), horizon=horizon, draws=draws, rng=rng)
    at = np.arange(horizon)
    apart = np.searchsorted(one_by_one, at, "right") - np.searchsorted(np.sort(days), at, "right")
    assert np.abs(apart).max() / draws < 1.63 / np.sqrt(draws)  # Kolmogorov's 1 %


def test_the_spread_of_daily_demand_is_found_again():
    rng = np.random.default_rng(12)
    units = rng.poisson(3.0 * rng.gamma(2.0, 0.5, (60, 56)))
    window = np.full(60, 56.0)
    found = pooled_shape(units.sum(axis=1), (units**2).sum(axis=1), window)
    assert found == pytest.approx(2.0, rel=0.35)


# ── what is foretold ─────────────────────────────────────────────────────────────────────────────


def actions_of(found) -> dict:
    told = sentences.feedback_actions.recommendations(found, AS_OF, ENGLISH)
    return {action.id.removeprefix("feedback."): action for action in told}


def test_every_action_has_an_effect_and_says_by_which_finding_it_will_be_told(report):
    told = actions_of(report)
    assert {"throttle", "slow_regions", "write_first"} <= set(told)
    for key, action in told.items():
        assert action.low <= action.effect <= action.high, key
        assert action.prediction.finding in report.figures, key
        assert action.prediction.now == pytest.approx(
            report.figures[action.prediction.finding].value, rel=0.05
        )


def test_writing_first_saves_half_of_the_tickets_that_lateness_brings(report, truth):
    late = LatePlaces.of(report)
    extra = report.late_tickets.extra
    assert extra.mean() == pytest.approx(truth.ticket_if_late, abs=0.08)
    half = 0.5 * late.late_orders * extra.mean() * DECLARED.service["ticket_cost"]
    assert late.written.value == pytest.approx(half, rel=0.1)
    assert late.written.basis == "assumed"
    assert late.written.low < 0.3 * late.written.value
    silent = world(1)[0].assign(ticketed_orders=0, late_ticketed_orders=0)
    mute = read(marts(channel_region_quarter=silent))
    assert LatePlaces.of(mute).written.value is None
    assert "not known" in sentences.feedback.operations(mute, ENGLISH)


def test_a_slow_place_that_becomes_like_the_others_moves_its_share_by_one_quarter_of_four(report):
    told = actions_of(report)["slow_regions"].prediction
    late = LatePlaces.of(report)
    assert told.low < told.now - 0.25 * (told.now - late.elsewhere) < told.high < told.now + 0.02


def test_a_supplier_who_takes_longer_endangers_what_is_advertised():
    before, lately = purchases((9, 10) * 5).iloc[1:], purchases((20, 22) * 4)
    before = before.assign(po_id=before["po_id"] + " long ago")
    day = pd.Timedelta(days=1)
    before[["ordered_on", "received_on"]] -= 260 * day
    lately.loc[1:, ["ordered_on", "received_on"]] += 40 * day
    slower = pd.concat([lately, before], ignore_index=True)
    found = read(marts(**(stock_marts(available=0) | {"purchase_line": slower})))
    (drift,) = found.drifts
    assert drift.change.value == pytest.approx(11.5)
    (candle,) = found.outlooks
    unit = 0.6 * 600.0 / 60  # contribution: margin times what it sells for
    per_day = candle.daily_spend + candle.units_per_day * unit
    comes = candle.receipt.days  # out of stock already: each day later is a day lost
    lost = comes - np.maximum(comes - drift.change.value, 1.0)
    assert drift.endangered.value == pytest.approx(lost.mean() * per_day)
    assert actions_of(found)["supplier_drift"].effect == drift.endangered.value
    unadvertised = read(marts(purchase_line=slower, campaign_day=EMPTY))
    assert unadvertised.drifts[0].endangered.value is None
    assert "not known" in sentences.feedback.operations(unadvertised, ENGLISH)


# ── less than everything ─────────────────────────────────────────────────────────────────────────


def test_a_long_list_is_cut_in_the_text_and_whole_in_the_table():
    wide = read(policy=replace(POLICY, material_share=0.0, strength=10.0))
    assert len(wide.changes) > 12
    said = sentences.feedback_bids.changes(wide, ENGLISH)
    assert f"and {len(wide.changes) - 12} more" in said
    assert len(charts.feedback_tables.change_table(wide, ENGLISH)) == len(wide.changes)


def test_without_regions_there_is_a_cac_by_channel_and_no_bid():
    rows, _ = world(1)
    bare = rows.assign(region=None, country=None)
    found = read(marts(channel_region_quarter=bare))
    assert found.changes == ()
    assert found.figures["feedback.adjusted_cac.paid_search"].value > 20
    assert any("by region" in gap.export for gap in found.missing)
    assert "by region" in sentences.feedback.verdict(found, ENGLISH)


def test_without_shipments_late_deliveries_are_left_out_and_it_says_so():
    rows, _ = world(1)
    blind = rows.assign(judged_orders=0, late_orders=0)
    found = read(marts(channel_region_quarter=blind))
    assert found.figures["feedback.late_share.region_00"].value is None
    assert any("Delivery dates" in gap.export for gap in found.missing)
    known = read().figures["feedback.added_cost.paid_search"].value
    assert 0 < found.figures["feedback.added_cost.paid_search"].value < known
    rows_of_cost = cost_rows(found.drawn, found.costs, KEYS, min_orders=30)
    assert (rows_of_cost[["late", "lost"]] == 0).all(axis=None)


def test_without_stock_or_ads_the_rest_stands():
    frames = dict.fromkeys(stock_marts(), EMPTY)
    found = read(marts(**frames))
    assert found.throttled == ()
    assert found.changes
    assert found.figures["feedback.skus_to_throttle"].value is None
    for language in (ENGLISH, FRENCH):
        assert sentences.feedback.stock(found, language)


def test_without_anything_but_orders_nothing_fails():
    rows, _ = world(1)
    bare = rows[rows["orders"] > 0].assign(
        region=None, country=None, category=None, judged_orders=0, late_orders=0
    )
    frames = dict.fromkeys((*stock_marts(), "cohort_day"), EMPTY)
    found = read(marts(channel_region_quarter=bare, **frames), declared=Declared())
    assert sentences.feedback.verdict(found, FRENCH)
    assert charts.feedback.sell_out(found, FRENCH) is None
    table = charts.feedback_tables.cac_table(found, FRENCH)
    assert len(table) == 3
    assert "adjusted_cac" not in table
    assert {"category", "adjusted_cac"}.isdisjoint(charts.feedback_tables.cell_table(found, FRENCH))
    said = sentences.feedback.routes(found, ENGLISH) + sentences.feedback.operations(found, ENGLISH)
    assert "no route can be called slow" in said
    assert "how long suppliers take is not known" in said
    assert "counts the stock" in sentences.feedback.verdict(found, ENGLISH)
    assert widgets.loops(found, FRENCH) is None


# ── the page and the files ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_everything_is_said_in_both_languages(report, language):
    language.untranslated.clear()
    assert sentences.feedback_bids.changes(report, language)
    for say in ("verdict", "costs", "evidence", "stock", "operations", "routes"):
        assert getattr(sentences.feedback, say)(report, language)
    tables = charts.feedback_tables
    for table in (tables.cac_table, tables.cell_table, tables.change_table, tables.throttle_table):
        assert len(table(report, language)) > 0
    assert charts.feedback.added_cost(report, language).to_dict()
    assert charts.feedback.sell_out(report, language).to_dict()
    actions = sentences.feedback_actions.recommendations(report, AS_OF, language)
    assert {action.owner for action in actions} == {"marketing", "operations", "customer service"}
    assert all(action.due > AS_OF.isoformat() for action in actions)
    assert not language.untranslated


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator))


# https://support.google.com/google-ads/editor/answer/57747, "CSV file columns"; and the first row
# of the sheet that Meta's Ads Manager exports, in the copies of it that are public.
DOCUMENTED = {
    "google_ads_locations.csv": ("Campaign", "Location", "Bid modifier"),
    "google_ads_campaigns.csv": ("Campaign", "Campaign status", "Campaign daily budget"),
    "meta_campaigns.csv": (
        "Campaign ID", "Campaign Name", "Campaign Status", "Campaign Daily Budget",
    ),
}  # fmt: skip
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def test_the_files_have_the_vendors_columns(report):
    assert COLUMNS == DOCUMENTED
    files = action_files(report, ENGLISH)
    locations = rows_of(files["feedback_google_ads_locations.csv"])
    assert tuple(locations[0]) == DOCUMENTED["google_ads_locations.csv"]
    assert locations[1][0] == "Search | Candles"
    assert locations[1][1].endswith(", France")
    assert -50 <= int(locations[1][2]) < 0
    budgets = rows_of(files["feedback_google_ads_campaigns.csv"])
    assert tuple(budgets[0]) == DOCUMENTED["google_ads_campaigns.csv"]
    assert budgets[1] == ["Search | Candles", "Paused", ""]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_the_files_open_as_text_in_the_readers_language(report, language):
    """Names that would run as formulas, or break a row, come back as they were, as text."""
    name, title = "=cmd|' /C calc'!A0", '@SUM(1);"x", y\nz'
    evil = stock_marts(available=3)
    evil["campaign_day"] = pd.concat(
        [
            evil["campaign_day"].assign(campaign=name, platform=platform)
            for platform in ("Google Ads", "Meta Ads")
        ]
    )
    evil["campaign_place_quarter"] = pd.concat(
        [
            evil["campaign_place_quarter"].assign(campaign=name, platform=platform)
            for platform in ("Google Ads", "Meta Ads")
        ]
    )
    evil["sku_cover_quarter"] = evil["sku_cover_quarter"].assign(title=title)
    files = action_files(read(marts(**evil)), language)
    assert {file.removeprefix("feedback_") for file in files} == {
        *DOCUMENTED, "marketing.csv", "operations.csv", "customer_service.csv", "adjusted_cac.csv",
        "README.txt",
    }  # fmt: skip
    for file, text in files.items():
        if not file.endswith(".csv"):
            continue
        for_people = file.removeprefix("feedback_") not in DOCUMENTED
        rows = rows_of(text, ";" if for_people and language is FRENCH else ",")
        assert text.startswith("\ufeff")
        assert {len(row) for row in rows} == {len(rows[0])}
        cells = [cell for row in rows for cell in row]
        assert not [c for c in cells if c[:1] in "=+-@\t\r" and c and not NUMBER.fullmatch(c)]


def test_every_cell_stands_in_a_file_with_its_layers_and_their_sum(report):
    head, *rows = rows_of(action_files(report, ENGLISH)["feedback_adjusted_cac.csv"])
    assert len(rows) == (report.drawn.cells["new_customers"] > 0).sum()
    at = {name: n for n, name in enumerate(head)}
    layers = [at[name] for name in head if name in {
        "Late delivery", "Refunds", "Tickets", "Replacements", "Repeat purchases lost",
    }]  # fmt: skip
    assert len(layers) == len(LAYERS)
    for row in rows:
        together = sum(float(row[n]) for n in layers)
        assert float(row[at["Service together"]]) == pytest.approx(together, abs=0.03)
        if row[at["CAC"]]:
            adjusted = float(row[at["CAC"]]) + together
            assert float(row[at["Adjusted CAC"]]) == pytest.approx(adjusted, abs=0.04)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (ENGLISH, ("To upload", "To undo", "To check", "-7%", "publishes no list")),
        (FRENCH, ("Pour importer", "Pour annuler", "À vérifier", "-7", "ne publie pas de liste")),
    ],
    ids=["en", "fr"],
)
def test_the_readme_says_how_to_upload_to_undo_and_what_to_check(report, language, words):
    text = readme([f"feedback_{name}" for name in DOCUMENTED], language)
    assert [word for word in words if word not in text] == []
    assert "support.google.com/google-ads/editor/answer/57747" in text
    assert "META" not in readme(["feedback_google_ads_locations.csv"], language)


def test_meta_has_its_own_columns_and_the_budget_bears_what_a_region_loses(report, truth):
    meta = stock_marts(available=5000)
    meta["campaign_day"] = meta["campaign_day"].assign(platform="Meta Ads", channel="Paid Social")
    meta["campaign_place_quarter"] = meta["campaign_place_quarter"].assign(
        platform="Meta Ads", channel="Paid Social"
    )
    found = read(marts(**meta), policy=replace(POLICY, strength=5.0))
    (change,) = found.budgets
    assert not change.is_paused
    assert change.by_place < 0
    assert change.by_stock == 0
    assert change.daily_budget < change.daily_spend
    rows = rows_of(action_files(found, ENGLISH)["feedback_meta_campaigns.csv"])
    assert tuple(rows[0]) == DOCUMENTED["meta_campaigns.csv"]
    assert rows[1][:3] == ["", "Search | Candles", "ACTIVE"]


def test_the_panel_moves_list_and_totals(report):
    panel = widgets.loops(report, ENGLISH)
    assert grid.precomputed(panel)
    low = panel.respond({"late_cost": 0.0, "min_cover_days": 14, "strength": 1.0})
    high = panel.respond({"late_cost": 20.0, "min_cover_days": 14, "strength": 3.0})
    moved = high.tables["changes"]["modifier"].sum()
    assert moved < low.tables["changes"]["modifier"].sum()
    assert low.readouts[-1].value != high.readouts[-1].value
    soon = panel.respond({"late_cost": 0.0, "min_cover_days": 7, "strength": 1.0})
    first = [one.readouts[-2].value for one in (low, soon)]  # the day from which ads are held
    assert first == ["30 Sep 2026", "3 Oct 2026"]
    assert low.tables["held"]["saved"].tolist() == [report.throttled[0].saved.value]


def test_the_panel_leaves_out_what_cannot_move():
    rows, _ = world(1)
    bare = read(marts(channel_region_quarter=rows.assign(region=None, country=None)))
    only_stock = widgets.loops(bare, FRENCH)
    assert [knob.name for knob in only_stock.knobs] == ["min_cover_days"]
    assert grid.precomputed(only_stock)
    frames = dict.fromkeys(stock_marts(), EMPTY)
    only_bids = widgets.loops(read(marts(**frames)), FRENCH)
    assert [knob.name for knob in only_bids.knobs] == ["late_cost", "strength"]
    assert grid.precomputed(only_bids)


def test_worth_is_that_of_step_two_and_unknown_without_a_margin():
    assert read().worth.of("Paid Search").mean() == pytest.approx(80.0, rel=0.02)
    unknown = cohort_day().assign(contribution=np.nan)
    assert read(marts(cohort_day=unknown)).worth.draws == {}


def test_days_count_from_the_stock_count(report):
    (candle,) = report.throttled
    assert candle.counted_on == AS_OF
    assert candle.throttle_from == AS_OF + timedelta(days=max(0, candle.cover_middle - 14))
