"""Step 5: cohorts that add up, LTV by what foretold better, effects that can be believed or not,
and the premium's arithmetic."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from goulot.methods.likelihood import drawn
from goulot.quarter import Quarter
from goulot.steps.cohorts import cohorts, cost_to_win, paid_back
from goulot.steps.customer_money import (
    ALL,
    DAYS_PER_MONTH,
    MIN_AT_RISK,
    ages_by_channel,
    widened,
    worth_over,
)
from goulot.steps.delivery_effect import delivery_effect, figures
from goulot.steps.first_deliveries import NO_DATES, NO_OVERLAP, TOO_FEW, EffectPolicy
from goulot.steps.lifetime import LifetimePolicy, lifetimes
from late_deliveries import FIRST, LAST, deliveries

QUARTER = Quarter(2026, 3)


def purchases(seed: int = 1, customers: int = 1500) -> pd.DataFrame:
    """The mart ``purchase_day``: repeats come after 20 to 200 days, 30 % of the time each."""
    rng = np.random.default_rng(seed)
    span = (LAST - FIRST).days
    rows = []
    for number, start in enumerate(rng.integers(0, span, customers)):
        day, first = int(start), int(start)
        while day <= span:
            rows.append((f"{number:05}", day, first, 60.0, 30.0 if day == first else 24.0))
            if rng.random() > 0.3:
                break
            day += int(rng.integers(20, 200))
    names = ["customer_key", "ordered_on", "first_ordered_on", "revenue", "contribution"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("ordered_on", "first_ordered_on"):
        frame[name] = pd.Timestamp(FIRST) + pd.to_timedelta(frame[name], unit="D")
    channel = np.where(frame["customer_key"].str[-1] < "5", "Email", "Direct")
    return frame.assign(channel=channel, orders=1)


def by_age(bought: pd.DataFrame) -> pd.DataFrame:
    """The mart ``cohort_day`` of these purchases."""
    age = (bought["ordered_on"] - bought["first_ordered_on"]).dt.days
    made = bought.assign(age_days=age, customers_last_seen=0)
    people = bought.drop_duplicates("customer_key")
    seen = people.assign(age_days=(pd.Timestamp(LAST) - people["first_ordered_on"]).dt.days,
                         customers_last_seen=1, orders=0, contribution=np.nan)  # fmt: skip
    both = pd.concat([made, seen])
    both["quarter"] = both["first_ordered_on"].dt.to_period("Q").astype(str)
    keys = ["quarter", "channel", "age_days"]
    return both.groupby(keys, as_index=False)[
        ["orders", "contribution", "customers_last_seen"]
    ].sum()


def test_a_cohort_that_has_lived_a_year_has_brought_its_purchases_of_that_year():
    bought = purchases()
    found = cohorts(bought, LAST)
    old = bought[bought["first_ordered_on"] < "2024-11-01"]
    within = (old["ordered_on"] - old["first_ordered_on"]).dt.days < 12 * DAYS_PER_MONTH
    expected = old.loc[within, "contribution"].sum() / old["customer_key"].nunique()
    rows = found.by_month
    row = rows[(rows["cohort"] == "2024-10-01") & (rows["month"] == 12)]
    assert row["brought"].item() == pytest.approx(expected)
    assert row["customers"].item() == old["customer_key"].nunique()


def test_payback_is_the_first_month_that_covers_the_cac():
    found = cohorts(purchases(), LAST)
    week = {
        "week_starts_on": ["2026-07-06", "2026-07-06", "2026-09-28"],  # the last ends after it
        "channel": ["Email", "Direct", "Email"],
        "spend": [290.0, np.nan, 9e9],
        "new_customers": [10, 90, 1],
    }
    cac = cost_to_win(pd.DataFrame(week), QUARTER)
    assert cac == {"email": 29.0, "total": 2.9}
    back = paid_back(found, cac).set_index("channel")["month"]
    assert back["Email"] == 1
    assert "Direct" not in back


def test_without_a_margin_cohorts_are_of_revenue_and_ltv_is_not_known():
    bought = purchases(customers=400).assign(contribution=None)
    assert cohorts(bought, LAST).measure == "revenue"
    ages = by_age(bought.assign(contribution=0.0)).assign(contribution=np.nan)
    found = lifetimes(bought, ages, QUARTER, LAST, LifetimePolicy(replicates=20), "EUR")
    assert found.total.ltv.value is None
    assert found.total.predicted is None


def test_ltv_is_told_by_what_foretold_better_and_says_so():
    bought = purchases()
    found = lifetimes(bought, by_age(bought), QUARTER, LAST, LifetimePolicy(replicates=40), "EUR")
    off = {name: abs(error) for name, error in found.calibration.errors.items()}
    best = "BG/NBD" if off["BG/NBD"] <= min(off["cohorts"], 0.15) else "cohorts"
    assert found.used == best
    true = 30 + 24 * (0.3 + 0.3**2 + 0.05 * 0.3**3)  # third gaps mostly end outside the year
    ltv = found.figures["lifetime.ltv.total"]
    assert ltv.low < ltv.value < ltv.high
    assert ltv.value == pytest.approx(true, rel=0.06)
    strict = replace(found.policy, max_miss=0.0)
    again = lifetimes(bought, by_age(bought), QUARTER, LAST, strict, "EUR")
    assert again.used == "cohorts"
    assert [c.channel for c in found.channels] == ["Direct", "Email", ALL]


def test_draws_of_a_worth_are_cohorts_resampled_and_counted_one_by_one():
    ages = ages_by_channel(by_age(purchases()), QUARTER)["Email"]
    worth = worth_over(ages, 12, 0.0, replicates=30, seed=3)
    count = len(ages.at_risk)
    picks = np.random.default_rng(3).integers(0, count, (30, count))
    alone = np.array([ages.cumulated(ages.contribution, pick)[worth.days - 1] for pick in picks])
    seen = np.array([ages.at_risk[pick, 0].sum() >= MIN_AT_RISK for pick in picks])
    alone = np.where(seen, alone, worth.value)
    assert worth.draws == pytest.approx(widened(alone, worth.value, ages))


def test_a_parameter_that_the_data_leave_open_is_held_and_not_drawn():
    spread = np.diag([0.01, 0.01, 6678.0, -124.0])
    spread[0, 1] = spread[1, 0] = 0.005
    found = drawn(np.array([0.76, 9.8, 1e-4, 8e3]), spread, 200, np.random.default_rng(1))
    assert (found[:, 2:] == found[0, 2:]).all()
    assert np.log(found[:, 0]).std() == pytest.approx(0.1, rel=0.2)


@pytest.fixture(scope="module")
def found():
    return delivery_effect(deliveries(), LAST, EffectPolicy())


def test_the_late_effect_is_found_where_the_plain_difference_says_too_much(found):
    e = found.repeat.effect
    assert e.low <= -0.12 <= e.high
    assert e.naive < e.value
    assert found.balance["after"].max() < 0.05 < found.balance["before"].max()
    assert found.placebo.effect.low <= 0 <= found.placebo.effect.high
    assert all(e > 1 for e in found.e_values)
    assert {c.channel for c in found.by_channel} == {"Direct", "Email"}
    told = figures(found, 12, "EUR")
    assert told["lifetime.late_effect_on_value"].value < 0


def test_nothing_is_said_without_dates_with_too_few_or_without_overlap():
    rows = deliveries(rows=1500)
    policy = EffectPolicy()
    none = delivery_effect(rows.assign(is_late=pd.NA), LAST, policy)
    assert none.repeat.refused == NO_DATES
    few = delivery_effect(rows.head(60), LAST, policy)
    assert few.repeat.refused == TOO_FEW
    corse = rows["region"] == "Corse"
    fate = np.where(corse, True, rows.index % 400 == 0)
    apart = delivery_effect(rows.assign(is_late=pd.array(fate, dtype="boolean")), LAST,
                            replace(policy, min_treated=2))  # fmt: skip
    assert apart.repeat.refused == NO_OVERLAP
    assert figures(apart, 12, "EUR")["lifetime.late_effect_on_repeat"].value is None
