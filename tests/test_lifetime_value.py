"""Step 5: cohorts that add up, LTV by what foretold better, effects that can be believed or not,
and the premium's arithmetic."""

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
from goulot.methods.likelihood import drawn
from goulot.methods.premium import break_even_change, retained_value, retention_for
from goulot.quarter import Quarter
from goulot.sentences import premium as premium_sentences
from goulot.sentences.lifetime_actions import recommendations
from goulot.steps.cohorts import cohorts, cost_to_win, paid_back
from goulot.steps.customer_money import (
    ALL,
    DAYS_PER_MONTH,
    MIN_AT_RISK,
    ages_by_channel,
    widened,
    worth_over,
)
from goulot.steps.delivery_effect import delivery_effect, figures
from goulot.steps.delivery_test import design_delivery_test
from goulot.steps.first_deliveries import NO_DATES, NO_OVERLAP, TOO_FEW, EffectPolicy
from goulot.steps.lifetime import LifetimePolicy, lifetimes
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

CASES = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"
FIRST, LAST = date(2024, 10, 1), date(2026, 9, 30)
QUARTER = Quarter(2026, 3)


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


def purchases(seed: int = 1, customers: int = 1500) -> pd.DataFrame:
    """The mart ``purchase_day``: repeats come after 20 to 200 days, 30 % of the time each."""
    rng = np.random.default_rng(seed)
    span = (LAST - FIRST).days
    rows = []
    for number, start in enumerate(rng.integers(0, span, customers)):
        day, first = int(start), int(start)
        while day <= span:
            rows.append((f"{number:05}", day, first, 60.0, 30.0 if day == first else 24.0))
            if rng.random() > 0.3:
                break
            day += int(rng.integers(20, 200))
    names = ["customer_key", "ordered_on", "first_ordered_on", "revenue", "contribution"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("ordered_on", "first_ordered_on"):
        frame[name] = pd.Timestamp(FIRST) + pd.to_timedelta(frame[name], unit="D")
    channel = np.where(frame["customer_key"].str[-1] < "5", "Email", "Direct")
    return frame.assign(channel=channel, orders=1)


def by_age(bought: pd.DataFrame) -> pd.DataFrame:
    """The mart ``cohort_day`` of these purchases."""
    age = (bought["ordered_on"] - bought["first_ordered_on"]).dt.days
    made = bought.assign(age_days=age, customers_last_seen=0)
    people = bought.drop_duplicates("customer_key")
    seen = people.assign(age_days=(pd.Timestamp(LAST) - people["first_ordered_on"]).dt.days,
                         customers_last_seen=1, orders=0, contribution=np.nan)  # fmt: skip
    both = pd.concat([made, seen])
    both["quarter"] = both["first_ordered_on"].dt.to_period("Q").astype(str)
    keys = ["quarter", "channel", "age_days"]
    return both.groupby(keys, as_index=False)[
        ["orders", "contribution", "customers_last_seen"]
    ].sum()


def test_a_cohort_that_has_lived_a_year_has_brought_its_purchases_of_that_year():
    bought = purchases()
    found = cohorts(bought, LAST)
    old = bought[bought["first_ordered_on"] < "2024-11-01"]
    within = (old["ordered_on"] - old["first_ordered_on"]).dt.days < 12 * DAYS_PER_MONTH
    expected = old.loc[within, "contribution"].sum() / old["customer_key"].nunique()
    rows = found.by_month
    row = rows[(rows["cohort"] == "2024-10-01") & (rows["month"] == 12)]
    assert row["brought"].item() == pytest.approx(expected)
    assert row["customers"].item() == old["customer_key"].nunique()


def test_payback_is_the_first_month_that_covers_the_cac():
    found = cohorts(purchases(), LAST)
    week = {
        "week_starts_on": ["2026-07-06", "2026-07-06", "2026-09-28"],  # the last ends after it
        "channel": ["Email", "Direct", "Email"],
        "spend": [290.0, np.nan, 9e9],
        "new_customers": [10, 90, 1],
    }
    cac = cost_to_win(pd.DataFrame(week), QUARTER)
    assert cac == {"email": 29.0, "total": 2.9}
    back = paid_back(found, cac).set_index("channel")["month"]
    assert back["Email"] == 1
    assert "Direct" not in back


def test_without_a_margin_cohorts_are_of_revenue_and_ltv_is_not_known():
    bought = purchases(customers=400).assign(contribution=None)
    assert cohorts(bought, LAST).measure == "revenue"
    ages = by_age(bought.assign(contribution=0.0)).assign(contribution=np.nan)
    found = lifetimes(bought, ages, QUARTER, LAST, LifetimePolicy(replicates=20), "EUR")
    assert found.total.ltv.value is None
    assert found.total.predicted is None


def test_ltv_is_told_by_what_foretold_better_and_says_so():
    bought = purchases()
    found = lifetimes(bought, by_age(bought), QUARTER, LAST, LifetimePolicy(replicates=40), "EUR")
    off = {name: abs(error) for name, error in found.calibration.errors.items()}
    best = "BG/NBD" if off["BG/NBD"] <= min(off["cohorts"], 0.15) else "cohorts"
    assert found.used == best
    true = 30 + 24 * (0.3 + 0.3**2 + 0.05 * 0.3**3)  # third gaps mostly end outside the year
    ltv = found.figures["lifetime.ltv.total"]
    assert ltv.low < ltv.value < ltv.high
    assert ltv.value == pytest.approx(true, rel=0.06)
    strict = replace(found.policy, max_miss=0.0)
    again = lifetimes(bought, by_age(bought), QUARTER, LAST, strict, "EUR")
    assert again.used == "cohorts"
    assert [c.channel for c in found.channels] == ["Direct", "Email", ALL]


def test_draws_of_a_worth_are_cohorts_resampled_and_counted_one_by_one():
    ages = ages_by_channel(by_age(purchases()), QUARTER)["Email"]
    worth = worth_over(ages, 12, 0.0, replicates=30, seed=3)
    count = len(ages.at_risk)
    picks = np.random.default_rng(3).integers(0, count, (30, count))
    alone = np.array([ages.cumulated(ages.contribution, pick)[worth.days - 1] for pick in picks])
    seen = np.array([ages.at_risk[pick, 0].sum() >= MIN_AT_RISK for pick in picks])
    alone = np.where(seen, alone, worth.value)
    assert worth.draws == pytest.approx(widened(alone, worth.value, ages))


def test_a_parameter_that_the_data_leave_open_is_held_and_not_drawn():
    spread = np.diag([0.01, 0.01, 6678.0, -124.0])
    spread[0, 1] = spread[1, 0] = 0.005
    found = drawn(np.array([0.76, 9.8, 1e-4, 8e3]), spread, 200, np.random.default_rng(1))
    assert (found[:, 2:] == found[0, 2:]).all()
    assert np.log(found[:, 0]).std() == pytest.approx(0.1, rel=0.2)


def deliveries(seed: int = 1, rows: int = 4000, effect: float = -0.12) -> pd.DataFrame:
    """The mart ``first_delivery``: remote customers get it late more often and buy less anyway."""
    rng = np.random.default_rng(seed)
    remote = rng.random(rows) < 0.3
    late = rng.random(rows) < np.where(remote, 0.35, 0.12)
    chance = np.where(remote, 0.25, 0.40) + effect * late
    back = rng.random(rows) < chance
    basket = rng.gamma(4, 15, rows)
    later = back * rng.gamma(4, 8, rows)
    first = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 250, rows), unit="D")
    after = pd.Series(np.where(back, rng.integers(5, 170, rows), -1), dtype="Int64")
    return pd.DataFrame(
        {
            "first_ordered_on": first,
            "channel": rng.choice(["Email", "Direct"], rows),
            "country": "FR",
            "region": np.where(remote, "Corse", "Bretagne"),
            "category": "A",
            "basket": basket,
            "is_late": pd.array(late, dtype="boolean"),
            "is_split": pd.array(rng.random(rows) < 0.05, dtype="boolean"),
            "days_late": pd.array(np.where(late, rng.integers(1, 6, rows), -1), dtype="Int64"),
            "days_to_deliver": pd.array(np.where(late, 7, rng.integers(1, 5, rows)), dtype="Int64"),
            "seen_days": 400,
            "second_after_days": after.where(after > 0),
            "later_90": later / 2,
            "later_180": later,
            "later_365": later,
        }
    )


@pytest.fixture(scope="module")
def found():
    return delivery_effect(deliveries(), LAST, EffectPolicy())


def test_the_late_effect_is_found_where_the_plain_difference_says_too_much(found):
    e = found.repeat.effect
    assert e.low <= -0.12 <= e.high
    assert e.naive < e.value
    assert found.balance["after"].max() < 0.05 < found.balance["before"].max()
    assert found.placebo.effect.low <= 0 <= found.placebo.effect.high
    assert all(e > 1 for e in found.e_values)
    assert {c.channel for c in found.by_channel} == {"Direct", "Email"}
    told = figures(found, 12, "EUR")
    assert told["lifetime.late_effect_on_value"].value < 0


def test_nothing_is_said_without_dates_with_too_few_or_without_overlap():
    rows = deliveries(rows=1500)
    policy = EffectPolicy()
    none = delivery_effect(rows.assign(is_late=pd.NA), LAST, policy)
    assert none.repeat.refused == NO_DATES
    few = delivery_effect(rows.head(60), LAST, policy)
    assert few.repeat.refused == TOO_FEW
    corse = rows["region"] == "Corse"
    fate = np.where(corse, True, rows.index % 400 == 0)
    apart = delivery_effect(rows.assign(is_late=pd.array(fate, dtype="boolean")), LAST,
                            replace(policy, min_treated=2))  # fmt: skip
    assert apart.repeat.refused == NO_OVERLAP
    assert figures(apart, 12, "EUR")["lifetime.late_effect_on_repeat"].value is None


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
