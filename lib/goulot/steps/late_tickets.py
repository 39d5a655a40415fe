"""What lateness makes customers write: tickets of late orders beside those of the others."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.steps.from_draws import drawn_figure

LEAST_LATE = 30  # late orders in the evidence; fewer say nothing
AVOIDABLE = 0.5  # of the tickets that lateness brings, by writing first: assumed, from none to all
NO_TICKETS = "no export tells which orders customers wrote about"
TOO_FEW_LATE = "fewer than thirty late orders have been seen"
SHARE_AVOIDABLE = "half of the tickets that lateness brings, anywhere from none to all: assumed"
NOTES = (NO_TICKETS, TOO_FEW_LATE, SHARE_AVOIDABLE)


@dataclass(frozen=True)
class LateTickets:
    """``late`` share of late orders with a ticket, in the quarter; ``others`` that of the others.

    ``extra`` draws of how much more often a late order brings a ticket, over the evidence (all 0
    where nothing is known); ``avoided`` draws of the part of it that writing first saves.
    """

    late: Figure
    others: float
    extra: np.ndarray
    avoided: np.ndarray
    refused: str = ""

    @classmethod
    def of(cls, evidence: pd.DataFrame, now: pd.DataFrame, *, draws: int, seed: int) -> Self:
        """From rows of ``channel_region_quarter``: of the evidence, and of the quarter."""
        none = np.zeros(draws)
        refused = _why_not(evidence)
        if refused:
            return cls(Figure.unknown("share", refused), 0.0, none, none, refused)
        rng = np.random.default_rng(seed + 71)
        hits, late = _late(evidence)
        other_hits = float(evidence["ticketed_orders"].sum()) - hits
        others = max(float(evidence["orders"].sum()) - late, other_hits)
        usual = _shares(other_hits, others, draws, rng)
        extra = np.maximum(_shares(hits, late, draws, rng) - usual, 0.0)
        return cls(
            late=_in_quarter(now, draws, rng),
            others=float(usual.mean()),
            extra=extra,
            avoided=extra * rng.uniform(0.0, 2 * AVOIDABLE, draws),
        )

    def saved(self, late_orders: np.ndarray, ticket_cost: float, unit: str) -> Figure:
        """By writing first to so many customers a quarter, draws [currency a quarter]."""
        if self.refused:
            return Figure.unknown(unit, self.refused)
        spared = late_orders * self.avoided * ticket_cost
        return drawn_figure(spared, unit, basis="assumed", note=SHARE_AVOIDABLE)


def _why_not(evidence: pd.DataFrame) -> str:
    if not evidence["ticketed_orders"].sum():
        return NO_TICKETS
    return TOO_FEW_LATE if evidence["late_orders"].sum() < LEAST_LATE else ""


def _late(rows: pd.DataFrame) -> tuple[float, float]:
    return float(rows["late_ticketed_orders"].sum()), float(rows["late_orders"].sum())


def _shares(hits: float, trials: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of a share under Jeffreys' prior."""
    return rng.beta(hits + 0.5, max(trials - hits, 0.0) + 0.5, draws)


def _in_quarter(now: pd.DataFrame, draws: int, rng: np.random.Generator) -> Figure:
    hits, late = _late(now)
    if late < LEAST_LATE:
        return Figure.unknown("share", TOO_FEW_LATE)
    return drawn_figure(_shares(hits, late, draws, rng), "share", value=hits / late)
