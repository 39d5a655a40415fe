"""Files that a notebook leaves for whoever acts: by a plain name, once."""

import nbformat
import pytest
from goulot.errors import NotebookError
from goulot.findings import FILE
from goulot.reports.left_files import left_files
from goulot.reports.run import Executed


def ran(*names: str) -> Executed:
    outputs = [
        nbformat.v4.new_output("display_data", data={FILE: {"name": name, "text": "é"}})
        for name in names
    ]
    cell = nbformat.v4.new_code_cell("", id="files", outputs=outputs)
    return Executed("06_marketing_calendar", nbformat.v4.new_notebook(cells=[cell]))


def test_files_go_under_actions_as_they_were_written():
    assert left_files([ran("b.csv", "a.ics")]) == {
        "actions/a.ics": "é".encode(),
        "actions/b.csv": "é".encode(),
    }


@pytest.mark.parametrize("name", ["../report.html", "a/b.csv", "", ".hidden", "a\nb.csv"])
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(NotebookError, match="plain name"):
        left_files([ran(name)])


def test_two_files_of_one_name_are_refused():
    with pytest.raises(NotebookError, match="second time"):
        left_files([ran("a.csv"), ran("a.csv")])
