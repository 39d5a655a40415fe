"""Several warehouses: which share of the orders is packed where, and in how many parcels."""

import pandas as pd

from goulot.quarter import Quarter
from goulot.steps.spike_operations import Place

FULLEST_DAYS = 5  # of a warehouse, whose mean says what it can do
MOST_PLACES = 3  # that are told apart: the two largest, and the rest
LEAST_PARCELS = 200  # of a quarter, from which on its split is read
WHOLE = (Place(1.0, 1.0),)


def places_of(location_day: pd.DataFrame, quarter: Quarter) -> tuple[Place, ...]:
    """Each warehouse's share of the orders, and of what all of them can pack.

    Parameters
    ----------
    location_day : the mart

    Notes
    -----
    An order is packed where it belongs, so that one warehouse fills up while another has room. What
    each can do, relative to the others, is told by its fullest days of the year up to the quarter's
    end; where none was ever full these are in proportion to the orders.
    """
    days = pd.to_datetime(location_day["shipped_on"])
    end = pd.Timestamp(quarter.last_day)
    year = location_day[(days <= end) & (days > end - pd.Timedelta(days=366))]
    mine = year[pd.to_datetime(year["shipped_on"]) >= pd.Timestamp(quarter.first_day)]
    parcels = mine.groupby("location")["parcels"].sum().astype(float)
    if parcels.sum() < LEAST_PARCELS or len(parcels) < 2:
        return WHOLE
    parcels = parcels.sort_values(ascending=False, kind="stable")
    fullest = year.groupby("location")["parcels"].apply(
        lambda parcels: parcels.astype(float).nlargest(FULLEST_DAYS).mean()
    )
    of_orders = _with_the_rest(parcels / parcels.sum())
    can_do = fullest.reindex(parcels.index)
    of_capacity = _with_the_rest(can_do / can_do.sum())
    return tuple(Place(*shares) for shares in zip(of_orders, of_capacity, strict=True))


def _with_the_rest(shares: pd.Series) -> list[float]:
    """The shares of the largest, and of all others together."""
    others = shares.iloc[MOST_PLACES - 1 :].sum()
    return [*shares.iloc[: MOST_PLACES - 1].tolist(), *([float(others)] if others else [])]


def parcels_per_order(
    location_day: pd.DataFrame, service_day: pd.DataFrame, quarter: Quarter
) -> float:
    """Parcels that an order of the quarter left in: each is packed. 1: not known."""
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    left = pd.to_datetime(location_day["shipped_on"]).between(first, last)
    placed = pd.to_datetime(service_day["ordered_on"]).between(first, last)
    parcels = float(location_day.loc[left, "parcels"].astype(float).sum())
    orders = float(service_day.loc[placed, "shipped_orders"].astype(float).sum())
    return max(parcels / orders, 1.0) if orders and parcels >= LEAST_PARCELS else 1.0
