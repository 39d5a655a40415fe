"""What a day sooner does, among first orders that came on time: late ones are told apart.

Days to the door are not drawn by lot either: compared are customers alike in what the late effect
is adjusted for (steps.first_deliveries).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from goulot.methods.doses import Slope, slope
from goulot.steps.delivery_effect import WINDOWS
from goulot.steps.first_deliveries import (
    EffectPolicy,
    came_back,
    covariates_of,
    followed,
    levelled,
    number,
)

LEAST_ROWS = 500  # first orders on time, below which nothing is said
LEAST_OWN = 0.20  # of the variance of days to the door that must be left after adjustment
SLOWEST = 0.99  # quantile of days to the door: slower ones count as that slow

# Notes: messages for ``Language.say``.
TOO_FEW = "too few first orders on time have been seen for long enough"
NO_SPREAD = "among orders on time, days to the door hardly vary between customers alike"
NOTES = (TOO_FEW, NO_SPREAD)


@dataclass(frozen=True)
class SpeedEffect:
    """One day more to the door, among first orders on time: on the share who come back, and by
    window [days] on contribution after the first order; None, and why (``refused``).

    ``usual_days``: the median of those compared.
    """

    repeat: Slope | None
    value: Mapping[int, Slope]
    usual_days: float
    refused: str = ""


def speed_effect(
    first_delivery: pd.DataFrame, as_of: date, policy: EffectPolicy, *, has_margin: bool = True
) -> SpeedEffect:
    """Estimate from the mart ``first_delivery``, of customers whose time is over by ``as_of``."""
    days = number(first_delivery["days_to_deliver"])
    on_time = first_delivery["is_late"].eq(False).fillna(False) & days.notna()
    told = levelled(first_delivery[on_time])
    seen = followed(told, as_of, policy.repeat_days)
    if len(seen) < LEAST_ROWS:
        return SpeedEffect(None, {}, float("nan"), TOO_FEW)
    repeat = _slope(seen, came_back(seen, policy), policy)
    if repeat is None or repeat.own_share < LEAST_OWN:
        return SpeedEffect(None, {}, float("nan"), NO_SPREAD)
    found = {}
    for window in WINDOWS if has_margin else ():
        rows = followed(told, as_of, window)
        if len(rows) >= LEAST_ROWS:
            found[window] = _slope(rows, number(rows[f"later_{window}"]).to_numpy(), policy)
    usual = float(number(seen["days_to_deliver"]).median())
    return SpeedEffect(repeat, {w: s for w, s in found.items() if s is not None}, usual)


def _slope(seen: pd.DataFrame, outcome: np.ndarray, policy: EffectPolicy) -> Slope | None:
    days = number(seen["days_to_deliver"])
    days = days.clip(upper=days.quantile(SLOWEST)).to_numpy()
    return slope(days, outcome, covariates_of(seen), seed=policy.seed)
