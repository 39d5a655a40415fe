"""Which campaign advertises which SKU: as the export says, as the client says, or by its name."""

import re
import unicodedata

import pandas as pd

STEM = 5  # letters by which a word of a campaign's name is a category's
SHORTEST = 4  # letters of a word that can name a category
BY_EXPORT, BY_CLIENT, BY_NAME = "export", "declared", "name"
HOW = (BY_EXPORT, BY_CLIENT, BY_NAME)


def link_campaigns(
    campaign_day: pd.DataFrame,
    ad_link: pd.DataFrame,
    products: pd.DataFrame,
    sold: pd.DataFrame,
) -> pd.DataFrame:
    """One row per campaign and SKU: ``share`` of the campaign's spend that goes to it, and ``how``.

    What the client declares comes before what the export names, and that before a category whose
    name stands in the campaign's. Within a category, spend is shared as the channel's units are.
    A campaign that nothing links is not here.

    Parameters
    ----------
    campaign_day : the mart of that name
    ad_link : campaign, sku, category as the client filled them in
    products : sku and category of what is in stock (``sku_cover``)
    sold : channel, sku and units of the quarter (``channel_sku_quarter``)
    """
    rows = []
    for (platform, campaign), own in campaign_day.groupby(["platform", "campaign"], sort=True):
        channel = own["channel"].min()
        how, weights = _weights(campaign, channel, own, ad_link, products, sold)
        rows += [
            (platform, campaign, channel, sku, weight / weights.sum(), how)
            for sku, weight in weights.items()
            if weight > 0
        ]
    columns = ["platform", "campaign", "channel", "sku", "share", "how"]
    return pd.DataFrame(rows, columns=columns)


def _weights(campaign, channel, own, ad_link, products, sold) -> tuple[str, pd.Series]:
    declared = ad_link[ad_link["campaign"].str.casefold() == campaign.casefold()]
    if len(declared):
        skus = set(declared["sku"].dropna())
        categories = {plain(name) for name in declared["category"].dropna()}
        inside = products["category"].fillna("").map(plain).isin(categories)
        skus |= set(products.loc[inside, "sku"])
        return BY_CLIENT, _as_sold(skus, channel, sold)
    exported = own.dropna(subset=["sku"])
    if exported["spend"].sum() > 0:
        return BY_EXPORT, exported.groupby("sku", sort=True)["spend"].sum()
    named = [name for name in products["category"].dropna().unique() if is_named(name, campaign)]
    return BY_NAME, _as_sold(
        set(products.loc[products["category"].isin(named), "sku"]), channel, sold
    )


def _as_sold(skus: set[str], channel: str, sold: pd.DataFrame) -> pd.Series:
    """Units of each SKU in the channel; of all channels where it sold none of them; or evenly."""
    inside = sold[sold["sku"].isin(skus)]
    for rows in (inside[inside["channel"] == channel], inside):
        units = rows.groupby("sku", sort=True)["units"].sum()
        if units.sum() > 0:
            return units.astype(float)
    return pd.Series(1.0, index=sorted(skus), dtype=float)


def is_named(category: str, campaign: str) -> bool:
    """Whether a word of the category stands in the campaign's name, by its first letters.

    >>> is_named("Bougies parfumées", "FR | Search | Bougies")
    True
    >>> is_named("Bougeoirs & photophores", "FR_Prospection_Bougies_Video")
    False
    """
    words = {word[:STEM] for word in _words(campaign)}
    return any(word[:STEM] in words for word in _words(category))


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[^a-z0-9]+", plain(text)) if len(word) >= SHORTEST]


def plain(text: str) -> str:
    """Without accents and capitals."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()
