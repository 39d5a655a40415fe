"""How many customers go with spend: by the channel's response curve, or assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from goulot.findings import Basis
from goulot.steps.channel_curves import ChannelCurves
from goulot.steps.channel_weeks import ChannelWeeks


@dataclass(frozen=True)
class Elasticity:
    """Per cent of a channel's new customers for one per cent of its spend, as draws.

    ``basis`` is "observed" where a response curve tells it, else "assumed".
    """

    draws: np.ndarray
    value: float
    basis: Basis

    @classmethod
    def assumed(cls, value: float, draws: int) -> "Elasticity":
        return cls(np.full(draws, value), value, "assumed")


def elasticities(
    weeks: ChannelWeeks, curves: ChannelCurves, *, draws: int, seed: int
) -> Mapping[str, Elasticity]:
    r"""Channel → elasticity at the quarter's mean weekly spend, for each channel with a curve.

    Notes
    -----
    .. math:: e = x f'(x) / f(x)

    the average cost of a customer divided by that of the next one. :math:`f` counts the customers
    that the channel's spend adds and those that come through it anyway; where the curves of all
    channels were learned together the latter are not known by channel, and only the former count.
    """
    rng = np.random.default_rng(seed + 61)
    found = {}
    for channel, fit in sorted(curves.fits.items()):
        spend = np.nan_to_num(weeks.spend[weeks.row(channel), weeks.in_quarter])
        if not len(spend) or not spend.mean() > 0:
            continue
        usual, counted = float(spend.mean()), 0.0 if curves.together else 1.0
        base = counted * fit.draws.base
        told = usual * fit.draws.slope(usual)[:, 0] / (base + fit.draws.added(usual)[:, 0])
        here = fit.curve
        value = usual * here.slope(usual) / (counted * here.base + here.added(usual))
        at = rng.integers(0, len(told), draws)
        found[channel] = Elasticity(told[at], float(value), "observed")
    return found
