"""The layers of the project: what a module may import, and what a pure one may not touch."""

import ast
import re
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lib" / "goulot"
MODULES = sorted(PACKAGE.rglob("*.py"))

BASE = {"errors", "fields"}
MAY_IMPORT = {
    "errors": set(),
    "fields": set(),
    "tables": BASE,
    "quarter": BASE,
    "cells": set(),
    "findings": BASE | {"IPython"},
    "ledger": BASE | {"cells", "quarter", "steps"},
    "words": set(),
    "language": BASE | {"words", "quarter", "findings", "babel"},
    "levers": {"pydantic"},
    "timezones": set(),
    "weekdays": set(),
    "lift_tests": BASE | {"pydantic"},
    "planned": BASE | {"pydantic"},
    "pasting": {"yaml"},
    "service": BASE | {"pydantic"},
    "settings": BASE
    | {"levers", "lift_tests", "pasting", "timezones", "weekdays", "planned", "service"}
    | {"pydantic", "yaml"},
    "client": BASE | {"settings"},
    "newclient": BASE | {"tables"},
    "exports": BASE
    | {"cells", "tables", "timezones", "planned", "settings", "duckdb", "pydantic", "yaml"}
    | {"openpyxl", "babel"},
    "warehouse": BASE | {"tables", "duckdb", "pandas", "sqlglot"},
    "build": BASE | {"tables", "client", "exports", "warehouse", "duckdb"},
    "casestudy": BASE | {"build", "client", "language", "tables", "warehouse", "duckdb", "yaml"},
    "asking": BASE | {"exports", "language", "steps"},
    "session": BASE
    | {
        "asking",
        "build",
        "client",
        "settings",
        "language",
        "ledger",
        "quarter",
        "steps",
        "warehouse",
        "duckdb",
        "pandas",
    },
    "terminal": {"rich"},
    "lab": BASE | {"client", "nbformat", "jupyterlab", "jupyter_core"},
    "methods": BASE | {"numpy", "pandas", "scipy"},
    "steps": BASE
    | {"cells", "quarter", "weekdays", "findings", "methods", "numpy", "pandas", "scipy"},
    "sentences": BASE | {"cells", "quarter", "findings", "language", "steps"},
    "charts": BASE
    | {"quarter", "findings", "language", "steps", "sentences", "altair", "pandas"}
    | {"IPython"},
    "bundle": {"vl_convert", "markupsafe"},
    "widgets": BASE
    | {"bundle", "language", "steps", "charts", "sentences", "IPython", "altair", "anywidget"}
    | {"traitlets", "pandas"},
    "reports": BASE
    | {"findings", "language", "quarter", "session", "charts", "altair", "babel", "jinja2"}
    | {"nbconvert"}
    | {"nbformat", "nbclient", "papermill", "vl_convert", "pandas", "markupsafe", "jupyter_client"}
    | {"traitlets", "mistune", "client", "build", "tables", "ipykernel", "jupyter_core", "words"}
    | {
        "bundle",
        "casestudy",
        "cells",
        "timezones",
        "fields",
        "ledger",
        "steps",
        "typst",
        "widgets",
        "xlsxwriter",
    },
    "demo": BASE | {"tables", "client", "numpy", "pandas", "openpyxl", "scipy", "yaml"},
}
PURE = {"methods", "steps", "sentences", "charts", "quarter", "tables", "fields", "errors"}
NEVER_IN_A_PURE_LAYER = {"os", "io", "pathlib", "random", "subprocess", "time", "secrets", "glob"}
CLOCKS = {"today", "now", "utcnow"}


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Top-level packages a module imports; ours by layer: ``goulot.steps.x`` is ``steps``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write absolute imports, so that the layer shows"
            names += [f"{node.module}.{a.name}" for a in node.names]
    return {n.split(".")[1] if n.startswith("goulot.") else n.split(".")[0] for n in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_layer_may(path):
    layer = layer_of(path)
    if layer in {"__init__", "cli"}:
        return
    standard = sys.stdlib_module_names - (NEVER_IN_A_PURE_LAYER if layer in PURE else set())
    assert imports(path) - {layer, "__version__"} - standard <= MAY_IMPORT[layer]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nobody_imports_the_commands(path):
    assert "cli" not in imports(path)


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if layer_of(path) in PURE],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_a_pure_module_reads_no_clock_opens_no_file_and_draws_no_unseeded_number(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = f"{path.name}:{node.lineno}"
        assert name not in CLOCKS | {"open", "read_text", "read_csv", "read_parquet"}, place
        if name == "default_rng":
            assert node.args, f"{place}: give the generator a seed"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_module_fits_on_a_few_screens(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 300 or "300 lines:" in "\n".join(lines[:12]), (
        "split it, or let a line of its docstring say why not (300 lines: …)"
    )


def test_charts_name_the_channel_of_an_encoding():
    """Altair looks through its whole schema for the class of ``x="week:T"``: 5 ms each time."""
    written = re.compile(r'\b\w+="\w+:[NQOT]"|=alt\.(value|when|datum)\(')
    for path in sorted((PACKAGE / "charts").glob("*.py")):
        found = written.search(path.read_text(encoding="utf-8"))
        assert not found, (
            f"{path.name}: {found[0]}: write alt.X(…), alt.YValue(…), alt.ColorValue(…)"
        )
