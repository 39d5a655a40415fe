"""Little's law on the stages: does what stands fit what comes and how long it waits?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.steps.stages import interval

# Messages for ``Language.say``.
FITS = "what stands fits what comes and how long it waits"
DOES_NOT_FIT = (
    "more or less stands than comes and waits: the queue grows or shrinks, or dates are wrong"
)
NOTES = (FITS, DOES_NOT_FIT)
LEAST_WAITED = 1.0  # item-days a week: with less, there is no queue to check


@dataclass(frozen=True)
class FlowCheck:
    """Little's law for one stage, over the whole weeks of the quarter.

    ``standing`` is the mean queue L [items]; ``expected`` is arrival rate times mean wait, λW
    [items], with its 90 % interval over resampled weeks. ``wait_days`` is W.
    """

    stage: str
    standing: float
    expected: float
    low: float
    high: float
    wait_days: float

    @property
    def fits(self) -> bool:
        return self.low <= self.standing <= self.high

    @property
    def note(self) -> str:
        return FITS if self.fits else DOES_NOT_FIT


def check_flows(weekly: pd.DataFrame, *, replicates: int, seed: int) -> tuple[FlowCheck, ...]:
    r"""Compare the mean queue with the rate at which items leave it times how long they stood.

    ``weekly`` has the whole weeks of the mart ``stage_week``; stages without a queue are left out.

    Notes
    -----
    :math:`L = \lambda W` (Little 1961, *Operations Research* 9:383) holds for any queue in steady
    state. Over a quarter it is off by what stood at its ends: a queue that grows all quarter shows
    as more standing than :math:`\lambda W`.
    """
    found = []
    for stage, rows in weekly.groupby("stage", sort=True):
        known = rows.dropna(subset=["mean_backlog", "released", "waited_days"])
        waited = known["waited_days"].astype(float).to_numpy()
        if stage in ("stock", "supply") or len(known) < 2 or waited.mean() < LEAST_WAITED:
            continue
        draws = np.random.default_rng(seed).integers(0, len(known), (replicates, len(known)))
        expected = waited / 7  # λW of a week: item-days released, a day
        low, high = interval(expected[draws].mean(axis=1))
        released = float(known["released"].astype(float).sum())
        found.append(
            FlowCheck(
                stage=str(stage),
                standing=float(known["mean_backlog"].astype(float).mean()),
                expected=float(expected.mean()),
                low=low,
                high=high,
                wait_days=float(waited.sum() / released) if released else 0.0,
            )
        )
    return tuple(found)
