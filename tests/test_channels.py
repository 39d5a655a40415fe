"""Step 2 as a whole: what it says of a small shop, and of one without advertising."""

import dataclasses
import time
from datetime import date

import numpy as np
import pandas as pd
import pytest
from channel_frames import MONDAYS, QUARTER, channel_week, true_slope
from goulot import sentences
from goulot.charts import channels as charts
from goulot.charts import outlook
from goulot.errors import ParameterError
from goulot.language import Language
from goulot.steps.channel_curves import HARDLY_VARIED, CurvePolicy, learn_curves
from goulot.steps.channel_inputs import ChannelPolicy, Declared, Marts, policy_of
from goulot.steps.channel_plan import PlanPolicy, Room
from goulot.steps.channels import read_channels
from goulot.steps.customer_money import ages_by_channel, orders_in_first, worth_over
from goulot.widgets import channels as widgets
from goulot.widgets import grid
from goulot.widgets.live import LivePanel

POLICY = ChannelPolicy(curves=CurvePolicy(replicates=60))


def cohort_day(channels=("Paid Search", "Paid Social", "Organic Search")) -> pd.DataFrame:
    """A hundred customers a quarter: 25 at first, 15 a month later, half of them 10 more."""
    ages = {0: (100, 2500.0), 30: (100, 1500.0), 90: (50, 500.0)}
    rows = [
        {"quarter": quarter, "channel": channel, "age_days": age, "orders": orders,
         "contribution": money, "customers_last_seen": 0}
        for quarter in ("2025Q2", "2025Q3") for channel in channels
        for age, (orders, money) in ages.items()
    ]  # fmt: skip
    last = {"age_days": 400, "orders": 0, "contribution": np.nan, "customers_last_seen": 100}
    seen = [row | last for row in rows if row["age_days"] == 0]
    return pd.DataFrame(rows + seen)


def country_week() -> pd.DataFrame:
    orders = np.random.default_rng(3).poisson(60, (2, len(MONDAYS)))
    frames = [
        pd.DataFrame({"week_starts_on": MONDAYS, "country": country, "orders": orders[n],
                      "new_customers": orders[n] // 2,
                      "returning_orders": orders[n] - orders[n] // 2, "regions": 9,
                      "revenue": 1.0})
        for n, country in enumerate(("FR", "BE"))
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def read(frame=None, policy=POLICY, room=None, **declared):
    frame = channel_week() if frame is None else frame
    marts = Marts(channel_week=frame, cohort_day=cohort_day(), country_week=country_week())
    return read_channels(marts, QUARTER, Declared(discount_rate=0.0, **declared), policy, room)


@pytest.fixture(scope="module")
def report():
    return read()


def row(report, channel):
    return next(row for row in report.rows if row.channel == channel)


def test_cost_worth_and_payback_are_what_arithmetic_says(report):
    social = row(report, "Paid Social")
    spend = 800.0 * 12
    assert social.spend.value == pytest.approx(spend)
    assert social.cac.value == pytest.approx(spend / social.new_customers.value)
    assert social.ltv.value == pytest.approx(25 + 15 + 5)
    assert 25 < social.cac.value < 40
    assert social.payback_days.value == 30
    assert social.ltv_to_cac.value == pytest.approx(45 / social.cac.value)
    assert sum(r.share.value for r in report.rows) == pytest.approx(1)


def test_the_next_customer_costs_one_over_the_slope(report):
    found = row(report, "Paid Search").marginal_cac
    spend = report.weeks.spend[report.weeks.row("Paid Search")][report.weeks.in_quarter]
    true = spend.sum() / sum(x * true_slope(x) for x in spend)
    assert found.low <= true <= found.high


def test_a_channel_that_cannot_be_read_is_said_so_and_gets_a_test(report):
    social = row(report, "Paid Social").marginal_cac
    assert (social.value, social.note) == (None, HARDLY_VARIED)
    assert [planned.channel for planned in report.tests if planned.why == HARDLY_VARIED] == [
        "Paid Social"
    ]
    assert report.plan.kept == ("Paid Social",)


def test_customers_too_young_for_an_age_are_not_held_to_have_spent_nothing():
    frame = cohort_day()
    young = frame["quarter"] == "2025Q3"
    frame.loc[young & (frame["age_days"] == 400), "age_days"] = 40
    frame = frame[~(young & (frame["age_days"] == 90))]
    ages = ages_by_channel(frame, QUARTER)["Paid Search"]
    assert worth_over(ages, 12, 0.0, replicates=10, seed=1).value == pytest.approx(45)
    assert orders_in_first(ages, 91) == pytest.approx(2.5)


def test_no_plan_sells_more_than_operations_can_serve_and_the_marketers_does():
    plenty = PlanPolicy(weekly_budget=50_000)
    policy = dataclasses.replace(POLICY, plan=plenty)
    cheap = channel_week()
    cheap["spend"] /= 2
    wide = read(cheap, policy)
    narrow = read(cheap, policy, Room("fulfillment", 420.0, 400.0))
    bought = narrow.bought
    added = sum(narrow.plan.added[c]["best"] for c in bought.channels)
    assert added * bought.orders_per_customer <= bought.room_for_bought * 1.001
    assert narrow.plan.is_room_tight
    assert narrow.plan.best["Paid Search"].value < wide.plan.best["Paid Search"].value
    assert narrow.plan.oversold.value > 0
    assert narrow.plan.lost_by_overselling.value > 0
    assert wide.plan.oversold.value is None


def test_what_was_never_spent_is_marked_and_capped():
    policy = dataclasses.replace(POLICY, plan=PlanPolicy(weekly_budget=50_000, max_beyond=0.2))
    cheap = channel_week()
    cheap["spend"] /= 10
    report = read(cheap, policy)
    best, most = report.plan.best["Paid Search"], report.curves.fits["Paid Search"].curve
    assert best.value == pytest.approx(1.2 * most.observed_max)
    assert report.plan.beyond == ("Paid Search",)
    assert best.note


def test_the_total_is_the_sum_of_the_channels_and_of_the_weeks(report):
    *parts, total = report.series
    expected = sum(one.next_quarter.value for one in parts)
    assert total.next_quarter.value == pytest.approx(expected)
    assert total.next_quarter.low < expected < total.next_quarter.high
    by_week = sum(one.path["expected"] for one in parts)
    assert total.path["expected"].to_numpy() == pytest.approx(by_week.to_numpy())


def test_every_finding_of_the_design_is_there_for_channels_with_spend(report):
    names = report.figures
    for quantity in ("spend", "new_customers", "cac", "marginal_cac", "payback_days",
                     "predictability", "skill", "forecast_new_customers"):  # fmt: skip
        assert f"channels.{quantity}.paid_search" in names
        assert f"channels.{quantity}.paid_social" in names
    assert "channels.best_spend.paid_search" in names
    assert "channels.cac.organic_search" not in names


def test_without_advertising_it_says_so_and_still_foretells():
    frame = channel_week().assign(spend=np.nan, conversions=np.nan)
    report = read(frame)
    english = Language("en")
    said = sentences.channels.verdict(report, english)
    assert "No advertising export" in said
    assert report.series[-1].predictability.value > 0.7
    assert {one.name for one in report.countries} == {"FR", "BE", "total"}
    assert charts.response(report, english) is None
    assert charts.allocation(report, english) is None
    assert widgets.budget(report, english) is None
    assert "cannot be said" in sentences.channel_money.plan(report, english)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_everything_is_said_in_the_readers_language(report, code):
    language = Language(code)
    says = (sentences.channels.verdict, sentences.channels.curves, sentences.channels.claims,
            sentences.channel_outlook.forecasts, sentences.channel_outlook.kinds,
            sentences.channel_money.plan, sentences.channel_money.tests)  # fmt: skip
    assert all(say(report, language) for say in says)
    assert sentences.channel_actions.recommendations(report, date(2026, 9, 30), language)
    pictures = (charts.response, charts.payback, charts.allocation, outlook.predictability,
                outlook.forecast)  # fmt: skip
    assert all(draw(report, language).to_dict()["description"] for draw in pictures)
    tables = (charts.channel_table, outlook.channel_table, outlook.order_table)
    assert all(len(table(report, language)) for table in tables)
    assert widgets.budget(report, language).start.readouts
    assert language.untranslated == set()


def test_curves_of_three_channels_with_their_replicates_take_less_than_three_seconds():
    frames = [channel_week(seed).replace("Paid Search", name)
              for seed, name in enumerate(("Paid Search", "Affiliates", "Email"))]  # fmt: skip
    search = [f[f["channel"].isin(("Paid Search", "Affiliates", "Email"))] for f in frames]
    started = time.process_time()
    assert len(learn_curves(pd.concat(search), QUARTER).fits) == 3
    assert time.process_time() - started < 3


def test_an_action_has_an_owner_an_effect_and_a_day(report):
    actions = sentences.channel_actions.recommendations(report, date(2026, 9, 30), Language("en"))
    by_id = {action.id: action for action in actions}
    assert by_id["channels.test.paid_social"].owner == "marketing"
    assert all(action.due > "2026-09-30" for action in actions)


def test_the_panel_answers_within_a_blink_and_more_budget_never_costs(report):
    panel = widgets.budget(report, Language("en"))
    live = LivePanel(panel)
    longest = len(live.values["budget"]) - 1
    started = time.process_time()
    for at in range(0, longest, longest // 8):
        live.answer({"budget": at, "allowed": 3})
    assert (time.process_time() - started) / 9 < 0.1
    assert grid.precomputed(panel)["grid"]["tables"]


def test_the_same_seed_says_the_same(report):
    assert read().figures == report.figures


@pytest.mark.parametrize("how", [{"max_beyond": 10}, {"min_variation": 25}, {"weekly_budget": -5}])
def test_a_policy_that_cannot_be_is_refused(how):
    with pytest.raises(ParameterError, match="write"):
        policy_of(**how)
