"""Google Ads and Meta Ads of the subscription business: campaigns by day."""

from pathlib import Path

import numpy as np
import pandas as pd

from goulot.demo.campaigns import Campaign, campaign_results, divide_spend
from goulot.demo.clock import halves
from goulot.demo.saas.company import SaasCompany
from goulot.demo.world import World, stream
from goulot.demo.writers.google_ads import campaign_file
from goulot.demo.writers.meta_ads import campaigns_file

CAMPAIGNS = (
    Campaign("Paid Search", "FR | Search | Marque", 0.10, "Search", 0.42, 0.155, 1.2),
    Campaign("Paid Search", "FR | Search | Logiciel planning", 0.41, "Search", 2.35, 0.046, 0.9),
    Campaign("Paid Search", "FR | Search | Planning restaurant", 0.29, "Search", 1.90, 0.058, 1.0),
    Campaign("Paid Search", "FR | PMax | Essai gratuit", 0.20, "Performance Max", 1.15, 0.013, 1.3),
    Campaign("Paid Social", "FR_Prospection_Gerants_Video", 0.52, "", 1.32, 0.0094, 1.4),
    Campaign("Paid Social", "FR_Lookalike_Clients_Carrousel", 0.30, "", 1.18, 0.0101, 1.3),
    Campaign("Paid Social", "FR_Retargeting_Visiteurs", 0.18, "", 1.65, 0.0150, 1.9),
)


def campaigns_by_channel() -> dict[str, tuple[list[str], list[float]]]:
    """Names and shares of the campaigns of each paid channel."""
    found: dict[str, tuple[list[str], list[float]]] = {}
    for campaign in CAMPAIGNS:
        names, shares = found.setdefault(campaign.channel, ([], []))
        names.append(campaign.name)
        shares.append(campaign.share)
    return found


def write_ads(folder: Path, company: SaasCompany, exported: World) -> None:
    older, newer = halves(exported)
    google = campaign_days(company, exported, "Paid Search")
    campaign_file(folder / "Campaign report.csv", google, exported, older, excel=True)
    campaign_file(folder / "Campaign report (1).csv", google, exported, newer, excel=False)
    meta = campaign_days(company, exported, "Paid Social")
    name = "Roulemo-Campagnes.csv"
    span = (exported.first_day, exported.last_day)
    campaigns_file(folder / name, meta, exported, span, "French")


def campaign_days(company: SaasCompany, exported: World, channel: str) -> pd.DataFrame:
    """One row per exported day and campaign; a conversion is a sign-up and has no value."""
    rng = stream(company.world, company.seed, f"campaigns {channel}")
    place = [c.name for c in company.world.channels].index(channel)
    chosen = [c for c in CAMPAIGNS if c.channel == channel]
    days = slice(company.from_day, None)
    spend, brought = company.demand.spend[place, days], company.demand.drawn[place, days]
    parts = divide_spend(rng, chosen, exported.days)
    frames = [
        campaign_results(rng, c, np.round(spend * parts[:, n], 2), brought * parts[:, n])
        for n, c in enumerate(chosen)
    ]
    frame = pd.concat(frames).sort_values(["day", "campaign"], kind="stable", ignore_index=True)
    return frame.assign(value=0.0)
