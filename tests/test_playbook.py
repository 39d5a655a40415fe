"""The playbook's own example: a warehouse for 10,000 orders a day, and 100 customers a week."""

import math

import pytest
from goulot.build import ensure_build
from goulot.client import Client
from goulot.session import session_of
from goulot.steps.constraint import ConstraintPolicy, audit_constraint


@pytest.fixture(scope="module")
def session(empty_warehouse):
    client = Client.load("vide", empty_warehouse)
    return session_of(client, ensure_build(client), quarter="2026Q2")


def test_the_warehouse_is_all_but_idle_and_acquisition_is_the_constraint(session):
    audit = audit_constraint(
        session.mart("stage_week"),
        session.settings.capacity.per_week,
        session.quarter,
        ConstraintPolicy(),
    )
    utilization = audit.figures["constraint.utilization.fulfillment"]
    assert math.isclose(utilization.value, 100 / 70_000, rel_tol=0.01)
    assert f"{utilization.value:.2%}" == "0.14%"
    assert utilization.basis == "declared"
    binding = audit.figures["constraint.binding_stage"]
    assert binding.value == "acquisition"
    assert binding.probability > 0.99
    assert [rung.stage for rung in audit.rungs] == ["acquisition", "fulfillment"]
    assert [rung.orders for rung in audit.rungs] == pytest.approx([100, 70_000], rel=0.01)
