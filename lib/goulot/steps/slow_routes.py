"""Carriers and places in which parcels are late more often than on the other routes."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.discoveries import discovered
from goulot.methods.shrinkage import shrunk_shares
from goulot.steps.feedback_inputs import FeedbackPolicy
from goulot.steps.from_draws import drawn_figure

ROUTE = ["location", "carrier", "country", "region"]
MATERIAL_LATE = 0.05  # share of parcels beyond the mean from which a route is called slow


@dataclass(frozen=True)
class SlowRoute:
    """One route: parcels in the evidence, share late, and how sure it is that it is slow."""

    location: str
    carrier: str
    country: str
    region: str
    parcels: int
    late_share: Figure
    usual: float
    travel_days: float
    probability: float


def slow_routes(routes: pd.DataFrame, policy: FeedbackPolicy) -> tuple[SlowRoute, ...]:
    """Routes that are late more often than all of them by ``MATERIAL_LATE``, the worst first.

    Shares are shrunk toward the mean of all routes; of the routes named, no more than the policy's
    share is expected to be named wrongly.

    Parameters
    ----------
    routes : rows of the mart ``parcel_route_quarter`` of the evidence
    """
    if routes.empty or not routes["judged_parcels"].sum():
        return ()
    named = routes.assign(**{k: routes[k].astype(object).fillna("").astype(str) for k in ROUTE})
    counts = ["parcels", "judged_parcels", "late_parcels", "travel_days", "arrived_parcels"]
    rows = named.groupby(ROUTE, sort=True)[counts].sum().reset_index()
    draws = shrunk_shares(
        rows["late_parcels"], rows["judged_parcels"], draws=policy.draws, seed=policy.seed + 51
    )
    usual = float(rows["late_parcels"].sum() / rows["judged_parcels"].sum())
    chance = (draws > usual + MATERIAL_LATE).mean(axis=1)
    judged = rows["judged_parcels"].to_numpy() >= policy.min_orders
    slow = discovered(np.where(judged, chance, 0.0), policy.false_share)
    found = [
        _route(row, draws[at], usual, float(chance[at]))
        for at, row in enumerate(rows.itertuples())
        if slow[at]
    ]
    return tuple(sorted(found, key=lambda r: (-r.late_share.value * r.parcels, r.region)))


def _route(row, draws: np.ndarray, usual: float, chance: float) -> SlowRoute:
    travel = row.travel_days / row.arrived_parcels if row.arrived_parcels else float("nan")
    share = drawn_figure(draws, "share")
    return SlowRoute(row.location, row.carrier, row.country, row.region, int(row.parcels), share,
                     usual, float(travel), chance)  # fmt: skip
