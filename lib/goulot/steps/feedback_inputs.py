"""What step 4 is given: the marts, what client.yml declares, and what the consultant chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from goulot.errors import ParameterError
from goulot.quarter import Quarter
from goulot.steps.channel_curves import LiftTest
from goulot.steps.channel_inputs import DISCOUNT_RATE, HORIZON_MONTHS
from goulot.steps.constraint import ConstraintAudit

MARTS = (
    "channel_region_quarter",
    "first_delivery",
    "cohort_day",
    "channel_sku_quarter",
    "campaign_day",
    "campaign_place_quarter",
    "campaign_category_quarter",
    "ad_link",
    "sku_cover_quarter",
    "stock_out",
    "purchase_line",
    "parcel_route_quarter",
    "location_week",
    "event",
    "channel_week",
    "country_week",
    "shortage_week",
)


@dataclass(frozen=True, kw_only=True)
class FeedbackPolicy:
    """What the consultant chooses.

    ``evidence_quarters``: shares are learned from so many quarters up to this one;
    ``min_orders`` of a place in a channel, below which it is never listed; ``min_new_customers``
    of it in the quarter, below which its CAC is not judged; ``false_share``: of the places listed
    for a reason, no larger share is expected to be listed wrongly; ``material_share`` of what a
    customer is worth after service: a smaller difference would not move a bid by a whole per cent,
    in which platforms count, and is left alone; ``strength``: bids move so many times the
    difference in worth; ``least_modifier`` and ``most_modifier`` [share]; ``spend_elasticity``:
    customers go with spend to this power (assumed, where there is no curve); ``min_cover_days``:
    ads are held back so long before a SKU sells out; ``oversell_probability`` from which they are,
    if it is due within ``look_ahead_days`` beyond and saves ``least_saved``; what brings less than
    ``least_effect`` [currency a quarter] is listed, but recommended to nobody.
    """

    evidence_quarters: int = 4
    min_orders: int = 30
    min_new_customers: int = 10
    false_share: float = 0.10
    material_share: float = 0.01
    strength: float = 1.0
    least_modifier: float = -0.5
    most_modifier: float = 0.3
    spend_elasticity: float = 0.7
    min_cover_days: int = 14
    oversell_probability: float = 0.5
    look_ahead_days: int = 30
    least_saved: float = 1.0
    least_effect: float = 10.0
    draws: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        if not -1 <= self.least_modifier <= 0 <= self.most_modifier:
            raise ParameterError(
                f"least_modifier={self.least_modifier} and most_modifier={self.most_modifier} are "
                "changes of bids as shares, at least -1 and around 0: write -0.5 and 0.3."
            )
        for name in ("false_share", "oversell_probability", "spend_elasticity"):
            if not 0 < getattr(self, name) <= 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a share above 0: write 0.10 for 10 %."
                )
        for name in ("evidence_quarters", "min_orders", "draws"):
            if getattr(self, name) < 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a count: write 1 or more."
                )
        if min(self.strength, self.min_cover_days, self.material_share) < 0:
            raise ParameterError("strength, min_cover_days and material_share are 0 or more.")


@dataclass(frozen=True, kw_only=True)
class FeedbackMarts:
    """What the step reads, by the marts' names; all but the first may be empty."""

    channel_region_quarter: pd.DataFrame
    first_delivery: pd.DataFrame = field(default_factory=pd.DataFrame)
    cohort_day: pd.DataFrame = field(default_factory=pd.DataFrame)
    channel_sku_quarter: pd.DataFrame = field(default_factory=pd.DataFrame)
    campaign_day: pd.DataFrame = field(default_factory=pd.DataFrame)
    campaign_place_quarter: pd.DataFrame = field(default_factory=pd.DataFrame)
    campaign_category_quarter: pd.DataFrame = field(default_factory=pd.DataFrame)
    ad_link: pd.DataFrame = field(default_factory=pd.DataFrame)
    sku_cover_quarter: pd.DataFrame = field(default_factory=pd.DataFrame)
    stock_out: pd.DataFrame = field(default_factory=pd.DataFrame)
    purchase_line: pd.DataFrame = field(default_factory=pd.DataFrame)
    parcel_route_quarter: pd.DataFrame = field(default_factory=pd.DataFrame)
    location_week: pd.DataFrame = field(default_factory=pd.DataFrame)
    event: pd.DataFrame = field(default_factory=pd.DataFrame)
    channel_week: pd.DataFrame = field(default_factory=pd.DataFrame)
    country_week: pd.DataFrame = field(default_factory=pd.DataFrame)
    shortage_week: pd.DataFrame = field(default_factory=pd.DataFrame)


OF_QUARTER = (
    "sku_cover_quarter",
    "channel_sku_quarter",
    "campaign_place_quarter",
    "campaign_category_quarter",
)


def of_quarter(marts: FeedbackMarts, quarter: Quarter) -> FeedbackMarts:
    """The marts with stock, sales and campaigns of the quarter alone."""
    frames = {name: getattr(marts, name) for name in OF_QUARTER}
    return replace(
        marts,
        **{
            name: rows[rows["quarter"] == str(quarter)] if len(rows) else rows
            for name, rows in frames.items()
        },
    )


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What client.yml says of costs and margin (None: not said), and how far a customer counts."""

    currency: str = "EUR"
    service: Mapping[str, float | None] = field(default_factory=dict)
    gross_margin: float | None = None
    cost_per_order: float | None = None
    horizon_months: int = HORIZON_MONTHS
    discount_rate: float = DISCOUNT_RATE
    lift_tests: Sequence[LiftTest] = ()


def full_stages(audit: ConstraintAudit) -> tuple[str, ...]:
    """The stages behind acquisition that are at their limit."""
    return tuple(s.stage for s in audit.stages if s.state == "binds" and s.stage != "acquisition")
