"""Step 4: who is dear to serve, what actions promise, and what stands with less data."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from feedback_frames import (
    CATEGORIES,
    DEARER,
    DECLARED,
    campaign_marts,
    cohort_day,
    marts,
    purchases,
    stock_marts,
    world,
)
from feedback_reports import EMPTY, ENGLISH, FRENCH, POLICY, actions_of, read
from goulot import charts, sentences
from goulot.findings import Figure
from goulot.steps.added_costs import KEYS
from goulot.steps.cost_table import cost_rows
from goulot.steps.feedback_inputs import Declared
from goulot.steps.late_places import LatePlaces
from goulot.steps.service_costs import LAYERS
from goulot.widgets import feedback as widgets


@pytest.fixture(scope="module")
def report():
    return read()


@pytest.fixture(scope="module")
def truth():
    return world(1)[1]


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


# ── what is foretold ─────────────────────────────────────────────────────────────────────────────


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


def test_worth_is_that_of_step_two_and_unknown_without_a_margin():
    assert read().worth.of("Paid Search").mean() == pytest.approx(80.0, rel=0.02)
    unknown = cohort_day().assign(contribution=np.nan)
    assert read(marts(cohort_day=unknown)).worth.draws == {}
