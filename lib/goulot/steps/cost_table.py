"""Adjusted CAC as rows: by channel, by place, and by channel x place x category."""

import numpy as np
import pandas as pd

from goulot.steps.added_costs import PLACE, QUANTILES, Drawn, Shares
from goulot.steps.service_costs import LAYERS, ServiceCosts

COLUMNS = [
    "channel", *PLACE, "category", "new_customers", "orders", "cac", *LAYERS, "added", "pooled",
    "adjusted", "low", "high", "usual", "at_stake", "is_thin",
]  # fmt: skip


def cost_rows(
    drawn: Drawn, costs: ServiceCosts, keys: list[str], *, min_orders: int
) -> pd.DataFrame:
    """One row per group of cells, the one with most money at stake first [currency a customer].

    ``added`` is the sum of the layers, ``pooled`` that of the whole channel; ``adjusted`` with its
    90 % interval adds the CAC (of the category in the place, of the place, or of the channel, as
    far as spend is known; empty: no spend is), ``usual`` is that of the whole channel;
    ``at_stake`` [currency a quarter] what the quarter's new customers cost beyond the channel's,
    with CAC where it is known; ``is_thin``: fewer than ``min_orders`` orders.
    """
    shares, channel = drawn.by(keys), drawn.by_channel
    cac = _cac(drawn, shares.rows, keys)
    added = shares.added(costs)
    low, high = np.quantile(cac + added if cac.size else added, QUANTILES, axis=1)
    usual = dict(zip(channel.rows["channel"], channel.added_value(costs), strict=True))
    rows = shares.rows.assign(
        **_layers(shares, costs),
        added=shares.added_value(costs),
        cac=cac.mean(axis=1) if cac.size else np.nan,
        low=low,
        high=high,
    )
    rows["pooled"] = rows["channel"].map(usual)
    rows["adjusted"] = rows["cac"] + rows["added"]
    spent = dict(zip(drawn.channels["channel"], drawn.channel_cac.mean(axis=1), strict=True))
    rows["usual"] = rows["channel"].map(spent) + rows["pooled"]
    beyond = (rows["adjusted"] - rows["usual"]).fillna(rows["added"] - rows["pooled"])
    rows["at_stake"] = beyond * rows["new_customers"]
    rows["is_thin"] = rows["orders"] < min_orders
    ranked = rows.sort_values(["at_stake", *keys], ascending=[False] + [True] * len(keys))
    return ranked[[name for name in COLUMNS if name in ranked]].reset_index(drop=True)


def _layers(shares: Shares, costs: ServiceCosts) -> dict[str, np.ndarray]:
    return {name: shares.layer_value(name, costs) for name in LAYERS}


def _cac(drawn: Drawn, rows: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """Draws of each row's CAC: of the cell, of the place in the channel, else of the channel."""
    if not len(rows):
        return np.empty((0, drawn.channel_cac.shape[1]))
    if "category" in keys:
        return drawn.cac_by(keys)
    return np.array([_cac_of_place(drawn, row) for row in rows[keys].to_dict("records")])


def _cac_of_place(drawn: Drawn, key: dict[str, str]) -> np.ndarray:
    if "region" in key:
        at = drawn.bought_at.get((key["channel"], key["country"], key["region"]))
        if at is not None and not np.isnan(drawn.cac[at]).any():
            return drawn.cac[at]
    return drawn.cac_of(key["channel"])


def place_rows(drawn: Drawn, costs: ServiceCosts) -> pd.DataFrame:
    """One row per place, all channels: late share with its interval, and the layers of cost."""
    shares = drawn.by(PLACE)
    late = drawn.late_by_place
    low, high = np.quantile(late, QUANTILES, axis=1)
    rows = shares.rows.assign(
        late_share=late.mean(axis=1),
        low=low,
        high=high,
        added=shares.added_value(costs),
        **_layers(shares, costs),
    )
    return rows.sort_values(["late_share", *PLACE], ascending=[False, True, True]).reset_index(
        drop=True
    )
