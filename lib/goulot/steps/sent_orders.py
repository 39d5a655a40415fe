"""What is known of a customer's orders and of sending them: what a premium is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.quarter import Quarter
from goulot.steps.customer_money import ALL, ages_by_channel, resampled_days
from goulot.steps.delivery_effect import DeliveryEffect
from goulot.steps.speed_effect import SpeedEffect

LATE_SHARE = "lifetime.late_share"
Z90 = 1.6449  # of the normal distribution: 5 % lie above
RECENT_QUARTERS = 4  # over which costs and lateness of an order are taken

# Notes: messages for ``Language.say``.
NO_COST = "neither client.yml nor a parcel's export says what sending an order costs"
NO_CARRIER = "neither client.yml nor a parcel's export says what the carrier charges"
NO_MARGIN = "client.yml declares no gross margin, so that a customer has no known worth"
NO_LATENESS = "no export says which orders of the quarter were late"
NOTES = (NO_COST, NO_CARRIER, NO_MARGIN, NO_LATENESS)


@dataclass(frozen=True)
class Delivered:
    """What is known of a customer's orders and of sending them.

    ``orders`` and ``contribution`` by day of age, per customer; ``revenue`` of an order and
    ``margin`` [share]; ``cost``: pick and pack and parcels of an order, None: not known, and
    ``carrier`` the part of it that the carrier takes; ``late_share`` today, None: not known;
    ``effect`` by window [days]: mean and standard error of what a late first delivery does to later
    contribution, and ``faster`` of what a day sooner does to it, where it was on time.
    ``orders_drawn`` and ``contribution_drawn``: the first two with cohorts resampled, a row a draw,
    spread as so few cohorts ask (``customer_money.widened``).
    """

    orders: np.ndarray
    contribution: np.ndarray
    revenue: float
    margin: float | None
    cost: float | None
    carrier: Figure
    late_share: float | None
    effect: Mapping[int, tuple[float, float]]
    faster: Mapping[int, tuple[float, float]]
    orders_drawn: np.ndarray
    contribution_drawn: np.ndarray

    @property
    def is_shop(self) -> bool:
        """Whether anybody is known to have ordered anything."""
        return len(self.orders) > 0


def delivered(
    cohort_day: pd.DataFrame,
    fulfillment_quarter: pd.DataFrame,
    quarter: Quarter,
    effect: DeliveryEffect,
    speed: SpeedEffect,
    margin: float | None,
    currency: str,
    fulfillment_cost: float | None = None,
    *,
    replicates: int = 200,
    seed: int = 1,
) -> Delivered:
    """What the marts know, up to the quarter; ``fulfillment_cost`` in the place of the observed."""
    ages = ages_by_channel(cohort_day, quarter)[ALL]
    recent = fulfillment_quarter[fulfillment_quarter["quarter"] <= str(quarter)]
    recent = recent.sort_values("quarter").tail(RECENT_QUARTERS)
    orders, judged = float(recent["orders"].sum()), float(recent["orders_judged"].sum())
    carrier = _carrier(recent, f"{currency}/order")
    packing = recent["packing_cost"].astype(float).mean()
    packing = 0.0 if np.isnan(packing) else float(packing)
    daily = np.diff(ages.cumulated(ages.orders), prepend=0.0)
    brought = np.diff(ages.cumulated(ages.contribution), prepend=0.0)
    drawn = (
        resampled_days(ages, of, replicates=replicates, seed=seed)
        for of in (ages.orders, ages.contribution)
    )
    known = {w: judged_effect.effect for w, judged_effect in effect.value.items()
             if judged_effect.is_known}  # fmt: skip
    return Delivered(
        orders=daily,
        contribution=brought,
        revenue=float(recent["revenue"].sum()) / orders if orders else 0.0,
        margin=margin if ages.has_margin else None,
        cost=fulfillment_cost or (carrier.value or 0.0) + packing or None,
        carrier=carrier,
        late_share=float(recent["orders_late"].sum()) / judged if judged else None,
        effect={w: (e.value, e.standard_error) for w, e in known.items()},
        faster={w: (-e.value, e.standard_error) for w, e in speed.value.items()},
        orders_drawn=next(drawn),
        contribution_drawn=next(drawn),
    )


def _carrier(recent: pd.DataFrame, unit: str) -> Figure:
    """What the carrier takes of an order: as parcels tell it, else as client.yml declares it."""
    told, orders = float(recent["orders_with_cost"].sum()), float(recent["orders"].sum())
    cost = float(recent["parcel_cost"].astype(float).sum())
    if not cost:
        return Figure.unknown(unit, NO_CARRIER)
    value = cost / (told or orders)
    return Figure(value=value, unit=unit, basis="observed" if told else "declared")


def why_not(known: Delivered) -> str:
    """Why no premium can be judged at all: a message, empty where it can."""
    if known.margin is None or not known.is_shop:
        return NO_MARGIN
    return "" if known.cost else NO_COST


def late_figures(fulfillment_quarter: pd.DataFrame, quarter: Quarter) -> dict[str, Figure]:
    """Share of the quarter's orders that came late, of those that can be judged (Wilson 1927,
    JASA 22), under its name in ``results.json``; nothing where no order is known at all."""
    if fulfillment_quarter.empty:
        return {}
    mine = fulfillment_quarter[fulfillment_quarter["quarter"] == str(quarter)]
    judged, late = float(mine["orders_judged"].sum()), float(mine["orders_late"].sum())
    if not judged:
        return {LATE_SHARE: Figure.unknown("share", NO_LATENESS)}
    share = late / judged
    center = (share + Z90**2 / (2 * judged)) / (1 + Z90**2 / judged)
    spread = share * (1 - share) / judged + Z90**2 / (4 * judged**2)
    half = Z90 / (1 + Z90**2 / judged) * spread**0.5
    return {LATE_SHARE: Figure(value=share, low=center - half, high=center + half, unit="share",
                               basis="observed")}  # fmt: skip
