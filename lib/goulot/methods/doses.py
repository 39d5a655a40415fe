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

from goulot.methods.covariates import Covariates, design_of
from goulot.methods.effects import FOLDS, Estimate
from goulot.methods.ridge import linear_without_each


@dataclass(frozen=True)
class Slope(Estimate):
    """Change of the outcome for one more unit of the dose, in the outcome's unit a unit.

    ``standard_error`` holds whatever the spread of the outcome (White 1980); ``own_share`` of the
    dose's variance is not foretold by the covariates: near 0, nothing is left to compare.
    """

    rows: int
    own_share: float


def slope(
    dose: np.ndarray, outcome: np.ndarray, covariates: Covariates | np.ndarray, *, seed: int
) -> Slope | None:
    """The mean effect of one more unit of ``dose``; None where the dose never varies on its own.

    Parameters
    ----------
    dose, outcome : one number per row
    covariates : what may drive both; an array: rows x numbers
    seed : of the division into folds
    """
    dose, outcome = np.asarray(dose, dtype=float), np.asarray(outcome, dtype=float)
    if not isinstance(covariates, Covariates):
        covariates = Covariates.of(covariates)
    fold = np.random.default_rng(seed).permutation(len(dose)) % FOLDS
    design = design_of(covariates, fold, FOLDS)
    fits = linear_without_each(design, dose, outcome)
    own, rest = dose - design.times(fits[0]), outcome - design.times(fits[1])
    varies = float(own @ own)
    if varies <= 1e-9 * len(dose):
        return None
    value = float(own @ rest) / varies
    error = sqrt(float(((own * (rest - value * own)) ** 2).sum())) / varies
    return Slope(value, error, len(dose), varies / len(dose) / max(float(dose.var()), 1e-12))
