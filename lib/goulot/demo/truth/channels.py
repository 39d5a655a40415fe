"""What each channel's spend brought in the last quarter, and would have brought at other spends."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.catalogue import slug
from goulot.demo.company import Company
from goulot.demo.demand import adstock, expected_customers, respond
from goulot.demo.fulfillment import carrier_cost
from goulot.demo.places import CITIES
from goulot.demo.truth.lives import Futures, Lives, make_lives
from goulot.demo.world import Channel

# Spend as multiples of the last quarter's, at which the expected new customers are told.
GRID = (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2.0,
        2.5, 3.0, 4.0)  # fmt: skip
STEP = 1e-4  # of spend, for the slope


def customers_at(
    company: Company, quarter: np.ndarray, factors: Mapping[str, float]
) -> dict[str, float]:
    """Expected new customers by channel, had the quarter's spend been multiplied by ``factors``.

    Channels do not feed one another; what a day's spend brings after the quarter is not counted.
    """
    world = company.world
    spend = company.demand.spend.copy()
    for place, channel in enumerate(world.channels):
        spend[place, quarter] *= factors.get(channel.name, 1.0)
    expected = expected_customers(world, spend)[:, quarter].sum(axis=1)
    return {c.name: float(n) for c, n in zip(world.channels, expected, strict=True)}


def order_contribution(company: Company, bills: Bills) -> np.ndarray:
    """Contribution of each order: margin on revenue without tax and refunds, less its costs."""
    bill, world = bills.orders, company.world
    revenue = (bill["total"] - bill["tax"] - bill["refunded"]).to_numpy()
    fee = world.payment_fee * bill["total"].to_numpy()
    return revenue * world.gross_margin - fee - world.cost_per_order - carriage(company)


def carriage(company: Company) -> np.ndarray:
    """What the parcels of each order cost to send."""
    parcels, orders = company.parcels, company.orders
    region = CITIES.region[company.customers.city[orders["customer"].to_numpy()]]
    order = parcels["order"].to_numpy()
    cost = carrier_cost(parcels["carrier"].to_numpy(), region[order], parcels["grams"].to_numpy())
    return np.bincount(order, weights=cost, minlength=len(orders))


def repeat_contribution(company: Company, bills: Bills) -> float:
    """Mean contribution of an order that is not a customer's first."""
    orders = company.orders
    chosen = orders["returning"].to_numpy() & orders["cancelled_hours"].isna().to_numpy()
    return float(order_contribution(company, bills)[chosen].mean()) if chosen.any() else 0.0


def true_channels(company: Company, bills: Bills, quarter: np.ndarray) -> dict[str, Any]:
    """By slug: spend, new customers, CAC, the response and its slope, LTV before CAC."""
    lives = make_lives(company)
    horizon = company.world.horizon_months * 365 / 12
    future = lives.futures(first_is_late=None, horizon_days=horizon)
    at = {factor: _at_factor(company, quarter, factor) for factor in (*GRID, 1 + STEP)}
    return {
        slug(channel.name).replace("-", "_"): {
            "name": channel.name,
            **_bought(company, place, quarter),
            **_response(company, place, channel, quarter, at),
            **_worth(company, bills, place, lives, future),
        }
        for place, channel in enumerate(company.world.channels)
    }


def _at_factor(company: Company, quarter: np.ndarray, factor: float) -> dict[str, float]:
    return customers_at(company, quarter, {c.name: factor for c in company.world.channels})


def _bought(company: Company, place: int, quarter: np.ndarray) -> dict[str, Any]:
    first = _first_orders(company, place) & quarter[company.orders["day"]]
    spend, new = float(company.demand.spend[place][quarter].sum()), int(first.sum())
    return {
        "spend": round(spend, 2),
        "new_customers": new,
        "cac": spend / new if new and spend else None,
    }


def _first_orders(company: Company, place: int) -> np.ndarray:
    orders = company.orders
    stands = orders["cancelled_hours"].isna() & ~orders["returning"].astype(bool)
    return stands.to_numpy() & (orders["channel"].to_numpy() == place)


def _response(
    company: Company, place: int, channel: Channel, quarter: np.ndarray,
    at: Mapping[float, Mapping[str, float]],
) -> dict[str, Any]:  # fmt: skip
    """Expected, incremental and marginal customers of the quarter, and the curve itself."""
    size, name = company.world.size, channel.name
    spend = float(company.demand.spend[place][quarter].sum())
    now, without, more = at[1.0][name], at[0.0][name], at[1 + STEP][name]
    stock = adstock(channel, company.demand.spend[place] / size)[quarter]
    top = channel.top_per_day if channel.response in ("hill", "threshold") else 0.0
    grows = spend > 0 and more - now > 1e-9
    return {
        "expected_new_customers": now,
        "incremental_new_customers": now - without,
        "incremental_cac": spend / (now - without) if now - without > 1e-9 else None,
        "marginal_cac": spend * STEP / (more - now) if grows else None,
        "saturation_share": float(respond(channel, stock).mean() / top) if top else None,
        "at_spend": {"factor": list(GRID), "expected_new_customers": [at[f][name] for f in GRID]},
        "response": {
            "form": channel.response, "base_per_day": channel.base_per_day * size,
            "top_per_day": channel.top_per_day * size, "shape": channel.shape,
            "half_spend_per_day": channel.half_spend * size, "slope": channel.slope,
            "carryover": channel.carryover,
        },
    }  # fmt: skip


def _worth(
    company: Company, bills: Bills, place: int, lives: Lives, future: Futures
) -> dict[str, float]:
    """LTV: the first order's contribution, and those that follow within the horizon."""
    first = _first_orders(company, place)
    worth = float(order_contribution(company, bills)[first].mean()) if first.any() else 0.0
    mine = company.customers.channel[lives.who] == place
    again = repeat_contribution(company, bills)
    discounted = float(future.discounted[mine].mean()) if mine.any() else 0.0
    return {
        "first_order_contribution": worth,
        "repeat_order_contribution": again,
        "repeats": float(future.repeats[mine].mean()) if mine.any() else 0.0,
        "discounted_repeats": discounted,
        "ltv": worth + again * discounted,
    }
