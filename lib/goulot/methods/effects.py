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

FOLDS = 5
RIDGE = 1.0  # prior precision of standardised coefficients, worth one row
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
    ``imbalance_after`` standardised differences by covariate; ``kept_share`` of rows within the
    bounds of the propensity; ``scores`` each kept row's influence (mean: the value).
    """

    naive: float
    naive_standard_error: float
    mean_untreated: float
    rows: int
    treated: int
    kept_share: float
    imbalance_before: np.ndarray
    imbalance_after: np.ndarray
    propensity: np.ndarray
    scores: np.ndarray


def doubly_robust(
    treated: np.ndarray,
    outcome: np.ndarray,
    covariates: np.ndarray,
    *,
    seed: int,
    bounds: tuple[float, float] = (0.01, 0.99),
) -> Effect:
    """The average effect of treatment, by cross-fitted AIPW.

    Parameters
    ----------
    treated : one flag per row
    outcome : 0/1 (then modelled by a logistic regression) or any number (linear regression)
    covariates : rows x columns, without a constant; what may drive both treatment and outcome
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
    columns = standardised(np.asarray(covariates, dtype=float))
    if min(treated.sum(), (~treated).sum()) < 2 * FOLDS:
        raise ParameterError(
            f"{int(treated.sum())} treated and {int((~treated).sum())} untreated rows: an effect "
            f"needs at least {2 * FOLDS} of each."
        )
    propensity, expected = _cross_fitted(treated, outcome, columns, _folds(treated, seed))
    kept = (propensity >= bounds[0]) & (propensity <= bounds[1])
    return _summary(treated, outcome, columns, propensity, expected, kept)


def _cross_fitted(treated, outcome, columns, fold) -> tuple[np.ndarray, np.ndarray]:
    """The propensity of each row, and its outcome without and with treatment: each from the rows
    of the other folds. What one fold found, the next begins with."""
    order = np.lexsort((fold, treated))  # a fold of an arm is a slice, and nothing is copied
    design, y = with_constant(columns[order]), outcome[order]
    t = treated[order].astype(float)
    counts = np.bincount(2 * fold + treated, minlength=2 * FOLDS).reshape(FOLDS, 2)
    ends = np.concatenate([[0], np.cumsum(counts.T.ravel())])
    blocks = [slice(*ends[n : n + 2]) for n in range(2 * FOLDS)]  # by arm, then fold
    fit = _fit_logistic if np.isin(outcome, (0, 1)).all() else _fit_linear
    told = np.empty((3, len(y)))
    begin: list[np.ndarray | None] = [None, None, None]
    for number in range(FOLDS):
        here = (blocks[number], blocks[FOLDS + number])
        others = [_without(blocks[:FOLDS], number), _without(blocks[FOLDS:], number)]
        for arm in (0, 1):
            begin[arm] = fit([(design[part], y[part]) for part in others[arm]], begin[arm])
        begin[2] = _fit_logistic(
            [(design[part], t[part]) for arm in others for part in arm], begin[2]
        )
        for row, weights in enumerate(begin):
            for part in here:
                told[row, part] = design[part] @ weights
    told[2] = expit(told[2])
    if fit is _fit_logistic:
        told[:2] = expit(told[:2])
    back = np.empty(len(order), dtype=int)
    back[order] = np.arange(len(order))
    return told[2, back], told[:2, back]


def _without(blocks: list[slice], number: int) -> list[slice]:
    """The rows before and after a block of an arm."""
    before = slice(blocks[0].start, blocks[number].start)
    return [before, slice(blocks[number].stop, blocks[-1].stop)]


def _summary(treated, outcome, columns, propensity, expected, kept) -> Effect:
    t, y, e = treated[kept], outcome[kept], propensity[kept]
    untreated, with_it = expected[:, kept]
    upper = with_it + t * (y - with_it) / e
    lower = untreated + ~t * (y - untreated) / (1 - e)
    scores = upper - lower
    spread = [y[t == arm].var(ddof=1) / (t == arm).sum() for arm in (True, False)]
    weights = np.where(t, 1 / e, 1 / (1 - e))
    return Effect(
        value=float(scores.mean()),
        standard_error=float(scores.std(ddof=1) / sqrt(len(scores))),
        naive=float(y[t].mean() - y[~t].mean()),
        naive_standard_error=sqrt(sum(spread)),
        mean_untreated=float(lower.mean()),
        rows=len(t),
        treated=int(t.sum()),
        kept_share=float(kept.mean()),
        imbalance_before=standardised_differences(columns, treated, np.ones(len(treated))),
        imbalance_after=standardised_differences(columns[kept], t, weights),
        propensity=propensity,
        scores=scores,
    )


def standardised_differences(
    columns: np.ndarray, treated: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Difference of weighted means by column, in standard deviations of the unweighted groups.

    Below 0.1 is commonly taken as balanced (Austin 2009, Statistics in Medicine 28).
    """
    means = [
        np.average(columns[treated == a], axis=0, weights=weights[treated == a]) for a in (1, 0)
    ]
    spread = (columns[treated].var(axis=0) + columns[~treated].var(axis=0)) / 2
    return (means[0] - means[1]) / np.sqrt(np.maximum(spread, 1e-12))


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


def standardised(columns: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and standard deviation 1; constant ones are left out."""
    spread = columns.std(axis=0)
    moving = spread > 1e-12
    return (columns[:, moving] - columns[:, moving].mean(axis=0)) / spread[moving]


def with_constant(columns: np.ndarray) -> np.ndarray:
    """The columns behind one of ones."""
    return np.column_stack([np.ones(len(columns)), columns])


def ridge(width: int) -> np.ndarray:
    """Prior precision of ``width`` coefficients, as a matrix; the constant has none."""
    return np.diag([0.0, *[RIDGE] * (width - 1)])


Parts = list[tuple[np.ndarray, np.ndarray]]  # rows with a constant, and their outcome


def _fit_linear(parts: Parts, begin: object = None) -> np.ndarray:
    """Weights of a ridge regression."""
    crossed = sum(rows.T @ rows for rows, _ in parts)
    return np.linalg.solve(crossed + ridge(len(crossed)), sum(x.T @ y for x, y in parts))


def _fit_logistic(parts: Parts, begin: np.ndarray | None = None, steps: int = 30) -> np.ndarray:
    """Weights of a ridge logistic regression, by Newton's method from ``begin``.

    A step that would fit worse is halved: where one side is hardly there, whole steps never settle.
    The error after a step is of the order of its square, so that one below 1e-4 is the last.
    """
    penalty = ridge(parts[0][0].shape[1])
    weights = _of_the_share(parts) if begin is None else begin
    now, odds = _misfit(parts, weights, penalty)
    for _ in range(steps):
        curvature, slope = penalty + 1e-9 * np.eye(len(weights)), -penalty @ weights
        for (rows, outcome), mine in zip(parts, odds, strict=True):
            chance = expit(mine)
            scaled = rows * np.sqrt(chance * (1 - chance))[:, None]
            curvature = curvature + scaled.T @ scaled
            slope = slope + rows.T @ (outcome - chance)
        move = np.linalg.solve(curvature, slope)
        after, odds = _misfit(parts, weights + move, penalty)
        while after > now + 1e-9 and np.abs(move).max() > 1e-9:
            move = move / 2
            after, odds = _misfit(parts, weights + move, penalty)
        weights, now = weights + move, after
        if np.abs(move).max() < 1e-4:
            break
    return weights


def _misfit(parts: Parts, weights: np.ndarray, penalty: np.ndarray):
    """Minus the penalised log-likelihood, and the log odds of each part's rows."""
    odds = [rows @ weights for rows, _ in parts]
    told = sum(np.logaddexp(0, mine).sum() - outcome @ mine
               for mine, (_, outcome) in zip(odds, parts, strict=True))  # fmt: skip
    return float(told + weights @ penalty @ weights / 2), odds


def _of_the_share(parts: Parts) -> np.ndarray:
    """Weights by which every row has the mean probability."""
    weights = np.zeros(parts[0][0].shape[1])
    share = sum(y.sum() for _, y in parts) / sum(len(y) for _, y in parts)
    share = np.clip(share, 1e-6, 1 - 1e-6)
    weights[0] = np.log(share / (1 - share))
    return weights
