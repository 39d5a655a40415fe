"""The files that advertising accounts read: what each vendor calls its columns, and the rows.

Google Ads Editor. Columns: "CSV file columns" (https://support.google.com/google-ads/editor/answer/57747;
headers must be in English, whatever the language of the account; a blank field changes nothing).
Bid modifier: "enter a bid adjustment from -90 through +900", where -90 "reduces the bid by 90%"
(https://support.google.com/google-ads/editor/answer/33114 and …/47629): per cent, and no factor.

Meta Ads Manager publishes no list of the columns of its bulk import that could be cited. The names
are those of the sheet that Ads Manager exports ("Export & import") and reads back, on which many
public copies agree; a campaign is found by its ID, and budgets are in the account's currency. The
README says how to check them against the account's own sheet before anything is uploaded.
"""

from collections.abc import Sequence

from goulot.cells import csv_text
from goulot.language import Language
from goulot.steps.ad_changes import GOOGLE, META, CampaignChange, LocationBid

GOOGLE_LOCATIONS = ("Campaign", "Location", "Bid modifier")
GOOGLE_CAMPAIGNS = ("Campaign", "Campaign status", "Campaign daily budget")
META_CAMPAIGNS = ("Campaign ID", "Campaign Name", "Campaign Status", "Campaign Daily Budget")
COLUMNS = {
    "google_ads_locations.csv": GOOGLE_LOCATIONS,
    "google_ads_campaigns.csv": GOOGLE_CAMPAIGNS,
    "meta_campaigns.csv": META_CAMPAIGNS,
}
ENGLISH = Language("en")  # in which the vendors name countries


def account_files(bids: Sequence[LocationBid], budgets: Sequence[CampaignChange]) -> dict[str, str]:
    """File name → CSV, with its headings alone where there is nothing to change."""
    rows = {
        "google_ads_locations.csv": _locations(bids),
        "google_ads_campaigns.csv": _google(budgets),
        "meta_campaigns.csv": _meta(budgets),
    }
    return {name: csv_text(COLUMNS[name], found) for name, found in rows.items()}


def _locations(bids: Sequence[LocationBid]) -> list[tuple]:
    """Bid modifiers in whole per cent: -7 is seven per cent less."""
    return [
        (bid.campaign, _location(bid.country, bid.region), round(100 * bid.modifier))
        for bid in bids
    ]


def _location(country: str, region: str) -> str:
    named = ENGLISH.country(country)
    return f"{region}, {named}" if region else named


def _google(budgets: Sequence[CampaignChange]) -> list[tuple]:
    return [
        (b.campaign, "Paused" if b.is_paused else "", "" if b.is_paused else b.daily_budget)
        for b in budgets
        if b.platform == GOOGLE
    ]


def _meta(budgets: Sequence[CampaignChange]) -> list[tuple]:
    return [
        (
            "",
            b.campaign,
            "PAUSED" if b.is_paused else "ACTIVE",
            "" if b.is_paused else b.daily_budget,
        )
        for b in budgets
        if b.platform == META
    ]
