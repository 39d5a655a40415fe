"""The files of a report: what a client's text could do in them, and that they are whole."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import nbformat
import pytest
from goulot.charts.frames import TABLE
from goulot.client import NOTEBOOKS
from goulot.errors import ParameterError
from goulot.findings import FINDING, RECOMMENDATION
from goulot.language import Language
from goulot.quarter import Quarter
from goulot.reports.action_files import action_files
from goulot.reports.answers import interval
from goulot.reports.asked import chosen_notebooks, known_parameters, parameters_by_notebook
from goulot.reports.collect import collect
from goulot.reports.contents import Cover, contents
from goulot.reports.page import render
from goulot.reports.paper import paper
from goulot.reports.pictures import unbound
from goulot.reports.publish import publish
from goulot.reports.run import Executed
from goulot.reports.sections import section
from goulot.reports.sheets import sheets
from goulot.reports.workbook import workbook
from goulot.steps.needs import StepNeeds
from openpyxl import load_workbook

HOSTILE = ["<script>alert(1)</script>", '=HYPERLINK("http://x")', "#strong[*a*] $x$ \\ `b`", "+1-2"]
NUMBERS = {"sku": HOSTILE, "revenue": [-1234.5, 2.0, 3.25, 4.0], "late_share": [0.1, 0.2, 0.3, 1.0]}
CHART = {
    "mark": "bar",
    "title": HOSTILE[0],
    "data": {"name": "rows"},
    "datasets": {"rows": [{"what": text, "y": n} for n, text in enumerate(HOSTILE)]},
    "encoding": {
        "x": {"field": "what", "type": "nominal", "title": "Product"},
        "y": {"field": "y", "type": "quantitative", "title": "Orders"},
    },
    "params": [{"name": "p", "value": 1, "bind": {"input": "range"}}],
}


def output(mime: str, content: dict) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data={mime: content})


@pytest.fixture(scope="module")
def executed() -> list[Executed]:
    """A notebook whose table, chart, finding and recommendation hold text that would do harm."""
    kinds = {"sku": "text", "revenue": "number", "late_share": "number"}
    table = {
        "columns": [{"name": name, "kind": kind} for name, kind in kinds.items()],
        "rows": [list(row) for row in zip(*NUMBERS.values(), strict=True)],
        "count": 4,
    }
    finding = {"name": "feedback.late_share.x", "value": 0.25, "unit": "share", "basis": "observed"}
    act = {
        "id": "feedback.a",
        "step": "feedback",
        "owner": "customer service",
        "action": HOSTILE[1],
        "effect": -12.5,
        "low": -20.0,
        "high": -5.0,
        "unit": "EUR/week",
        "due": "2026-10-01",
    }
    chart = "application/vnd.vegalite.v5+json"
    outputs = [output(TABLE, table), output(chart, CHART), output(FINDING, finding)]
    outputs += [output(RECOMMENDATION, act), output("text/markdown", f"**{HOSTILE[2]}**")]
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# What of late parcels?\n\n## By product", id="a"),
            nbformat.v4.new_code_cell("", id="b", outputs=outputs),
        ]
    )
    return [Executed("04_feedback_loops", notebook)]


def test_a_text_under_which_nothing_is_shown_is_left_out():
    """A shop's questions are not asked of a company that sends no parcels."""
    cells = []
    said = {"# Question": "answer", "## Shown": "evidence", "## Silent": "", "## Text alone": None}
    for number, (text, shown) in enumerate(said.items()):
        cells.append(nbformat.v4.new_markdown_cell(text, id=f"text-{number}"))
        if shown is not None:
            outputs = [output("text/markdown", shown)]
            cells.append(nbformat.v4.new_code_cell("", id=f"code-{number}", outputs=outputs))
    ran = [Executed("05_lifetime_value", nbformat.v4.new_notebook(cells=cells))]
    made = section(ran[0], collect(ran), Language("en"), "#0b6e4f")
    texts = [block.content.text for block in made.blocks]
    assert texts == ["## Shown", "evidence", "## Text alone"]
    assert (made.title, made.answer.text) == ("Question", "answer")


@pytest.fixture(scope="module", params=["fr", "en"])
def language(request) -> Language:
    return Language(request.param)


@pytest.fixture(scope="module")
def made(executed, language):
    cover = Cover(HOSTILE[0], Quarter(2026, 3), date(2026, 9, 30), consultant=HOSTILE[2])
    return contents(cover, executed, collect(executed), [], language)


def test_text_of_the_client_is_text_on_the_page(made, language):
    page = render(made, language)
    assert HOSTILE[0] not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_text_of_the_client_is_text_on_paper(made, language, tmp_path):
    (tmp_path / "report.pdf").write_bytes(paper(made, language))
    words = ["pdftotext", "-layout", tmp_path / "report.pdf", "-"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    said = said.replace("\u200b", "")
    for text in HOSTILE[:3]:
        assert text in said
    assert b"/URI" not in (tmp_path / "report.pdf").read_bytes()


def test_the_pdf_is_tagged_titled_and_the_same_to_the_byte(made, language, tmp_path):
    pdf = paper(made, language)
    assert pdf == paper(made, language)
    (tmp_path / "report.pdf").write_bytes(pdf)
    command = ["pdfinfo", tmp_path / "report.pdf"]
    info = subprocess.run(command, capture_output=True, text=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    assert HOSTILE[0] in info
    assert b"pdfuaid" in pdf


def test_a_text_that_the_font_cannot_show_still_makes_a_pdf(executed):
    cover = Cover("日本 🕯", Quarter(2026, 3), date(2026, 9, 30))
    language = Language("en")
    pdf = paper(contents(cover, executed, collect(executed), [], language), language)
    assert pdf.startswith(b"%PDF")


def test_the_workbook_has_native_numbers_units_and_no_formula(executed, language):
    tables = sheets(executed, collect(executed), [], language)
    first = workbook(tables, date(2026, 9, 30), language)
    assert first == workbook(tables, date(2026, 9, 30), language)
    assert b"<f>" not in b"".join(zipfile.ZipFile(io.BytesIO(first)).read(n) for n in names(first))
    book = load_workbook(io.BytesIO(first))
    assert len(book.sheetnames) == len(tables)
    page = book[next(name for name in book.sheetnames if name.startswith("04"))]
    assert [page.cell(n, 1).value for n in range(2, 6)] == HOSTILE
    assert {page.cell(n, 1).data_type for n in range(2, 6)} == {"s"}
    assert page["B2"].value == -1234.5
    assert "€" in page["B2"].number_format
    assert page["C2"].number_format == "0.0%"
    assert page.freeze_panes == "B2"


def names(book: bytes) -> list[str]:
    return [
        n for n in zipfile.ZipFile(io.BytesIO(book)).namelist() if n.startswith("xl/worksheets")
    ]


def test_each_team_gets_its_list_with_formulas_defused(executed, language):
    files = action_files(collect(executed).recommendations, language)
    (content,) = files.values()
    assert set(files) == {"actions/customer_service.csv"}
    delimiter = ";" if language.code == "fr" else ","
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))
    assert rows[1][1] == f"'{HOSTILE[1]}"
    assert rows[1][2] == ("-12,50" if language.code == "fr" else "-12.50")


def test_an_interval_says_a_unit_behind_both_ends_once():
    found = {"value": 98.0, "low": 90.0, "high": 110.0, "unit": "EUR/week"}
    assert interval(found, Language("fr")) == "90 à 110\xa0€"
    assert interval(found, Language("en")) == "€90 to €110"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.0, 1083.9, "€0 to €1,084"), (31.7, 33.2, "€31.7 to €33.2"), (0.5, 1.0, "€0.50 to €1.00")],
)
def test_an_interval_is_no_more_precise_than_its_larger_end(low, high, said):
    found = {"value": 56.04, "low": low, "high": high, "unit": "EUR"}
    assert interval(found, Language("en")) == said


def test_a_chart_on_paper_has_nothing_to_move():
    assert unbound(CHART)["params"] == [{"name": "p", "value": 1}]


# what was asked


STEPS = (
    StepNeeds("constraint", "01_constraint_audit", "?", ()),
    StepNeeds("spikes", "03_demand_spikes", "?", ()),
)
PATHS = [Path(f"{n}.ipynb") for n in ("00_intake", "01_constraint_audit", "03_demand_spikes")]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ("", "00 01 03"),
        ("1,3", "01 03"),
        (" 03 ", "03"),
        ("spikes", "03"),
        ("0,Constraint", "00 01"),
    ],
)
def test_steps_are_named_by_number_or_name(wanted, numbers):
    chosen = chosen_notebooks(PATHS, wanted, STEPS)
    assert [path.stem[:2] for path in chosen] == numbers.split()


@pytest.mark.parametrize(("wanted", "said"), [("spike", "did you mean spikes"), ("7", "0, 1, 3")])
def test_a_step_that_is_not_there_is_named_with_the_closest(wanted, said):
    with pytest.raises(ParameterError, match=said):
        chosen_notebooks(PATHS, wanted, STEPS)


def with_parameters(*lines: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[cell])


BOOKS = {
    "01_constraint_audit": with_parameters("seed: int = 1"),
    "03_demand_spikes": with_parameters("seed: int = 1", "multiplier: float = 5.0"),
}


def test_a_parameter_of_one_step_goes_to_its_notebook_alone():
    asked = {"seed": 7, "spikes.seed": 9, "spikes.multiplier": 8}
    assert parameters_by_notebook(BOOKS, asked, STEPS) == {
        "01_constraint_audit": {"seed": 7},
        "03_demand_spikes": {"seed": 9, "multiplier": 8},
    }
    assert known_parameters(BOOKS["03_demand_spikes"]) == {"seed": 1, "multiplier": 5.0}


@pytest.mark.parametrize(
    ("name", "guess"), [("spikes.multiplyer", "spikes.multiplier"), ("sead", "seed")]
)
def test_a_mistyped_parameter_is_named_with_the_closest(name, guess):
    with pytest.raises(ParameterError, match=f"Did you mean '{guess}'"):
        parameters_by_notebook(BOOKS, {name: 1}, STEPS)


# published whole or not at all

PUBLISHING = """
import sys
from pathlib import Path
from goulot.reports.publish import publish
for n in range(1_000_000):
    publish({f"{k}.txt": str(n).encode() * 1000 for k in range(40)}, Path(sys.argv[1]))
    print(n, flush=True)
"""


@pytest.mark.parametrize("moment", [0.0, 0.003, 0.011, 0.029, 0.05])
def test_a_publication_killed_at_any_moment_leaves_a_whole_report(tmp_path, moment):
    target = tmp_path / "2026Q3"
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISHING, target], stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    time.sleep(moment)
    process.kill()
    process.communicate()
    texts = {path.read_text() for path in target.iterdir()}
    assert len(list(target.iterdir())) == 40
    assert len(texts) == 1


def test_what_another_run_takes_away_in_between_stops_nothing(tmp_path):
    (tmp_path / ".2026Q3.new-gone").symlink_to(tmp_path / "nowhere")  # seen, and not there
    assert (publish({"a.txt": b"1"}, tmp_path / "2026Q3") / "a.txt").read_bytes() == b"1"


def test_two_publications_at_once_leave_one_of_them_whole(tmp_path):
    target = tmp_path / "2026Q3"
    code = PUBLISHING.replace("1_000_000", "40")
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code, target],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]
    assert said == ["", ""]
    assert len({path.read_text() for path in target.iterdir()}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["2026Q3"]


def test_results_hold_hostile_text_as_json(executed):
    found = json.dumps(collect(executed).recommendations)
    assert json.loads(found)[0]["action"] == HOSTILE[1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"spikes.multiplier": "abc"}, "is not a number.* as in --parameter spikes.multiplier=10.0"),
     ({"scenarios": 2.5}, "scenarios=2.5 is not a whole number"), ({"seed": True}, "seed=True"),
     ({"compare": 2026}, "compare=2026 is not a text.*2026Q2")],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_before_anything_runs(asked, said):
    books = {
        path.stem: nbformat.read(path, as_version=4)
        for path in (NOTEBOOKS / f"{n}.ipynb" for n in ("03_demand_spikes", "08_quarterly_review"))
    }
    with pytest.raises(ParameterError, match=said):
        parameters_by_notebook(books, asked)
    assert parameters_by_notebook(books, {"spikes.multiplier": 8, "compare": "2026Q2"})
