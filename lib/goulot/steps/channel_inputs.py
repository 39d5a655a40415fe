"""What step 2 is given: the marts, what client.yml declares, and what the consultant chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from goulot.steps.channel_curves import CurvePolicy, LiftTest
from goulot.steps.channel_forecasts import ForecastPolicy
from goulot.steps.channel_plan import PlanPolicy

HORIZON_MONTHS, DISCOUNT_RATE = 12, 0.10  # where client.yml declares none


@dataclass(frozen=True, kw_only=True)
class ChannelPolicy:
    """What the consultant chooses about curves, forecasts and the plan."""

    curves: CurvePolicy = field(default_factory=CurvePolicy)
    forecasts: ForecastPolicy = field(default_factory=ForecastPolicy)
    plan: PlanPolicy = field(default_factory=PlanPolicy)


def policy_of(
    *,
    weekly_budget: float = 0.0,
    allowed_cac: float = 0.0,
    max_beyond: float = 0.10,
    min_variation: float = 0.10,
    seed: int = 1,
) -> ChannelPolicy:
    """The policy of a notebook's parameters, in which 0 stands for no limit of one's own."""
    return ChannelPolicy(
        curves=CurvePolicy(min_variation=min_variation, seed=seed),
        forecasts=ForecastPolicy(seed=seed),
        plan=PlanPolicy(
            weekly_budget=weekly_budget or None,
            allowed_cac=allowed_cac or None,
            max_beyond=max_beyond,
        ),
    )


MARTS = ("channel_week", "cohort_day", "country_week", "event", "shortage_week")


@dataclass(frozen=True, kw_only=True)
class Marts:
    """What the step reads; all but ``channel_week`` and ``cohort_day`` may be empty."""

    channel_week: pd.DataFrame
    cohort_day: pd.DataFrame
    country_week: pd.DataFrame = field(default_factory=pd.DataFrame)
    event: pd.DataFrame = field(default_factory=pd.DataFrame)
    shortage_week: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What client.yml says; horizon and rate are assumed where it says nothing."""

    currency: str = "EUR"
    horizon_months: int | None = None
    discount_rate: float | None = None
    lift_tests: Sequence[LiftTest] = ()

    @property
    def horizon(self) -> int:
        return HORIZON_MONTHS if self.horizon_months is None else self.horizon_months

    @property
    def rate(self) -> float:
        return DISCOUNT_RATE if self.discount_rate is None else self.discount_rate
