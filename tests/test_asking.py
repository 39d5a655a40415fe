"""The data request: what is missing, what has fallen behind, where to click, what it unlocks."""

from datetime import date

import pytest
from goulot.asking import DataRequest, Held
from goulot.language import Language
from goulot.steps.needs import EXPORT_NAMES, STEPS, WHERE, steps_for

UNTIL = date(2026, 9, 30)
HELD = {"ad_spend": Held(900, date(2025, 10, 1), UNTIL), "orders": Held(12, None, None)}


def request(language="en", held=None, ledger=(), kind="ecommerce") -> str:
    there = HELD if held is None else held
    words = Language(language)
    return DataRequest("Brume", steps_for(kind), there, UNTIL, ledger, words).text()


def file_of(spec: str, last_day: str) -> dict[str, str]:
    return {"format": spec, "first_day": "2025-10-01", "last_day": last_day}


def test_what_is_missing_comes_first_with_where_to_click_and_what_it_unlocks():
    text = request(held={})
    assert text.index("Still missing") < text.index("1. Orders")
    assert "Shopify: Orders › Export › Plain CSV file" in text
    assert "Which stage limits contribution" in text
    assert "Without it: without orders no stage has a load" in text


def test_a_platform_that_stopped_does_not_hide_behind_another_of_the_same_table():
    ledger = [
        file_of("google_ads_campaigns", "2026-09-30"),
        file_of("meta_ads_campaigns", "2026-06-30"),
        file_of("meta_ads_campaigns", "2026-03-31"),
    ]
    text = request(ledger=ledger)
    behind = text[text.index("To be brought up to date") : text.index("Already here")]
    assert "Meta Ads" in behind
    assert "(reaches 30 June 2026)" in behind
    assert "Google Ads" not in behind


def test_what_is_there_is_named_with_its_rows_and_days():
    text = request(ledger=[file_of("google_ads_campaigns", "2026-09-28")])
    there = text[text.index("Already here") :]
    assert "Advertising spend by day: 900 rows, 1 October 2025 to 30 September 2026" in there
    assert "Orders: 12 rows" in there


def test_a_software_company_is_asked_for_accounts_and_not_for_parcels():
    text = request(held={}, kind="saas")
    assert "Sign-ups" in text
    assert "Shipments" not in text
    assert "Purchase orders" not in text


def test_the_request_is_whole_in_french():
    words = Language("fr")
    DataRequest("Brume", steps_for("ecommerce"), {}, None, [], words).text()
    assert words.untranslated == set()
    assert "Bonjour" in request("fr")


def test_what_comes_in_the_same_file_is_asked_for_once():
    text = request(held={})
    assert "Order lines" not in text
    assert text.count("Orders › Export › Plain CSV file") == 1


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.step)
def test_every_table_that_a_step_needs_has_a_name_and_a_place_to_get_it(step):
    tables = {need.table for need in step.needs}
    assert tables <= EXPORT_NAMES.keys()
    assert tables <= WHERE.keys()
    assert len(tables) <= len(step.needs)
