"""What a recommendation foretells is what its step then finds, if the world does as it says."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from channel_frames import true_slope
from goulot.findings import Figure
from goulot.language import Language
from goulot.quarter import Quarter
from goulot.sentences import channel_actions
from goulot.steps import calendar_actions, channel_aims, constraint_actions
from goulot.steps.constraint import audit_constraint
from goulot.steps.customer_money import won_in
from goulot.steps.foretelling import at_most, falls, stays
from goulot.steps.predictions import predictions_of
from test_calendar import COVER, SALE, plan
from test_channels import cohort_day, read
from test_constraint import LOADS, POLICY, shop, weeks
from test_constraint import QUARTER as STAGE_QUARTER

SHARE = Figure(value=0.3, low=0.25, high=0.36, unit="share", basis="observed")


def test_a_fall_is_foretold_beyond_what_chance_brings():
    told = falls("x.share", SHARE)
    assert (told.finding, told.now, told.low, told.high) == ("x.share", 0.3, None, 0.25)
    assert falls("x.share", SHARE, most=0.2).high == 0.2


@pytest.mark.parametrize(
    "figure", [Figure.unknown("share", "why"), replace(SHARE, low=None), replace(SHARE, low=0.0)]
)
def test_nothing_is_foretold_of_what_could_not_be_told_from_chance(figure):
    assert falls("x.share", figure) is None


def test_what_stays_lies_where_it_is_known_to_lie_and_a_bound_has_one_end():
    assert (stays("x", SHARE).low, stays("x", SHARE).high) == (0.25, 0.36)
    assert (at_most("x", None, 1.0).low, at_most("x", None, 1.0).high) == (None, 1.0)


def full_warehouse(per_week: float):
    packing = weeks("fulfillment", LOADS, [90] * len(LOADS), queue=20)
    frame = shop(LOADS, packing=packing)
    return audit_constraint(frame, {"fulfillment": per_week}, STAGE_QUARTER, POLICY)


def test_a_widened_stage_is_used_as_little_as_was_foretold():
    audit = full_warehouse(90)
    (widen, *_) = constraint_actions.recommendations(audit, "EUR")
    told = widen.prediction
    assert widen.id == "constraint.widen.fulfillment"
    assert told.finding == "constraint.utilization.fulfillment"
    assert told.now == audit.figures[told.finding].value > 1.0 >= told.high
    packing = weeks("fulfillment", LOADS)
    wider = audit_constraint(
        shop(LOADS, packing=packing), {"fulfillment": 200}, STAGE_QUARTER, POLICY
    )
    assert wider.figures[told.finding].value <= told.high


def test_the_curve_knows_what_the_next_customer_will_cost_once_spend_has_moved():
    report = read()
    acts = channel_actions.recommendations(report, date(2026, 9, 30), Language("en"))
    told = next(act.prediction for act in acts if act.id == "channels.shift_spend")
    channel, spend = max(
        ((name, best.value) for name, best in report.plan.best.items()),
        key=lambda pair: abs(pair[1] - report.plan.today[pair[0]]),
    )
    assert told.finding == f"channels.marginal_cac.{channel.lower().replace(' ', '_')}"
    assert told.now == report.figures[told.finding].value
    if channel == "Paid Search":
        assert told.low <= 1 / true_slope(spend) <= told.high


def test_a_test_will_find_what_is_known_today():
    report = read()
    told = channel_aims.tested(report, "Paid Search")
    figure = report.figures["channels.marginal_cac.paid_search"]
    assert (told.low, told.high) == (figure.low, figure.high)


def test_without_customers_that_have_no_channel_nothing_is_to_be_tracked():
    assert channel_aims.tracked(read()) is None


def test_a_forecast_is_held_against_the_new_customers_of_all_days_of_the_quarter():
    won = won_in(cohort_day(), Quarter(2025, 3))
    assert won == {"Organic Search": 100, "Paid Search": 100, "Paid Social": 100, "total": 300}
    report = replace(read(), won=won)
    assert report.figures["channels.quarter_new_customers.total"].value == 300
    forecast = next(name for name in report.figures if ".forecast_new_customers." in name)
    (row,) = predictions_of(Quarter(2025, 3), [], {forecast: {"unit": "customers", "low": 1,
                                                             "high": 2}})  # fmt: skip
    assert row.measure == forecast.replace("forecast_", "quarter_")


YEAR_AHEAD = [
    *SALE,
    ("Spring 2027", "launch", date(2027, 2, 1), date(2027, 2, 3), None, None, 6.0),
]
WORTH = Figure(value=20.0, unit="EUR/order", basis="observed")


def test_goods_that_were_ordered_are_no_longer_short():
    found = plan(calendar=YEAR_AHEAD)
    acts = calendar_actions.recommendations(found, WORTH)
    told = next(act.prediction for act in acts if act.id == "calendar.order")
    assert told.finding == "calendar.units_short.spring_2027"
    assert told.now == found.figures[told.finding].value
    coming = found.dates[~found.dates["is_past"]]
    bought = found.short.merge(coming[["event", "supplier"]], on=["event", "supplier"])
    units = bought.groupby("sku")["units_short"].sum()
    cover = COVER.assign(incoming=COVER["incoming"] + COVER["sku"].map(units).fillna(0))
    after = plan(calendar=YEAR_AHEAD, cover=cover)
    assert told.low <= after.figures[told.finding].value <= told.high


def test_events_of_the_next_quarter_are_foretold_and_those_of_the_last_one_counted():
    ended = ("Autumn 2026", "launch", date(2026, 9, 10), date(2026, 9, 12), None, None, 2.0)
    found = plan(calendar=[*YEAR_AHEAD, ended]).figures
    assert found["calendar.forecast_orders.sale_2026"] == found["calendar.orders.sale_2026"]
    assert "calendar.forecast_orders.spring_2027" not in found
    counted = found["calendar.quarter_orders.autumn_2026"]
    assert counted.value == pytest.approx(300, rel=0.05)
    assert pd.isna(counted.low)
