"""CAC by category: a campaign's spend is shared by what its new customers bought first.

Orders know the category of a basket, spend does not. Where orders name the campaign they came
through, its spend is shared by the categories of its new customers' first baskets; where they do
not, by the products that the campaign is linked to (``ad_links``); where it is linked to none, by
the first baskets of the channel's new customers, which makes every category cost the same.
"""

import numpy as np
import pandas as pd

from goulot.methods.shrinkage import shrunk_rates

PLACE = ["country", "region"]
CELL = ["channel", *PLACE, "category"]
LEAST_CUSTOMERS = 10  # of a campaign, below which their first baskets do not share its spend
BY_ORDERS, BY_LINKS = "orders", "links"


def spend_by_category(
    campaign_places: pd.DataFrame,
    campaign_categories: pd.DataFrame,
    links: pd.DataFrame,
    products: pd.DataFrame,
) -> pd.DataFrame:
    """channel, country, region, category, how, spend: of campaigns whose spend can be shared.

    Parameters
    ----------
    campaign_places, campaign_categories : rows of the marts ``campaign_place_quarter`` and
        ``campaign_category_quarter`` of the quarter
    links : platform, campaign, sku, share (``ad_links.link_campaigns``)
    products : sku and category
    """
    empty = pd.DataFrame(columns=[*CELL, "how", "spend"])
    if campaign_places.empty:
        return empty
    shares = _shares(campaign_categories, links, products)
    spent = campaign_places.assign(
        campaign_name=campaign_places["campaign"].str.casefold(),
        spend=campaign_places["spend"].astype(float),
        **{name: campaign_places[name].astype(object).fillna("").astype(str) for name in PLACE},
    )
    told = spent.merge(shares, on=["channel", "campaign_name"])
    if told.empty:
        return empty
    told["spend"] *= told["share"]
    return told.groupby([*CELL, "how"], sort=True)["spend"].sum().reset_index()


def _shares(campaign_categories, links, products) -> pd.DataFrame:
    """channel, campaign_name, category, share, how: by orders, else by links."""
    bought = campaign_categories
    if len(bought):
        bought = bought.dropna(subset=["campaign"])
    by_orders = _by_orders(bought) if len(bought) else _none()
    by_links = _by_links(links, products) if len(links) else _none()
    told = set(zip(by_orders["channel"], by_orders["campaign_name"], strict=True))
    keys = zip(by_links["channel"], by_links["campaign_name"], strict=True)
    rest = by_links[np.array([key not in told for key in keys], dtype=bool)]
    return pd.concat([by_orders, rest], ignore_index=True)


def _none() -> pd.DataFrame:
    return pd.DataFrame(columns=["channel", "campaign_name", "category", "share", "how"])


def _by_orders(bought: pd.DataFrame) -> pd.DataFrame:
    named = bought.assign(
        campaign_name=bought["campaign"].str.casefold(),
        category=bought["category"].astype(object).fillna("").astype(str),
    )
    keys = ["channel", "campaign_name"]
    count = named.groupby([*keys, "category"], sort=True)["new_customers"].sum().reset_index()
    total = count.groupby(keys)["new_customers"].transform("sum")
    found = count.assign(share=count["new_customers"] / total, how=BY_ORDERS)
    return found[total >= LEAST_CUSTOMERS][[*keys, "category", "share", "how"]]


def _by_links(links: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    category = products.drop_duplicates("sku").set_index("sku")["category"]
    parts = links.assign(
        campaign_name=links["campaign"].str.casefold(), category=links["sku"].map(category)
    ).dropna(subset=["category"])
    keys = ["channel", "campaign_name", "category"]
    share = parts.groupby(keys, sort=True)["share"].sum().reset_index()
    return share.assign(how=BY_LINKS)


def cac_by_cell(
    cells: pd.DataFrame,
    whole: pd.DataFrame,
    whole_cac: np.ndarray,
    channels: pd.DataFrame,
    channel_cac: np.ndarray,
    shared: pd.DataFrame,
    *,
    seed: int,
) -> np.ndarray:
    r"""Draws of each cell's CAC, cells x draws; NaN where no spend is known.

    Parameters
    ----------
    cells : channel, country, region, category and the quarter's new_customers
    whole : channel, country, region and spend of each place of a channel; ``whole_cac`` its draws
    channels : channel and spend; ``channel_cac`` its draws, for cells whose place has no spend of
        its own
    shared : ``spend_by_category``

    Notes
    -----
    .. math:: N_{cpk} \sim Poisson(\lambda_{cpk} E_{cpk}), \quad CAC_{cpk} = 1 / \lambda_{cpk}

    with the spend :math:`E` of channel c in place p that falls to category k. A cell's rate is
    pulled to that of its category in the whole channel, times what the place is cheaper or dearer
    than the channel; and the category's to the channel's. Without spend by place it is the
    category's.
    """
    of_channel = dict(zip(channels["channel"], channel_cac, strict=True))
    base, spend = _base(cells, whole, whole_cac, of_channel)
    exposure = _exposure(cells, spend, shared, PLACE)
    alone = _exposure(
        cells, cells["channel"].map(channels.set_index("channel")["spend"]).to_numpy(dtype=float),
        shared, [],
    )  # fmt: skip
    found = base.copy()
    for number, (channel, usual) in enumerate(sorted(of_channel.items())):
        mine = (cells["channel"] == channel).to_numpy() & np.isfinite(usual).all()
        is_placed = not np.isnan(spend[mine]).all()
        here = exposure if is_placed else alone
        at = np.flatnonzero(mine & (here > 0))
        if len(at):
            own = cells.iloc[at]
            category = _of_category(own, here[at], usual, seed * 103 + number)
            if is_placed:
                parent = category * usual.mean() / base[at]
                category = shrunk_rates(
                    own["new_customers"], here[at], draws=len(usual), seed=seed * 107 + number,
                    parent=parent,
                )  # fmt: skip
            found[at] = 1 / np.maximum(category, 1e-12)
    return found


def _base(cells, whole, whole_cac, channel_cac) -> tuple[np.ndarray, np.ndarray]:
    """For each cell the CAC of its place in the channel, else of the channel, and the spend there
    (NaN: none is known by place)."""
    keys = whole[["channel", *PLACE]].itertuples(index=False, name=None)
    row_of = {key: row for row, key in enumerate(keys)}
    told, amount = ~np.isnan(whole_cac).any(axis=1), whole["spend"].to_numpy(dtype=float)
    base = np.full((len(cells), whole_cac.shape[1]), np.nan)
    spend = np.full(len(cells), np.nan)
    for row, key in enumerate(cells[["channel", *PLACE]].itertuples(index=False, name=None)):
        at = row_of.get(key)
        if at is not None and told[at]:
            base[row], spend[row] = whole_cac[at], amount[at]
        elif key[0] in channel_cac:
            base[row] = channel_cac[key[0]]
    return base, spend


def _exposure(
    cells: pd.DataFrame, spend: np.ndarray, shared: pd.DataFrame, place: list[str]
) -> np.ndarray:
    """Spend that falls to each cell [currency]: what can be shared by category, and of the rest of
    its place (of its channel, without ``place``) a part by new customers, by whom the cells of a
    channel's category share theirs too. 0 where no spend is known or none can be shared.
    """
    if shared.empty:
        return np.zeros(len(cells))
    keys = ["channel", *place, "category"]
    new = cells["new_customers"].to_numpy(dtype=float)
    same = cells.assign(new=new, one=1.0).groupby(keys)[["new", "one"]].transform("sum").to_numpy()
    part = np.where(same[:, 0] > 0, new / np.maximum(same[:, 0], 1.0), 1.0 / same[:, 1])
    told = shared.groupby(keys)["spend"].sum()
    own = told.reindex(pd.MultiIndex.from_frame(cells[keys])).fillna(0.0).to_numpy() * part
    there = cells.assign(own=own, new=new).groupby(["channel", *place])[["own", "new"]]
    own_there, new_there = there.transform("sum").to_numpy().T
    known = np.nan_to_num(spend)
    rest = np.maximum(known - own_there, 0.0) * new / np.maximum(new_there, 1.0)
    return np.where((known > 0) & (own_there > 0), own + rest, 0.0)


def _of_category(
    cells: pd.DataFrame, exposure: np.ndarray, channel_cac: np.ndarray, seed: int
) -> np.ndarray:
    """New customers a unit of spend by category of one channel, for each of its cells: draws."""
    names = cells["category"].to_numpy()
    new = cells["new_customers"].to_numpy(dtype=float)
    known = sorted(set(names))
    rates = shrunk_rates(
        [new[names == name].sum() for name in known],
        [exposure[names == name].sum() for name in known],
        draws=len(channel_cac),
        seed=seed,
        parent=np.repeat(1 / channel_cac[None, :], len(known), axis=0),
    )
    return rates[np.searchsorted(known, names)]
