"""What a late first delivery costs in contribution that never comes: step 5's estimate."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.steps.customer_money import DAYS_PER_MONTH
from goulot.steps.delivery_effect import WINDOWS, value_effect
from goulot.steps.first_deliveries import NO_DATES, NO_MARGIN, EffectPolicy, Judged

NOT_CERTAIN = "a loss is not certain: nothing is counted"
NOTES = (NOT_CERTAIN,)


@dataclass(frozen=True)
class LostRepeats:
    """Contribution lost in ``days`` per late first delivery [currency]; above 0: lost.

    ``counted`` is the estimate, or 0 where its interval does not lie above 0 or nothing is known.
    ``spread`` is its standard error (0 where nothing is known), ``figure`` the estimate as found.
    """

    figure: Figure
    spread: float = 0.0
    days: int = 0
    late: int = 0
    rows: int = 0

    @property
    def counted(self) -> float:
        value, low = self.figure.value, self.figure.low
        return value if isinstance(value, float) and low is not None and low > 0 else 0.0

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Draws of the loss per late delivery, around what is counted; all 0 where nothing is
        known."""
        return np.random.default_rng(seed).normal(self.counted, self.spread, count)


def lost_repeats(
    first_delivery: pd.DataFrame,
    as_of: date,
    currency: str,
    *,
    has_margin: bool,
    horizon_months: int,
    seed: int,
) -> LostRepeats:
    """The effect of a late first delivery on later contribution, over the longest time known within
    the horizon: the same number as in step 5 (``delivery_effect.value_effect``).

    Parameters
    ----------
    first_delivery : the mart of that name; without a gross margin its contributions say nothing
    """
    unit = f"{currency}/order"
    told = first_delivery
    if len(told):
        told = told[told["is_late"].notna()]
    if told.empty:
        return LostRepeats(Figure.unknown(unit, NO_DATES))
    if not has_margin:
        return LostRepeats(Figure.unknown(unit, NO_MARGIN))
    days, judged = _longest(told, as_of, horizon_months, EffectPolicy(seed=seed))
    if not judged.is_known:
        return LostRepeats(Figure.unknown(unit, judged.refused))
    effect = judged.effect
    figure = Figure(
        value=-effect.value,
        low=-effect.high,
        high=-effect.low,
        unit=unit,
        basis="observed",
        note=NOT_CERTAIN if effect.high >= 0 else "",
    )
    return LostRepeats(figure, effect.standard_error, days, effect.treated, effect.rows)


def _longest(
    told: pd.DataFrame, as_of: date, months: int, policy: EffectPolicy
) -> tuple[int, Judged]:
    """The longest window within the months whose effect is known; else the shortest, unknown."""
    judged = Judged(None)
    for days in sorted(WINDOWS, reverse=True):
        if days > months * DAYS_PER_MONTH and days != min(WINDOWS):
            continue
        judged = value_effect(told, as_of, days, policy)
        if judged.is_known:
            return days, judged
    return min(WINDOWS), judged
