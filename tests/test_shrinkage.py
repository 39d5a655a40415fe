"""Shares and rates of cells, drawn towards their parent."""

import numpy as np
import pytest
from goulot.methods.shrinkage import shrunk_rates, shrunk_shares
from hypothesis import given, settings
from hypothesis import strategies as st


def test_equal_cells_become_one_and_different_ones_stay_apart():
    trials = np.full(20, 200)
    same = shrunk_shares(np.full(20, 20), trials, draws=400, seed=1).mean(axis=1)
    apart = shrunk_shares(np.array([10] * 10 + [80] * 10), trials, draws=400, seed=1).mean(axis=1)
    assert np.ptp(same) < 0.01
    assert apart[:10] == pytest.approx(0.05, abs=0.02)
    assert apart[10:] == pytest.approx(0.40, abs=0.03)


def test_a_cell_without_trials_is_its_parent_and_as_unsure():
    parent = np.vstack([np.full(400, 0.2), np.full(400, 0.2)])
    cells = shrunk_shares([0, 40], [0, 200], draws=400, seed=2, parent=parent)
    assert cells[0].mean() == pytest.approx(0.2, abs=0.05)
    assert cells[0].std() >= 0.9 * cells[1].std() or cells[0].std() < 0.02


def test_intervals_of_shrunk_shares_hold_the_truth():
    """Gelman et al. (2013), ch. 5: draws of the posterior cover at their level over the prior."""
    rng, held = np.random.default_rng(3), []
    for seed in range(40):
        truth = rng.beta(8, 60, 15)
        trials = rng.integers(5, 300, 15)
        draws = shrunk_shares(rng.binomial(trials, truth), trials, draws=600, seed=seed)
        low, high = np.quantile(draws, (0.05, 0.95), axis=1)
        held += list((low <= truth) & (truth <= high))
    assert 0.85 <= np.mean(held) <= 0.95


def test_intervals_of_shrunk_rates_hold_the_truth():
    rng, held = np.random.default_rng(4), []
    for seed in range(40):
        truth = rng.gamma(20, 0.04 / 20, 12)
        spend = rng.uniform(100, 5000, 12)
        draws = shrunk_rates(rng.poisson(truth * spend), spend, draws=600, seed=seed)
        low, high = np.quantile(draws, (0.05, 0.95), axis=1)
        held += list((low <= truth) & (truth <= high))
    assert 0.85 <= np.mean(held) <= 0.95


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_a_shrunk_share_is_a_share(pairs):
    hits = np.array([min(a, b) for a, b in pairs])
    trials = np.array([max(a, b) for a, b in pairs])
    draws = shrunk_shares(hits, trials, draws=50, seed=1)
    assert draws.shape == (len(pairs), 50)
    assert ((draws >= 0) & (draws <= 1)).all()
