"""Gamma-Gamma: what a customer's orders are worth, when some have hardly bought.

An order's value is gamma around the customer's own mean, and these means spread over customers by
another gamma. The model assumes that how much somebody spends says nothing of how often they buy:
``rank_correlation`` is to be looked at before it is trusted.

References
----------
Fader & Hardie (2013), The Gamma-Gamma model of monetary value, note 025 (brucehardie.com).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln
from scipy.stats import spearmanr

from goulot.errors import ParameterError
from goulot.methods.likelihood import maximize

_STARTS = np.log([(1.0, 2.0, 1.0), (6.0, 4.0, 0.5)])
_BOUNDS = [(-6.0, 8.0), (-4.0, 8.0), (-6.0, 12.0)]


@dataclass(frozen=True)
class GammaGamma:
    """A fitted model: shape ``p`` of orders, shape ``q`` and scale ``v`` [currency] of customers.

    ``covariance`` : 3 x 3, of the logarithms of p, q, v.
    """

    p: float
    q: float
    v: float
    log_likelihood: float
    covariance: np.ndarray

    @property
    def standard_errors(self) -> np.ndarray:
        return np.array([self.p, self.q, self.v]) * np.sqrt(np.diag(self.covariance))

    @property
    def mean_value(self) -> float:
        """Mean value of an order over all customers [currency]; needs q above 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("nan")

    def expected_value(self, orders: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """A customer's own mean value, from the ``mean`` of their ``orders``: a weighted mean of
        theirs and everybody's, the more theirs the more they bought [currency]."""
        orders, mean = np.asarray(orders, dtype=float), np.asarray(mean, dtype=float)
        own = np.where(orders > 0, orders * np.nan_to_num(mean), 0.0)
        return self.p * (self.v + own) / (self.p * orders + self.q - 1)


def rank_correlation(orders: np.ndarray, mean: np.ndarray) -> float:
    """Spearman's correlation of frequency and value, of which the model assumes there is none."""
    return float(spearmanr(orders, mean).statistic)


def fit_gamma_gamma(orders: np.ndarray, mean: np.ndarray) -> GammaGamma:
    """Fit by maximum likelihood, with analytic gradients in the logarithms of p, q and v.

    Parameters
    ----------
    orders : number of orders of each customer, 1 or more (by convention the repeat orders)
    mean : mean value of these orders, above 0 [currency]

    Raises
    ------
    ParameterError
        Fewer than three customers, or a count or value that is not positive.
    """
    orders, mean = np.asarray(orders, dtype=float), np.asarray(mean, dtype=float)
    odd = ~((orders >= 1) & (mean > 0) & np.isfinite(mean))
    if odd.any() or len(orders) < 3:
        raise ParameterError(
            f"{int(odd.sum())} of {len(orders)} customers have no orders with a value above 0: "
            "leave them out, and fit from three customers on."
        )
    scale = float(np.median(mean))
    best = maximize(_negative, _STARTS, _BOUNDS, orders, mean / scale)
    p, q, v = best.parameters.tolist()
    shift = len(orders) * float(np.log(scale))
    return GammaGamma(p, q, v * scale, best.log_likelihood - shift, best.covariance)


def _negative(logs: np.ndarray, x: np.ndarray, m: np.ndarray) -> tuple[float, np.ndarray]:
    p, q, v = np.exp(logs)
    px, total = p * x, v + m * x
    log_total = np.log(total)
    each = (
        gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
        + (px - 1) * np.log(m) + px * np.log(x) - (px + q) * log_total
    )  # fmt: skip
    joint = digamma(px + q)
    gradient = np.array(
        [
            (x * (joint - digamma(px) + np.log(m) + np.log(x) - log_total)).sum(),
            (joint - digamma(q) + np.log(v) - log_total).sum(),
            (q / v - (px + q) / total).sum(),
        ]
    )
    return -float(each.sum()), -gradient * np.array([p, q, v])
