"""The commands as a consultant types them: what they print, and how they fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from goulot.terminal import print_reasons

FIXTURES = Path(__file__).parent / "fixtures" / "exports"
GOULOT = Path(sys.executable).with_name("goulot")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A workbench with one client: seven Shopify orders and an inventory."""
    home = tmp_path_factory.mktemp("home")
    exports = home / "data" / "brume" / "exports"
    exports.mkdir(parents=True)
    for name in ("shopify_orders_79.csv", "shopify_inventory_2026-09-30.csv"):
        shutil.copy(FIXTURES / name, exports)
    settings = "name: Brume\ncurrency: EUR\ntimezone: Europe/Paris\n"
    (home / "data" / "brume" / "client.yml").write_text(settings)
    return home


def goulot(home: Path, *words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GOULOT_HOME": str(home), "COLUMNS": "160"}
    return subprocess.run(
        [GOULOT, *words], env=environment, text=True, capture_output=True, input=answer, timeout=120
    )


def is_one_paragraph(text: str) -> bool:
    """Prose of a few lines, and no traceback."""
    return bool(text.strip()) and "Traceback" not in text


def test_check_shows_the_ledger_and_what_each_step_can_answer(home):
    done = goulot(home, "check", "brume")
    assert done.returncode == 0, done.stderr
    assert "Shopify orders" in done.stdout
    assert "286.00" in done.stdout
    assert "Every row and every cent" in done.stdout
    assert "Advertising spend by day" in done.stdout


def test_check_says_which_columns_a_file_does_without(capsys):
    row = {"file": "a.csv", "duplicates_as": {}, "ignored_as": {"blank": 2}, "quarantined": 0}
    row |= {"absent": [], "converted": {}, "stand_ins": {}}
    rows = [
        row | {"absent": ["Tags", "Source"], "stand_ins": {"Link clicks": "Clicks (all)"}},
        row | {"converted": {"USD": "1048.1000"}},
    ]
    print_reasons(rows, "brume")
    assert capsys.readouterr().out.splitlines() == [
        "Ignored in a.csv: 2 blank.",
        "In a.csv, 'Clicks (all)' stands in for 'Link clicks', which is not there.",
        "Not in a.csv, and done without: Tags, Source.",
        "Ignored in a.csv: 2 blank.",
        "Converted in a.csv: 1,048.10 USD.",
    ]


def test_sql_answers_as_csv_and_only_reads(home):
    goulot(home, "check", "brume")
    done = goulot(home, "sql", "brume", "select count(*) as orders from canonical.orders")
    assert done.stdout.split() == ["orders", "6"]
    refused = goulot(home, "sql", "brume", "drop table marts.quarter_kpi")
    assert refused.returncode == 1
    assert is_one_paragraph(refused.stderr)


def test_sql_before_any_build_says_what_to_type(home):
    other = home / "data" / "other"
    other.mkdir()
    (other / "client.yml").write_text("name: O\ncurrency: EUR\ntimezone: Europe/Paris\n")
    done = goulot(home, "sql", "other", "select 1")
    assert done.returncode == 1
    assert "goulot check other" in done.stderr


def test_new_makes_a_folder_whose_settings_can_be_read(home):
    assert goulot(home, "new", "lampe-noire", "--kind", "saas").returncode == 0
    done = goulot(home, "check", "lampe-noire")
    assert done.returncode == 1
    assert "exports is empty" in done.stderr
    again = goulot(home, "new", "lampe-noire")
    assert again.returncode == 2
    assert "is there already" in again.stderr


@pytest.mark.parametrize("name", ["../brume", "a b", "", "-x!"])
def test_new_refuses_a_name_that_is_no_folder(home, name):
    before = sorted(home.rglob("*"))
    assert goulot(home, "new", "--", name).returncode == 2
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "brune"], "Did you mean brume?"),
        (["report", "brume", "--quarter", "2026Q9"], "as in 2026Q3"),
        (["report", "brume", "--quarter", "2031Q1"], "Choose 2026Q3 to 2026Q4"),
        (["report", "brume", "--language", "de"], "write fr or en"),
        (["report", "brume", "-p", "spike_multiplyer=3"], "has no parameter 'spike_multiplyer'"),
    ],
)
def test_a_mistake_is_one_paragraph_and_exit_code_one(home, words, said):
    done = goulot(home, *words)
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert is_one_paragraph(done.stderr)


def test_wrong_usage_is_exit_code_two(home):
    assert goulot(home, "report").returncode == 2
    assert goulot(home, "report", "brume", "-p", "novalue").returncode == 2


def test_forget_asks_and_then_removes_what_was_derived(home):
    goulot(home, "check", "brume")
    folder = home / "data" / "brume"
    assert "Nothing was removed" in goulot(home, "forget", "brume", answer="n\n").stdout
    assert (folder / "build" / "current").is_file()
    assert goulot(home, "forget", "brume", "--yes").returncode == 0
    assert not (folder / "build").exists()
    assert (folder / "exports" / "shopify_orders_79.csv").is_file()
    shutil.copytree(folder, home / "data" / "gone")
    assert goulot(home, "forget", "gone", "--all", "--yes").returncode == 0
    assert not (home / "data" / "gone").exists()
