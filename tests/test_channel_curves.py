"""Which channels get a curve, from which weeks, and what it says."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from channel_frames import MONDAYS, QUARTER, channel_week, true_slope
from goulot.steps.channel_curves import (
    HARDLY_VARIED,
    ONLY_SEASON,
    TOO_FEW_WEEKS,
    CurvePolicy,
    LiftTest,
    learn_curves,
)
from goulot.steps.channel_weeks import channel_weeks, event_factors

POLICY = CurvePolicy(replicates=60)


def slope_interval(curves, spend=1000.0):
    return np.percentile(curves.fits["Paid Search"].draws.slope(spend)[:, 0], (5, 95))


def test_spend_that_moved_gets_a_curve_and_spend_that_did_not_gets_the_reason():
    frame = channel_week()
    before = frame.copy()
    curves = learn_curves(frame, QUARTER, POLICY)
    assert set(curves.fits) == {"Paid Search"}
    assert curves.why_not == {"Paid Social": HARDLY_VARIED}
    low, high = slope_interval(curves)
    assert low <= true_slope(1000) <= high
    pd.testing.assert_frame_equal(frame, before)


def test_spend_that_moved_with_the_season_alone_has_no_curve():
    frame = channel_week()
    social = frame["channel"] == "Paid Social"
    wave = np.sin(2 * np.pi * frame.loc[social, "week_starts_on"].dt.day_of_year / 365.25)
    frame.loc[social, "spend"] = 800 * (1 + 0.5 * wave)
    assert learn_curves(frame, QUARTER, POLICY).why_not == {"Paid Social": ONLY_SEASON}


def test_a_short_history_has_no_curve():
    frame = channel_week()
    frame = frame[frame["week_starts_on"] >= "2026-06-01"]
    assert set(learn_curves(frame, QUARTER, POLICY).why_not.values()) == {TOO_FEW_WEEKS}


def test_where_most_customers_have_no_channel_the_curve_is_learned_from_all_of_them():
    curves = learn_curves(channel_week(tracked=0.3), QUARTER, POLICY)
    assert curves.together
    assert curves.unattributed == pytest.approx(0.7, abs=0.02)
    low, high = slope_interval(curves)
    assert low <= true_slope(1000) <= high


def test_weeks_without_stock_do_not_teach_that_demand_was_low():
    frame = channel_week(seed=3)
    out = MONDAYS[20:80:4]
    search = (frame["channel"] == "Paid Search") & frame["week_starts_on"].isin(out)
    full = learn_curves(frame, QUARTER, POLICY)
    frame.loc[search, "new_customers"] //= 4
    shortage = pd.DataFrame({"week_starts_on": MONDAYS, "units": 100, "short_units": 0.0})
    shortage.loc[shortage["week_starts_on"].isin(out), "short_units"] = 60.0
    treated = learn_curves(frame, QUARTER, POLICY, shortage_week=shortage)
    assert treated.left_out == len(out)
    assert treated.stock_known == 103
    added = [curves.fits["Paid Search"].curve.added(1000) for curves in (full, treated)]
    assert added[1] == pytest.approx(added[0], rel=0.15)


def test_weeks_after_the_quarter_change_nothing():
    frame = channel_week()
    earlier = learn_curves(frame, QUARTER.previous, POLICY)
    cut = frame[frame["week_starts_on"] <= "2026-06-24"]
    again = learn_curves(cut, QUARTER.previous, POLICY)
    assert earlier.fits["Paid Search"].curve == again.fits["Paid Search"].curve


def test_a_declared_lift_test_is_taken_into_the_curve():
    frame = channel_week(spread=0.2)
    true = true_slope(1000) * 250 * 6
    test = LiftTest(
        channel="Paid Search", starts_on=date(2026, 8, 3), ends_on=date(2026, 9, 13),
        incremental_customers=true, low=0.9 * true, high=1.1 * true, spend=1500,
    )  # fmt: skip
    plain, tested = (
        learn_curves(frame, QUARTER, POLICY, lift_tests=tests) for tests in ([], [test])
    )
    assert tested.tested == ("Paid Search",)
    assert np.ptp(slope_interval(tested)) < 0.7 * np.ptp(slope_interval(plain))


def test_a_lift_test_gives_a_curve_to_spend_that_never_moved():
    test = LiftTest(
        channel="Paid Social", starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 30),
        incremental_customers=40, low=20, high=60, spend=1600,
    )  # fmt: skip
    curves = learn_curves(channel_week(), QUARTER, POLICY, lift_tests=[test])
    low, high = np.percentile(curves.fits["Paid Social"].draws.slope(800)[:, 0], (5, 95))
    assert low < 40 / 1600 < high


def test_events_count_for_the_days_they_last_and_only_on_their_channel():
    events = pd.DataFrame(
        {
            "event": ["sale", "reel", "gifts"],
            "kind": "promotion",
            "starts_on": ["2026-07-06", "2026-07-08", "2026-07-13"],
            "ends_on": ["2026-07-12", None, "2026-07-19"],
            "channel": [None, "Email", None],
            "category": [None, None, "Boxes"],
            "expected_multiplier": [1.5, 8.0, 2.0],
        }
    )
    starts = np.array(["2026-07-06", "2026-07-13"], dtype="datetime64[D]")
    factor, unknown = event_factors(events, starts, ("Email", "Direct"))
    assert factor == pytest.approx(np.array([[1.5 * 2, 1], [1.5, 1]]))
    assert unknown == pytest.approx(np.array([[0, 1], [0, 1]]))


def test_the_weeks_are_whole_and_end_with_the_quarter():
    weeks = channel_weeks(channel_week(), QUARTER)
    assert weeks.in_quarter.sum() == 12
    assert weeks.starts[-1] == np.datetime64("2026-09-21")
    assert weeks.paid == ("Paid Search", "Paid Social")
