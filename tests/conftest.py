"""What several tests share: a real browser, and a workbench with the playbook's own example."""

import csv
import shutil
from datetime import datetime, timedelta

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, without a network. It must be there: apt-get install chromium."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path, "no Chromium on this machine: apt-get install chromium"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


EMPTY_WAREHOUSE = """
name: Entrepôt vide
currency: EUR
timezone: Europe/Paris
capacity: {fulfillment: {orders_per_day: 10000, days: mon-sun}}
"""
HEADINGS = [
    *("Name", "Email", "Financial Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total"),
    *("Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku"),
]


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory):
    """The home of the client ``vide``: 26 weeks of 100 Shopify orders each, spread evenly over the
    hours, before a warehouse for 10,000 orders a day."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "data" / "vide"
    (folder / "exports").mkdir(parents=True)
    (folder / "client.yml").write_text(EMPTY_WAREHOUSE, encoding="utf-8")
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
    return home
