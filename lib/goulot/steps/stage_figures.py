"""Load, capacity, utilization and headroom of a stage, as figures with interval and basis."""

import numpy as np

from goulot.findings import Figure
from goulot.steps.stages import (
    CURVE_ENDS,
    NEVER_FULL,
    NO_CAPACITY,
    NO_RESPONSE_CURVE,
    TOO_FEW_WEEKS,
    StageWeeks,
    interval,
)


def load_figure(known: StageWeeks, replicates: np.ndarray | None) -> Figure:
    """Mean load [items/week]; without an interval where there are too few weeks for one."""
    mean, unit = float(np.nanmean(known.load)), f"{known.unit}/week"
    if replicates is None:
        return Figure(value=mean, unit=unit, basis="observed", note=TOO_FEW_WEEKS)
    low, high = interval(replicates)
    return Figure(value=mean, unit=unit, basis="observed", low=low, high=high)


def capacity_figure(
    known: StageWeeks,
    declared: float | None,
    saturated: np.ndarray,
    *,
    replicates: int,
    seed: int,
) -> tuple[Figure, float | None]:
    """What the stage can do a week, and what it did while work waited (None: never seen).

    The lower of the two where both are known; else the best week, as a lower bound.
    """
    unit = f"{known.unit}/week"
    done = known.throughput[saturated]
    observed = float(done.mean()) if len(done) else None
    if observed is not None and (declared is None or observed < declared):
        draws = np.random.default_rng(seed).integers(0, len(done), size=(replicates, len(done)))
        low, high = interval(done[draws].mean(axis=1))
        figure = Figure(value=observed, unit=unit, basis="observed", low=low, high=high)
        return figure, observed
    if declared is not None:
        return Figure(value=float(declared), unit=unit, basis="declared"), observed
    if np.isfinite(known.throughput).any():
        best = float(np.nanmax(known.throughput))
        figure = Figure(value=best, unit=unit, basis="observed", bound="at least", note=NEVER_FULL)
        return figure, None
    return Figure.unknown(unit, NO_CAPACITY), None


def had_profitably_figure(
    known: StageWeeks, found: tuple[float, float, float, bool] | None
) -> Figure:
    """Demand that pays to be had: the curves, followed until the next customer costs its worth.

    A lower bound where a curve ends, at the highest spend that was ever seen, before that point.
    """
    unit = f"{known.unit}/week"
    if found is None:
        return Figure.unknown(unit, NO_RESPONSE_CURVE)
    value, low, high, ends = found
    if ends:
        return Figure(value=value, unit=unit, basis="observed", bound="at least",
                      low=low, high=high, note=CURVE_ENDS)  # fmt: skip
    return Figure(value=value, unit=unit, basis="observed", low=low, high=high)


def utilization_figure(
    known: StageWeeks, capacity: Figure, replicates: np.ndarray | None
) -> Figure:
    """Load as a share of capacity; at most so much where capacity is at least so much."""
    if not isinstance(capacity.value, float) or not capacity.value:
        return Figure.unknown("share", capacity.note or NO_CAPACITY)
    share = float(np.nanmean(known.load)) / capacity.value
    if capacity.bound == "at least":
        return Figure(
            value=share, unit="share", basis="observed", bound="at most", note=capacity.note
        )
    if known.stage == "acquisition":
        ends = [float(np.nanmean(known.load)) / end for end in (capacity.high, capacity.low)]
        return Figure(value=share, unit="share", basis="observed", low=ends[0], high=ends[1])
    if replicates is None:
        return Figure(value=share, unit="share", basis=capacity.basis, note=TOO_FEW_WEEKS)
    low, high = interval(replicates)
    return Figure(
        value=share, unit="share", basis=capacity.basis, low=min(low, share), high=max(high, share)
    )


def headroom_figure(utilization: Figure) -> Figure:
    """How many times today's load the stage takes; unknown where only a bound is."""
    share = utilization.value
    if not isinstance(share, float) or not share or utilization.bound != "exact":
        return Figure.unknown("times", utilization.note)
    low, high = (1 / end if end else None for end in (utilization.high, utilization.low))
    return Figure(value=1 / share, unit="times", basis=utilization.basis, low=low, high=high)
