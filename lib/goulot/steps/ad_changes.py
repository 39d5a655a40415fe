"""What to set in each advertising account: bids by place, budgets and status by campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from goulot.steps.feedback_inputs import FeedbackPolicy
from goulot.steps.stock_ads import SkuOutlook
from goulot.steps.targeting import TargetChange

GOOGLE, META = "Google Ads", "Meta Ads"
ALL_HELD = 0.95  # share of a campaign's spend on products to hold back, from which it is paused
LEAST_CHANGE = 0.01  # of a budget, as a share; smaller ones are left alone


@dataclass(frozen=True)
class LocationBid:
    """One place of one campaign: the bid adjustment as a share, and why."""

    campaign: str
    country: str
    region: str
    modifier: float


@dataclass(frozen=True)
class CampaignChange:
    """One campaign: what it spends a day, and what it should; ``held`` are its SKUs to hold back.

    ``by_stock`` and ``by_place`` are the shares of the change that come from products and (Meta,
    which has no bids by place) from places. Exports tell spend, not the budget that was set.
    """

    platform: str
    campaign: str
    daily_spend: float
    by_stock: float
    by_place: float
    held: tuple[str, ...]
    starts_on: date | None
    is_paused: bool
    daily_budget: float


def location_bids(
    changes: Sequence[TargetChange], campaign_places: pd.DataFrame
) -> tuple[LocationBid, ...]:
    """Bids of the Google campaigns that spent in a place that is listed.

    Parameters
    ----------
    campaign_places : rows of the mart ``campaign_place_quarter`` of the quarter
    """
    rows = _placed(campaign_places)
    rows = rows[(rows["platform"] == GOOGLE) & (rows["spend"] > 0)]
    listed = {(c.channel, c.country, c.region): c.modifier for c in changes}
    bids = [
        LocationBid(row.campaign, row.country, row.region, listed[key])
        for row in rows.itertuples()
        if (key := (row.channel, row.country, row.region)) in listed
    ]
    return tuple(sorted(bids, key=lambda bid: (bid.campaign, bid.country, bid.region)))


def campaign_changes(
    changes: Sequence[TargetChange],
    held: Sequence[SkuOutlook],
    links: pd.DataFrame,
    daily_spend: Mapping[tuple[str, str], float],
    campaign_places: pd.DataFrame,
    policy: FeedbackPolicy,
) -> tuple[CampaignChange, ...]:
    """Budgets to lower for products that sell out and, on Meta, to move for places that are listed.

    A campaign all of whose products are held back is paused; else its budget falls by their share,
    within the policy's bounds.
    """
    from_day = {outlook.sku: outlook.throttle_from for outlook in held}
    places = _placed(campaign_places)
    found = []
    for (platform, campaign), spend in sorted(daily_spend.items()):
        own = links[(links["platform"] == platform) & (links["campaign"] == campaign)]
        out = own[own["sku"].isin(from_day)]
        by_stock = -float(out["share"].sum())
        here = places[(places["platform"] == platform) & (places["campaign"] == campaign)]
        by_place = _by_place(changes, here) if platform == META else 0.0
        paused = by_stock <= -ALL_HELD
        change = min(max(by_stock + by_place, policy.least_modifier), policy.most_modifier)
        if spend <= 0 or not (paused or abs(change) >= LEAST_CHANGE):
            continue
        found.append(
            CampaignChange(
                platform=platform,
                campaign=campaign,
                daily_spend=spend,
                by_stock=by_stock,
                by_place=by_place,
                held=tuple(sorted(out["sku"])),
                starts_on=min((from_day[sku] for sku in out["sku"]), default=None),
                is_paused=paused,
                daily_budget=round(spend * (1 + change), 2),
            )
        )
    return tuple(found)


def _placed(campaign_places: pd.DataFrame) -> pd.DataFrame:
    if campaign_places.empty:
        columns = ["platform", "campaign", "channel", "country", "region", "spend"]
        return pd.DataFrame(columns=columns)
    names = {k: campaign_places[k].astype(object).fillna("") for k in ("country", "region")}
    return campaign_places.assign(**names)


def _by_place(changes: Sequence[TargetChange], here: pd.DataFrame) -> float:
    """The change of the whole budget, if each place's part changes as its bids would."""
    listed = {(c.channel, c.country, c.region): c.modifier for c in changes}
    total = float(here["spend"].sum())
    moved = sum(
        row.spend * listed.get((row.channel, row.country, row.region), 0.0)
        for row in here.itertuples()
    )
    return float(moved) / total if total > 0 else 0.0
