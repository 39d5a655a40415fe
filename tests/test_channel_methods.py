"""Allocation, forecasts and tests: published numbers, and what must always hold."""

import numpy as np
import pytest
from goulot.methods.allocation import allocate
from goulot.methods.experiments import design_test, power, standard_error
from goulot.methods.forecasts import (
    coverage,
    error_quantiles,
    methods_for,
    roll,
    seasonal_naive,
    spread_of,
)
from goulot.methods.response import HillCurve, Segments, concave_segments
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from test_response import case


def test_equal_margins_decide_the_allocation():
    known = case("allocation")
    budget = known["given"]["budget"]
    grid = np.linspace(0, budget, 4001)
    curves = {"a": concave_segments(grid, 3 * np.sqrt(grid)),
              "b": concave_segments(grid, 4 * np.sqrt(grid))}  # fmt: skip
    found = allocate(curves, {"a": 1000.0, "b": 1000.0}, budget=budget)
    assert list(found.spend.values()) == pytest.approx(known["expect"]["spend"], rel=2e-3)
    response = sum(found.added.values())
    assert response == pytest.approx(known["expect"]["response"], rel=known["rel_tol"])


curves = st.builds(HillCurve, st.just(0.0), st.floats(5, 200), st.floats(100, 5000),
                   st.floats(0.5, 2), st.just(5000.0))  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(curves, curves, st.floats(0, 8000), st.floats(0, 150))
def test_an_allocation_keeps_its_limits_and_a_looser_limit_never_costs(one, two, budget, room):
    pieces = {"one": one.segments(5000), "two": two.segments(5000)}
    worth = {"one": 60.0, "two": 80.0}
    found = allocate(pieces, worth, budget=budget, room=room)
    assert sum(found.spend.values()) <= budget * (1 + 1e-7) + 1e-6
    assert sum(found.added.values()) <= room * (1 + 1e-7) + 1e-6
    assert found.contribution >= -1e-6
    looser = allocate(pieces, worth, budget=budget * 1.5 + 1, room=room + 1)
    assert looser.contribution >= found.contribution - 1e-6


@settings(max_examples=60, deadline=None)
@given(curves, curves, st.none() | st.floats(0, 8000), st.none() | st.floats(0, 150),
       st.floats(0, 3000))  # fmt: skip
def test_segments_filled_by_merit_earn_what_the_solver_would(one, two, budget, room, floor):
    pieces = {"one": one.segments(5000), "two": two.segments(5000)}
    worth = {"one": 60.0, "two": 80.0}
    found = allocate(pieces, worth, budget=budget, room=room, floors={"one": floor})
    gain = np.concatenate([worth[name] * pieces[name].slopes - 1 for name in pieces])
    width, slope = (np.concatenate([getattr(p, part) for p in pieces.values()])
                    for part in ("widths", "slopes"))  # fmt: skip
    first = pieces["one"].widths
    least = np.append(
        np.clip(floor - (np.cumsum(first) - first), 0, first), 0 * pieces["two"].widths
    )
    limits = [1e9 if most is None else most for most in (budget, room)]
    for low in (least, 0 * least):
        solved = linprog(
            -gain, [np.ones(len(width)), slope], limits, bounds=np.array([low, width]).T
        )
        if solved.x is not None:
            break
    assert found.contribution == pytest.approx(-solved.fun, rel=1e-6, abs=1e-4)
    assert budget is None or sum(found.spend.values()) <= budget * (1 + 1e-6)
    assert room is None or sum(found.added.values()) <= room * (1 + 1e-6)


def test_no_segment_dearer_than_the_allowed_cac_is_bought():
    pieces = {"a": Segments(np.array([100.0, 100.0]), np.array([0.1, 0.01]))}
    assert allocate(pieces, {"a": 500.0}, allowed_cac=50).spend["a"] == pytest.approx(100)


def series(seed: int, weeks: int = 104) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(100 * (1 + 0.4 * np.sin(2 * np.pi * np.arange(weeks) / 52))).astype(float)


def test_a_season_is_seen_by_the_methods_that_know_one():
    counts, event = series(1), np.ones(112)
    wapes = {m: roll(m, counts, event, counts, 8).wape(8) for m in methods_for(104)}
    assert wapes["exponential smoothing with last year's season"] < wapes["exponential smoothing"]
    assert wapes["seasonal naive"] < wapes["exponential smoothing"]


def test_no_forecast_knows_what_came_after_its_origin():
    counts, event = series(2), np.ones(112)
    changed = counts.copy()
    changed[90:] *= 5
    for method in methods_for(104):
        before, after = (roll(method, c, event, c, 8) for c in (counts, changed))
        known = before.origins <= 90
        assert (before.forecast[known] == after.forecast[known]).all()


def test_intervals_of_eighty_per_cent_hold_about_eighty_per_cent():
    event = np.ones(112)
    found = [coverage(roll("exponential smoothing with last year's season", c, event, c, 8), 4)
             for c in map(series, range(12))]  # fmt: skip
    assert 0.70 <= np.mean(found) <= 0.90


@pytest.mark.parametrize("weeks", [20, 104])
def test_errors_are_summed_and_ranked_as_one_forecast_after_the_other_would_be(weeks):
    counts, event = series(3, weeks), np.ones(weeks + 8)
    rolled = roll("exponential smoothing", counts, event, counts, 8)
    ends, rng = range(weeks - rolled.origins[0] - 3), np.random.default_rng(1)
    picks = rng.integers(0, len(ends), (5, len(ends)))
    for pick, found in zip(picks, rolled.wapes(4, picks), strict=True):
        came, said = (part[pick, :4] for part in (rolled.actual, rolled.forecast))
        assert found == pytest.approx(np.abs(came - said).sum() / came.sum())
    found = error_quantiles(rolled, slice(1, 4), rolled.origins, (0.1, 0.9))
    for row, origin in zip(found, rolled.origins, strict=True):
        errors = [
            (counts[start + lead] - rolled.forecast[place, lead])
            / spread_of(rolled.forecast[place, lead])
            for place, start in enumerate(rolled.origins)
            for lead in (1, 2, 3)
            if start + lead < origin
        ]
        wide = 0.4 * (1 + 1 / max(len(errors), 1))
        plain = np.quantile(errors, np.clip([0.5 - wide, 0.5 + wide], 0, 1)) if errors else np.nan
        assert row == pytest.approx(plain, nan_ok=True)


def test_events_are_taken_out_of_the_past_and_put_into_the_future():
    counts, event = np.full(40, 10.0), np.ones(48)
    counts[20], event[20], event[41] = 30.0, 3.0, 2.0
    last = roll("exponential smoothing", counts, event, counts, 8).forecast[-1]
    assert last == pytest.approx([10, 20, 10, 10, 10, 10, 10, 10])


def test_without_a_year_the_naive_forecast_is_the_last_week():
    assert seasonal_naive(np.array([1.0, 2.0, 5.0]), 2).tolist() == [5, 5]


@pytest.mark.parametrize("kind", ["regions", "weeks"])
def test_the_power_of_a_design_is_what_simulation_gives(kind):
    rng = np.random.default_rng(5)
    mean, weeks, effect = 200.0, 8, 30.0
    error = standard_error(kind, mean, 1.0, 0.5, weeks)
    if kind == "regions":
        treated = rng.poisson(mean / 2 - effect, (4000, weeks)).mean(axis=1)
        found = treated - rng.poisson(mean / 2, (4000, weeks)).mean(axis=1)
    else:
        off = rng.poisson(mean - effect, (4000, weeks // 2)).mean(axis=1)
        found = off - rng.poisson(mean, (4000, weeks // 2)).mean(axis=1)
    seen = (np.abs(found) > 1.645 * error).mean()
    assert seen == pytest.approx(power(effect, error), abs=0.05)


def test_a_weak_channel_gets_the_largest_test_and_its_honest_power():
    strong = design_test(customers=300, dispersion=1.5, spend=4000, worth=60, has_regions=True)
    assert strong.power >= 0.8
    assert strong.weeks <= 12
    weak = design_test(customers=300, dispersion=3, spend=100, worth=60, has_regions=False)
    assert weak.power < 0.8
    assert (weak.change, weak.weeks) == (-1.0, 12)
