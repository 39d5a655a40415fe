"""A figure from draws: a value with the middle 90 % of what it may be."""

import numpy as np

from goulot.findings import Basis, Figure


def drawn_figure(
    draws: np.ndarray,
    unit: str,
    *,
    value: float | None = None,
    basis: Basis = "observed",
    note: str = "",
) -> Figure:
    """``value`` (the mean of the draws where none is given) between their 5 % and 95 % quantiles.

    >>> figure = drawn_figure(np.arange(101.0), "days")
    >>> figure.value, figure.low, figure.high
    (50.0, 5.0, 95.0)
    """
    low, high = (float(end) for end in np.quantile(draws, (0.05, 0.95)))
    middle = float(draws.mean() if value is None else value)
    return Figure(
        value=middle,
        low=min(low, middle),
        high=max(high, middle),
        unit=unit,
        basis=basis,
        note=note,
    )
