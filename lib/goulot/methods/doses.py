"""The effect of one more unit of something that was not assigned at random: partially linear.

What the covariates foretell of the dose and of the outcome is taken out of both, each row's from
rows of other folds; the effect is the slope of what is left. It adjusts for what was measured, and
takes the effect of a unit as the same at every dose: a mean slope, where it is not.

References
----------
Robinson (1988), Root-N-consistent semiparametric regression, Econometrica 56; Chernozhukov et al.
(2018), Double/debiased machine learning, Econometrics Journal 21.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from goulot.methods.effects import FOLDS, Estimate, ridge, standardised, with_constant


@dataclass(frozen=True)
class Slope(Estimate):
    """Change of the outcome for one more unit of the dose, in the outcome's unit a unit.

    ``standard_error`` holds whatever the spread of the outcome (White 1980); ``own_share`` of the
    dose's variance is not foretold by the covariates: near 0, nothing is left to compare.
    """

    rows: int
    own_share: float


def slope(
    dose: np.ndarray, outcome: np.ndarray, covariates: np.ndarray, *, seed: int
) -> Slope | None:
    """The mean effect of one more unit of ``dose``; None where the dose never varies on its own.

    Parameters
    ----------
    dose, outcome : one number per row
    covariates : rows x columns, without a constant; what may drive both
    seed : of the division into folds
    """
    dose, outcome = np.asarray(dose, dtype=float), np.asarray(outcome, dtype=float)
    design = with_constant(standardised(np.asarray(covariates, dtype=float)))
    fold = np.random.default_rng(seed).permutation(len(dose)) % FOLDS
    both = np.column_stack([dose, outcome])
    left = both.copy()
    for number in range(FOLDS):
        others, here = fold != number, fold == number
        rows = design[others]
        weights = np.linalg.solve(rows.T @ rows + ridge(rows.shape[1]), rows.T @ both[others])
        left[here] -= design[here] @ weights
    own, rest = left.T
    varies = float(own @ own)
    if varies <= 1e-9 * len(dose):
        return None
    value = float(own @ rest) / varies
    error = sqrt(float(((own * (rest - value * own)) ** 2).sum())) / varies
    return Slope(value, error, len(dose), varies / len(dose) / max(float(dose.var()), 1e-12))
