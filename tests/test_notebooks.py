"""The notebooks as they are committed: stories that define nothing and keep no client's numbers."""

import ast
from pathlib import Path

import nbformat
import pytest
from goulot.reports.asked import known_parameters

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    book = nbformat.read(request.param, as_version=4)
    nbformat.validate(book)
    return book


def code(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_no_outputs_are_committed(notebook):
    assert not [c.id for c in code(notebook) if c.outputs or c.execution_count]


def test_cells_are_few_short_and_named(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(identifier.replace("-", "").isalpha() for identifier in ids)
    assert len(code(notebook)) <= 25
    assert max(len(cell.source.splitlines()) for cell in code(notebook)) <= 15


def test_a_notebook_defines_nothing_and_computes_nothing(notebook):
    for cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.BinOp)
            assert getattr(node, "attr", "") not in {"merge", "apply", "groupby", "pivot"}


def test_parameters_are_typed_commented_and_begin_alike(notebook):
    (cell,) = [c for c in code(notebook) if "parameters" in c.metadata.get("tags", [])]
    assert list(known_parameters(notebook))[:3] == ["client", "quarter", "language"]
    for line in cell.source.splitlines():
        assert ":" in line.split("=")[0]
        assert "  # " in line
