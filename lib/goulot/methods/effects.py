"""The effect of something that was not assigned at random: doubly robust, with its diagnostics.

Augmented inverse probability weighting (AIPW) is right if either the model of who was treated or
the model of the outcome is right; cross-fitting keeps a model from judging the rows it was fitted
on. It adjusts for what was measured, and for nothing else: the E-value says how strong something
unmeasured would have to be to explain the effect away.

References
----------
Robins, Rotnitzky & Zhao (1994), JASA 89; Chernozhukov et al. (2018), Double/debiased machine
learning, Econometrics Journal 21; VanderWeele & Ding (2017), Annals of Internal Medicine 167.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from goulot.errors import ParameterError
from goulot.methods.covariates import Covariates, Design, design_of
from goulot.methods.ridge import linear_without_each, logistic_without_each

FOLDS = 5
Z90 = float(norm.ppf(0.95))


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error, and ``low`` to ``high``, its 90 % interval."""

    value: float
    standard_error: float

    @property
    def low(self) -> float:
        return self.value - Z90 * self.standard_error

    @property
    def high(self) -> float:
        return self.value + Z90 * self.standard_error


@dataclass(frozen=True)
class Effect(Estimate):
    """Treated against untreated, over the rows kept: a difference of means.

    ``value`` with ``low`` and ``high`` (90 %) and ``standard_error``, in the outcome's unit;
    ``naive`` the plain difference of means with its standard error, for comparison;
    ``mean_untreated`` the adjusted mean had nobody been treated; ``imbalance_before`` and
    ``imbalance_after`` standardised differences by column of the design, each of the ``covariate``
    named; ``kept_share`` of rows within the bounds of the propensity; ``scores`` each kept row's
    influence (mean: the value).
    """

    naive: float
    naive_standard_error: float
    mean_untreated: float
    rows: int
    treated: int
    kept_share: float
    covariate: np.ndarray
    imbalance_before: np.ndarray
    imbalance_after: np.ndarray
    propensity: np.ndarray
    scores: np.ndarray


def doubly_robust(
    treated: np.ndarray,
    outcome: np.ndarray,
    covariates: Covariates | np.ndarray,
    *,
    seed: int,
    bounds: tuple[float, float] = (0.01, 0.99),
) -> Effect:
    """The average effect of treatment, by cross-fitted AIPW.

    Parameters
    ----------
    treated : one flag per row
    outcome : 0/1 (then modelled by a logistic regression) or any number (linear regression)
    covariates : what may drive both treatment and outcome; an array: rows x numbers
    seed : of the division into folds
    bounds : rows whose propensity lies outside are left out, and counted: nobody like them was
        treated otherwise (Crump et al. 2009)

    Raises
    ------
    ParameterError
        Fewer than ten rows on either side.
    """
    treated = np.asarray(treated, dtype=bool)
    outcome = np.asarray(outcome, dtype=float)
    if min(treated.sum(), (~treated).sum()) < 2 * FOLDS:
        raise ParameterError(
            f"{int(treated.sum())} treated and {int((~treated).sum())} untreated rows: an effect "
            f"needs at least {2 * FOLDS} of each."
        )
    if not isinstance(covariates, Covariates):
        covariates = Covariates.of(covariates)
    design = design_of(covariates, _folds(treated, seed), FOLDS)
    propensity = expit(design.times(logistic_without_each(design, treated.astype(float))))
    expected = _expected(treated, outcome, design)
    kept = (propensity >= bounds[0]) & (propensity <= bounds[1])
    return _summary(treated, outcome, design, propensity, expected, kept)


def _expected(treated: np.ndarray, outcome: np.ndarray, design: Design) -> np.ndarray:
    """Each row's outcome without and with treatment, from the rows of the other folds."""
    arms = [(design.rows(arm), outcome[arm]) for arm in (~treated, treated)]
    if np.isin(outcome, (0, 1)).all():
        return expit([design.times(logistic_without_each(*arm)) for arm in arms])
    return np.array([design.times(linear_without_each(*arm)[0]) for arm in arms])


def _summary(treated, outcome, design, propensity, expected, kept) -> Effect:
    t, y, e = treated[kept], outcome[kept], propensity[kept]
    untreated, with_it = expected[:, kept]
    upper = with_it + t * (y - with_it) / e
    lower = untreated + ~t * (y - untreated) / (1 - e)
    scores = upper - lower
    spread = [y[t == arm].var(ddof=1) / (t == arm).sum() for arm in (True, False)]
    weights = kept / np.where(treated, propensity, 1 - propensity)
    return Effect(
        value=float(scores.mean()),
        standard_error=float(scores.std(ddof=1) / sqrt(len(scores))),
        naive=float(y[t].mean() - y[~t].mean()),
        naive_standard_error=sqrt(sum(spread)),
        mean_untreated=float(lower.mean()),
        rows=len(t),
        treated=int(t.sum()),
        kept_share=float(kept.mean()),
        covariate=design.names,
        imbalance_before=standardised_differences(design, treated, np.ones(len(treated))),
        imbalance_after=standardised_differences(design, treated, weights),
        propensity=propensity,
        scores=scores,
    )


def standardised_differences(
    design: Design, treated: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Difference of weighted means by column, in standard deviations of the unweighted groups.

    Rows without weight are left out. Below 0.1 is commonly taken as balanced (Austin 2009,
    Statistics in Medicine 28).
    """
    arms = [(treated == arm) * weights for arm in (True, False)]
    means = [design.summed(arm).sum(axis=0) / arm.sum() for arm in arms]
    spread = sum(design.variances(arm > 0) for arm in arms) / 2
    return ((means[0] - means[1]) / np.sqrt(np.maximum(spread, 1e-12)))[1:]


def e_value(risk_untreated: float, difference: float) -> float:
    r"""How strongly (as a risk ratio, with both treatment and outcome) something unmeasured would
    have to act to explain a difference of probabilities away: :math:`RR + \sqrt{RR(RR-1)}`.

    Of the end of an interval nearest to 0, it says what would explain away its being unlike 0;
    1 means: nothing is needed.

    Examples
    --------
    VanderWeele & Ding's own example, a risk ratio of 3.9:

    >>> round(e_value(0.1, 0.29), 2)
    7.26
    """
    with_it = risk_untreated + difference
    if min(risk_untreated, with_it) <= 0:
        return float("inf")
    ratio = max(with_it / risk_untreated, risk_untreated / with_it)
    return ratio + sqrt(ratio * (ratio - 1))


def e_value_of_interval(risk_untreated: float, low: float, high: float) -> float:
    """The E-value of the end of the interval nearest to no effect; 1 where it holds 0."""
    if low <= 0 <= high:
        return 1.0
    return e_value(risk_untreated, low if low > 0 else high)


def _folds(treated: np.ndarray, seed: int) -> np.ndarray:
    """A fold for each row, as many treated in each."""
    rng = np.random.default_rng(seed)
    fold = np.empty(len(treated), dtype=int)
    for arm in (True, False):
        rows = np.flatnonzero(treated == arm)
        fold[rng.permutation(rows)] = np.arange(len(rows)) % FOLDS
    return fold
