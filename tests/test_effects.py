"""Doubly robust effects: right where the truth is known, and honest about what they rest on."""

import numpy as np
import pytest
from goulot.errors import ParameterError
from goulot.methods import effects
from goulot.methods.effects import (
    doubly_robust,
    e_value,
    e_value_of_interval,
    standardised_differences,
)
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


def test_groups_that_are_alike_have_no_standardised_difference():
    columns = np.array([[1.0], [2.0], [1.0], [2.0]])
    treated = np.array([True, True, False, False])
    assert standardised_differences(columns, treated, np.ones(4)) == pytest.approx([0.0])


def test_a_fit_that_begins_far_away_ends_where_any_other_does():
    """Whole Newton steps overshoot there, and jump to and fro for ever where one side is rare."""
    treated, _, columns = confounded(1, rows=600)
    design = np.column_stack([np.ones(600), (columns - columns.mean(0)) / columns.std(0)])
    parts = [(design[:250], treated[:250].astype(float)), (design[250:], treated[250:] * 1.0)]
    near, far = effects._fit_logistic(parts), effects._fit_logistic(parts, np.array([4.0, -6, 6]))
    assert far == pytest.approx(near, abs=1e-6)
    pull = np.r_[0.0, near[1:]] * effects.RIDGE
    assert np.abs(design.T @ (treated - expit(design @ near)) - pull).max() < 1e-6
