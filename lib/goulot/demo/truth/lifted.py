"""What the constraint costs: the same company, were that stage without a limit."""

from dataclasses import replace

import numpy as np

from goulot.demo.bills import make_bills
from goulot.demo.company import Company, live
from goulot.demo.truth.channels import order_contribution
from goulot.demo.world import Delivery, Supply, World

PLENTY = 20  # times as much


def true_cost(company: Company, quarter: np.ndarray) -> dict[str, dict[str, float]]:
    """Orders and contribution a week, as it was and with room from the first day; {}: acquisition.

    The same new customers come; what differs is what they are sold and how often they come again.
    """
    if company.world.constraint == "acquisition":
        return {}
    free = live(lifted(company.world), company.seed)
    return {"as_it_is": _per_week(company, quarter), "unlimited": _per_week(free, quarter)}


def lifted(world: World) -> World:
    """The world with room in the stage that binds (and in the one that is nearly as short)."""
    for stage in filter(None, (world.constraint, world.close_second)):
        if stage == "fulfillment":
            places = (
                replace(p, parcels_per_day=PLENTY * p.parcels_per_day) for p in world.locations
            )
            world = world.with_(locations=tuple(places))
        elif stage == "delivery":
            free = Delivery().parcels_per_day
            world = world.with_(delivery=replace(world.delivery, parcels_per_day=free))
        elif stage == "support":
            agents = PLENTY * world.support.agents
            world = world.with_(support=replace(world.support, agents=agents))
        elif stage in ("stock", "supply"):
            world = world.with_(supply=Supply())
    return world


def _per_week(company: Company, quarter: np.ndarray) -> dict[str, float]:
    orders = company.orders
    chosen = quarter[orders["day"]] & orders["cancelled_hours"].isna().to_numpy()
    weeks = quarter.sum() / 7
    worth = order_contribution(company, make_bills(company))
    return {
        "orders_per_week": float(chosen.sum() / weeks),
        "contribution_per_week": float(worth[chosen].sum() / weeks),
    }
