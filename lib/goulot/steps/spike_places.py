"""Several warehouses: how much of what they can do together the split of the orders lets them."""

import pandas as pd

from goulot.quarter import Quarter

FULLEST_DAYS = 5  # of a warehouse, whose mean says what it can do
LEAST_PARCELS = 200  # of a quarter, from which on its split is read


def usable_share(location_day: pd.DataFrame, quarter: Quarter) -> float:
    """Share of their joint capacity that warehouses reach when the first of them is full.

    Parameters
    ----------
    location_day : the mart

    Notes
    -----
    An order is packed where it belongs, so that one warehouse fills up while another has room. What
    each can do, relative to the others, is told by its fullest days of the year up to the quarter's
    end; where none was ever full these are in proportion to the orders, and the share is 1.
    """
    days = pd.to_datetime(location_day["shipped_on"])
    end = pd.Timestamp(quarter.last_day)
    year = location_day[(days <= end) & (days > end - pd.Timedelta(days=366))]
    mine = year[pd.to_datetime(year["shipped_on"]) >= pd.Timestamp(quarter.first_day)]
    parcels = mine.groupby("location")["parcels"].sum().astype(float)
    if parcels.sum() < LEAST_PARCELS or len(parcels) < 2:
        return 1.0
    fullest = year.groupby("location")["parcels"].apply(
        lambda parcels: parcels.astype(float).nlargest(FULLEST_DAYS).mean()
    )
    share = parcels / parcels.sum()
    can_do = fullest.reindex(share.index) / fullest.reindex(share.index).sum()
    return float(min(1.0, (can_do / share).min()))


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
