"""The spikes that happened, and what is needed to work out any other."""

from typing import Any

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.company import WAIT_HAZARD, WAIT_PATIENCE_DAYS, Company
from goulot.demo.seasons import lift
from goulot.demo.truth.channels import order_contribution

LEAST_MULTIPLE = 2.0  # of the median day of the four weeks before
BEFORE_DAYS = 28


def true_spikes(company: Company) -> list[dict[str, Any]]:
    """Events that lifted their first day's orders to twice those of the four weeks before."""
    world = company.world
    daily = np.bincount(company.orders["day"], minlength=world.days)
    found = []
    for promotion in world.promotions:
        day = (promotion.starts_on - world.first_day).days
        if not BEFORE_DAYS <= day < world.days:
            continue
        multiple = float(daily[day] / max(np.median(daily[day - BEFORE_DAYS : day]), 1))
        if multiple >= LEAST_MULTIPLE:
            found.append(
                {
                    "event": promotion.name,
                    "kind": promotion.kind,
                    "day": promotion.starts_on.isoformat(),
                    "orders": int(daily[day]),
                    "multiple": multiple,
                    "planned_lift": float(lift(world, promotion)[day]),
                    "channel": promotion.channel,
                }
            )
    return found


def spike_facts(company: Company, bills: Bills, quarter: np.ndarray) -> dict[str, Any]:
    """What the last quarter was like, and the rules by which a backlog costs orders.

    Customers cancel at ``1 - exp(-cancel_hazard · (wait - patience))``, wait and patience in
    working days of backlog before a new order.
    """
    world, orders = company.world, company.orders
    mine = quarter[orders["day"]]
    stands = mine & orders["cancelled_hours"].isna().to_numpy()
    parcels = stands[company.parcels["order"]].sum()
    end = company.world.days * 24
    waiting = (company.parcels["shipped"] >= end) & (company.parcels["from_day"] < world.days)
    return {
        "orders_per_day": float(mine.sum() / quarter.sum()),
        "parcels_per_order": float(parcels / max(stands.sum(), 1)),
        "units_per_order": float(company.sold[quarter].sum() / max(mine.sum(), 1)),
        "contribution_per_order": float(order_contribution(company, bills)[stands].mean()),
        "parcels_per_day": {p.name: p.parcels_per_day * world.size for p in world.locations},
        "working_days": {p.name: list(p.working_days) for p in world.locations},
        "parcels_waiting_at_the_end": int(waiting.sum()),
        "units_free_at_the_end": int(company.stock[-1].sum()),
        "promised_days": world.delivery.promise_days,
        "transit_days": world.delivery.transit_days,
        "cancel_patience_days": WAIT_PATIENCE_DAYS,
        "cancel_hazard_per_day": WAIT_HAZARD,
        "cancel_share_anyway": world.customers.cancel_share,
    }
