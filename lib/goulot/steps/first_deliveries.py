"""First deliveries to compare: who can be compared with whom, and when nobody can."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.methods.covariates import Covariates
from goulot.methods.effects import Effect, doubly_robust

COVARIATES = ("channel", "country", "region", "category", "basket", "month", "split")
MOST_ROWS = 60_000  # of an estimate; a larger shop is sampled
MOST_LEVELS = 40  # of one covariate with a column of their own
LEVELS = 30  # rows of a level, below which it is counted with the other small ones

# Notes and reasons: messages for ``Language.say``.
NOBODY = "no customer with an order is known"
NO_DATES = "no export tells when parcels were promised and delivered"
TOO_FEW = "too few first orders with a bad delivery, or without one, have been seen for long enough"
NO_OVERLAP = (
    "the customers with a bad delivery are too unlike the others in region, month, channel, "
    "category or basket for a comparison"
)
UNBALANCED = "after adjustment the two groups still differ in what drives buying again"
NO_MARGIN = "client.yml declares no gross margin, so that later orders have no known contribution"
OF_ALL = "average over all customers, adjusted for channel, region, category, basket and month"
NOTES = (NOBODY, NO_DATES, TOO_FEW, NO_OVERLAP, UNBALANCED, NO_MARGIN, OF_ALL)


@dataclass(frozen=True, kw_only=True)
class EffectPolicy:
    """What the consultant chooses; shares are 0 to 1.

    ``repeat_days``: a customer has come back who ordered again within so many days.
    ``min_treated``: first orders needed on each side. ``min_kept``: share of customers that must
    have had both deliveries within reach (propensity of 0.01 to 0.99). ``max_imbalance``: largest
    standardised difference allowed after adjustment. ``channel_half_width``: a channel's own effect
    is shown where its 90 % interval is no wider than this on either side.
    """

    repeat_days: int = 180
    min_treated: int = 50
    min_kept: float = 0.80
    max_imbalance: float = 0.25
    channel_half_width: float = 0.12
    seed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.repeat_days <= 730:
            raise ParameterError(
                f"repeat_days={self.repeat_days} is not within 1 to 730: write the days within "
                "which a customer must order again to count as having come back, as in 180."
            )


@dataclass(frozen=True)
class Judged:
    """An effect that was estimated, or why it was not (``refused``: a message, else empty)."""

    effect: Effect | None
    refused: str = ""

    @property
    def is_known(self) -> bool:
        return self.effect is not None and not self.refused


def levelled(first_delivery: pd.DataFrame) -> pd.DataFrame:
    """The same, with the covariates that have levels as categories, a missing one being one."""
    month = pd.to_datetime(first_delivery["first_ordered_on"]).dt.to_period("M")
    split = first_delivery["is_split"].astype("boolean").astype("Int8").fillna(-1)
    texts = {
        name: first_delivery[name].astype("string").fillna("?")
        for name in COVARIATES
        if name not in ("basket", "month", "split")
    }
    levels = texts | {"month": month, "split": split}
    return first_delivery.assign(**{name: one.astype("category") for name, one in levels.items()})


def covariates_of(seen: pd.DataFrame) -> Covariates:
    """The covariates of the first orders in ``seen``, small levels counted together."""
    rows = seen if "split" in seen else levelled(seen)
    basket = np.log1p(number(seen["basket"]).clip(0)).to_numpy()
    names = [name for name in COVARIATES if name != "basket"]
    levels = np.array([_large_levels(rows[name].cat.codes.to_numpy()) for name in names])
    return Covariates(basket[:, None], levels, ("basket", *names))


def _large_levels(code: np.ndarray) -> np.ndarray:
    """Levels with rows enough, numbered in their order, and one more for all others."""
    size = np.bincount(code)
    large = np.argsort(-size, kind="stable")[:MOST_LEVELS]
    large = np.sort(large[size[large] >= LEVELS])
    number = np.full(len(size), len(large))
    number[large] = np.arange(len(large))
    return number[code]


def followed(told: pd.DataFrame, as_of: date, days: int) -> pd.DataFrame:
    """The first orders after which so many days are over by ``as_of``; of very many, a sample."""
    first = pd.to_datetime(told["first_ordered_on"])
    over = first <= pd.Timestamp(as_of) - pd.Timedelta(days=days)
    rows = told[over & (told["seen_days"] >= days)]
    step = -(-len(rows) // MOST_ROWS) or 1
    return rows.iloc[::step].reset_index(drop=True)


def number(column: pd.Series) -> pd.Series:
    """A column as floats, missing as NaN."""
    return column.astype("Float64").astype(float)


def came_back(seen: pd.DataFrame, policy: EffectPolicy) -> np.ndarray:
    """1 for who ordered again within the days of the policy, else 0."""
    after = number(seen["second_after_days"]).to_numpy()
    return (np.nan_to_num(after, nan=np.inf) <= policy.repeat_days).astype(float)


def judge(treated, outcome, covariates: Covariates, policy: EffectPolicy) -> Judged:
    """Estimate, unless there are too few; refuse where the groups cannot be compared."""
    treated = np.asarray(treated, dtype=bool)
    if min(treated.sum(), (~treated).sum()) < policy.min_treated:
        return Judged(None, TOO_FEW)
    effect = doubly_robust(treated, np.asarray(outcome), covariates, seed=policy.seed)
    if effect.kept_share < policy.min_kept:
        return Judged(effect, NO_OVERLAP)
    if np.abs(effect.imbalance_after).max() > policy.max_imbalance:
        return Judged(effect, UNBALANCED)
    return Judged(effect)
