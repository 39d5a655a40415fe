"""Doubly robust effects: right where the truth is known, and honest about what they rest on."""

import numpy as np
import pytest
from goulot.errors import ParameterError
from goulot.methods.covariates import Covariates, design_of
from goulot.methods.effects import (
    doubly_robust,
    e_value,
    e_value_of_interval,
    standardised_differences,
)
from goulot.methods.ridge import fit_logistic, linear_without_each, logistic_without_each
from scipy.optimize import minimize
from scipy.special import expit


def confounded(seed: int, rows: int = 3000, effect: float = -0.12, binary: bool = True):
    """Remote customers get it more often, and buy less anyway."""
    rng = np.random.default_rng(seed)
    remote, basket = rng.random(rows) < 0.3, rng.normal(size=rows)
    treated = rng.random(rows) < expit(-1.6 + 1.4 * remote + 0.3 * basket)
    chance = 0.45 - 0.15 * remote + 0.04 * np.tanh(basket) + effect * treated
    outcome = (rng.random(rows) < chance) * 1.0 if binary else 100 * chance + rng.gamma(2, 20, rows)
    return treated, outcome, np.column_stack([remote, basket])


@pytest.mark.parametrize("binary", [True, False])
def test_intervals_cover_the_truth_where_the_plain_difference_does_not(binary):
    truth = -0.12 if binary else -12.0
    effects = [doubly_robust(*confounded(s, binary=binary), seed=s) for s in range(60)]
    covered = np.mean([e.low <= truth <= e.high for e in effects])
    bias = np.mean([e.value for e in effects]) - truth
    naive_bias = np.mean([e.naive for e in effects]) - truth
    assert 0.8 <= covered <= 0.98
    assert abs(bias) < 0.1 * abs(truth)
    assert abs(naive_bias) > 3 * abs(bias)


def test_without_an_effect_few_intervals_say_there_is_one():
    effects = [doubly_robust(*confounded(s, effect=0.0), seed=s) for s in range(60)]
    assert np.mean([not e.low <= 0 <= e.high for e in effects]) <= 0.2


def test_weighting_balances_what_was_unbalanced():
    effect = doubly_robust(*confounded(1), seed=1)
    assert np.abs(effect.imbalance_before).max() > 0.3
    assert np.abs(effect.imbalance_after).max() < 0.1
    assert effect.scores.mean() == pytest.approx(effect.value)


def test_rows_like_nobody_on_the_other_side_are_left_out_and_counted():
    treated, outcome, columns = confounded(2)
    always = np.column_stack([columns, np.arange(len(treated)) < 600])
    effect = doubly_robust(treated | (always[:, 2] > 0), outcome, always, seed=1)
    assert effect.kept_share < 0.85
    assert effect.rows == round(effect.kept_share * len(treated))


def test_the_same_seed_gives_the_same_effect_and_the_input_is_left_alone():
    treated, outcome, columns = confounded(3)
    before = columns.copy()
    first, again = (doubly_robust(treated, outcome, columns, seed=5) for _ in range(2))
    assert first.value == again.value
    assert (columns == before).all()


def test_too_few_rows_are_refused():
    with pytest.raises(ParameterError, match="at least 10 of each"):
        doubly_robust(np.arange(40) < 5, np.zeros(40), np.ones((40, 1)), seed=1)


def test_the_e_value_is_that_of_its_authors():
    # VanderWeele & Ding (2017): risk ratio 3.9, interval 1.8 to 8.7, E-values 7.26 and 3.0.
    assert e_value(0.1, 0.29) == pytest.approx(7.26, abs=0.005)
    assert e_value_of_interval(0.1, 0.08, 0.77) == pytest.approx(3.0, abs=0.005)
    assert e_value_of_interval(0.1, -0.02, 0.3) == 1.0
    assert e_value(0.39, -0.29) == pytest.approx(e_value(0.1, 0.29))


def levelled(seed: int, rows: int = 400, levels: int = 4) -> Covariates:
    """A number, one that never varies, and three with levels: one of them misses two of its own."""
    rng = np.random.default_rng(seed)
    numbers = np.column_stack([rng.gamma(2, 30, rows), np.ones(rows)])
    codes = rng.integers(0, levels, (3, rows))
    codes[1] = np.where(codes[1] < 2, 2, codes[1])
    codes[2] = 0
    return Covariates(numbers, codes, ("basket", "fixed", "channel", "region", "alone"))


def plain(covariates: Covariates) -> np.ndarray:
    """The design matrix, column by column."""
    levels = [level == n for level in covariates.levels for n in range(1, level.max() + 1)]
    columns = np.column_stack([covariates.numbers, *levels]).astype(float)
    moving = columns[:, columns.std(axis=0) > 0]
    basket = (moving[:, :1] - moving[:, :1].mean()) / moving[:, :1].std()
    return np.column_stack([np.ones(len(moving)), basket, moving[:, 1:]])


@pytest.mark.parametrize("seed", range(4))
def test_products_by_level_are_those_of_the_design_matrix(seed):
    rng = np.random.default_rng(seed)
    covariates, fold = levelled(seed), rng.integers(0, 3, 400)
    design, matrix = design_of(covariates, fold, 3), plain(covariates)
    values, weights = rng.normal(size=400), rng.normal(size=(3, matrix.shape[1]))
    assert design.names.tolist() == ["basket", *["channel"] * 3, *["region"] * 2]
    assert design.times(weights[0]) == pytest.approx(matrix @ weights[0])
    assert design.times(weights) == pytest.approx((matrix * weights[fold]).sum(axis=1))
    for n in range(3):
        mine, own = matrix[fold == n], values[fold == n]
        assert design.summed(values)[n] == pytest.approx(mine.T @ own)
        assert design.crossed(values)[n] == pytest.approx(mine.T @ (mine * own[:, None]))
    counted = values > 0
    assert design.variances(counted) == pytest.approx(matrix[counted].var(axis=0))
    assert design.penalty == pytest.approx(np.r_[0, matrix[:, 1:].var(axis=0)])
    some = design.rows(counted)
    assert some.summed(values[counted]).sum(axis=0) == pytest.approx(
        matrix[counted].T @ values[counted]
    )


@pytest.mark.parametrize("usual", [0.3, 0.02])
def test_a_fit_without_a_fold_is_that_of_the_other_rows_alone(usual):
    """By another program's way to the same maximum, also where hardly anything comes of a row."""
    covariates, fold = levelled(1), np.arange(400) % 4
    design, matrix = design_of(covariates, fold, 4), plain(covariates)
    outcome = (np.random.default_rng(2).random(400) < usual + 0.1 * (matrix[:, 2] > 0)) * 1.0
    found = logistic_without_each(design, outcome)
    straight = linear_without_each(design, outcome)[0]
    for n in range(4):
        x, y = matrix[fold != n], outcome[fold != n]

        def misfit(w, x=x, y=y):
            odds = x @ w
            return np.logaddexp(0, odds).sum() - y @ odds + design.penalty @ w**2 / 2

        best = minimize(misfit, np.zeros(x.shape[1]), method="BFGS", options={"gtol": 1e-6})
        assert found[n] == pytest.approx(best.x, abs=1e-3)
        assert np.abs(x.T @ (y - expit(x @ found[n])) - design.penalty * found[n]).max() < 1e-3
        told = x.T @ (y - x @ straight[n]) - design.penalty * straight[n]
        assert np.abs(told).max() < 1e-6


def test_groups_that_are_alike_have_no_standardised_difference():
    columns = Covariates.of(np.array([[1.0], [2.0], [1.0], [2.0]]))
    treated = np.array([True, True, False, False])
    design = design_of(columns, np.zeros(4, dtype=int), 1)
    assert standardised_differences(design, treated, np.ones(4)) == pytest.approx([0.0])


def test_a_fit_that_begins_far_away_ends_where_any_other_does():
    """Whole Newton steps overshoot there, and jump to and fro for ever where one side is rare."""
    treated, _, columns = confounded(1, rows=600)
    design = design_of(Covariates.of(columns), np.arange(600) % 2, 2)
    every, outcome = np.ones(600), treated.astype(float)
    near = fit_logistic(design, outcome, every)
    far = fit_logistic(design, outcome, every, np.array([4.0, -6, 6]))
    assert far == pytest.approx(near, abs=1e-6)
    slope = design.summed(treated - expit(design.times(near))).sum(axis=0)
    assert np.abs(slope - design.penalty * near).max() < 1e-6
