"""What customers brought, month by month since their first order, by when and how they came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd

from goulot.quarter import Quarter
from goulot.steps.channel_figures import slug
from goulot.steps.customer_money import ALL, DAYS_PER_MONTH, MIN_AT_RISK

Measure = Literal["contribution", "revenue"]


@dataclass(frozen=True)
class Cohorts:
    """What a customer has brought up to the end of each month of age [currency].

    ``by_month``: cohort (first day of the month of the first order), month (of age, from 1),
    customers who have lived all of it, brought. ``by_channel``: the same with the channel in the
    cohort's place, all of them together as ``total``. ``measure``: revenue where no gross margin
    is declared.
    """

    measure: Measure
    by_month: pd.DataFrame
    by_channel: pd.DataFrame


def cohorts(purchase_day: pd.DataFrame, as_of: date) -> Cohorts:
    """Follow each customer won by ``as_of`` through the months lived since; the mart purchase_day.

    A month counts the customers who have lived all of it, so that late cohorts teach the early
    months only; below 30 of them nothing is said.
    """
    day = pd.to_datetime(purchase_day["ordered_on"])
    seen = purchase_day[day <= pd.Timestamp(as_of)]
    first = pd.to_datetime(seen["first_ordered_on"])
    measure: Measure = "contribution" if seen["contribution"].notna().any() else "revenue"
    age = (pd.to_datetime(seen["ordered_on"]) - first).dt.days
    lived = ((pd.Timestamp(as_of) - first).dt.days + 1) // DAYS_PER_MONTH
    followed = pd.DataFrame(
        {
            "customer": seen["customer_key"],
            "cohort": first.dt.to_period("M").dt.to_timestamp(),
            "channel": seen["channel"],
            "month": (age // DAYS_PER_MONTH).astype(int) + 1,
            "lived": lived.astype(int),
            "brought": seen[measure].astype(float),
        }
    )
    everybody = followed.assign(channel=ALL)
    return Cohorts(
        measure=measure,
        by_month=_brought(followed, "cohort"),
        by_channel=pd.concat([_brought(followed, "channel"), _brought(everybody, "channel")],
                             ignore_index=True),
    )  # fmt: skip


def _brought(followed: pd.DataFrame, by: str) -> pd.DataFrame:
    """Cumulated mean per customer: the sum over months of what each brought to those there."""
    if followed.empty:
        return pd.DataFrame(columns=[by, "month", "customers", "brought"])
    group, groups = pd.factorize(followed[by], sort=True)
    month, lived = followed["month"].to_numpy(), followed["lived"].to_numpy()
    shape = len(groups), int(lived.max()) + 1

    def summed(which: np.ndarray, months: np.ndarray, values: np.ndarray) -> np.ndarray:
        place = group * shape[1] + months
        return np.bincount(place[which], values[which], shape[0] * shape[1]).reshape(shape)

    once = ~followed.duplicated(["customer", by]).to_numpy()
    there = summed(once, lived, np.ones(len(lived)))[:, ::-1].cumsum(axis=1)[:, :-1][:, ::-1]
    whole = month <= lived
    brought = summed(whole, month, followed["brought"].to_numpy())[:, 1:]
    brought = np.cumsum(brought / np.maximum(there, 1), axis=1)
    at, months = np.nonzero(there >= MIN_AT_RISK)
    return pd.DataFrame(
        {by: groups.take(at), "month": months + 1, "customers": there[at, months].astype(int),
         "brought": brought[at, months]}
    )  # fmt: skip


def cost_to_win(channel_week: pd.DataFrame, quarter: Quarter) -> dict[str, float]:
    """Spend over new customers in the whole weeks of the quarter, by slug of each channel with
    spend; of all channels together (``total``) over everybody won. The mart ``channel_week``."""
    starts = pd.to_datetime(channel_week["week_starts_on"])
    inside = starts.between(
        pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day) - pd.Timedelta(days=6)
    )
    sums = channel_week[inside].groupby("channel")[["spend", "new_customers"]].sum().astype(float)
    sums = sums[sums["new_customers"] > 0]
    paid = sums[sums["spend"] > 0]
    if paid.empty:
        return {}
    each = {slug(str(channel)): row.spend / row.new_customers for channel, row in paid.iterrows()}
    return each | {ALL: float(sums["spend"].sum() / sums["new_customers"].sum())}


def paid_back(found: Cohorts, cac: Mapping[str, float]) -> pd.DataFrame:
    """channel, month, brought: the first month by whose end a channel's customers have brought
    what one cost; channels whose cost is not back yet, or not known, are left out."""
    rows = found.by_channel
    cost = rows["channel"].map(slug).map(cac)
    return rows[rows["brought"] >= cost].drop_duplicates("channel").reset_index(drop=True)
