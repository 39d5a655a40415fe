"""The quarterly review: parts that add up, seasons told apart, noise called noise."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from goulot import charts, sentences
from goulot.errors import ParameterError
from goulot.language import Language
from goulot.methods.decomposition import shapley
from goulot.quarter import Quarter
from goulot.steps.contribution_change import contribution_of
from goulot.steps.review import ReviewPolicy, review_quarter
from hypothesis import given
from hypothesis import strategies as st

Q3, Q2 = Quarter(2026, 3), Quarter(2026, 2)
drivers = st.fixed_dictionaries(
    {
        "visits": st.floats(1, 1e6),
        "conversion": st.floats(0.001, 1),
        "season": st.floats(0.2, 5),
        "basket": st.floats(1, 500),
        "margin": st.floats(-0.5, 1),
        "fulfillment_cost": st.floats(0, 40),
        "marketing": st.floats(0, 1e6),
    }
)


@given(drivers, drivers)
def test_the_parts_add_up_to_the_change(before, after):
    change = contribution_of(after) - contribution_of(before)
    parts = shapley(before, after, contribution_of)
    size = abs(contribution_of(after)) + abs(contribution_of(before)) + 1
    assert sum(parts.values()) == pytest.approx(change, abs=1e-9 * size)


@given(drivers, drivers, st.randoms(use_true_random=False))
def test_no_order_of_the_drivers_is_favored_and_who_did_not_move_has_no_part(before, after, order):
    after = after | {"basket": before["basket"]}
    names = list(before)
    order.shuffle(names)
    parts = shapley(before, after, contribution_of)
    other = shapley({n: before[n] for n in names}, {n: after[n] for n in names}, contribution_of)
    size = sum(map(abs, parts.values())) + 1
    assert parts["basket"] == pytest.approx(0, abs=1e-9 * size)
    assert all(parts[n] == pytest.approx(other[n], abs=1e-9 * size) for n in names)


def days(orders, *, first=date(2025, 1, 1), last=date(2026, 9, 30), seed=1, **columns):
    """A made-up shop's days: ``orders`` is expected a day, by quarter."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        quarter = str(Quarter.of(day))
        placed = rng.poisson(orders(Quarter.of(day)))
        row = {
            "day": day,
            "week_starts_on": day - timedelta(days=day.weekday()),
            "quarter": quarter,
        }
        row |= {"orders": placed, "revenue": 50.0 * placed, "margin": 30.0 * placed}
        row |= {"packing_cost": 4.0 * placed, "parcel_cost": None, "spend": 100.0}
        rows.append(row | {"sessions": 40 * placed + 7} | {k: v(day) for k, v in columns.items()})
    return pd.DataFrame(rows)


def review(frame, **policy):
    return review_quarter(frame, Q3, "EUR", ReviewPolicy(**policy))


def test_contribution_is_margin_less_fulfillment_and_advertising():
    frame = days(lambda q: 20)
    mine = frame[frame["quarter"] == "2026Q3"]
    expected = mine["orders"].sum() * (30 - 4) - 100 * len(mine)
    found = review(frame)
    assert found.contribution.value == pytest.approx(expected)
    assert found.contribution.low < expected < found.contribution.high
    assert found.contribution.unit == "EUR/quarter"


def test_the_change_is_divided_exactly_and_its_quarters_differ_by_it():
    change = review(days(lambda q: 20 + 5 * (q == Q3))).since_last
    parts = sum(part.value for part in change.parts.values())
    assert parts == pytest.approx(change.total.value)
    assert change.total.value == pytest.approx(change.after - change.before)
    assert change.is_noise is False


def test_a_season_that_comes_every_year_is_not_called_a_change():
    seasonal = {1: 20, 2: 20, 3: 40, 4: 20}
    change = review(days(lambda q: seasonal[q.number])).since_last
    assert change.parts["season"].value > 0.8 * change.total.value
    rest = abs(change.parts["visits"].value + change.parts["conversion"].value)
    assert rest < 0.2 * change.total.value


def test_two_quarters_alike_differ_by_noise_in_nine_cases_of_ten():
    frames = [days(lambda q: 30, seed=seed) for seed in range(40)]
    noise = [review(frame, replicates=300).since_last.is_noise for frame in frames]
    assert np.mean(noise) >= 0.8


def test_without_visits_demand_is_orders_and_without_costs_they_are_left_out_of_both():
    bare = days(lambda q: 20, sessions=lambda day: None, spend=lambda day: None)
    change = review(bare).since_last
    assert set(change.parts) == {"season", "orders", "basket", "margin", "fulfillment_cost"}
    some = days(lambda q: 20, spend=lambda day: 100.0 if day >= date(2026, 7, 1) else None)
    change = review(some).since_last
    assert "marketing" not in change.parts
    assert sum(p.value for p in change.parts.values()) == pytest.approx(change.total.value)


def test_a_quarter_that_is_not_whole_is_not_compared():
    found = review(days(lambda q: 20, first=date(2026, 5, 1)))
    assert found.since_last is None
    assert found.since_year is None
    assert found.contribution.value is not None
    assert np.isnan(found.kpis.set_index("kpi").loc["orders", "year"])


def test_without_a_margin_nothing_is_said_of_contribution():
    found = review(days(lambda q: 20, margin=lambda day: None))
    assert found.contribution.value is None
    assert "gross margin" in found.contribution.note
    assert found.since_last is None


def test_another_quarter_can_be_compared_with():
    found = review(days(lambda q: 20), compare="2025Q4")
    assert found.since_last.since.quarter == Quarter(2025, 4)
    assert set(found.figures) >= {"review.contribution", "review.contribution_change"}
    with pytest.raises(ParameterError, match="as in 2026Q3"):
        review(days(lambda q: 20), compare="last")


def test_the_same_seed_gives_the_same_review():
    first, again = (review(days(lambda q: 20)).figures for _ in range(2))
    assert first == again


PLANTED = {
    "basket": {"revenue": 1.2, "margin": 1.2},
    "margin": {"margin": 0.8},
    "fulfillment_cost": {"packing_cost": 1.5},
    "marketing": {"spend": 2.0},
    "conversion": {"sessions": 0.8},
}


@pytest.mark.parametrize("driver", PLANTED)
def test_a_change_that_was_planted_is_laid_at_the_door_of_its_driver(driver):
    frame = days(lambda q: 30).astype({"spend": float, "sessions": float})
    mine = frame["quarter"] == "2026Q3"
    for column, times in PLANTED[driver].items():
        frame.loc[mine, column] *= times
    before = review(days(lambda q: 30)).since_last
    change = review(frame).since_last
    told = {n: part for n, part in change.parts.items() if part.low > 0 or part.high < 0}
    assert driver in told
    moved = change.parts[driver].value - before.parts[driver].value
    others = {"visits", "conversion"} if driver == "conversion" else {driver}
    for name in change.parts.keys() - others - {"season"}:
        apart = change.parts[name].value - before.parts[name].value
        assert abs(apart) < 0.15 * abs(moved), name


def test_a_year_that_is_missing_is_said_and_the_season_with_it():
    found = review(days(lambda q: 20, first=date(2026, 4, 1)))
    language = Language("en")
    assert found.since_last is not None
    assert found.since_year is None
    assert "season" not in found.since_last.parts
    assert "cannot be held against Q3 2025" in sentences.review.a_year(found, language)
    assert "season cannot be told apart" in sentences.review.season(found, language)
    assert charts.review.waterfall(found.since_year, language) is None


def test_a_change_within_the_noise_is_called_so():
    found = review(days(lambda q: 30, seed=3))
    assert found.since_last.is_noise
    assert "it is no news" in sentences.review.verdict(found, Language("en"))
