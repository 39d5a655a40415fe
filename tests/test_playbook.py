"""The playbook's own example: a warehouse for 10,000 orders a day, and 100 customers a week."""

import csv
import math
from datetime import datetime, timedelta

import pytest
from goulot.build import ensure_build
from goulot.client import Client
from goulot.session import session_of
from goulot.steps.constraint import ConstraintPolicy, audit_constraint

SETTINGS = """
name: Entrepôt vide
currency: EUR
timezone: Europe/Paris
capacity: {fulfillment: {orders_per_day: 10000, days: mon-sun}}
"""
HEADINGS = [
    *("Name", "Email", "Financial Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total"),
    *("Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku"),
]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Twenty-six weeks of 100 Shopify orders each, spread evenly over the hours."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "data" / "vide"
    (folder / "exports").mkdir(parents=True)
    (folder / "client.yml").write_text(SETTINGS, encoding="utf-8")
    monday = datetime(2026, 3, 30)
    with (folder / "exports" / "orders_export.csv").open("w", newline="") as out:
        write = csv.writer(out).writerow
        write(HEADINGS)
        for n in range(26 * 100):
            placed = monday + timedelta(hours=168 * n / 100)
            mail = f"customer{n}@example.com"
            when = f"{placed:%Y-%m-%d %H:%M:%S} +0200"
            money = ["EUR", "30.00", "0.00", "5.00", "30.00", when]
            write([f"#{n + 1}", mail, "paid", *money, 1, "Bougie", "30.00", "BOU"])
    client = Client.load("vide", home)
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
