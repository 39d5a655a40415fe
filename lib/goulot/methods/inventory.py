"""Inventory: how much to have when demand or the supplier is uncertain."""

from math import sqrt
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.stats import norm, poisson

from goulot.errors import ParameterError

Units = TypeVar("Units", float, np.ndarray)


class BaseStock(NamedTuple):
    """Order-up-to level [units] and the expected cost of a period at that level [currency]."""

    base_stock: float
    cost: float


def newsvendor_normal(
    holding_cost: float, stockout_cost: float, mean: float, sd: float, lead_time: float = 0.0
) -> BaseStock:
    r"""Base stock for normal demand, unmet demand waiting.

    Parameters
    ----------
    holding_cost : of a unit left over at the end of a period [currency/unit/period].  :math:`h`
    stockout_cost : of a unit of demand not met in a period [currency/unit/period].  :math:`p`
    mean, sd : demand of a period [units].  :math:`\mu, \sigma`
    lead_time : periods from order to receipt, beyond the period itself.  :math:`L`

    Notes
    -----
    .. math:: S = \mu (L+1) + z \sigma \sqrt{L+1}, \quad z = \Phi^{-1}(p / (p + h))

    Not the fill rate: p/(p+h) is the share of periods that end without a stock-out.

    References
    ----------
    Snyder & Shen (2019), *Fundamentals of Supply Chain Theory*, 2nd ed., secs. 4.3 and 4.4.

    Examples
    --------
    >>> round(newsvendor_normal(0.18, 0.70, 50, 8).base_stock, 2)
    56.6
    """
    ratio = critical_ratio(holding_cost, stockout_cost)
    z = norm.ppf(ratio)
    spread = sd * sqrt(lead_time + 1)
    cost = (holding_cost + stockout_cost) * spread * norm.pdf(z)
    return BaseStock(float(mean * (lead_time + 1) + z * spread), float(cost))


def newsvendor_poisson(holding_cost: float, stockout_cost: float, mean: float) -> BaseStock:
    """Base stock for Poisson demand of ``mean`` units a period: the smallest that is enough.

    References
    ----------
    Snyder & Shen (2019), *Fundamentals of Supply Chain Theory*, sec. 4.3.2.7 and example 4.7.
    """
    ratio = critical_ratio(holding_cost, stockout_cost)
    level = float(poisson.ppf(ratio, mean))
    demand = np.arange(int(poisson.ppf(1 - 1e-13, mean)) + 2)
    chance = poisson.pmf(demand, mean)
    left, short = np.maximum(level - demand, 0), np.maximum(demand - level, 0)
    return BaseStock(level, float(chance @ (holding_cost * left + stockout_cost * short)))


def critical_ratio(holding_cost: float, stockout_cost: float) -> float:
    """Share of periods that should end without a stock-out: p / (p + h)."""
    if holding_cost <= 0 or stockout_cost <= 0:
        raise ParameterError(
            f"holding_cost={holding_cost} and stockout_cost={stockout_cost}: both are currency a "
            "unit and period, above 0."
        )
    return stockout_cost / (stockout_cost + holding_cost)


def lead_time_demand_sd(
    demand_mean: Units, demand_sd: Units, lead_time: float, lead_time_sd: float
) -> Units:
    r"""Standard deviation of demand over a lead time that varies [units].

    .. math:: \sqrt{L \sigma_D^2 + \mu_D^2 \sigma_L^2}

    for independent days and a lead time independent of demand [days].

    References
    ----------
    Silver, Pyke & Thomas (2017), *Inventory and Production Management in Supply Chains*, 4th ed.
    """
    return np.sqrt(lead_time * demand_sd**2 + demand_mean**2 * lead_time_sd**2)


def safety_stock(
    service_level: float,
    demand_mean: Units,
    demand_sd: Units,
    lead_time: float = 1.0,
    lead_time_sd: float = 0.0,
) -> Units:
    """Units beyond the expected demand of a lead time, so that ``service_level`` of order cycles
    end without a stock-out.

    Parameters
    ----------
    service_level : share of order cycles [above 0, below 1]; not the share of units (fill rate)
    demand_mean, demand_sd : demand [units/day], of one SKU or of many
    lead_time, lead_time_sd : from order to receipt [days]; 1 where the demand is of all that time

    Examples
    --------
    >>> round(float(safety_stock(0.95, 75, 20, 7, 2)), 1)
    261.6
    """
    if not 0 < service_level < 1:
        raise ParameterError(
            f"service_level={service_level} is not between 0 and 1. It is the share of order "
            "cycles without a stock-out: write 0.95 for 95 %."
        )
    spread = lead_time_demand_sd(demand_mean, demand_sd, lead_time, lead_time_sd)
    return float(norm.ppf(service_level)) * spread
