"""Two quarters of a shop whose exports hold harmful text: the whole report, in French."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from goulot.demo import worlds, write_demo
from goulot.demo.worlds import find_world
from goulot.ledger import read_ledger
from hostile_shop import (
    CAMPAIGN,
    EVENT,
    HOSTILE,
    LOCATION,
    NAME,
    SCRIPT,
    SKU,
    SUPPLIER,
    write_hostile_shop,
)
from openpyxl import load_workbook
from test_privacy import texts
from test_report import AXE
from untranslated import english_in, listening

GOULOT = Path(sys.executable).with_name("goulot")
DONE = {"calendar.order", "channels.shift_spend", "constraint.hold"}
DECLINED = {"calendar.move", "spikes.tell"}
FORMULA = re.compile(r"^[=+@\t\r]|^-(?![\d.,]+$)")


def goulot(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GOULOT_HOME": str(home)} | environment
    return subprocess.run([GOULOT, *words], env=environment, text=True, capture_output=True)


def act_on(ledger: Path) -> None:
    """Mark what was done and what was declined, as a person would in a spreadsheet."""
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        done = "done" if row["id"] in DONE else "declined" if row["id"] in DECLINED else "open"
        row["status"] = done
    with ledger.open("w", encoding="utf-8", newline="") as file:
        write = csv.DictWriter(file, rows[0].keys())
        write.writeheader()
        write.writerows(rows)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    write_hostile_shop(home, "brume")
    return home


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """Where every text without a translation is written."""
    return tmp_path_factory.mktemp("told") / "untranslated.txt"


@pytest.fixture(scope="module")
def ledger(home, told):
    """The ledger after two reports: the second quarter's, acted on, and the third's."""
    path = home / "data" / "brume" / "ledger.csv"
    quarters = (("2026Q2", ("--steps", "1,2,6")), ("2026Q3", ()))
    for quarter, steps in quarters:
        words = ("report", "brume", "--quarter", quarter, "--language", "fr", *steps)
        done = goulot(home, *words, **listening(told))
        assert done.returncode == 0, done.stderr
        if quarter == "2026Q2":
            act_on(path)
    return path


@pytest.fixture(scope="module")
def folder(home, ledger):
    return home / "reports" / "brume" / "2026Q3"


@pytest.fixture(scope="module")
def page(folder, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.dialogs = []
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("html[data-drawn]", timeout=60_000)
    page.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")
    yield page
    page.close()


# The loop: what was predicted, what was done, what happened.


def test_last_quarters_predictions_are_judged_by_the_same_figure_measured_anew(ledger, folder):
    rows = {row.id: row for row in read_ledger(ledger) if row.quarter == "2026Q2"}
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))["findings"]
    judged = [row for row in rows.values() if row.verdict in ("hit", "miss")]
    assert {row.kind for row in judged} == {"action", "forecast"}
    for row in judged:
        assert row.happened == found[row.measure]["value"]
        inside = (row.low is None or row.low <= row.happened) and (
            row.high is None or row.happened <= row.high
        )
        assert row.verdict == ("hit" if inside else "miss")
    assert {rows[name].verdict for name in DONE & rows.keys()} <= {"hit", "miss"}
    assert rows["calendar.move"].verdict == "not done"


def test_every_step_that_acts_names_the_figure_by_which_the_next_review_can_tell(folder):
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    told = {act["step"] for act in results["recommendations"] if act["prediction"]}
    assert {"constraint", "channels"} <= told
    for act in results["recommendations"]:
        if act["prediction"]:
            assert act["prediction"]["finding"] in results["findings"], act["id"]


def test_calibration_is_told_with_its_interval(folder):
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))["findings"]
    share = found["review.predictions_hit_share"]
    assert 0 <= share["low"] <= share["value"] <= share["high"] <= 1


def test_the_page_says_what_became_of_each_action_and_what_cannot_be_told_apart(page):
    text = page.inner_text("#\\30 8-quarterly-review")
    assert "(menée)" in text
    assert "(écartée)" in text
    assert "ne peut pas être isolé" in text
    assert "sans test" in text
    assert "Tous rapports confondus" in text


def test_the_statuses_that_a_person_set_are_kept(ledger):
    rows = {row.id: row.status for row in read_ledger(ledger) if row.quarter == "2026Q2"}
    assert {name for name, status in rows.items() if status == "done"} == DONE & rows.keys()
    assert {n for n, status in rows.items() if status == "declined"} == DECLINED & rows.keys()


# French, whole.


def test_nothing_that_the_report_says_lacks_its_french(folder, told):
    assert sorted(set(told.read_text(encoding="utf-8").splitlines())) == []
    assert english_in(folder) == []


def test_nothing_that_a_software_companys_report_says_lacks_its_french(tmp_path):
    told = tmp_path / "untranslated.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(worlds.WORLDS, "few", find_world("saas").with_(name="few", size=0.3))
        write_demo(tmp_path / "data" / "logiciel", world="few", seed=1)
    done = goulot(tmp_path, "report", "logiciel", "--language", "fr", **listening(told))
    assert done.returncode == 0, done.stderr
    assert sorted(set(told.read_text(encoding="utf-8").splitlines())) == []
    assert english_in(tmp_path / "reports" / "logiciel" / "2026Q3") == []


# Text from exports is text.


def test_harmful_text_is_text_on_the_page(page):
    text = page.inner_text("body")
    for hostile in (NAME, SCRIPT, SUPPLIER, LOCATION, EVENT, SKU):
        assert hostile in text, hostile
    assert page.dialogs == []
    assert page.locator("body :is(svg[onload], u, i, img[src='x'])").count() == 0
    assert page.locator("main a[href^='http']").count() == 0


def test_harmful_text_is_text_on_paper_and_in_the_data(folder):
    read = dict(texts(folder))
    paper = "".join(read["report.pdf"].replace("\u200b", "").split())
    for hostile in (NAME, SCRIPT, SUPPLIER):
        assert "".join(hostile.split()) in paper, hostile
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["client"] == "brume"


def test_no_cell_of_the_workbook_runs(folder):
    book = load_workbook(folder / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [c.coordinate for c in cells if c.data_type == "f" or c.hyperlink] == []
    said = {str(cell.value).lstrip("'") for cell in cells}
    for hostile in (SCRIPT, SUPPLIER):
        assert any(hostile in text for text in said), hostile


def test_no_cell_of_a_file_for_people_or_of_the_ledger_runs(folder, ledger):
    files = [*(folder / "actions").glob("*.csv"), ledger]
    assert len(files) > 2
    for path in files:
        text = path.read_text(encoding="utf-8-sig")
        cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
        assert [cell for cell in cells if FORMULA.search(cell)] == [], path.name
    everything = "".join(path.read_text(encoding="utf-8-sig") for path in files)
    assert CAMPAIGN.replace('"', '""') in everything


def test_the_dates_file_holds_the_events_as_text(folder):
    text = (folder / "actions" / "order_dates.ics").read_text(encoding="utf-8")
    unfolded = text.replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") > 0
    assert EVENT.replace(";", "\\;") in unfolded


# The page as it is read.


@pytest.mark.parametrize("width", [1280, 390])
def test_an_accessibility_check_of_the_whole_page_finds_nothing_serious(page, width):
    if not AXE.is_file() and not os.environ.get("CI"):
        pytest.skip(f"axe-core is not in {AXE.parent}: .ci/run installs it")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_slider_is_reached_and_moved_by_the_keyboard(page):
    sliders = page.locator(".goulot-panel input[type='range']")
    assert sliders.count() >= 5
    for place in range(sliders.count()):
        slider = sliders.nth(place)
        assert slider.evaluate("(it) => it.tabIndex") == 0
        slider.focus()
        before = slider.input_value()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        if slider.input_value() == before:
            page.keyboard.press("ArrowRight")
        assert slider.input_value() != before
        assert slider.evaluate("(it) => it === document.activeElement")


# A case study.


@pytest.fixture(scope="module")
def study(home, folder, ledger):
    before = ledger.read_bytes()
    words = ("report", "brume", "--quarter", "2026Q3", "--language", "fr", "--anonymous")
    done = goulot(home, *words)
    assert done.returncode == 0, done.stderr
    assert ledger.read_bytes() == before
    return folder.with_name("2026Q3-anonymous")


def test_a_case_study_names_nothing_of_the_clients(home, study):
    names = {NAME, *HOSTILE, "Verrerie Saint-Clair", "Cartonnages Dumoulin"}
    names |= {"Atelier", "Lyon", "Coffret", "Black Friday", "orders_export", "BC-2024", "COF-0"}
    names |= {"BOU-FIG", "FR | Search", "order_id", str(home)}
    with (home / "data" / "brume" / "exports" / "orders_export_1.csv").open() as file:
        names |= {row["Name"] for row, _ in zip(csv.DictReader(file), range(50), strict=False)}
    found = [(place, name) for place, text in texts(study) for name in names if name in text]
    assert found == []
    assert "Camille Exemple" in (study / "report.html").read_text()  # whose case study it is


def test_a_case_study_tells_amounts_as_an_index_and_keeps_their_ratios(folder, study):
    (real, index) = (
        json.loads((where / "results.json").read_text(encoding="utf-8"))["findings"]
        for where in (folder, study)
    )
    money = [n for n, f in real.items() if "EUR" in f["unit"] and isinstance(f["value"], float)]
    factors = [
        index[n]["value"] / real[n]["value"]
        for n in money
        if n.startswith(("review.contribution", "channels.spend")) and abs(real[n]["value"]) > 100
    ]
    assert len(factors) > 4
    assert factors == pytest.approx([factors[0]] * len(factors), rel=1e-4)
    assert factors[0] != pytest.approx(1, rel=0.05)
    assert "EUR" not in {f["unit"].partition("/")[0] for f in index.values()}
    spent = f"{real['channels.spend.paid_search']['value']:,.0f}".replace(",", "\u202f")
    read = dict(texts(folder))
    assert spent in read["report.html"]
    assert all(spent not in text for _, text in texts(study))
    assert all("€" not in text for name, text in texts(study) if name == "report.html")


def test_a_case_study_is_published_beside_the_report_and_leaves_it_alone(folder, study):
    assert (folder / "report.html").is_file()
    assert shutil.which("pdftotext")
    assert json.loads((study / "manifest.json").read_text())["client"] != "brume"
