"""Maximum likelihood for models of a few positive parameters: the best point and how sure it is."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

STEP = 1e-5  # of the logarithms, for the second derivative
MOST_LOG_VARIANCE = 4.0  # of a parameter's logarithm, above which it is not known

Negative = Callable[..., tuple[float, np.ndarray]]


class Maximum(NamedTuple):
    """``parameters``; ``log_likelihood``; ``covariance`` of the parameters' logarithms."""

    parameters: np.ndarray
    log_likelihood: float
    covariance: np.ndarray


def maximize(
    negative: Negative,
    starts: Sequence[Sequence[float]],
    bounds: Sequence[tuple[float, float]],
    *data: Any,
) -> Maximum:
    """The best of the maxima found from ``starts``.

    Parameters
    ----------
    negative : minus the log-likelihood and its gradient, of the logarithms of the parameters
    starts, bounds : logarithms; several starts, because a likelihood may have more than one top
    data : passed on to ``negative``

    The covariance is the inverse of the observed information, by central differences of the
    analytic gradient (Efron & Hinkley 1978).
    """
    fits = [
        minimize(
            negative, start, data, method="L-BFGS-B", jac=True, bounds=bounds,
            options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9},
        )
        for start in starts
    ]  # fmt: skip
    best = min(fits, key=lambda fit: fit.fun)
    rows = []
    for move in np.eye(len(best.x)) * STEP:
        above, below = (negative(best.x + sign * move, *data)[1] for sign in (1, -1))
        rows.append((above - below) / (2 * STEP))
    information = (np.array(rows) + np.array(rows).T) / 2
    return Maximum(np.exp(best.x), -float(best.fun), np.linalg.pinv(information))


def drawn(
    parameters: np.ndarray, covariance: np.ndarray, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Parameters as uncertain as the fit leaves them (log-normal), a row a draw.

    A direction that the data leave open (that of dropping out where nobody seems to, or the
    size of both parameters where all leave at one rate) is held at the estimate: its curvature says
    nothing of its spread. What the data do tell, as the ratio of the two, varies all the same.
    """
    logs = np.zeros((count, len(parameters)))
    if np.isfinite(covariance).all():
        variance, directions = np.linalg.eigh(covariance)
        told = np.where((variance > 0) & (variance < MOST_LOG_VARIANCE), variance, 0.0)
        logs = rng.standard_normal(logs.shape) * np.sqrt(told) @ directions.T
    return parameters * np.exp(logs)
