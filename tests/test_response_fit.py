"""Curves learned from weeks: held against data whose truth is known, and against a lift test."""

import csv
import time
from dataclasses import replace

import numpy as np
import pytest
from goulot.methods.response import geometric_adstock
from goulot.methods.response_fit import Weeks, fit_response
from goulot.methods.response_model import (
    Design,
    Lift,
    Prior,
    expected,
    lift_residuals,
    solve,
    stock_and_slope,
)
from test_response import REFERENCE, case

MMM = REFERENCE.parents[1] / "data" / "mmm_roas_data.csv"


def weeks_of(outcome, spend, controls, sd=0.4, **others) -> Weeks:
    count = len(outcome)
    return Weeks(
        outcome=outcome,
        spend=np.atleast_2d(spend),
        controls=controls,
        control_mean=np.zeros(controls.shape[1]),
        control_sd=np.full(controls.shape[1], sd),
        used=np.ones(count, bool),
        level_at=np.ones(count, bool),
        **others,
    )


def year(days: np.ndarray) -> np.ndarray:
    """Trend and three harmonics of the year."""
    turn = 2 * np.pi * days / 365.25
    waves = [f(k * turn) / k for k in (1, 2, 3) for f in (np.sin, np.cos)]
    return np.array([np.linspace(-1, 1, len(days)), *waves]).T


def test_two_channels_on_one_outcome_return_what_is_true_of_them():
    """y01 and y02, the outcome without each channel, are never read."""
    known = case("channel_roas")
    with MMM.open(newline="") as file:
        rows = list(csv.DictReader(file))
    days, outcome, *spend = (
        np.array([float(row[name]) for row in rows]) for name in ("dayofyear", "y", "x1", "x2")
    )
    fits = fit_response(weeks_of(outcome, np.array(spend), year(days)), replicates=20)
    for fit, spent, true in zip(fits, spend, known["expect"]["roas"], strict=True):
        stock = (1 - fit.carryover) * geometric_adstock(spent, fit.carryover)
        found = fit.curve.added(stock).sum() / spent.sum()
        assert found == pytest.approx(true, rel=known["rel_tol"])


def shop(seed: int, spread: float = 0.35) -> tuple[Weeks, float]:
    """Two years of a channel with a known curve, and its true slope at the mean spend."""
    rng = np.random.default_rng(seed)
    spend = 1000 * np.exp(rng.normal(0, spread, 104))
    days = np.arange(104) * 7.0
    season = np.exp(0.2 * np.sin(2 * np.pi * days / 365.25))
    mean = season * (10 + 90 * spend / (1200 + spend))
    at = spend.mean()
    slope = season.mean() * 90 * 1200 / (1200 + at) ** 2
    return weeks_of(rng.poisson(mean), spend, year(days)), slope


def slopes(weeks: Weeks, **how) -> np.ndarray:
    (fit,) = fit_response(weeks, **how)
    return fit.draws.slope(weeks.spend.mean())[:, 0]


def test_the_interval_of_the_slope_holds_the_truth_and_is_not_a_shrug():
    held = 0
    for seed in range(8):
        weeks, true = shop(seed)
        low, high = np.percentile(slopes(weeks, replicates=100), (5, 95))
        held += low <= true <= high
        assert high / low < 2.5
    assert held >= 6


def test_spend_that_hardly_varied_leaves_the_slope_open():
    weeks, _ = shop(1, spread=0.03)
    low, high = np.percentile(slopes(weeks), (5, 95))
    assert high / low > 3


def test_a_lift_test_narrows_the_slope_around_what_it_found():
    weeks, true = shop(1, spread=0.05)
    share = (np.arange(104) >= 98).astype(float)
    lift = Lift(0, share, spend=200, customers=6 * 200 * true, sd=0.1 * 6 * 200 * true)
    before, after = (slopes(w) for w in (weeks, replace(weeks, lifts=(lift,))))
    assert np.ptp(np.percentile(after, (5, 95))) < 0.6 * np.ptp(np.percentile(before, (5, 95)))
    assert np.median(after) == pytest.approx(true, rel=0.2)


def test_a_fit_with_its_replicates_takes_less_than_a_second_and_repeats_itself():
    weeks, _ = shop(2)
    started = time.process_time()
    first = slopes(weeks)
    assert time.process_time() - started < 1.5
    assert (first == slopes(weeks)).all()


def test_adstock_and_its_slope_are_those_of_the_plain_recursion():
    rng = np.random.default_rng(3)
    spend, theta, step = rng.gamma(2, 1, 150), np.array([0.0, 0.08, 0.6, 0.97]), 1e-6

    def plain(keep: np.ndarray) -> np.ndarray:
        level, rows = np.full(len(keep), spend[:4].mean()), []
        for amount in spend:
            level = (1 - keep) * amount + keep * level
            rows.append(level)
        return np.array(rows).T

    stock, slope = stock_and_slope(spend, theta)
    assert stock == pytest.approx(plain(theta), rel=1e-12)
    rise = (plain(theta + step) - plain(theta - step)) / (2 * step)
    assert slope == pytest.approx(rise, rel=1e-5, abs=1e-7)


def two_channels(form: str) -> tuple[Design, np.ndarray]:
    """A design of two channels, and five sets of parameters."""
    rng = np.random.default_rng(4)
    used = np.arange(60) % 7 > 0
    design = Design(rng.gamma(3, 1 / 3, (2, 60)), rng.normal(0, 0.4, (60, 3)), used, form)
    return design, rng.normal([2, 0, 0, 0, 3, 0, -2, 0, 2, 0, -1, 0.3], 0.3, (5, 12))


def derivatives(of, parameters: np.ndarray) -> np.ndarray:
    """By data set, parameter and what ``of`` answers: central differences."""
    steps = 1e-6 * np.eye(parameters.shape[1])
    rises = [(of(parameters + step) - of(parameters - step)) / 2e-6 for step in steps]
    return np.stack(rises, axis=1)


@pytest.mark.parametrize("form", ["multiplicative", "additive"])
def test_the_model_is_told_its_own_derivatives(form):
    design, parameters = two_channels(form)
    mean, by = expected(design, parameters, design.used)
    assert mean == pytest.approx(expected(design, parameters)[0][:, design.used])
    rises = derivatives(lambda at: expected(design, at, design.used)[0], parameters)
    assert by == pytest.approx(rises, rel=1e-5, abs=1e-6)
    share = (np.arange(60) < 5).astype(float)
    lifts = (Lift(1, share, 0.2, 9.0, 2.0), Lift(0, share, -0.3, -4.0, 1.0))
    off = lift_residuals(design, lifts, np.array([[9.0, -4.0]] * 5))
    rises = derivatives(lambda at: off(at, np.arange(5))[0], parameters)
    assert off(parameters, np.arange(5))[1] == pytest.approx(rises, rel=1e-5, abs=1e-6)


def test_data_sets_solved_together_are_solved_as_if_alone_and_to_the_end():
    design, parameters = two_channels("multiplicative")
    rng = np.random.default_rng(5)
    outcome = expected(design, parameters)[0] + rng.normal(0, 3, (5, 60))
    sd, prior = np.full(60, 3.0), Prior(parameters + 0.3, np.full(12, 0.8))
    points, losses = solve(design, outcome, sd, prior.mean, prior)
    for row in range(5):
        alone = slice(row, row + 1)
        own = Prior(prior.mean[alone], prior.sd)
        point, loss = solve(design, outcome[alone], sd, prior.mean[alone], own)
        assert point == pytest.approx(points[alone], rel=1e-9, abs=1e-9)
        again = solve(design, outcome[alone], sd, point, own)[1]
        assert again == pytest.approx(losses[alone], abs=1e-4)
        assert loss == pytest.approx(losses[alone])
