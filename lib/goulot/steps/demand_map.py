"""The demand map: from which channel, through which goods and warehouse, to which supplier?

And how much of that demand rests on stock that ends before new goods could come.
"""

from dataclasses import dataclass

import pandas as pd

from goulot.errors import ParameterError
from goulot.findings import Figure, Missing
from goulot.quarter import Quarter
from goulot.steps.needs import CONSTRAINT, EXPORT_NAMES

LEVELS = ("channel", "category", "location", "supplier")
UNKNOWN, OTHER = "unknown", "other"
MEASURES = ("units", "contribution", "lead_time_days", "cover_days", "at_risk_share")

# Messages for ``Language.say``.
NO_RISK_KNOWN = "no count of the stock, or no purchase orders to tell a lead time"
NO_DEMAND = "no order of the quarter has a product"
NOTES = (NO_RISK_KNOWN, NO_DEMAND)


@dataclass(frozen=True, kw_only=True)
class MapPolicy:
    """What the consultant chooses: how many names a level shows, and which share is too small to.

    Others stand together as ``other``.
    """

    most_names: int = 8
    least_share: float = 0.015

    def __post_init__(self) -> None:
        if self.most_names < 1:
            raise ParameterError(f"most_names={self.most_names} is not a count: write 1 or more.")
        if not 0 <= self.least_share < 1:
            raise ParameterError(f"least_share={self.least_share} is not a share: write 0.02.")


@dataclass(frozen=True)
class DemandMap:
    """Demand of a quarter by path.

    ``paths``: one row per channel, category, location and supplier, with units, share [of all
    units], contribution, contribution_at_risk [currency], lead_time_days, cover_days and
    at_risk_share; the most contribution at risk first. ``flows``: the same with small names put
    together, for a picture. ``untold``: levels of which most of the demand is unknown.
    """

    quarter: Quarter
    paths: pd.DataFrame
    flows: pd.DataFrame
    untold: tuple[str, ...]
    missing: tuple[Missing, ...]
    figures: dict[str, Figure]

    @property
    def at_risk(self) -> pd.DataFrame:
        """The paths with demand at risk, those with most contribution at risk first."""
        return self.paths[self.paths["at_risk_share"] > 0].reset_index(drop=True)


def map_demand(
    demand_flow: pd.DataFrame, quarter: Quarter, currency: str, policy: MapPolicy | None = None
) -> DemandMap:
    """Map the demand of a quarter.

    Parameters
    ----------
    demand_flow : the mart ``demand_flow``; other quarters are ignored
    currency : of the client

    Notes
    -----
    Demand is at risk where what is available ends before the next goods can come: those of an open
    purchase order, by the supplier's mean lead time, or of one placed on the day of the count.
    """
    policy = policy or MapPolicy()
    paths = _paths(demand_flow[demand_flow["quarter"] == str(quarter)])
    total = paths["units"].sum()
    untold = tuple(
        level
        for level in LEVELS
        if total and paths.loc[paths[level] == UNKNOWN, "units"].sum() > total / 2
    )
    return DemandMap(
        quarter=quarter,
        paths=paths,
        flows=_put_together(paths, policy),
        untold=untold,
        missing=_missing(paths),
        figures=_figures(paths, currency),
    )


def _paths(rows: pd.DataFrame) -> pd.DataFrame:
    numbers = rows[list(MEASURES)].astype("float64")
    paths = rows[list(LEVELS)].assign(**numbers)
    total = paths["units"].sum()
    paths = paths.assign(
        share=paths["units"] / total if total else 0.0,
        contribution_at_risk=paths["contribution"] * paths["at_risk_share"],
        units_at_risk=paths["units"] * paths["at_risk_share"],
    )
    order = ["contribution_at_risk", "units_at_risk", "units", *LEVELS]
    rising = [False, False, False, True, True, True, True]
    return paths.sort_values(order, ascending=rising).reset_index(drop=True)


def _put_together(paths: pd.DataFrame, policy: MapPolicy) -> pd.DataFrame:
    """The paths with the small names of each level as ``other``."""
    flows = paths
    for level in LEVELS:
        by_name = flows.groupby(level)["units"].sum().sort_values(ascending=False, kind="stable")
        enough = by_name >= policy.least_share * by_name.sum()
        kept = {*by_name.index[enough][: policy.most_names], UNKNOWN}
        flows = flows.assign(**{level: flows[level].where(flows[level].isin(kept), OTHER)})
    return weighted(flows, list(LEVELS))


def weighted(flows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Flows summed by some levels; days and shares are means by units, of what is known."""
    known = {f"{name} known": flows["units"].where(flows[name].notna()) for name in MEASURES[2:]}
    parts = {f"{name} sum": flows["units"] * flows[name] for name in MEASURES[2:]}
    sums = ["units", "contribution", *known, *parts]
    summed = flows.assign(**known, **parts).groupby(by, sort=True)[sums].sum(min_count=1)
    for name in MEASURES[2:]:
        summed[name] = summed[f"{name} sum"] / summed[f"{name} known"]
    return summed[list(MEASURES)].reset_index()


def _figures(paths: pd.DataFrame, currency: str) -> dict[str, Figure]:
    share, amount = "demand_map.at_risk_share", "demand_map.contribution_at_risk"
    unit = f"{currency}/quarter"
    if paths.empty:
        return {share: Figure.unknown("share", NO_DEMAND), amount: Figure.unknown(unit, NO_DEMAND)}
    told = paths.dropna(subset=["at_risk_share"])
    if not told["units"].sum():
        return {
            share: Figure.unknown("share", NO_RISK_KNOWN),
            amount: Figure.unknown(unit, NO_RISK_KNOWN),
        }
    at_risk = float(told["units_at_risk"].sum() / told["units"].sum())
    figures = {share: Figure(value=at_risk, unit="share", basis="observed")}
    if told["contribution"].notna().any():
        worth = float(told["contribution_at_risk"].sum())
        figures[amount] = Figure(value=worth, unit=unit, basis="observed")
    return figures


def _missing(paths: pd.DataFrame) -> tuple[Missing, ...]:
    """The exports without which risk along the paths stays unknown."""
    if paths.empty or paths["at_risk_share"].notna().any():
        return ()
    lacking = [
        table
        for table, column in (("purchase_orders", "lead_time_days"), ("stock_levels", "cover_days"))
        if paths[column].isna().all()
    ]
    costs = {need.table: need.costs for need in CONSTRAINT.needs}
    return tuple(
        Missing(step="demand_map", export=EXPORT_NAMES[table], costs=costs[table])
        for table in lacking
    )
