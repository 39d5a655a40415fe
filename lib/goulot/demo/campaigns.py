"""The campaigns that a channel's spend goes to, where it is spent, and what platforms claim."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.demo.company import Company
from goulot.demo.places import CITIES, IS_BELGIAN, REGION_NAMES, REGION_SHARE
from goulot.demo.seasons import promotion_index, season_index
from goulot.demo.world import World, stream

# Campaigns that are no advertising, as their links are tagged; with their share of the channel.
TAGGED = {
    "Email": (
        ("newsletter_hebdo", 0.55),
        ("flow_panier_abandonne", 0.27),
        ("flow_bienvenue", 0.18),
    ),
    "Affiliates": (("awin", 1.0),),
    "Influencer": (("partenariats", 1.0),),
}


@dataclass(frozen=True)
class Campaign:
    """A campaign: the channel it belongs to, its share of spend, its cost a click and rates."""

    channel: str
    name: str
    share: float
    kind: str
    cost_per_click: float
    click_rate: float
    claimed: float  # conversions claimed per order that the channel brought
    sells: tuple[str, ...] = ()  # categories of the products shown; empty: all


CAMPAIGNS = (
    Campaign("Paid Search", "FR | Search | Marque", 0.12, "Search", 0.31, 0.142, 1.3),
    Campaign("Paid Search", "FR | Search | Bougies parfumées", 0.26, "Search", 0.78, 0.051, 0.9,
             ("Bougies parfumées",)),
    Campaign("Paid Search", "FR | Search | Diffuseurs & brumes", 0.15, "Search", 0.84, 0.044, 0.9,
             ("Diffuseurs", "Recharges", "Brumes d’intérieur")),
    Campaign("Paid Search", "FR | Shopping | Tous produits", 0.29, "Shopping", 0.46, 0.0118, 1.0),
    Campaign("Paid Search", "FR-BE | PMax | Coffrets", 0.18, "Performance Max", 0.52, 0.016, 1.2,
             ("Coffrets cadeaux",)),
    Campaign("Paid Social", "FR_Prospection_Bougies_Video", 0.44, "", 0.74, 0.0108, 1.25,
             ("Bougies parfumées",)),
    Campaign("Paid Social", "FR_Prospection_Céramiques_Carrousel", 0.24, "", 0.81, 0.0092, 1.15,
             ("Céramiques", "Bougeoirs & photophores")),
    Campaign("Paid Social", "FR_Retargeting_Catalogue", 0.22, "", 0.95, 0.0175, 1.7),
    Campaign("Paid Social", "BE_Prospection_Coffrets", 0.10, "", 0.88, 0.0085, 1.1,
             ("Coffrets cadeaux",)),
)  # fmt: skip


def campaign_days(company: Company, channel: str) -> pd.DataFrame:
    """One row per day and campaign: spend, impressions, clicks, claimed conversions and value."""
    world = company.world
    rng = stream(world, company.seed, f"campaigns {channel}")
    place = [c.name for c in world.channels].index(channel)
    chosen = [c for c in CAMPAIGNS if c.channel == channel]
    orders = company.orders[company.orders["channel"] == place]
    brought = np.bincount(orders["day"], minlength=world.days)
    parts = divide_spend(rng, chosen, world.days)
    spend = np.round(company.demand.spend[place][:, None] * parts, 2)
    frames = []
    dearer = auction_pressure(world)
    for column, campaign in enumerate(chosen):
        mine = brought * parts[:, column]
        frames.append(campaign_results(rng, campaign, spend[:, column], mine, dearer))
    return pd.concat(frames).sort_values(["day", "campaign"], kind="stable", ignore_index=True)


def auction_pressure(world: World) -> np.ndarray:
    """What a click costs by day: dearer in season and in promotions, and a little every year."""
    season = season_index(world) ** 0.3 * promotion_index(world, channel="-") ** 0.25
    return season * (1 + 0.07 * np.arange(world.days) / 365)


def divide_spend(rng: np.random.Generator, chosen: list[Campaign], days: int) -> np.ndarray:
    """How a day's spend is divided: it drifts from month to month."""
    months = days // 30 + 1
    drift = rng.normal(0, 0.18, (months, len(chosen))).cumsum(axis=0) * 0.35
    weights = np.array([c.share for c in chosen]) * np.exp(drift[np.arange(days) // 30])
    weights = weights * np.exp(rng.normal(0, 0.08, weights.shape))
    return weights / weights.sum(axis=1, keepdims=True)


def campaign_results(
    rng: np.random.Generator,
    campaign: Campaign,
    spend: np.ndarray,
    brought: np.ndarray,
    dearer: np.ndarray | float = 1.0,
) -> pd.DataFrame:
    """Days of one campaign; ``brought`` are the orders that its share of the channel brought.

    ``dearer`` is a click's price as a multiple of the usual one.
    """
    days = len(spend)
    price = campaign.cost_per_click * dearer * np.exp(rng.normal(0, 0.10, days))
    clicks = rng.poisson(spend / price)
    rate = campaign.click_rate * np.exp(rng.normal(0, 0.09, days))
    impressions = clicks + rng.poisson(clicks * (1 / rate - 1))
    conversions = rng.poisson(brought * campaign.claimed)
    value = np.round(conversions * rng.gamma(9, 68 / 9, days), 2)
    return pd.DataFrame(
        {"campaign": campaign.name, "day": np.arange(days), "kind": campaign.kind, "spend": spend,
         "impressions": impressions, "clicks": clicks, "conversions": conversions, "value": value}
    )  # fmt: skip


def order_campaigns(company: Company) -> np.ndarray:
    """By order, the campaign in the link that it came through; empty where links have none."""
    rng = stream(company.world, company.seed, "order campaigns")
    orders = company.orders
    channel, draw = orders["channel"].to_numpy(), rng.random(len(orders))
    belgian = IS_BELGIAN[CITIES.region[company.customers.city[orders["customer"]]]]
    names = np.full(len(orders), "", dtype=object)
    for place, found in enumerate(company.world.channels):
        paid = [(c.name, c.share) for c in CAMPAIGNS if c.channel == found.name]
        for abroad in (False, True):
            mine = (channel == place) & (belgian == abroad)
            there = [(n, w) for n, w in paid if _is_shown(n)[abroad == IS_BELGIAN].any()]
            options = there or TAGGED.get(found.name, ())
            if options:
                weight = np.cumsum([w for _, w in options])
                chosen = np.searchsorted(weight / weight[-1], draw[mine])
                names[mine] = np.array([n for n, _ in options], dtype=object)[chosen]
    return names


def by_region(company: Company, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``campaign_days`` divided over the regions: the parts add up to the cent.

    FR campaigns run in France, BE campaigns in Belgium, the others in both.
    """
    rng = stream(company.world, company.seed, f"regions {rows['campaign'].min()}")
    shares = REGION_SHARE * np.exp(rng.normal(0, 0.06, (len(rows), len(REGION_NAMES))))
    shares *= np.array([_is_shown(name) for name in rows["campaign"]])
    shares = shares.cumsum(axis=1) / shares.sum(axis=1, keepdims=True)
    place = np.tile(np.arange(len(REGION_NAMES)), len(rows))
    parts = rows.loc[rows.index.repeat(len(REGION_NAMES))].reset_index(drop=True)
    parts["region"] = place
    for column, unit in (("spend", 0.01), ("impressions", 1), ("clicks", 1), ("conversions", 1),
                         ("value", 0.01)):  # fmt: skip
        total = np.rint(rows[column].to_numpy() / unit)
        steps = np.diff(np.rint(shares * total[:, None]), axis=1, prepend=0)
        parts[column] = np.round(steps.ravel() * unit, 2)
    shown = (parts["spend"] > 0) | (parts["impressions"] > 0)
    return parts[shown].reset_index(drop=True)


def _is_shown(campaign: str) -> np.ndarray:
    if campaign.startswith("FR-BE"):
        return np.ones(len(IS_BELGIAN), dtype=bool)
    return IS_BELGIAN if campaign.startswith("BE") else ~IS_BELGIAN
