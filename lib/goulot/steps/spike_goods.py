"""What is on the shelves when a spike comes and what is on its way, in orders that it serves."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.errors import ParameterError, closest
from goulot.methods.spike_stock import Receipts, Shelves
from goulot.steps.receipts import open_lines

NAMED_SKUS, REST_GROUPS = 10, 4
RESTOCK_DAYS = 30.0  # where no purchase order tells


@dataclass(frozen=True)
class Goods:
    """``shelves`` by group (None: no stock was counted); ``names`` of the SKUs that are a group of
    their own, the one that a spike may lead to first; units that an order takes."""

    shelves: Shelves | None
    names: tuple[str, ...]
    units_per_order: float


def goods_of(
    cover: pd.DataFrame, purchases: pd.DataFrame, orders_per_day: float, sku: str = ""
) -> Goods:
    """Group the SKUs: ``sku``, or else the best seller; the others of the ten that sell most; and
    the rest from the thinnest cover up.

    Parameters
    ----------
    cover : rows of the mart ``sku_cover_quarter`` of the quarter
    purchases : rows of the mart ``purchase_line`` (``receipts.known_lines``)

    Raises
    ------
    ParameterError
        ``sku`` is not one that sells and whose stock was counted.
    """
    known = cover[(cover["recent_units"] > 0) & cover["available"].notna()]
    if known.empty:
        return Goods(None, (), 1.0)
    _check(sku, known["sku"])
    daily = known["recent_units"].astype(float) / known["window_days"].astype(float)
    units = known["available"].astype(float).clip(lower=0)
    known = known.assign(
        daily=daily, units=units, cover_days=units / daily, follows=known["sku"] != sku
    ).sort_values(["follows", "daily", "sku"], ascending=[True, False, True])
    named, rest = known.head(NAMED_SKUS), known.iloc[NAMED_SKUS:].sort_values(["cover_days", "sku"])
    cuts = np.array_split(np.arange(len(rest)), min(REST_GROUPS, len(rest)) or 1)
    groups = [named.iloc[[n]] for n in range(len(named))] + [rest.iloc[c] for c in cuts if len(c)]
    per_order = float(max(daily.sum() / max(orders_per_day, 1e-9), 1e-9))
    shelves = Shelves(
        share=np.array([group["daily"].sum() / daily.sum() for group in groups]),
        stock=np.array([group["units"].sum() / per_order for group in groups]),
        receipts=_receipts(groups, purchases, per_order),
    )
    return Goods(shelves, tuple(named["sku"]), per_order)


def _check(sku: str, known: pd.Series) -> None:
    if sku and sku not in set(known):
        near = closest(sku, list(known)) or known.iloc[0]
        raise ParameterError(
            f"sku={sku!r} is none of the {len(known):,} products that sold in the eight weeks "
            f"before their stock was counted. Did you mean {near!r}? Empty: the one that sells "
            "most."
        )


def _receipts(
    groups: list[pd.DataFrame], purchases: pd.DataFrame, per_order: float
) -> Receipts | None:
    """What is on order, a line at a time, with its supplier's lead time and how that varies."""
    group_of = {sku: n for n, group in enumerate(groups) for sku in group["sku"]}
    lines = open_lines(pd.concat(groups), purchases)
    if lines.empty:
        return None
    return Receipts(
        group=lines["sku"].map(group_of).to_numpy(),
        orders=lines["quantity"].to_numpy(dtype=float) / per_order,
        days=lines["days"].to_numpy(dtype=float),
        sd_days=lines["sd_days"].to_numpy(dtype=float),
    )


def restock_days(purchases: pd.DataFrame) -> float:
    """Days until goods come that are ordered now: the mean over the lines that were received."""
    took = purchases["lead_days"].dropna().astype(float)
    return float(took.mean()) if len(took) else RESTOCK_DAYS
