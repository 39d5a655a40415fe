"""The examples in docstrings are run: a document that can be checked is checked."""

import doctest
import importlib
from pathlib import Path

import pytest

LIB = Path(__file__).parents[1] / "lib"
MODULES = sorted(p for p in LIB.rglob("*.py") if ">>>" in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(LIB)))
def test_the_examples_of_a_module_are_true(path):
    parts = path.relative_to(LIB).with_suffix("").parts
    module = importlib.import_module(".".join(p for p in parts if p != "__init__"))
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
