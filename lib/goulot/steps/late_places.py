"""The places that are late more often than the others, together, over all orders."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from goulot.findings import Figure
from goulot.methods.discoveries import discovered
from goulot.steps.added_costs import PLACE
from goulot.steps.feedback import FeedbackReport
from goulot.steps.from_draws import drawn_figure
from goulot.steps.slow_routes import MATERIAL_LATE


@dataclass(frozen=True)
class LatePlaces:
    """``places`` (country, region) with most late orders first; ``share`` late there, ``elsewhere``
    in the others; ``late_orders`` there in a quarter, and what those beyond the usual ``cost``
    [currency a quarter]: repeat purchases lost, and a ticket for what tickets are more there.
    """

    places: tuple[tuple[str, str], ...]
    share: float
    elsewhere: float
    late_orders: float
    cost: Figure

    @classmethod
    def of(cls, report: FeedbackReport) -> Self:
        """Places whose late share lies above the mean by ``MATERIAL_LATE`` for sure."""
        rows, draws, policy = report.drawn.places, report.drawn.late_by_place, report.policy
        unit = f"{report.declared.currency}/quarter"
        followed = rows["judged_orders"].to_numpy(dtype=float)
        if not followed.sum():
            return cls((), 0.0, 0.0, 0.0, Figure.unknown(unit, ""))
        usual = rows["late_orders"].sum() / followed.sum()
        judged = (followed >= policy.min_orders) & (rows[PLACE] != "").any(axis=1).to_numpy()
        chance = np.where(judged, (draws > usual + MATERIAL_LATE).mean(axis=1), 0.0)
        sure = discovered(chance, policy.false_share)
        late = rows["late_orders"].to_numpy(dtype=float)
        if not sure.any() or sure.all():
            return cls((), 0.0, 0.0, 0.0, Figure.unknown(unit, ""))
        elsewhere = late[~sure].sum() / followed[~sure].sum()
        per_quarter = rows["orders"].to_numpy(dtype=float) / policy.evidence_quarters
        per_late = report.drawn.lost + (report.costs.late.value or 0.0)
        beyond = ((draws[sure] - elsewhere) * per_quarter[sure, None]).sum(axis=0)
        cost = beyond * per_late
        order = np.argsort(-late * sure, kind="stable")[: int(sure.sum())]
        return cls(
            places=tuple(tuple(rows[PLACE].iloc[at]) for at in order),
            share=float(late[sure].sum() / followed[sure].sum()),
            elsewhere=float(elsewhere),
            late_orders=float((draws[sure].mean(axis=1) * per_quarter[sure]).sum()),
            cost=drawn_figure(cost, unit),
        )
