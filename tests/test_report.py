"""The report of a small shop, opened in a real browser without a network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_privacy import texts

FIXTURES = Path(__file__).parent / "fixtures" / "exports"
GOULOT = Path(sys.executable).with_name("goulot")
SETTINGS = """
name: "<script>alert('x')</script> Brume"
currency: EUR
timezone: Europe/Paris
consultant: {name: Camille Exemple, email: camille@example.com, accent: "#7a2048"}
capacity: {fulfillment: {orders_per_day: 20}}
"""


def goulot(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GOULOT_HOME": str(home)}
    return subprocess.run([GOULOT, *words], env=environment, text=True, capture_output=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    exports = home / "data" / "brume" / "exports"
    exports.mkdir(parents=True)
    for name in ("shopify_orders_79.csv", "google_ads_campaigns_by_day.csv"):
        shutil.copy(FIXTURES / name, exports)
    (home / "data" / "brume" / "client.yml").write_text(SETTINGS, encoding="utf-8")
    return home


@pytest.fixture(scope="module", params=["fr", "en"])
def report(request, home):
    done = goulot(home, "report", "brume", "--quarter", "2026Q3", "--language", request.param)
    assert done.returncode == 0, done.stderr
    return request.param, home / "reports" / "brume" / "2026Q3"


@pytest.fixture
def page(report, browser):
    """The open page, the requests it made and the errors it logged."""
    _, folder = report
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.requests, page.errors = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto((folder / "report.html").as_uri())
    page.wait_for_selector("figure svg, figure canvas", timeout=20_000)
    yield page
    page.close()


def test_the_page_opens_offline_draws_its_charts_and_logs_no_error(page):
    assert [url for url in page.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.errors == []
    assert page.locator("figure").count() >= 3
    assert page.locator("figure svg, figure canvas").count() >= 3


def test_the_page_speaks_one_language(report, page):
    language, _ = report
    text = page.inner_text("body")
    assert page.get_attribute("html", "lang") == language
    french, english = "Ce que nous avons trouvé", "What we found"
    assert (french in text) == (language == "fr")
    assert (english in text) == (language == "en")


def test_text_of_the_client_is_text(page):
    assert "<script>alert('x')</script> Brume" in page.inner_text("h1")


@pytest.mark.parametrize("width", [1280, 768, 390])
def test_nothing_is_wider_than_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_code_no_path_and_no_personal_data_reach_the_client(report, home):
    _, folder = report
    secrets = (str(home), "camille.fixture@", "rue des Essais", "75011", "Sonner")
    for name, text in texts(folder):
        assert [secret for secret in secrets if secret in text] == [], name
    assert "open_session" not in (folder / "report.html").read_text(encoding="utf-8")


def test_results_are_the_contract_of_the_design(report):
    _, folder = report
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert {"client", "quarter", "goulot", "findings", "recommendations", "missing"} <= set(results)
    load = results["findings"]["constraint.load_per_week.fulfillment"]
    assert {"value", "unit", "basis"} <= set(load)
    verdict = results["findings"]["constraint.binding_stage"]
    assert verdict["value"] is None  # six orders in a quarter are no evidence
    assert verdict["note"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {"shopify_orders_79.csv", "google_ads_campaigns_by_day.csv"}
    assert manifest["build"]["exports"].keys() == files


def test_the_same_inputs_give_the_same_results_to_the_byte(report, home):
    language, folder = report
    first = (folder / "results.json").read_bytes()
    goulot(home, "report", "brume", "--quarter", "2026Q3", "--language", language)
    assert (folder / "results.json").read_bytes() == first


def test_a_failure_leaves_the_last_report_and_the_last_build(report, home):
    _, folder = report
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    current = (home / "data" / "brume" / "build" / "current").read_text()
    bad = home / "data" / "brume" / "exports" / "foreign.csv"
    bad.write_text("Kunde;Menge\nA;1\n")
    try:
        done = goulot(home, "report", "brume", "--quarter", "2026Q3")
        assert done.returncode == 1
        assert "foreign.csv" in done.stderr
        wrong = goulot(home, "report", "brume", "-p", "binding_utilization=95")
        assert wrong.returncode == 1
    finally:
        bad.unlink()
    stopped = goulot(home, "report", "brume", "--quarter", "2026Q3", "-p", "min_weeks=0")
    assert stopped.returncode == 1
    assert "01_constraint_audit" in stopped.stderr
    assert "cell audit" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert (home / "data" / "brume" / "build" / "current").read_text() == current
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
