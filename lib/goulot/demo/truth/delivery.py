"""What a late first delivery costs, and where deliveries are late."""

from typing import Any

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.company import Company
from goulot.demo.places import CITIES, IS_REMOTE, REGION_NAMES
from goulot.demo.truth.channels import repeat_contribution
from goulot.demo.truth.lives import delivery_shares, make_lives

WINDOWS_DAYS = (90, 180, 365)
BAD = 1.6  # times the usual late share: a region to spend less on, where lateness costs anything


def true_late_effect(company: Company, bills: Bills) -> dict[str, Any]:
    """Differences between two futures of the same lives: first delivery late, or on time.

    ``on_…`` is the mean over all customers, ``…_of_the_late`` over those who are late (regions
    weighted by their late share). Value is contribution after the first order [currency].
    """
    lives, world = make_lives(company), company.world
    horizon = world.horizon_months * 365 / 12
    late = lives.futures(first_is_late=True, horizon_days=horizon)
    fine = lives.futures(first_is_late=False, horizon_days=horizon)
    share, _ = delivery_shares(company)
    exposed = share[CITIES.region[company.customers.city[lives.who]]]
    weight = exposed / exposed.sum() if exposed.any() else np.full(len(exposed), 1 / len(exposed))
    value = (late.discounted - fine.discounted) * repeat_contribution(company, bills)
    found: dict[str, Any] = {
        "per_order": world.customers.late_effect,
        "sd_between_customers": world.customers.effect_sd,
        "split_per_order": world.customers.split_effect,
        "on_value": float(value.mean()),
        "on_value_of_the_late": float(value @ weight),
    }
    for days in WINDOWS_DAYS:
        effect = (late.first_gap_days <= days) * 1.0 - (fine.first_gap_days <= days)
        found[f"on_repeat_within_{days}_days"] = float(effect.mean())
        found[f"on_repeat_within_{days}_days_of_the_late"] = float(effect @ weight)
    return found


def true_regions(company: Company) -> dict[str, Any]:
    """By region: share of orders, share late, and how much its customers come back anyway.

    ``planted`` is bad where deliveries are late far more often than usual and that costs customers.
    """
    late, _ = delivery_shares(company)
    customers = company.customers
    region = CITIES.region[customers.city]
    of_order = region[company.orders["customer"]]
    matters = company.world.customers.late_effect > 0
    usual = float(np.median(late))
    planted = ["bad" if matters and share > BAD * usual else "good" for share in late]
    return {
        name: {
            "order_share": float((of_order == place).mean()),
            "late_share": float(late[place]),
            "is_remote": bool(IS_REMOTE[place]),
            "planted": planted[place],
            "comes_back": float(customers.comes_back[region == place].mean()),
        }
        for place, name in enumerate(REGION_NAMES)
        if (region == place).any()
    }
