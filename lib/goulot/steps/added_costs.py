"""Fulfillment-adjusted CAC: what a new customer costs once delivery, refunds and tickets are paid.

Per channel x place x category, small cells shrunk toward their parents: shop → place → channel in
that place → category of the basket. A place is a country with its region, as far as it is known.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from pandas.api.typing import DataFrameGroupBy
from scipy import sparse, stats

from goulot.methods.shrinkage import shrunk_rates, shrunk_shares
from goulot.steps.category_cac import PLACE, cac_by_cell
from goulot.steps.lost_repeats import LostRepeats
from goulot.steps.service_costs import LAYERS, ServiceCosts

KEYS = ["channel", "country", "region", "category"]
EVENTS = {  # layer → its count, and the count of orders in which it could be seen
    "late": ("late_orders", "judged_orders"),
    "refund": ("refunded_orders", "orders"),
    "ticket": ("ticketed_orders", "orders"),
    "replacement": ("replaced_orders", "orders"),
}
COUNTS = sorted({name for pair in EVENTS.values() for name in pair})
QUANTILES = (0.05, 0.95)


@dataclass(frozen=True)
class Drawn:
    """Draws of the cells' costs: ``shares`` event → cells x draws, ``lost`` per late delivery.

    ``cells`` has one row per channel, place and category with orders in the evidence: the keys,
    ``COUNTS`` and ``new_customers`` of the quarter. ``places`` one row per place, with the draws of
    ``late_by_place`` in its order. ``cac`` channel x place (``bought``) → rows x draws, and
    ``cell_cac`` by cell (``category_cac``); NaN: no spend is known.
    """

    cells: pd.DataFrame
    shares: dict[str, np.ndarray]
    places: pd.DataFrame
    late_by_place: np.ndarray
    lost: np.ndarray
    lost_counted: float
    bought: pd.DataFrame
    cac: np.ndarray
    channels: pd.DataFrame
    channel_cac: np.ndarray
    cell_cac: np.ndarray

    @cached_property
    def by_place(self) -> "Shares":
        """The shares of each channel in each place."""
        return self.by(["channel", *PLACE])

    @cached_property
    def by_channel(self) -> "Shares":
        return self.by(["channel"])

    @cached_property
    def bought_at(self) -> dict[tuple[str, str, str], int]:
        """(channel, country, region) → the row of ``bought`` and ``cac``."""
        keys = self.bought[["channel", *PLACE]].itertuples(index=False, name=None)
        return {key: row for row, key in enumerate(keys)}

    def cac_of(self, channel: str) -> np.ndarray:
        """Draws of a channel's CAC; NaN: no spend of it is known."""
        return self.channel_cac[self._channel_at[channel]]

    @cached_property
    def _channel_at(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.channels["channel"])}

    def by(self, keys: list[str]) -> "Shares":
        """The shares of larger cells: their cells' weighed by new customers (or else by orders)."""
        if keys == KEYS:
            return Shares(self.cells, self.shares, self.lost, self.lost_counted)
        groups = self.cells.groupby(keys, sort=True)
        rows = groups[[*COUNTS, "new_customers"]].sum().reset_index()
        mix = self._mix(groups, self.cells["orders"].to_numpy(dtype=float))
        mixed = {event: mix @ draws for event, draws in self.shares.items()}
        return Shares(rows, mixed, self.lost, self.lost_counted)

    def cac_by(self, keys: list[str]) -> np.ndarray:
        """Draws of the CAC of larger cells: their cells', weighed by the quarter's new customers
        (or else alike)."""
        if keys == KEYS:
            return self.cell_cac
        groups = self.cells.groupby(keys, sort=True)
        return self._mix(groups, np.ones(len(self.cells))) @ self.cell_cac

    def _mix(self, groups: DataFrameGroupBy, otherwise: np.ndarray) -> sparse.csr_array:
        """Groups x cells: how much each cell weighs in its group, by new customers; in a group that
        has none, by ``otherwise``."""
        group = groups.ngroup().to_numpy()
        new = self.cells["new_customers"].to_numpy(dtype=float)
        weight = np.where(np.bincount(group, new)[group] > 0, new, otherwise)
        share = weight / np.bincount(group, weight)[group]
        at = group, np.arange(len(group))
        return sparse.csr_array((share, at), shape=(groups.ngroups, len(group)))


@dataclass(frozen=True)
class Shares:
    """Draws of what goes wrong, by row; and what it costs."""

    rows: pd.DataFrame
    shares: dict[str, np.ndarray]
    lost: np.ndarray
    lost_counted: float

    def layer(self, name: str, costs: ServiceCosts) -> np.ndarray:
        """Draws of one layer, rows x draws [currency per new customer]."""
        if name == "lost":
            return self.shares["late"] * self.lost
        return self.shares[name] * costs.of(name)

    def layer_value(self, name: str, costs: ServiceCosts) -> np.ndarray:
        """One layer as a value per row; repeats are lost as far as ``LostRepeats.counted`` says."""
        if name == "lost":
            return self._mean["late"] * self.lost_counted
        return self._mean[name] * costs.of(name)

    @cached_property
    def _mean(self) -> dict[str, np.ndarray]:
        return {event: draws.mean(axis=1) for event, draws in self.shares.items()}

    def added(self, costs: ServiceCosts) -> np.ndarray:
        """Draws of all layers together, rows x draws."""
        return sum(self.layer(name, costs) for name in LAYERS)

    def added_value(self, costs: ServiceCosts) -> np.ndarray:
        return sum(self.layer_value(name, costs) for name in LAYERS)


def draw_costs(
    evidence: pd.DataFrame,
    quarter_rows: pd.DataFrame,
    lost: LostRepeats,
    shared: pd.DataFrame,
    *,
    draws: int,
    seed: int,
) -> Drawn:
    """Draw every share and every CAC of the cells.

    Parameters
    ----------
    evidence : rows of ``channel_region_quarter`` of the quarters from which shares are learned
    quarter_rows : those of the quarter, whose spend and new customers make the CAC
    shared : spend of the quarter by category (``category_cac.spend_by_category``)
    """
    cells = _cells(evidence, quarter_rows)
    chain = {
        layer: _chain(cells, *EVENTS[layer], draws=draws, seed=seed + place)
        for place, layer in enumerate(EVENTS)
    }
    bought, channels = _bought(quarter_rows, PLACE), _bought(quarter_rows, [])
    cac, channel_cac = (
        _cac_by_place(bought, draws, seed + 12), _cac_alone(channels, draws, seed + 13),
    )  # fmt: skip
    return Drawn(
        cells=cells,
        shares={layer: found[1] for layer, found in chain.items()},
        places=cells.groupby(PLACE, sort=True, dropna=False)[COUNTS].sum().reset_index(),
        late_by_place=chain["late"][0],
        lost=lost.draws(draws, seed + 11),
        lost_counted=lost.counted,
        bought=bought,
        cac=cac,
        channels=channels,
        channel_cac=channel_cac,
        cell_cac=cac_by_cell(cells, bought, cac, channels, channel_cac, shared, seed=seed + 14),
    )


def _cells(evidence: pd.DataFrame, quarter_rows: pd.DataFrame) -> pd.DataFrame:
    """One row per cell with an order; names that no export tells are empty texts."""
    ordered = named(evidence[evidence["orders"] > 0]).groupby(KEYS, sort=True)[COUNTS].sum()
    new = named(quarter_rows).groupby(KEYS, sort=True)["new_customers"].sum()
    return ordered.join(new).fillna({"new_customers": 0}).reset_index()


def named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{key: rows[key].astype(object).fillna("").astype(str) for key in KEYS})


def _chain(
    cells: pd.DataFrame, hits: str, trials: str, *, draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draws by place and by cell: each level is the parent of the next.

    What the exports never show (no promise, no ticket, no free order) is left out: it counts 0.
    """
    if not cells[hits].sum():
        places = cells.groupby(PLACE, sort=True).ngroups
        return np.zeros((places, draws)), np.zeros((len(cells), draws))
    parent, at = None, None
    for depth, keys in enumerate((PLACE, ["channel", *PLACE], KEYS)):
        level = cells.groupby(keys, sort=True)[[hits, trials]].sum()
        above = None if parent is None else parent[_rows_of(level, at)]
        parent = shrunk_shares(
            level[hits], level[trials], draws=draws, seed=seed * 7 + depth, parent=above
        )
        if depth == 0:
            by_place = parent
        at = level.index
    return by_place, parent


def _rows_of(level: pd.DataFrame, parents: pd.Index) -> np.ndarray:
    """For each row of a level, the row of its parent."""
    keys = level.index.to_frame(index=False)[list(parents.names)]
    return parents.get_indexer(pd.MultiIndex.from_frame(keys))


def _bought(rows: pd.DataFrame, place: list[str]) -> pd.DataFrame:
    """Per channel (and place): new customers and spend; spend without a place follows the placed.

    A channel whose spend names no place has none by place (NaN).
    """
    summed = (
        named(rows)
        .groupby(["channel", *place], sort=True)[["new_customers", "spend"]]
        .sum(min_count=1)
        .fillna({"new_customers": 0})
        .reset_index()
    )
    if not place:
        return summed
    known = summed["country"] != ""
    total = summed.groupby("channel")["spend"].transform("sum")
    placed = summed["spend"].where(known).groupby(summed["channel"]).transform("sum")
    most = placed > 0.5 * total  # else the placed part says little of the whole
    spread = summed["spend"] * total / placed.where(most)
    return summed.assign(spend=spread)[known].reset_index(drop=True)


def _cac_by_place(bought: pd.DataFrame, draws: int, seed: int) -> np.ndarray:
    """Draws of spend per new customer, places shrunk toward their channel; NaN without spend."""
    cac = np.full((len(bought), draws), np.nan)
    for number, (_, rows) in enumerate(bought.groupby("channel", sort=True)):
        rows = rows[rows["spend"] > 0]
        rates = shrunk_rates(
            rows["new_customers"], rows["spend"], draws=draws, seed=seed * 101 + number
        )
        cac[rows.index] = 1 / np.maximum(rates, 1e-12)
    return cac


def _cac_alone(channels: pd.DataFrame, draws: int, seed: int) -> np.ndarray:
    """Draws of each channel's own CAC: counted customers are Poisson, under Jeffreys' prior.

    Drawn at evenly spaced quantiles, in random order: the ends of an interval do not hang on how
    many draws there are.
    """
    rng = np.random.default_rng(seed)
    new = channels["new_customers"].to_numpy(dtype=float)[:, None]
    spend = channels["spend"].where(channels["spend"] > 0).to_numpy(dtype=float)[:, None]
    even = np.tile((np.arange(draws) + 0.5) / draws, (len(channels), 1))
    return spend / stats.gamma.ppf(rng.permuted(even, axis=1), new + 0.5)
