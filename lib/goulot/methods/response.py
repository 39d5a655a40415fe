"""Response curves: what spend on a channel brings, after Hill, and what the next customer costs."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

FLOOR = 1e-12  # stands for zero where a logarithm or a quotient is taken


def geometric_adstock(spend: np.ndarray, theta: float | np.ndarray) -> np.ndarray:
    r"""Spend with what is left of earlier spend: :math:`A_t = x_t + \theta A_{t-1}`.

    Parameters
    ----------
    spend : spend by period, along the last axis [currency]
    theta : share of a period's effect that remains in the next [0, 1); an array gives one row each

    Returns
    -------
    Adstocked spend [currency]; shape of ``theta`` followed by that of ``spend``. Constant spend x
    tends to x / (1 - theta): multiply by (1 - theta) for a mean that leaves constant spend alone.

    References
    ----------
    Broadbent (1979), One way TV advertisements work; Robyn's ``adstock_geometric``.

    Examples
    --------
    >>> geometric_adstock(np.full(4, 100.0), 0.5).tolist()
    [100.0, 150.0, 175.0, 187.5]
    """
    keep = np.asarray(theta, dtype=float)
    stock = np.empty((*keep.shape, len(spend)))
    level = np.zeros(keep.shape)
    for period, amount in enumerate(np.asarray(spend, dtype=float)):
        level = keep * level + amount
        stock[..., period] = level
    return stock


def hill(spend, shape, half_saturation):
    r"""Share of the ceiling that ``spend`` reaches: :math:`x^s / (k^s + x^s)`.

    Parameters
    ----------
    spend : spend, or adstocked spend, not negative [currency].  :math:`x`
    shape : 1 is concave, above 1 S-shaped.  :math:`s`
    half_saturation : spend that reaches half of the ceiling [currency].  :math:`k`

    References
    ----------
    Hill (1910); Jin et al. (2017), Bayesian methods for media mix modeling with carryover and shape
    effects; Robyn's ``saturation_hill``.

    Examples
    --------
    >>> round(float(hill(150, 3, 100)), 6)
    0.771429
    """
    ratio = np.asarray(half_saturation) / np.maximum(spend, FLOOR)
    return np.where(np.asarray(spend) > 0, 1 / (1 + ratio**shape), 0.0)


def hill_slope(spend, shape, half_saturation):
    """Derivative of :func:`hill` [1/currency]; at 0 it is 1/k for shape 1 and 0 above."""
    spend = np.maximum(spend, np.asarray(half_saturation) * 1e-9)
    reached = hill(spend, shape, half_saturation)
    return np.asarray(shape) * reached * (1 - reached) / spend


class Segments(NamedTuple):
    """A concave piecewise-linear curve from spend 0 on, steepest piece first.

    ``widths`` [currency/week] and ``slopes`` [customers/currency], which never rise.
    """

    widths: np.ndarray
    slopes: np.ndarray


def concave_segments(spend: np.ndarray, customers: np.ndarray) -> Segments:
    """The least concave curve above the points (upper hull), as segments.

    Parameters
    ----------
    spend : rising, from 0 [currency/week]
    customers : expected at each spend [customers/week]

    Notes
    -----
    A linear program fills segments in order of slope, so that it needs a concave curve. Where the
    true one is S-shaped the hull promises, between its corners, what only a mixture of weeks with
    much and with little spend would bring.
    """
    corners = [0]
    for point in range(1, len(spend)):
        while len(corners) > 1:
            before, last = corners[-2], corners[-1]
            gained = (customers[last] - customers[before]) * (spend[point] - spend[last])
            if gained > (customers[point] - customers[last]) * (spend[last] - spend[before]):
                break
            corners.pop()
        corners.append(point)
    widths = np.diff(np.asarray(spend, dtype=float)[corners])
    return Segments(widths, np.diff(np.asarray(customers, dtype=float)[corners]) / widths)


def spend_grid(max_spend: float, count: int) -> np.ndarray:
    """``count`` + 1 spends from 0 to ``max_spend``, denser where curves bend: near 0."""
    return max_spend * np.linspace(0, 1, count + 1) ** 1.5


@dataclass(frozen=True)
class HillCurve:
    """Expected new customers of a channel at a constant weekly spend.

    ``base`` comes without spend and ``top`` is the most that spend can add [customers/week];
    ``half_saturation`` [currency/week] brings half of it; ``observed_max`` is the highest adstocked
    weekly spend that was ever seen: beyond it the curve is extrapolation.
    """

    base: float
    top: float
    half_saturation: float
    shape: float
    observed_max: float

    def customers(self, spend):
        """Expected new customers a week, those that come without spend included."""
        return self.base + self.top * hill(spend, self.shape, self.half_saturation)

    def added(self, spend):
        """Expected new customers a week that spend adds."""
        return self.top * hill(spend, self.shape, self.half_saturation)

    def slope(self, spend):
        """New customers for one more unit of weekly spend [customers/currency]."""
        return self.top * hill_slope(spend, self.shape, self.half_saturation)

    def cac(self, spend):
        """Spend per customer that it adds [currency/customer]; not the average over all."""
        return np.asarray(spend) / np.maximum(self.added(spend), FLOOR)

    def marginal_cac(self, spend):
        r"""Cost of the next customer: 1 / slope [currency/customer].

        Closed form: :math:`\mathrm{CAC} \cdot (1 + (x/k)^s) / s`.

        >>> curve = HillCurve(0, 1000, 50_000, 1, 100_000)
        >>> [round(float(curve.marginal_cac(x)), 1) for x in (25_000, 50_000, 100_000)]
        [112.5, 200.0, 450.0]
        """
        return 1 / np.maximum(self.slope(spend), FLOOR)

    def saturation(self, spend):
        """Share of what spend can add at most that is reached [0 to 1]."""
        return hill(spend, self.shape, self.half_saturation)

    def segments(self, max_spend: float, n: int = 20) -> Segments:
        """At most ``n`` concave segments of :meth:`added` from 0 to ``max_spend``."""
        spend = spend_grid(max_spend, n)
        return concave_segments(spend, self.added(spend))


@dataclass(frozen=True)
class HillDraws:
    """Bootstrap replicates of a curve: arrays with one entry per replicate, in the same order for
    all channels of a client (replicate 7 of each is the same resampled history)."""

    base: np.ndarray
    top: np.ndarray
    half_saturation: np.ndarray
    shape: np.ndarray

    def __len__(self) -> int:
        return len(self.top)

    def curve(self, replicate: int, observed_max: float) -> HillCurve:
        values = (self.base, self.top, self.half_saturation, self.shape)
        return HillCurve(*(float(array[replicate]) for array in values), observed_max)

    def added(self, spend) -> np.ndarray:
        """Expected new customers that spend adds; replicates in rows, spends in columns."""
        spend = np.atleast_1d(spend)[None, :]
        reached = hill(spend, self.shape[:, None], self.half_saturation[:, None])
        return self.top[:, None] * reached

    def slope(self, spend) -> np.ndarray:
        """[customers/currency]; replicates in rows, spends in columns."""
        spend = np.atleast_1d(spend)[None, :]
        steep = hill_slope(spend, self.shape[:, None], self.half_saturation[:, None])
        return self.top[:, None] * steep

    def mean_segments(self, max_spend: float, n: int = 20) -> Segments:
        """Segments of the mean curve: what to expect of a spend, over all that is possible."""
        spend = spend_grid(max_spend, n)
        return concave_segments(spend, self.added(spend).mean(axis=0))


@dataclass(frozen=True)
class ResponseFit:
    """The curve of one channel, its replicates, and what it was learned from.

    ``carryover`` is the share of a week's effect that remains in the next; ``weeks`` were used and
    ``left_out`` were not (stock was out); ``dispersion`` is the variance of a week as a multiple of
    its mean (1 for Poisson counts).
    """

    curve: HillCurve
    draws: HillDraws
    carryover: float
    weeks: int
    left_out: int
    dispersion: float
