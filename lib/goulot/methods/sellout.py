"""When a stock sells out: daily demand is a negative binomial whose mean is itself uncertain."""

from dataclasses import dataclass

import numpy as np
from scipy import special

_NODES, _PARTS = np.polynomial.legendre.leggauss(12)
POINTS, WEIGHTS = (_NODES + 1) / 2, _PARTS / 2  # of the posterior of the mean, as probabilities


@dataclass(frozen=True)
class DailyDemand:
    """What a SKU sold in a window: ``units`` in ``days``; ``shape`` of the daily gamma."""

    units: float
    days: float
    shape: float


def pooled_shape(
    units: np.ndarray, squares: np.ndarray, days: np.ndarray, *, least_units: float = 28.0
) -> float:
    r"""The shape :math:`k` of daily demand over SKUs: :math:`Var = \mu + \mu^2 / k`, by moments.

    Parameters
    ----------
    units, squares : by SKU, what it sold in its window, and the squares of the days' sales, summed
    days : of each SKU's window
    least_units : SKUs that sold less say little of their spread
    """
    known = (units >= least_units) & (days > 1)
    total, squares, days = units[known], squares[known], days[known]
    mean = total / days
    variance = (squares - days * mean**2) / (days - 1)
    over, even = float((variance - mean).sum()), float((mean**2).sum())
    return float(np.clip(even / over, 0.3, 1000.0)) if over > 0 else 1000.0


def sellout_days(
    stock: float, demand: DailyDemand, *, horizon: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    r"""Draws of the day (0: today) in which the last unit goes; ``horizon``: not before then.

    Drawn at evenly spaced quantiles, in random order: the ends of an interval do not hang on how
    many draws there are.

    Notes
    -----
    What :math:`d` days sell is negative binomial with shape :math:`kd`; the stock :math:`s` is gone
    by then with probability :math:`I_{\mu / (\mu + k)}(s, kd)`, the incomplete beta function
    (Johnson, Kemp & Kotz 2005, *Univariate Discrete Distributions*, 3rd ed., ch. 5). The mean
    :math:`\mu` is averaged over its posterior (gamma, Jeffreys' prior).

    Examples
    --------
    Ten units at two a day are gone after about five days:

    >>> rng = np.random.default_rng(1)
    >>> days = sellout_days(10, DailyDemand(112, 56, 5.0), horizon=60, draws=500, rng=rng)
    >>> bool(3 <= np.median(days) <= 6)
    True
    """
    if stock <= 0:
        return np.zeros(draws)
    even = rng.permuted((np.arange(draws) + 0.5) / draws)
    return np.searchsorted(_gone_by(stock, demand, horizon), even).astype(float)


def _gone_by(stock: float, demand: DailyDemand, horizon: int) -> np.ndarray:
    """For each day up to the horizon, how probable it is that the stock is gone at its end."""
    mean = special.gammaincinv(demand.units + 0.5, POINTS[:, None]) / demand.days
    days = np.arange(1, horizon + 1)
    gone = special.betainc(np.ceil(stock), demand.shape * days, mean / (mean + demand.shape))
    return WEIGHTS @ gone
