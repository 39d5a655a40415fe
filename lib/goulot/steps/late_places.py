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
    [currency a quarter]: repeat purchases lost, tickets that lateness brings, and what client.yml
    declares; ``written`` what writing first to these customers saves.
    """

    places: tuple[tuple[str, str], ...]
    share: float
    elsewhere: float
    late_orders: float
    cost: Figure
    written: Figure

    @classmethod
    def of(cls, report: FeedbackReport) -> Self:
        """Places whose late share lies above the mean by ``MATERIAL_LATE`` for sure."""
        rows, draws, policy = report.drawn.places, report.drawn.late_by_place, report.policy
        unit = f"{report.declared.currency}/quarter"
        followed = rows["judged_orders"].to_numpy(dtype=float)
        none = cls((), 0.0, 0.0, 0.0, Figure.unknown(unit, ""), Figure.unknown(unit, ""))
        if not followed.sum():
            return none
        usual = rows["late_orders"].sum() / followed.sum()
        judged = (followed >= policy.min_orders) & (rows[PLACE] != "").any(axis=1).to_numpy()
        chance = np.where(judged, (draws > usual + MATERIAL_LATE).mean(axis=1), 0.0)
        sure = discovered(chance, policy.false_share)
        late = rows["late_orders"].to_numpy(dtype=float)
        if not sure.any() or sure.all():
            return none
        elsewhere = late[~sure].sum() / followed[~sure].sum()
        per_quarter = rows["orders"].to_numpy(dtype=float) / max(report.quarters_seen, 1)
        tickets, costs = report.late_tickets, report.costs
        per_late = report.drawn.lost + costs.of("late") + tickets.extra * costs.of("ticket")
        beyond = ((draws[sure] - elsewhere) * per_quarter[sure, None]).sum(axis=0)
        there = (draws[sure] * per_quarter[sure, None]).sum(axis=0)
        order = np.argsort(-late * sure, kind="stable")[: int(sure.sum())]
        return cls(
            places=tuple(tuple(rows[PLACE].iloc[at]) for at in order),
            share=float(late[sure].sum() / followed[sure].sum()),
            elsewhere=float(elsewhere),
            late_orders=float(there.mean()),
            cost=drawn_figure(beyond * per_late, unit),
            written=tickets.saved(there, costs.of("ticket"), unit),
        )
