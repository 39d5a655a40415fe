"""When a stock sells out: daily demand is a negative binomial whose mean is itself uncertain."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class DailyDemand:
    """What a SKU sold in a window: ``units`` in ``days``; ``shape`` of the daily gamma."""

    units: float
    days: float
    shape: float


def pooled_shape(daily: pd.DataFrame, days: int, *, least_units: float = 28.0) -> float:
    r"""The shape :math:`k` of daily demand over SKUs: :math:`Var = \mu + \mu^2 / k`, by moments.

    Parameters
    ----------
    daily : sku and units, one row per day on which the SKU sold; the other days sold none
    days : of the window
    least_units : SKUs that sold less say little of their spread
    """
    units = daily.groupby("sku")["units"].agg(
        ["sum", lambda u: float((u.astype(float) ** 2).sum())]
    )
    units.columns = ["total", "squares"]
    units = units[units["total"] >= least_units]
    mean = units["total"] / days
    variance = (units["squares"] - days * mean**2) / max(days - 1, 1)
    over, squares = float((variance - mean).sum()), float((mean**2).sum())
    return float(np.clip(squares / over, 0.3, 1000.0)) if over > 0 else 1000.0


def sellout_days(
    stock: float, demand: DailyDemand, *, horizon: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Draws of the day (0: today) in which the last unit goes; ``horizon``: not before then.

    The mean is drawn from its posterior (gamma, Jeffreys' prior), then each day is drawn.

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
    mean = rng.gamma(demand.units + 0.5, 1 / demand.days, (draws, 1))
    lifted = mean * rng.gamma(demand.shape, 1 / demand.shape, (draws, horizon))
    sold = rng.poisson(lifted).cumsum(axis=1)
    return (sold < stock).sum(axis=1).astype(float)
