"""Shifted beta-geometric: how long subscribers stay, when some leave far sooner than others.

At the end of each period a subscriber leaves with a probability of their own, spread by a beta over
subscribers. Retention therefore rises with age although nobody becomes more loyal: the less loyal
are gone.

References
----------
Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from goulot.errors import ParameterError
from goulot.methods.likelihood import drawn, maximize

_STARTS = ((0.0, 1.0), (-1.0, 0.0), (2.0, 4.0))
_BOUNDS = [(-9.0, 9.0)] * 2


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    r"""A fitted model: beta of the probability of leaving.  :math:`\alpha, \beta`

    ``covariance`` : 2 x 2, of the logarithms of alpha and beta.
    """

    alpha: float
    beta: float
    log_likelihood: float
    covariance: np.ndarray

    @property
    def parameters(self) -> np.ndarray:
        return np.array([self.alpha, self.beta])

    @property
    def standard_errors(self) -> np.ndarray:
        return self.parameters * np.sqrt(np.diag(self.covariance))

    def survival(self, periods: np.ndarray | int) -> np.ndarray:
        r"""Share still there after so many renewals: :math:`B(\alpha, \beta+t) / B(\alpha, \beta)`.

        Examples
        --------
        >>> ShiftedBetaGeometric(0.668, 3.806, 0.0, np.eye(2)).survival([0, 1, 7]).round(3).tolist()
        [1.0, 0.851, 0.489]
        """
        periods = np.asarray(periods, dtype=float)
        return np.exp(betaln(self.alpha, self.beta + periods) - betaln(self.alpha, self.beta))

    def retention(self, period: np.ndarray | int) -> np.ndarray:
        """Share of those there before renewal ``period`` (from 1) who renew."""
        period = np.asarray(period, dtype=float)
        return (self.beta + period - 1) / (self.alpha + self.beta + period - 1)

    def draws(self, periods: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """``survival``, a row a draw, as uncertain as the fit leaves it."""
        rows = drawn(self.parameters, self.covariance, count, rng)
        return np.array([ShiftedBetaGeometric(*row, 0.0, self.covariance).survival(periods)
                         for row in rows])  # fmt: skip


@dataclass(frozen=True)
class ConstantChurn:
    """The plain rule: the same share leaves at every renewal, ``lost`` of those ``at_risk``."""

    lost: float
    at_risk: float

    @property
    def churn(self) -> float:
        return self.lost / self.at_risk

    def survival(self, periods: np.ndarray | int) -> np.ndarray:
        """Share still there after so many renewals.

        Examples
        --------
        >>> ConstantChurn(lost=5, at_risk=100).survival([0, 1, 12]).round(3).tolist()
        [1.0, 0.95, 0.54]
        """
        return (1 - self.churn) ** np.asarray(periods, dtype=float)

    def draws(self, periods: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """``survival``, a row a draw, with churn from its posterior (Jeffreys' prior)."""
        churn = rng.beta(self.lost + 0.5, self.at_risk - self.lost + 0.5, count)
        return (1 - churn[:, None]) ** np.asarray(periods, dtype=float)


@dataclass(frozen=True)
class Proportional:
    r"""As ``base``, but leaving at another pace: its survival to the power of ``pace``, whose
    ``paces`` are draws (proportional hazards, Cox 1972, JRSS B 34).  :math:`S(t)^\lambda`"""

    base: ShiftedBetaGeometric | ConstantChurn
    pace: float
    paces: np.ndarray

    def survival(self, periods: np.ndarray | int) -> np.ndarray:
        return self.base.survival(periods) ** self.pace

    def draws(self, periods: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        paces = rng.choice(self.paces, count)
        return self.base.draws(periods, count, rng) ** paces[:, None]


def product_limit(at_risk: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Share still there after renewals 0, 1, 2, …, without a model (Kaplan & Meier 1958, JASA 53).

    Examples
    --------
    >>> product_limit([100, 50], [10, 5]).round(2).tolist()
    [1.0, 0.9, 0.81]
    """
    stays = 1 - np.asarray(lost, dtype=float) / np.maximum(np.asarray(at_risk, dtype=float), 1)
    return np.concatenate([[1.0], np.cumprod(stays)])


def fit_retention(at_risk: np.ndarray, lost: np.ndarray) -> ShiftedBetaGeometric:
    """Fit by maximum likelihood from how many faced each renewal, and how many left at it.

    Parameters
    ----------
    at_risk : subscribers who faced renewal 1, 2, … (cohorts of different ages add up)
    lost : of these, how many left

    Who is still there is censored, not lost: they count in ``at_risk`` only up to their last
    renewal.

    Raises
    ------
    ParameterError
        Nobody left, everybody left at once, or more left than were there.
    """
    at_risk, lost = np.asarray(at_risk, dtype=float), np.asarray(lost, dtype=float)
    if (lost < 0).any() or (lost > at_risk).any():
        raise ParameterError("more subscribers left at a renewal than faced it; check the counts.")
    if not 0 < lost.sum() < at_risk.sum():
        raise ParameterError(
            f"{lost.sum():.0f} of {at_risk.sum():.0f} renewals were refused: from none or all of "
            "them nothing can be said of how leaving is spread."
        )
    best = maximize(_negative, _STARTS, _BOUNDS, at_risk, lost)
    return ShiftedBetaGeometric(*best.parameters.tolist(), best.log_likelihood, best.covariance)


def _negative(logs: np.ndarray, at_risk: np.ndarray, lost: np.ndarray) -> tuple[float, np.ndarray]:
    """Renewal t is refused with the mean probability alpha / (alpha + beta + t - 1)."""
    alpha, beta = np.exp(logs)
    before = np.arange(len(at_risk))
    everybody, staying = alpha + beta + before, beta + before
    kept = at_risk - lost
    value = lost @ (np.log(alpha) - np.log(everybody)) + kept @ np.log(staying / everybody)
    by_alpha = lost.sum() / alpha - (at_risk / everybody).sum()
    by_beta = (kept / staying).sum() - (at_risk / everybody).sum()
    return -float(value), -np.array([by_alpha * alpha, by_beta * beta])
