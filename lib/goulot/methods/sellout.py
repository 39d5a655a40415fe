"""When a stock sells out: daily demand is a negative binomial whose mean is itself uncertain."""

from dataclasses import dataclass

import numpy as np

TINY = 1e-9  # stands for a span of no days


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
    """Draws of the day (0: today) in which the last unit goes; ``horizon``: not before then.

    The mean is drawn from its posterior (gamma, Jeffreys' prior), then what all days together
    sell; the day on which the stock ends is found by halving: of what a span sells, its first half
    has a beta-binomial part. That is day by day in distribution, at a fraction of the draws.

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
    mean = rng.gamma(demand.units + 0.5, 1 / demand.days, draws)
    lifted = mean * rng.gamma(demand.shape * horizon, 1 / demand.shape, draws)
    sold = rng.poisson(lifted)
    found = np.full(draws, float(horizon))
    ends = sold >= stock
    found[ends] = _day_of_last_unit(sold[ends], stock, horizon, demand.shape, rng)
    return found


def _day_of_last_unit(
    sold: np.ndarray, stock: float, horizon: int, shape: float, rng: np.random.Generator
) -> np.ndarray:
    """The day on which ``stock`` is reached of what ``horizon`` days sell, by halving the span."""
    first = np.zeros(len(sold))  # day of the span
    length = np.full(len(sold), horizon)
    before = np.zeros(len(sold))  # units sold before the span
    while len(sold) and length.max() > 1:
        half = length // 2
        part = rng.beta(np.maximum(shape * half, TINY), shape * (length - half))
        early = np.where(half > 0, rng.binomial(sold, part), 0)
        late = before + early < stock
        first += np.where(late, half, 0)
        before += np.where(late, early, 0)
        sold = np.where(late, sold - early, early)
        length = np.where(late, length - half, half)
    return first
