"""What step 4 borrows of step 2: what a customer is worth, what follows spend, orders to come."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from goulot.quarter import Quarter
from goulot.steps.channel_curves import CurvePolicy, curves_of
from goulot.steps.channel_forecasts import ForecastPolicy
from goulot.steps.channel_series import orders_ahead
from goulot.steps.channel_weeks import ChannelWeeks, channel_weeks
from goulot.steps.customer_money import ALL, ages_by_channel, worth_over
from goulot.steps.feedback_inputs import Declared, FeedbackMarts, FeedbackPolicy
from goulot.steps.spend_elasticity import Elasticity, elasticities
from goulot.steps.targeting import Worth
from goulot.steps.warehouse_load import WarehouseLoad, warehouse_load

WORTH_REPLICATES = 200
CURVE_REPLICATES = 30  # of the spread of an elasticity; the curve itself is that of step 2


def weeks_of(marts: FeedbackMarts, quarter: Quarter) -> ChannelWeeks | None:
    """None: no order, so no week."""
    if marts.channel_week.empty:
        return None
    return channel_weeks(marts.channel_week, quarter, marts.event, marts.shortage_week)


def counted_share(weeks: ChannelWeeks | None) -> float:
    """Of the weeks of the quarter, those of which a count of the stock speaks."""
    if weeks is None or not weeks.in_quarter.any():
        return 1.0
    return float(np.isfinite(weeks.short[weeks.in_quarter]).mean())


def spend_elasticity(
    weeks: ChannelWeeks | None, policy: FeedbackPolicy, declared: Declared
) -> Mapping[str, Elasticity]:
    """By the curves of step 2; a channel without one is left out."""
    if weeks is None:
        return {}
    how = CurvePolicy(replicates=CURVE_REPLICATES, seed=policy.seed)
    curves = curves_of(weeks, how, declared.lift_tests)
    return elasticities(weeks, curves, draws=policy.draws, seed=policy.seed)


def load_ahead(
    marts: FeedbackMarts,
    weeks: ChannelWeeks | None,
    as_of: date,
    policy: FeedbackPolicy,
) -> WarehouseLoad:
    """Work ahead by warehouse, from step 2's forecast of orders where it can make one."""
    forecast = pd.DataFrame()
    if weeks is not None and len(marts.country_week):
        how = ForecastPolicy(seed=policy.seed)
        forecast = orders_ahead(marts.country_week, weeks, marts.event, how)
    return warehouse_load(marts.location_week, marts.event, as_of, forecast)


def customer_worth(
    cohort_day: pd.DataFrame, quarter: Quarter, declared: Declared, policy: FeedbackPolicy
) -> Worth:
    """What a customer brings over the horizon before CAC, as in step 2: draws by channel.

    A channel too young takes the worth of all customers together. Nothing without a gross margin.
    """
    if cohort_day.empty:
        return Worth({})
    found = {
        name: worth_over(
            ages, declared.horizon_months, declared.discount_rate,
            replicates=WORTH_REPLICATES, seed=policy.seed + 41,
        )
        for name, ages in ages_by_channel(cohort_day, quarter).items()
    }  # fmt: skip
    together = found.get(ALL)
    if together is None:
        return Worth({})
    rng = np.random.default_rng(policy.seed + 42)
    at = rng.integers(0, WORTH_REPLICATES, policy.draws)
    own = {n: one if one and one.days >= together.days else together for n, one in found.items()}
    return Worth({name: one.draws[at] for name, one in sorted(own.items())})
