"""Step 5: whether a fulfillment premium pays, and which test would tell."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.language import Language
from goulot.methods.experiments import cluster_standard_error, intra_cluster_correlation
from goulot.methods.premium import break_even_change, retained_value, retention_for
from goulot.quarter import Quarter
from goulot.sentences import premium as premium_sentences
from goulot.sentences.lifetime_actions import recommendations
from goulot.steps.delivery_effect import delivery_effect
from goulot.steps.delivery_test import design_delivery_test
from goulot.steps.first_deliveries import EffectPolicy
from goulot.steps.premium import (
    NO_EFFECT,
    PremiumPolicy,
    customers_of,
    judge_premium,
    needed_by_premium,
    premium_figures,
)
from goulot.steps.sent_orders import Delivered, late_figures
from goulot.steps.speed_effect import NO_SPREAD, speed_effect
from goulot.widgets import Readout, grid
from goulot.widgets.lifetime import premium as premium_panel
from goulot.widgets.live import LivePanel
from hypothesis import given
from hypothesis import strategies as st
from late_deliveries import LAST, deliveries

CASES = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"


@pytest.mark.skipif(not CASES.is_file(), reason="the folder with reference cases is not here")
def test_the_closed_form_meets_its_reference_case():
    found = tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]
    (case,) = [c for c in found if c["method"] == "premium_break_even"]
    margin, cost, retention, rate = case["given"].values()
    worth, dearer = retained_value(margin, retention, rate), margin - 0.2 * cost
    got = {
        "ltv": worth,
        "break_even_retention": retention_for(worth, dearer, rate),
        "retention_for_plus_200_percent": retention_for(3 * worth, dearer, rate),
    }
    assert got == pytest.approx(case["expect"], rel=case["rel_tol"])
    change = break_even_change(margin, margin, worth / margin - 1, 0.2 * cost)
    by_retention = retained_value(margin, got["break_even_retention"], rate) / worth - 1
    assert change == pytest.approx(by_retention, rel=1e-6)


amounts = st.floats(1, 200)


@given(amounts, amounts, st.floats(0.05, 5), st.floats(0, 0.9))
def test_at_break_even_the_premium_leaves_what_there_was(first, repeat, repeats, share):
    extra = share * repeat
    change = break_even_change(first, repeat, repeats, extra)
    worth = first + repeat * repeats
    more = change * worth / repeat
    after = worth * (1 + change) - extra * (1 + repeats + more)
    assert after == pytest.approx(worth, rel=1e-9)
    assert change >= break_even_change(first, repeat, repeats, extra / 2)


def test_days_within_which_nobody_can_come_back_are_refused():
    with pytest.raises(ParameterError, match="repeat_days=0"):
        EffectPolicy(repeat_days=0)


KNOWN = Delivered(
    orders=np.array([1.0, *[0.6 / 364] * 364]),
    contribution=np.array([30.0, *[0.6 * 32 / 364] * 364]),
    revenue=60.0,
    margin=0.6,
    cost=10.0,
    carrier=Figure(value=6.0, unit="EUR/order", basis="observed"),
    late_share=0.16,
    effect={365: (-6.0, 1.2), 180: (-5.0, 0.8)},
    faster={365: (0.5, 0.2)},
    orders_drawn=np.outer(np.linspace(0.98, 1.02, 41), [1.0, *[0.6 / 364] * 364]),
    contribution_drawn=np.outer(np.linspace(0.95, 1.05, 41), [30.0, *[0.6 * 32 / 364] * 364]),
)


def test_a_dearer_premium_needs_more_and_pays_less_often():
    judged = [judge_premium(KNOWN, PremiumPolicy(premium=p)) for p in (0.0, 0.02, 0.05, 0.2)]
    assert [v.needed for v in judged] == sorted(v.needed for v in judged)
    odds = [v.pays for v in judged[1:]]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] > 0.9
    assert odds[-1] < 0.01
    better = judge_premium(KNOWN, PremiumPolicy(premium=0.05, late_left=0.0))
    assert better.supported[0] == pytest.approx(2 * judged[2].supported[0])
    assert needed_by_premium(KNOWN, PremiumPolicy())["needed"].is_monotonic_increasing


def test_days_sooner_add_what_a_day_is_seen_to_bring_and_its_doubt():
    slow, fast = (judge_premium(KNOWN, PremiumPolicy(days_faster=days)) for days in (0, 2))
    gained = (fast.supported[0] - slow.supported[0]) * slow.ltv
    assert gained == pytest.approx(2 * 0.5 * slow.orders)
    width = [v.supported[2] - v.supported[1] for v in (slow, fast)]
    assert width[1] > width[0]
    assert fast.pays >= slow.pays
    assert judge_premium(replace(KNOWN, faster={}), PremiumPolicy(days_faster=2)) == slow
    with pytest.raises(ParameterError, match="days_faster=9"):
        PremiumPolicy(days_faster=9)


@pytest.mark.parametrize("days", [0.0, 2.0])
def test_the_draws_of_a_verdict_are_those_of_its_seed(days):
    """Effects, then what is needed with them, drawn one after the other."""
    policy = PremiumPolicy(premium=0.05, days_faster=days, seed=4)
    verdict = judge_premium(KNOWN, policy, customers_of(KNOWN, policy))
    rng = np.random.default_rng(4)
    brought = -rng.normal(*KNOWN.effect[365], 2000) * 0.08 * verdict.orders
    if days:
        brought = brought + rng.normal(*KNOWN.faster[365], 2000) * days * verdict.orders
    life = customers_of(KNOWN, policy).drawn
    needs = rng.choice(break_even_change(life.first, life.repeat, life.repeats, 0.5), 2000)
    assert verdict.pays == pytest.approx((brought / verdict.ltv > needs).mean(), abs=1e-3)
    assert verdict.supported[1:] == pytest.approx(np.percentile(brought, (5, 95)) / verdict.ltv)


def test_break_even_is_as_sure_as_what_customers_bring():
    verdict = judge_premium(KNOWN, PremiumPolicy())
    low, high = verdict.needed_range
    assert low < verdict.needed < high
    figure = premium_figures(KNOWN, PremiumPolicy())["lifetime.premium_break_even"]
    assert (figure.low, figure.high) == (low, high)
    sure = replace(
        KNOWN, orders_drawn=KNOWN.orders[None], contribution_drawn=KNOWN.contribution[None]
    )
    exact = judge_premium(sure, PremiumPolicy())
    assert exact.needed_range == (exact.needed, exact.needed)
    worse = KNOWN.contribution_drawn * np.linspace(0.01, 1, 41)[:, None]
    never = premium_figures(replace(KNOWN, contribution_drawn=worse), PremiumPolicy(premium=0.5))
    assert never["lifetime.premium_break_even"].high is None


def test_an_order_sooner_is_worth_what_it_is_and_nothing_where_it_is_nothing():
    rng = np.random.default_rng(3)
    rows = deliveries(rows=6000)
    days = rng.integers(1, 7, len(rows))
    for slope, holds in ((-0.03, False), (0.0, True)):
        back = rng.random(len(rows)) < 0.4 + slope * (days - 3)
        after = pd.Series(np.where(back, 30, -1), dtype="Int64")
        told = rows.assign(days_to_deliver=days, second_after_days=after.where(after > 0))
        found = speed_effect(told, LAST, EffectPolicy()).repeat
        assert found.low < slope < found.high
        assert (found.low < 0 < found.high) is holds
    still = speed_effect(rows.assign(days_to_deliver=2), LAST, EffectPolicy())
    assert (still.repeat, still.refused) == (None, NO_SPREAD)
    assert speed_effect(rows.head(90), LAST, EffectPolicy()).repeat is None


def test_an_action_names_the_share_of_late_orders_by_which_it_is_judged():
    sent = pd.DataFrame({"quarter": ["2025Q3"], "orders_judged": [900], "orders_late": [144]})
    late = late_figures(sent, Quarter(2025, 3))
    assert late["lifetime.late_share"].low < 0.16 < late["lifetime.late_share"].high
    effect = delivery_effect(deliveries(), date(2025, 11, 30), EffectPolicy())
    found = recommendations(effect, KNOWN, PremiumPolicy(), None, 500, late, LAST, Language("en"))
    (told,) = [one.prediction for one in found if one.id == "lifetime.cheaper_punctuality"]
    assert (told.finding, told.now, told.high) == ("lifetime.late_share", 0.16, 0.08)
    assert late_figures(sent.head(0), Quarter(2025, 3)) == {}


def test_without_delivery_dates_only_break_even_is_told():
    unknown = replace(KNOWN, late_share=None, effect={})
    told = premium_figures(unknown, PremiumPolicy())
    assert told["lifetime.premium_break_even"].value > 0
    assert told["lifetime.premium_pays_probability"].note == NO_EFFECT
    said = premium_sentences.stand(unknown, PremiumPolicy(), Language("en"))
    assert "can only be judged by break-even" in said
    panel = premium_panel(unknown, PremiumPolicy(), Language("en"))
    assert "late_left" not in [knob.name for knob in panel.knobs]
    assert panel.start.readouts[-1] == Readout("Probability that it pays", "–")
    assert "not known" in panel.start.sentence
    nothing = replace(unknown, margin=None)
    assert premium_figures(nothing, PremiumPolicy())["lifetime.premium_break_even"].value is None
    assert premium_panel(nothing, PremiumPolicy(), Language("en")) is None


def test_the_panel_answers_what_the_step_answers():
    policy = PremiumPolicy()
    panel = premium_panel(KNOWN, policy, Language("en"))
    readouts, _ = grid.readouts_at_start(grid.precomputed(panel))
    start = dict(readouts)
    needed = judge_premium(KNOWN, policy).needed
    assert start["LTV change needed"] == Language("en").percent(needed, 1)
    assert LivePanel(panel).answer({knob.name: 0 for knob in panel.knobs})


def test_likeness_within_regions_makes_a_test_weaker():
    assert intra_cluster_correlation([500] * 4, [0.2, 0.3, 0.4, 0.5]) > 0.03
    plain = cluster_standard_error(0.3, 4000, 4000, 0.02)
    assert cluster_standard_error(0.3, 4000, 15, 0.02) > 2 * plain


def test_the_test_sees_the_change_that_decides():
    design = design_delivery_test(
        deliveries(), date(2025, 11, 30), KNOWN, PremiumPolicy(), EffectPolicy()
    )
    assert design.unit == "postcodes"  # two regions are too few to draw lots among
    assert 0 < design.effect < 1
    assert design.cost == pytest.approx(design.customers / 2 * 0.2 * 10, rel=0.01)
    assert design_delivery_test(deliveries(), LAST, replace(KNOWN, margin=None), PremiumPolicy(),
                                EffectPolicy()) is None  # fmt: skip
