"""What was out of stock, when products sold out, and what was spent on advertising them anyway."""

from datetime import timedelta
from typing import Any

import numpy as np

from goulot.demo.campaigns import CAMPAIGNS, Campaign, campaign_days
from goulot.demo.company import Company
from goulot.demo.writers.shop_stock import snapshot_days

FORESIGHT_DAYS = 60  # within which a sale-out after a snapshot is told


def true_stock(company: Company, quarter: np.ndarray) -> dict[str, Any]:
    """Of the quarter: SKUs with days on which nothing was free to sell, and units lost to it."""
    out = is_out(company)[quarter]
    sku = company.catalogue.array("sku")
    days = out.sum(axis=0)
    return {
        "share_out": float(out.mean()),
        "days_out": {sku[n]: int(days[n]) for n in np.flatnonzero(days)},
        "out_on_last_day": sorted(sku[is_out(company)[-1]].tolist()),
        "units_lost": int(company.lost[quarter].sum()),
        "after_snapshot": true_sell_outs(company),
    }


def is_out(company: Company) -> np.ndarray:
    """By day and SKU: nothing free to sell at the day's end, at any location."""
    return company.stock.sum(axis=2) <= 0


def true_sell_outs(company: Company) -> dict[str, dict[str, str | None]]:
    """By snapshot and SKU that was there: the first day after it that ended without any.

    None: not within ``FORESIGHT_DAYS``. Snapshots too near to the last day are left out.
    """
    world, out, sku = company.world, is_out(company), company.catalogue.array("sku")
    found: dict[str, dict[str, str | None]] = {}
    for day in snapshot_days(world):
        if day + FORESIGHT_DAYS >= world.days:
            continue
        later = out[day + 1 : day + 1 + FORESIGHT_DAYS]
        first = np.where(later.any(axis=0), later.argmax(axis=0), -1)
        on = world.first_day + timedelta(days=day)
        found[on.isoformat()] = {
            sku[n]: (on + timedelta(days=int(first[n]) + 1)).isoformat() if first[n] >= 0 else None
            for n in np.flatnonzero(~out[day])
        }
    return found


def true_campaigns(company: Company, quarter: np.ndarray) -> dict[str, Any]:
    """By campaign: its spend in the quarter, the SKUs it shows, and what was spent on missing ones.

    A day's spend counts by the share of what the campaign sells that was out on that day, products
    weighted by their share of all sales.
    """
    out, sku = is_out(company), company.catalogue.array("sku")
    weight = company.catalogue.array("weight")
    found = {}
    for channel in sorted({c.channel for c in CAMPAIGNS}):
        rows = campaign_days(company, channel)
        for campaign in (c for c in CAMPAIGNS if c.channel == channel):
            mine = rows[rows["campaign"] == campaign.name].sort_values("day")
            spend = np.where(quarter, mine["spend"].to_numpy(), 0.0)
            shown = is_shown(company, campaign)
            missing = (out[:, shown] * weight[shown]).sum(axis=1) / weight[shown].sum()
            found[campaign.name] = {
                "channel": channel,
                "spend": round(float(spend.sum()), 2),
                "spend_on_out_of_stock": round(float((spend * missing).sum()), 2),
                "skus": sku[shown].tolist(),
            }
    return found


def is_shown(company: Company, campaign: Campaign) -> np.ndarray:
    """By SKU, whether the campaign shows it."""
    category = company.catalogue.array("category")
    return np.isin(category, campaign.sells) if campaign.sells else np.ones(len(category), bool)
