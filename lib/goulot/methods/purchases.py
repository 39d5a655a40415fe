"""BG/NBD: how often customers come back, and which of them are still customers.

While alive a customer buys at random at a rate of their own (gamma over customers), and after every
purchase drops out with a probability of their own (beta over customers). What is needed of a
customer is ``frequency`` x (repeat purchases), ``recency`` t_x (time of the last one since the
first) and ``age`` T (time observed since the first), all times in one unit.

References
----------
Fader, Hardie & Lee (2005), "Counting your customers" the easy way: an alternative to the
Pareto/NBD model, Marketing Science 24(2).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from goulot.errors import ParameterError
from goulot.methods.likelihood import drawn, maximize

_STARTS = ((0.0, 1.0, 0.0, 0.5), (-1.0, 2.0, 0.5, 1.5))  # logs of r, alpha, a, b
_BOUNDS = [(-9.0, 9.0)] * 4


@dataclass(frozen=True)
class BgNbd:
    r"""A fitted model.

    ``r``, ``alpha`` : gamma of the purchase rate (shape; rate [time units]).  :math:`r, \alpha`
    ``a``, ``b`` : beta of the dropout probability.  :math:`a, b`
    ``covariance`` : 4 x 4, of the logarithms of r, alpha, a, b (inverse of the observed
    information); ``standard_errors`` are of the parameters themselves, by the delta method.
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: np.ndarray

    def drawn(self, count: int, rng: np.random.Generator) -> "BgNbd":
        """Models as uncertain as the fit leaves this one: each parameter one column of draws."""
        r, alpha, a, b = drawn(self.parameters, self.covariance, count, rng).T[:, :, None]
        return BgNbd(r, alpha, a, b, self.log_likelihood, self.covariance)

    @property
    def parameters(self) -> np.ndarray:
        return np.array([self.r, self.alpha, self.a, self.b])

    @property
    def standard_errors(self) -> np.ndarray:
        return self.parameters * np.sqrt(np.diag(self.covariance))

    def expected_purchases(self, t: np.ndarray | float) -> np.ndarray:
        r"""Mean repeat purchases of a new customer in their first ``t``.

        .. math:: \frac{a+b-1}{a-1}\left[1-\left(\frac{\alpha}{\alpha+t}\right)^r
                  {}_2F_1\left(r,b;a+b-1;\frac{t}{\alpha+t}\right)\right]

        Examples
        --------
        >>> model = BgNbd(0.242593, 4.413532, 0.792886, 2.425754, 0.0, np.eye(4))
        >>> model.expected_purchases(np.array([32.0, 78.0])).round(2).tolist()
        [1.04, 1.86]
        """
        return self._ahead(0.0, 0.0, t)

    def probability_alive(self, x, t_x, age) -> np.ndarray:
        r"""Probability that a customer has not dropped out.

        .. math:: 1 \Big/ \left(1 + [x>0] \frac{a}{b+x-1}
                  \left(\frac{\alpha+T}{\alpha+t_x}\right)^{r+x}\right)

        In logarithms: stable however many purchases there are. Who never came back counts as
        alive, which is the model's assumption, not an observation.
        """
        x, t_x, age = (np.asarray(v, dtype=float) for v in (x, t_x, age))
        odds = (
            np.log(self.a)
            - np.log(np.maximum(self.b + x - 1, 1e-12))
            + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + t_x))
        )
        return np.where(x > 0, expit(-odds), 1.0)

    def expected_ahead(self, x, t_x, age, t) -> np.ndarray:
        """Mean purchases of a customer in the next ``t``, given x, t_x and T (eq. 10)."""
        x, t_x, age, t = (np.asarray(v, dtype=float) for v in (x, t_x, age, t))
        return self._ahead(x, age, t) * self.probability_alive(x, t_x, age)

    def _ahead(self, x, age, t) -> np.ndarray:
        """Purchases ahead of a customer who is alive."""
        x, age, t = (np.asarray(v, dtype=float) for v in (x, age, t))
        a = np.where(np.abs(self.a - 1.0) > 1e-6, self.a, 1 + 1e-6)  # the formula's removable pole
        r, b = self.r + x, self.b + x
        c = a + b - 1
        z = t / (self.alpha + age + t)
        # 2F1 by Euler's transformation, (1-z)^(c-a-b) 2F1(c-a, c-b): small where the direct series
        # would overflow for customers with many purchases.
        log_power = r * (np.log(self.alpha + age) - np.log(self.alpha + age + t))
        with np.errstate(divide="ignore", invalid="ignore"):
            told = (c - r - b) * np.log1p(-z) + np.log(hyp2f1(c - r, c - b, c, z))
            if not np.isfinite(told).all():
                told = np.where(np.isfinite(told), told, np.log(hyp2f1(r, b, c, z)))
        return (a + b - 1) / (a - 1) * (1 - np.exp(log_power + told))


def fit_bg_nbd(frequency: np.ndarray, recency: np.ndarray, age: np.ndarray) -> BgNbd:
    """Fit by maximum likelihood, with analytic gradients in the logarithms of the parameters.

    Parameters
    ----------
    frequency, recency, age : one entry per customer; equal customers are counted once

    Raises
    ------
    ParameterError
        No customer came back, or the numbers cannot be a history (recency above age …).
    """
    histories, weights = _histories(frequency, recency, age)
    scale = float(histories[:, 2].mean())  # so that alpha starts near 1 whatever the unit of time
    histories = histories / np.array([1.0, scale, scale])
    best = maximize(_negative, _STARTS, _BOUNDS, _counts(histories, weights))
    r, alpha, a, b = best.parameters.tolist()
    # A density over times in another unit differs by that unit for each purchase.
    shift = float(weights @ histories[:, 0]) * float(np.log(scale))
    return BgNbd(r, alpha * scale, a, b, best.log_likelihood - shift, best.covariance)


def _histories(frequency, recency, age) -> tuple[np.ndarray, np.ndarray]:
    rows = np.column_stack([np.asarray(v, dtype=float) for v in (frequency, recency, age)])
    x, t_x, observed = rows.T
    odd = ~np.isfinite(rows).all(axis=1) | (x < 0) | (t_x < 0) | (t_x > observed + 1e-9)
    odd |= (x == 0) & (t_x > 0)
    if odd.any():
        raise ParameterError(
            f"{int(odd.sum())} of {len(rows)} customers have no possible history: frequency and "
            "recency are 0 or more, recency at most the age, and 0 for who never came back."
        )
    if not (x > 0).any():
        raise ParameterError(
            f"none of {len(rows)} customers came back, so nothing can be said of how often they do."
        )
    rows = rows[np.lexsort(rows.T)]  # some times as quick as np.unique of rows
    is_first = np.append(True, (rows[1:] != rows[:-1]).any(axis=1))
    begins = np.flatnonzero(is_first)
    return rows[begins], np.diff(np.append(begins, len(rows)))


@dataclass(frozen=True)
class _Counts:
    """Histories, with the frequencies that occur told apart: few, and costly functions need only
    those."""

    recency: np.ndarray
    age: np.ndarray
    weights: np.ndarray
    frequencies: np.ndarray  # those that occur
    place: np.ndarray  # of each history's own among them
    by_frequency: np.ndarray  # customers of each


def _counts(histories: np.ndarray, weights: np.ndarray) -> _Counts:
    x, recency, age = histories.T
    frequencies, place = np.unique(x, return_inverse=True)
    summed = np.bincount(place, weights=weights)
    return _Counts(recency, age, weights, frequencies, place, summed)


def _negative(logs: np.ndarray, known: _Counts) -> tuple[float, np.ndarray]:
    """Minus the log-likelihood (eq. 6 in logarithms) and its gradient."""
    r, alpha, a, b = np.exp(logs)
    x, count, weights = known.frequencies, known.by_frequency, known.weights
    shape = (r + x)[known.place]
    log_age, log_last = np.log(alpha + known.age), np.log(alpha + known.recency)
    with np.errstate(divide="ignore"):  # who never came back cannot have dropped out
        dropping = np.where(x > 0, np.log(a) - np.log(np.maximum(b + x - 1, 1e-300)), -np.inf)
    staying = -shape * log_age
    leaving = dropping[known.place] - shape * log_last
    less = np.exp(-np.abs(leaving - staying))  # of the two, the one that is less likely
    both = np.maximum(staying, leaving) + np.log1p(less)
    leaves = np.where(leaving > staying, 1.0, less) / (1 + less) * weights
    stays = weights - leaves
    gone = np.bincount(known.place, weights=leaves, minlength=len(x))
    alike = (
        gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    )  # fmt: skip
    value = count @ alike + weights @ both
    sum_all = digamma(a + b) - digamma(a + b + x)
    safe = np.where(x > 0, b + x - 1, 1.0)
    gradient = np.array(
        [
            count @ (digamma(r + x) - digamma(r) + np.log(alpha))
            - stays @ log_age
            - leaves @ log_last,
            count.sum() * r / alpha
            - shape @ (stays / (alpha + known.age) + leaves / (alpha + known.recency)),
            count @ sum_all + gone.sum() / a,
            count @ (digamma(b + x) - digamma(b) + sum_all) - gone @ (1 / safe),
        ]
    )  # fmt: skip
    return -float(value), -gradient * np.array([r, alpha, a, b])
