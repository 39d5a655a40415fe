"""The test that would settle what better fulfillment is worth: where, for how long, how surely."""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Literal

import pandas as pd

from goulot.methods.experiments import cluster_standard_error, intra_cluster_correlation, power
from goulot.steps.first_deliveries import EffectPolicy, came_back, followed
from goulot.steps.premium import PremiumPolicy, judge_premium
from goulot.steps.sent_orders import Delivered, why_not

RECENT_DAYS = 91  # over which new customers a week are counted
WEEKS = (4, 8, 13, 26)  # of orders that are sent better, or not
WANTED_POWER = 0.80
AREAS_IN_REGION = 10  # postcode areas (two digits) to a region, at least
MIN_REGIONS = 4


@dataclass(frozen=True)
class DeliveryTest:
    """Regions, or postcode areas, drawn by lot: one half is sent better for ``weeks``.

    ``customers`` new in both halves; they are followed for ``follow_days``. ``effect``: change of
    the share who come back at which the premium breaks even; ``power``: probability of seeing it at
    90 % confidence; ``cost`` of the premium on the half that is sent better [currency].
    """

    unit: Literal["regions", "postcodes"]
    clusters: int
    weeks: int
    customers: int
    follow_days: int
    share: float
    effect: float
    power: float
    cost: float


def design_delivery_test(
    first_delivery: pd.DataFrame,
    as_of: date,
    known: Delivered,
    premium: PremiumPolicy,
    policy: EffectPolicy,
) -> DeliveryTest | None:
    """The shortest test, by regions if they suffice, that sees the effect which would decide.

    None where no premium can be judged, none would ever come back, or nobody new comes.
    """
    if why_not(known) or not premium.premium:
        return None
    verdict = judge_premium(known, premium)
    seen = followed(first_delivery, as_of, policy.repeat_days)
    back = pd.Series(came_back(seen, policy))
    weekly = _weekly(first_delivery, as_of)
    if not isfinite(verdict.needed) or not weekly or not 0 < back.sum() < len(back):
        return None
    by_region = back.groupby(seen["region"].fillna("?")).agg(["size", "mean"])
    share = float(back.mean())
    likeness = intra_cluster_correlation(by_region["size"], by_region["mean"])
    effect = share * verdict.more_repeats
    tried = []
    for unit, clusters in _units(len(by_region)):
        for weeks in WEEKS:
            customers = weekly * weeks
            error = cluster_standard_error(share, customers, clusters, likeness)
            cost = customers / 2 * premium.premium * known.cost
            found = DeliveryTest(unit, clusters, weeks, round(customers), policy.repeat_days, share,
                                 effect, power(effect, error), cost)  # fmt: skip
            if found.power >= WANTED_POWER:
                return found
            tried.append(found)
    return max(tried, key=lambda found: found.power)


def _units(regions: int) -> list[tuple[Literal["regions", "postcodes"], int]]:
    areas = max(regions, 1) * AREAS_IN_REGION
    by_region = [("regions", regions)] if regions >= MIN_REGIONS else []
    return [*by_region, ("postcodes", areas)]


def _weekly(first_delivery: pd.DataFrame, as_of: date) -> float:
    age = (pd.Timestamp(as_of) - pd.to_datetime(first_delivery["first_ordered_on"])).dt.days
    recent = (age >= 0) & (age < RECENT_DAYS)
    return float(recent.sum()) / RECENT_DAYS * 7
