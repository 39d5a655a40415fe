"""Step 4: its page, its panel, and the files to upload."""

import csv
import io
import re
from dataclasses import replace

import pandas as pd
import pytest
from feedback_frames import AS_OF, marts, stock_marts, world
from feedback_reports import EMPTY, ENGLISH, FRENCH, POLICY, read
from goulot import charts, sentences
from goulot.sentences.ad_account_files import COLUMNS
from goulot.sentences.feedback_files import action_files
from goulot.sentences.feedback_readme import readme
from goulot.steps.service_costs import LAYERS
from goulot.widgets import feedback as widgets
from goulot.widgets import grid


@pytest.fixture(scope="module")
def report():
    return read()


@pytest.fixture(scope="module")
def truth():
    return world(1)[1]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_everything_is_said_in_both_languages(report, language):
    language.untranslated.clear()
    assert sentences.feedback_bids.changes(report, language)
    for say in ("verdict", "costs", "evidence", "stock", "operations", "routes"):
        assert getattr(sentences.feedback, say)(report, language)
    tables = charts.feedback_tables
    for table in (tables.cac_table, tables.cell_table, tables.change_table, tables.throttle_table):
        assert len(table(report, language)) > 0
    assert charts.feedback.added_cost(report, language).to_dict()
    assert charts.feedback.sell_out(report, language).to_dict()
    actions = sentences.feedback_actions.recommendations(report, AS_OF, language)
    assert {action.owner for action in actions} == {"marketing", "operations", "customer service"}
    assert all(action.due > AS_OF.isoformat() for action in actions)
    assert not language.untranslated


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator))


# https://support.google.com/google-ads/editor/answer/57747, "CSV file columns"; and the first row
# of the sheet that Meta's Ads Manager exports, in the copies of it that are public.
DOCUMENTED = {
    "google_ads_locations.csv": ("Campaign", "Location", "Bid modifier"),
    "google_ads_campaigns.csv": ("Campaign", "Campaign status", "Campaign daily budget"),
    "meta_campaigns.csv": (
        "Campaign ID", "Campaign Name", "Campaign Status", "Campaign Daily Budget",
    ),
}  # fmt: skip
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def test_the_files_have_the_vendors_columns(report):
    assert COLUMNS == DOCUMENTED
    files = action_files(report, ENGLISH)
    locations = rows_of(files["feedback_google_ads_locations.csv"])
    assert tuple(locations[0]) == DOCUMENTED["google_ads_locations.csv"]
    assert locations[1][0] == "Search | Candles"
    assert locations[1][1].endswith(", France")
    assert -50 <= int(locations[1][2]) < 0
    budgets = rows_of(files["feedback_google_ads_campaigns.csv"])
    assert tuple(budgets[0]) == DOCUMENTED["google_ads_campaigns.csv"]
    assert budgets[1] == ["Search | Candles", "Paused", ""]


@pytest.mark.parametrize("language", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_the_files_open_as_text_in_the_readers_language(report, language):
    """Names that would run as formulas, or break a row, come back as they were, as text."""
    name, title = "=cmd|' /C calc'!A0", '@SUM(1);"x", y\nz'
    evil = stock_marts(available=3)
    evil["campaign_day"] = pd.concat(
        [
            evil["campaign_day"].assign(campaign=name, platform=platform)
            for platform in ("Google Ads", "Meta Ads")
        ]
    )
    evil["campaign_place_quarter"] = pd.concat(
        [
            evil["campaign_place_quarter"].assign(campaign=name, platform=platform)
            for platform in ("Google Ads", "Meta Ads")
        ]
    )
    evil["sku_cover_quarter"] = evil["sku_cover_quarter"].assign(title=title)
    files = action_files(read(marts(**evil)), language)
    assert {file.removeprefix("feedback_") for file in files} == {
        *DOCUMENTED, "marketing.csv", "operations.csv", "customer_service.csv", "adjusted_cac.csv",
        "README.txt",
    }  # fmt: skip
    for file, text in files.items():
        if not file.endswith(".csv"):
            continue
        for_people = file.removeprefix("feedback_") not in DOCUMENTED
        rows = rows_of(text, ";" if for_people and language is FRENCH else ",")
        assert text.startswith("\ufeff")
        assert {len(row) for row in rows} == {len(rows[0])}
        cells = [cell for row in rows for cell in row]
        assert not [c for c in cells if c[:1] in "=+-@\t\r" and c and not NUMBER.fullmatch(c)]


def test_every_cell_stands_in_a_file_with_its_layers_and_their_sum(report):
    head, *rows = rows_of(action_files(report, ENGLISH)["feedback_adjusted_cac.csv"])
    assert len(rows) == (report.drawn.cells["new_customers"] > 0).sum()
    at = {name: n for n, name in enumerate(head)}
    layers = [at[name] for name in head if name in {
        "Late delivery", "Refunds", "Tickets", "Replacements", "Repeat purchases lost",
    }]  # fmt: skip
    assert len(layers) == len(LAYERS)
    for row in rows:
        together = sum(float(row[n]) for n in layers)
        assert float(row[at["Service together"]]) == pytest.approx(together, abs=0.03)
        if row[at["CAC"]]:
            adjusted = float(row[at["CAC"]]) + together
            assert float(row[at["Adjusted CAC"]]) == pytest.approx(adjusted, abs=0.04)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (ENGLISH, ("To upload", "To undo", "To check", "-7%", "publishes no list")),
        (FRENCH, ("Pour importer", "Pour annuler", "À vérifier", "-7", "ne publie pas de liste")),
    ],
    ids=["en", "fr"],
)
def test_the_readme_says_how_to_upload_to_undo_and_what_to_check(report, language, words):
    text = readme([f"feedback_{name}" for name in DOCUMENTED], language)
    assert [word for word in words if word not in text] == []
    assert "support.google.com/google-ads/editor/answer/57747" in text
    assert "META" not in readme(["feedback_google_ads_locations.csv"], language)


def test_meta_has_its_own_columns_and_the_budget_bears_what_a_region_loses(report, truth):
    meta = stock_marts(available=5000)
    meta["campaign_day"] = meta["campaign_day"].assign(platform="Meta Ads", channel="Paid Social")
    meta["campaign_place_quarter"] = meta["campaign_place_quarter"].assign(
        platform="Meta Ads", channel="Paid Social"
    )
    found = read(marts(**meta), policy=replace(POLICY, strength=5.0))
    (change,) = found.budgets
    assert not change.is_paused
    assert change.by_place < 0
    assert change.by_stock == 0
    assert change.daily_budget < change.daily_spend
    rows = rows_of(action_files(found, ENGLISH)["feedback_meta_campaigns.csv"])
    assert tuple(rows[0]) == DOCUMENTED["meta_campaigns.csv"]
    assert rows[1][:3] == ["", "Search | Candles", "ACTIVE"]


def test_the_panel_moves_list_and_totals(report):
    panel = widgets.loops(report, ENGLISH)
    assert grid.precomputed(panel)
    low = panel.respond({"late_cost": 0.0, "min_cover_days": 14, "strength": 1.0})
    high = panel.respond({"late_cost": 20.0, "min_cover_days": 14, "strength": 3.0})
    moved = high.tables["changes"]["modifier"].sum()
    assert moved < low.tables["changes"]["modifier"].sum()
    assert low.readouts[-1].value != high.readouts[-1].value
    soon = panel.respond({"late_cost": 0.0, "min_cover_days": 7, "strength": 1.0})
    first = [one.readouts[-2].value for one in (low, soon)]  # the day from which ads are held
    assert first == ["30 Sep 2026", "3 Oct 2026"]
    assert low.tables["held"]["saved"].tolist() == [report.throttled[0].saved.value]


def test_the_panel_leaves_out_what_cannot_move():
    rows, _ = world(1)
    bare = read(marts(channel_region_quarter=rows.assign(region=None, country=None)))
    only_stock = widgets.loops(bare, FRENCH)
    assert [knob.name for knob in only_stock.knobs] == ["min_cover_days"]
    assert grid.precomputed(only_stock)
    frames = dict.fromkeys(stock_marts(), EMPTY)
    only_bids = widgets.loops(read(marts(**frames)), FRENCH)
    assert [knob.name for knob in only_bids.knobs] == ["late_cost", "strength"]
    assert grid.precomputed(only_bids)
