"""What a late first delivery costs in contribution that never comes: estimated once, per shop."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.effects import doubly_robust

WATCHED_DAYS = 180  # the mart first_delivery tells what came in so many days
MIN_LATE = 100  # late first orders, watched in full; fewer say nothing of repeat purchases
MOST_ROWS = 60_000  # of the estimate; a larger shop is sampled
MOST_NAMES = 25  # of one covariate; the others count as one

NO_LATENESS = "no export says which first orders were late"
TOO_FEW_LATE = "too few late first orders have been watched for 180 days"
NO_MARGIN = "without a gross margin, contribution is not known"
HOLDS_NONE = "the interval holds 0: nothing is counted"
NOTES = (NO_LATENESS, TOO_FEW_LATE, NO_MARGIN, HOLDS_NONE)


@dataclass(frozen=True)
class LostRepeats:
    """Contribution lost in 180 days per late first delivery [currency]; above 0: lost.

    ``counted`` is the estimate, or 0 where its interval holds 0 or nothing is known.
    ``spread`` is its standard error (0 where nothing is known), ``figure`` the estimate as found.
    """

    figure: Figure
    spread: float
    late: int = 0
    rows: int = 0

    @property
    def counted(self) -> float:
        value, low, high = self.figure.value, self.figure.low, self.figure.high
        if not isinstance(value, float) or low is None or low <= 0 <= high:
            return 0.0
        return value

    def draws(self, count: int, seed: int) -> np.ndarray:
        """Draws of the loss per late delivery; all 0 where nothing is known."""
        middle = self.figure.value if isinstance(self.figure.value, float) else 0.0
        return np.random.default_rng(seed).normal(middle, self.spread, count)


def lost_repeats(
    first_delivery: pd.DataFrame, as_of: date, currency: str, *, has_margin: bool, seed: int
) -> LostRepeats:
    """The effect of a late first delivery on later contribution, by cross-fitted AIPW.

    Adjusted for channel, place, category, month, basket and split parcels; customers are taken
    whose 180 days are over by ``as_of``. See ``methods.effects`` for what it rests on.

    Parameters
    ----------
    first_delivery : the mart of that name; without a gross margin its contributions say nothing
    """
    unit = f"{currency}/order"
    watched = _watched(first_delivery, as_of)
    if not len(watched):
        return LostRepeats(Figure.unknown(unit, NO_LATENESS), 0.0)
    if not has_margin:
        return LostRepeats(Figure.unknown(unit, NO_MARGIN), 0.0)
    late = watched["is_late"].to_numpy(dtype=bool)
    if min(late.sum(), (~late).sum()) < MIN_LATE:
        return LostRepeats(Figure.unknown(unit, TOO_FEW_LATE), 0.0, int(late.sum()), len(late))
    value = watched["later_180"].to_numpy(dtype=float)
    effect = doubly_robust(late, value, _covariates(watched), seed=seed)
    figure = Figure(
        value=-effect.value,
        low=-effect.high,
        high=-effect.low,
        unit=unit,
        basis="observed",
        note=HOLDS_NONE if effect.low <= 0 <= effect.high else "",
    )
    return LostRepeats(figure, effect.standard_error, int(late.sum()), len(late))


def _watched(first_delivery: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """First orders known to be late or not, with 180 days behind them; a sample of very many."""
    if first_delivery.empty:
        return first_delivery
    last = pd.Timestamp(as_of - timedelta(days=WATCHED_DAYS))
    rows = first_delivery[
        first_delivery["is_late"].notna()
        & (pd.to_datetime(first_delivery["first_ordered_on"]) <= last)
    ].sort_values("customer_key")
    step = -(-len(rows) // MOST_ROWS) or 1
    return rows.iloc[::step].reset_index(drop=True)


def _covariates(rows: pd.DataFrame) -> np.ndarray:
    """What may drive both lateness and coming back, as columns."""
    month = pd.to_datetime(rows["first_ordered_on"]).dt.strftime("%Y-%m")
    names = [rows["channel"], rows["region"], rows["category"], month]
    columns = [_indicators(one) for one in names]
    basket = np.log1p(rows["basket"].clip(lower=0).to_numpy(dtype=float))
    split = rows["is_split"].fillna(False).to_numpy(dtype=float)
    return np.column_stack([*columns, basket, split])


def _indicators(names: pd.Series) -> np.ndarray:
    """A column per name, the commonest first; the rarest share the place of none."""
    known = names.astype(object).where(names.notna(), "").astype(str)
    kept = known.value_counts().sort_index(kind="stable").nlargest(MOST_NAMES + 1).index[:-1]
    return np.column_stack([known == name for name in kept] or [np.zeros(len(known))])
