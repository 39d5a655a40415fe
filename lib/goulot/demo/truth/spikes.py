"""The spikes that happened."""

from typing import Any

import numpy as np

from goulot.demo.company import Company
from goulot.demo.seasons import lift

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
