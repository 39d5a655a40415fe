"""The constraint audit: what it names, what it refuses to name, and what must always hold."""

import pandas as pd
import pytest
from goulot.errors import ParameterError
from goulot.quarter import Quarter
from goulot.steps.constraint import ConstraintPolicy, audit_constraint
from hypothesis import given, settings
from hypothesis import strategies as st

QUARTER = Quarter(2026, 3)
POLICY = ConstraintPolicy(replicates=200)
UNITS = {
    "acquisition": "orders",
    "fulfillment": "orders",
    "support": "tickets",
    "onboarding": "accounts",
}


def weeks(stage: str, loads: list[int], done: list[int] | None = None, queue: int = 0):
    """Whole weeks of one stage from the first Monday of the quarter on."""
    mondays = pd.date_range("2026-07-06", periods=len(loads), freq="7D")
    return pd.DataFrame(
        {
            "week_starts_on": mondays,
            "stage": stage,
            "unit": UNITS[stage],
            "days": 7,
            "load": loads,
            "throughput": done if done is not None else [float("nan")] * len(loads),
            "backlog": queue,
            "least_backlog": queue,
            "mean_backlog": float(queue),
            "released": loads,
            "waited_days": queue * 7,
        }
    )


def shop(loads: list[int], **stages: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([weeks("acquisition", loads, loads), *stages.values()], ignore_index=True)


LOADS = [100, 110, 90, 105, 95, 100, 108, 92, 101, 99]


def test_a_stage_with_room_leaves_acquisition_as_the_constraint():
    frame = shop(LOADS, packing=weeks("fulfillment", LOADS))
    audit = audit_constraint(frame, {"fulfillment": 400}, QUARTER, POLICY)
    assert audit.binding.value == "acquisition"
    assert audit.binding.probability == 1.0
    (idle,) = audit.premature
    assert (idle.stage, idle.times) == ("fulfillment", pytest.approx(0.70 / 0.25, rel=0.05))
    assert audit.figures["constraint.utilization.fulfillment"].value == pytest.approx(0.25)


def test_a_stage_that_is_full_is_the_constraint():
    frame = shop(LOADS, packing=weeks("fulfillment", LOADS))
    audit = audit_constraint(frame, {"fulfillment": 80}, QUARTER, POLICY)
    assert (audit.binding.value, audit.is_sure) == ("fulfillment", True)
    assert audit.premature == ()


def test_a_stage_as_wide_as_demand_is_a_tie_and_said_to_be_uncertain():
    frame = shop([100] * 10, packing=weeks("fulfillment", [100] * 10))
    audit = audit_constraint(frame, {"fulfillment": 100}, QUARTER, POLICY)
    assert audit.binding.probability == pytest.approx(0.5)
    assert not audit.is_sure
    assert {audit.binding.value, audit.runner_up} == {"acquisition", "fulfillment"}


def test_what_was_done_while_work_waited_is_the_capacity_if_it_is_below_the_declared_one():
    done = [80, 82, 78, 81, 79, 80, 80, 80, 80, 80]
    frame = shop(LOADS, packing=weeks("fulfillment", LOADS, done, queue=300))
    audit = audit_constraint(frame, {"fulfillment": 400}, QUARTER, POLICY)
    capacity = audit.figures["constraint.capacity_per_week.fulfillment"]
    assert (capacity.value, capacity.basis) == (pytest.approx(80), "observed")
    assert capacity.low <= 80 <= capacity.high
    assert audit.binding.value == "fulfillment"


def test_a_stage_never_seen_full_has_a_lower_bound_and_is_said_to_be_missing_its_capacity():
    frame = shop(LOADS, packing=weeks("fulfillment", LOADS, LOADS))
    audit = audit_constraint(frame, {}, QUARTER, POLICY)
    capacity = audit.figures["constraint.capacity_per_week.fulfillment"]
    assert (capacity.value, capacity.bound) == (110, "at least")
    assert audit.figures["constraint.utilization.fulfillment"].bound == "at most"
    assert any("warehouse" in gap.export for gap in audit.missing)


def test_too_few_weeks_say_nothing():
    frame = shop(LOADS[:5], packing=weeks("fulfillment", LOADS[:5]))
    audit = audit_constraint(frame, {"fulfillment": 400}, QUARTER, POLICY)
    assert audit.binding.value is None
    assert "too few" in audit.binding.note


def test_a_stage_without_data_is_unknown_and_never_named():
    frame = shop(LOADS, packing=weeks("fulfillment", LOADS))
    audit = audit_constraint(frame, {"fulfillment": 400}, QUARTER, POLICY)
    assert {"stock", "supply", "delivery", "support"} <= set(audit.unknown)


def test_without_any_stage_behind_acquisition_there_is_no_verdict():
    audit = audit_constraint(shop(LOADS), {}, QUARTER, POLICY)
    assert audit.binding.value is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=8, max_size=12), st.integers(10, 5_000))
def test_more_capacity_never_raises_utilization(loads, capacity):
    frame = shop(loads, packing=weeks("fulfillment", loads))
    before = frame.copy()
    used = [
        audit_constraint(frame, {"fulfillment": c}, QUARTER, POLICY)
        .figures["constraint.utilization.fulfillment"]
        .value
        for c in (capacity, capacity * 2)
    ]
    assert used[1] <= used[0]
    pd.testing.assert_frame_equal(frame, before)


def test_the_same_seed_gives_the_same_answer():
    frame = shop(LOADS, packing=weeks("fulfillment", LOADS))
    first, second = (
        audit_constraint(frame, {"fulfillment": 104}, QUARTER, POLICY) for _ in range(2)
    )
    assert first.figures == second.figures


def test_a_share_written_as_per_cent_is_refused():
    with pytest.raises(ParameterError, match=r"write 0\.95"):
        ConstraintPolicy(binding_utilization=95)


def test_a_company_without_goods_is_not_asked_about_its_warehouse():
    frame = shop(LOADS, setup=weeks("onboarding", LOADS), desk=weeks("support", LOADS))
    audit = audit_constraint(frame, {"onboarding": 400}, QUARTER, POLICY)
    assert audit.asked == ("acquisition", "support", "onboarding")
    assert audit.unknown == ("support",)
