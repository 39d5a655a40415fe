"""What bad service of a first order costs, by channel: the layers of a fulfillment-adjusted CAC."""

from typing import Any

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.catalogue import slug
from goulot.demo.company import Company
from goulot.demo.truth.channels import repeat_contribution
from goulot.demo.truth.lives import make_lives


def true_service(company: Company, bills: Bills, quarter: np.ndarray) -> dict[str, Any]:
    """Of first orders placed in the quarter, by channel, each per new customer.

    ``lost_contribution_per_late`` is what a late first delivery takes off the contribution within
    the horizon [currency]; ``refund`` what is paid back [currency, tax included].
    """
    world, orders = company.world, company.orders
    lives = make_lives(company)
    horizon = world.horizon_months * 365 / 12
    late, fine = (
        lives.futures(first_is_late=is_late, horizon_days=horizon) for is_late in (True, False)
    )
    lost = (fine.discounted - late.discounted) * repeat_contribution(company, bills)
    mine = quarter[orders["day"]] & orders["cancelled_hours"].isna() & ~orders["returning"]
    written = np.bincount(company.tickets["order"], minlength=len(orders))
    refunded = bills.orders["refunded"].to_numpy()
    found = {}
    for place, channel in enumerate(world.channels):
        first = (mine & (orders["channel"] == place)).to_numpy()
        life = company.customers.channel[lives.who] == place
        if first.any() and life.any():
            found[slug(channel.name).replace("-", "_")] = {
                "late_share": float(orders["is_late"][first].mean()),
                "lost_contribution_per_late": float(lost[life].mean()),
                "refund": float(refunded[first].mean()),
                "refunded_share": float((refunded[first] > 0).mean()),
                "tickets": float(written[first].mean()),
            }
    return found


def true_rates(company: Company) -> dict[str, float]:
    """What lateness adds to an order, as the world was set: probabilities and tickets."""
    traits, rules = company.world.customers, company.world.support
    return {
        "refund_share": traits.refund_share,
        "refund_share_added_by_late": traits.refund_late_share,
        "tickets_per_order": rules.tickets_per_order,
        "tickets_added_by_late": rules.tickets_per_late_order,
    }
