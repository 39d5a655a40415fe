"""What is advertised: campaigns and their SKUs, the stock behind them, spend on what was out.

The marts are those of the quarter (``feedback_inputs.of_quarter``).
"""

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from goulot.quarter import Quarter
from goulot.steps.ad_links import link_campaigns
from goulot.steps.feedback_inputs import FeedbackMarts, FeedbackPolicy
from goulot.steps.receipts import known_lines
from goulot.steps.stock_ads import SkuOutlook, sku_outlooks, spent_while_out

THIN_SHARE = 0.10  # of a channel's linked spend, on SKUs to hold back, from which it gets no more
COLUMNS = ["platform", "campaign", "channel", "sku", "share", "how"]


def campaign_links(marts: FeedbackMarts, quarter: Quarter) -> tuple[pd.DataFrame, float]:
    """Links of the quarter's campaigns, and the share of its spend that they cover."""
    cover = marts.sku_cover_quarter
    if marts.campaign_day.empty or cover.empty:
        return pd.DataFrame(columns=COLUMNS), 0.0
    days = pd.to_datetime(marts.campaign_day["day"])
    first, last = pd.Timestamp(quarter.first_day), pd.Timestamp(quarter.last_day)
    inside = marts.campaign_day[days.between(first, last)]
    links = link_campaigns(inside, marts.ad_link, cover, marts.channel_sku_quarter)
    total = float(inside["spend"].sum())
    linked = inside["campaign"].isin(set(links["campaign"]))
    return links, float(inside.loc[linked, "spend"].sum()) / total if total else 0.0


def advertised_outlooks(
    marts: FeedbackMarts,
    as_of: date,
    links: pd.DataFrame,
    spending: pd.Series,
    policy: FeedbackPolicy,
    currency: str,
) -> tuple[SkuOutlook, ...]:
    """Every advertised SKU, from the stock count of that quarter and what was on order then."""
    return sku_outlooks(
        links,
        spending,
        marts.sku_cover_quarter,
        known_lines(marts.purchase_line, as_of),
        policy,
        currency,
    )


def unit_contributions(marts: FeedbackMarts, gross_margin: float | None) -> Mapping[str, float]:
    """SKU → contribution of a unit sold in the quarter [currency]; nothing without a margin."""
    sold = marts.channel_sku_quarter
    if gross_margin is None or sold.empty:
        return {}
    by_sku = sold.groupby("sku", sort=True)[["line_amount", "units"]].sum().astype(float)
    by_sku = by_sku[by_sku["units"] > 0]
    return dict(gross_margin * by_sku["line_amount"] / by_sku["units"])


def out_spend(marts: FeedbackMarts, links: pd.DataFrame, quarter: Quarter) -> Mapping[str, float]:
    """SKU → currency spent on it in the quarter while it was out."""
    if links.empty or marts.stock_out.empty:
        return {}
    return spent_while_out(
        links,
        marts.campaign_day,
        marts.stock_out,
        marts.sku_cover_quarter,
        quarter.first_day,
        quarter.last_day,
    )


def no_more(
    channels: Collection[str],
    links: pd.DataFrame,
    spending: pd.Series,
    found: Collection[SkuOutlook],
    full: Collection[str],
) -> tuple[str, ...]:
    """Channels that may not be given more: all if a stage is full, else those with thin cover."""
    if full:
        return tuple(channels)
    if links.empty:
        return ()
    keys = pd.MultiIndex.from_frame(links[["platform", "campaign"]])
    spend = spending.reindex(keys).fillna(0.0).to_numpy() * links["share"].to_numpy()
    held = {outlook.sku for outlook in found if outlook.is_throttled}
    on = pd.DataFrame({"channel": links["channel"], "spend": spend})
    on["held"] = on["spend"].where(links["sku"].isin(held), 0.0)
    total = on.groupby("channel", sort=True)[["spend", "held"]].sum()
    return tuple(total.index[total["held"] > THIN_SHARE * total["spend"]])
