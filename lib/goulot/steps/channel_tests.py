"""The test to run for each channel whose effect cannot be read from its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from goulot.methods.experiments import TestDesign, design_test
from goulot.steps.channel_curves import ChannelCurves
from goulot.steps.channel_weeks import ChannelWeeks
from goulot.steps.customer_money import Worth

WIDE = 3.0  # ends of a marginal CAC's interval further apart than this, as a ratio, say too little
INTERVAL_TOO_WIDE = "its curve is too uncertain to move money by"


@dataclass(frozen=True)
class PlannedTest:
    """A channel, why it needs a test, and the test."""

    channel: str
    why: str
    design: TestDesign


def tests_to_run(
    weeks: ChannelWeeks,
    curves: ChannelCurves,
    unsure: Sequence[str],
    worth: Mapping[str, Worth],
    *,
    has_regions: bool,
) -> tuple[PlannedTest, ...]:
    """One design for every channel without a curve, or with one that says too little.

    ``unsure``: channels whose curve leaves open whether the next customer pays.
    """
    why = dict(curves.why_not) | dict.fromkeys(unsure, INTERVAL_TOO_WIDE)
    found = []
    for channel, reason in sorted(why.items()):
        row = weeks.row(channel)
        spend = float(np.nan_to_num(weeks.spend[row])[weeks.in_quarter].mean())
        if channel not in worth or not spend > 0:
            continue
        counts = weeks.new_to_explain if curves.together else weeks.new[row]
        design = design_test(
            customers=float(counts[weeks.in_quarter].mean()),
            dispersion=dispersion_of(counts),
            spend=spend,
            worth=worth[channel].value,
            has_regions=has_regions,
        )
        found.append(PlannedTest(channel, reason, design))
    return tuple(found)


def dispersion_of(counts: np.ndarray) -> float:
    """Variance of a week around its neighbors, as a multiple of the mean; at least Poisson's 1.

    From second differences, in which level and slope cancel (Gasser, Sroka & Jennen-Steinmetz
    1986); the median resists spikes.
    """
    mean = counts.mean()
    if len(counts) < 5 or not mean > 0:
        return 1.0
    bends = counts[:-2] - 2 * counts[1:-1] + counts[2:]
    sd = 1.4826 * np.median(np.abs(bends)) / np.sqrt(6)
    return float(max(sd**2 / mean, 1.0))
