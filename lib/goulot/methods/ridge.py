"""Regressions without a part of their rows, each part in turn, as cross-fitting asks for them.

A part holds few of the rows: from what fits all of them, one Newton step with the curvature of the
others comes near to what fits these, and little is left to do.
"""

import numpy as np
from scipy.special import expit

from goulot.methods.covariates import Design

SETTLED = 1e-5  # a step of a coefficient that is no longer taken
NEAR = 0.1  # one that ends near enough for the curvature to stay as it is
MOST_STEPS = 30


def linear_without_each(design: Design, *outcomes: np.ndarray) -> np.ndarray:
    """Weights of ridge regressions on the rows of all folds but one: outcomes x folds x columns."""
    curvature = _of_the_others(design.crossed(np.ones(len(design.fold)))) + _prior(design)
    summed = (_of_the_others(design.summed(outcome)) for outcome in outcomes)
    return np.array([_solved(curvature, each) for each in summed])


def logistic_without_each(design: Design, outcome: np.ndarray) -> np.ndarray:
    """Weights of a ridge logistic regression on the rows of all folds but one: folds x columns."""
    whole = fit_logistic(design, outcome, np.ones(len(outcome)), last=NEAR)
    chance = expit(design.times(whole))
    curvature = _of_the_others(design.crossed(chance * (1 - chance))) + _prior(design)
    slope = _of_the_others(design.summed(outcome - chance)) - design.penalty * whole
    moves = _solved(curvature, slope)
    return np.array(
        [
            _settled(design, outcome, design.fold != fold, whole, moves[fold], curvature[fold])
            for fold in range(design.folds)
        ]
    )


def _of_the_others(by_fold: np.ndarray) -> np.ndarray:
    """Sums over all folds but each."""
    return by_fold.sum(axis=0) - by_fold


def _solved(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return np.linalg.solve(matrices, vectors[..., None])[..., 0]


def _prior(design: Design) -> np.ndarray:
    """The penalty as a matrix, and hardly anything for the constant, which has none."""
    return np.diag(design.penalty + 1e-9)


def _settled(
    design: Design, outcome: np.ndarray, counted: np.ndarray, weights: np.ndarray,
    move: np.ndarray, curvature: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Newton's method from its first ``move`` on with the curvature kept, until the step after the
    next is below ``SETTLED``; with curvatures of its own, where these steps hardly become less."""
    step = np.abs(move).max()
    for _ in range(MOST_STEPS):
        weights, last = weights + move, step
        missed = counted * (outcome - expit(design.times(weights)))
        slope = design.summed(missed).sum(axis=0) - design.penalty * weights
        move = np.linalg.solve(curvature, slope)
        step = np.abs(move).max()
        if step > last / 2:
            break
        if step * step <= SETTLED * last:  # each is the same share of the one before
            return weights + move
    return fit_logistic(design, outcome, counted, weights)


def fit_logistic(
    design: Design,
    outcome: np.ndarray,
    counted: np.ndarray,
    begin: np.ndarray | None = None,
    last: float = SETTLED,
) -> np.ndarray:
    """Weights of a ridge logistic regression on the rows ``counted``, by Newton's method up to a
    step below ``last``.

    A step that would fit worse is halved: where one side is hardly there, whole steps never settle.
    """
    weights = _of_the_share(design, outcome, counted) if begin is None else begin
    now, odds = _misfit(design, outcome, counted, weights)
    for _ in range(MOST_STEPS):
        chance = expit(odds)
        curvature = design.crossed(counted * chance * (1 - chance)).sum(axis=0) + _prior(design)
        slope = design.summed(counted * (outcome - chance)).sum(axis=0) - design.penalty * weights
        move = np.linalg.solve(curvature, slope)
        after, odds = _misfit(design, outcome, counted, weights + move)
        while after > now + 1e-9 and np.abs(move).max() > 1e-9:
            move = move / 2
            after, odds = _misfit(design, outcome, counted, weights + move)
        weights, now = weights + move, after
        if np.abs(move).max() < last:
            break
    return weights


def _misfit(design, outcome, counted, weights) -> tuple[float, np.ndarray]:
    """Minus the penalised log-likelihood, and the log odds of each row."""
    odds = design.times(weights)
    softplus = np.maximum(odds, 0) + np.log1p(np.exp(-np.abs(odds)))  # sooner than by logaddexp
    told = counted @ (softplus - outcome * odds)
    return float(told + design.penalty @ weights**2 / 2), odds


def _of_the_share(design: Design, outcome: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Weights by which every row has the mean probability."""
    share = np.clip(counted @ outcome / counted.sum(), 1e-6, 1 - 1e-6)
    weights = np.zeros(design.width)
    weights[0] = np.log(share / (1 - share))
    return weights
