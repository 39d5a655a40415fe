"""Step 4: ads that outlast their stock."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from feedback_frames import AS_OF, DECLARED, QUARTER, marts, purchases, stock_marts
from feedback_reports import ENGLISH, FRENCH, POLICY, actions_of, read
from goulot import charts, sentences
from goulot.methods.sellout import DailyDemand, pooled_shape, sellout_days
from goulot.quarter import Quarter
from goulot.steps.feedback import read_feedback, with_policy
from goulot.steps.receipts import known_lines


@pytest.fixture(scope="module")
def report():
    return read()


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


def test_days_count_from_the_stock_count(report):
    (candle,) = report.throttled
    assert candle.counted_on == AS_OF
    assert candle.throttle_from == AS_OF + timedelta(days=max(0, candle.cover_middle - 14))
