"""The files beside the page: results.json for programs, manifest.json, notebooks as executed."""

import hashlib
import json
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from goulot import __version__
from goulot.client import CHECKOUT
from goulot.quarter import Quarter
from goulot.reports.collect import Collected
from goulot.reports.run import Executed

_PACKAGES = ("altair", "babel", "duckdb", "nbclient", "numpy", "pandas", "papermill", "scipy")
_FINDING_KEYS = ("value", "low", "high", "unit", "basis", "bound", "probability", "note")


def results(client: str, quarter: Quarter, collected: Collected) -> bytes:
    """results.json of DESIGN §9: the same to the byte for the same inputs and version."""
    return _json(
        {
            "client": client,
            "quarter": str(quarter),
            "goulot": __version__,
            "findings": {
                name: {key: found[key] for key in _FINDING_KEYS if key in found}
                for name, found in collected.findings.items()
            },
            "recommendations": collected.recommendations,
            "missing": collected.missing,
        }
    )


def manifest(
    client: str,
    quarter: Quarter,
    parameters: Mapping[str, Any],
    build: Mapping[str, Any],
    notebooks: Sequence[Path],
) -> bytes:
    """manifest.json: what went into the report, so that it can be made again."""
    return _json(
        {
            "client": client,
            "quarter": str(quarter),
            "parameters": dict(parameters),
            "build": {key: value for key, value in build.items() if key != "ledger"},
            "ledger": [dict(row) for row in build.get("ledger", [])],
            "notebooks": {path.name: _fingerprint(path) for path in notebooks},
            "versions": {
                "goulot": __version__,
                "python": platform.python_version(),
                **{package: version(package) for package in _PACKAGES},
            },
        }
    )


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _json(content: Any) -> bytes:
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False, default=str
    )
    return (text + "\n").encode()


def executed_notebook(ran: Executed) -> bytes:
    """The notebook with its outputs, without what papermill adds, log lines and machine paths."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            key: ran.notebook.metadata[key]
            for key in ("kernelspec", "language_info")
            if key in ran.notebook.metadata
        }
    )
    notebook.cells = [
        _clean(cell)
        for cell in ran.notebook.cells
        if "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    notebook.nbformat_minor = 5
    return (_without_paths(nbformat.writes(notebook)) + "\n").encode()


def _clean(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    cell = nbformat.from_dict({**cell, "metadata": {"tags": cell.metadata.get("tags", [])}})
    if not cell.metadata["tags"]:
        cell.metadata = {}
    if "outputs" in cell:
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return cell


def _without_paths(text: str) -> str:
    """JSON text in which the folders of this machine are an ellipsis."""
    for folder in sorted({str(CHECKOUT), sys.prefix, str(Path.home())}, key=len, reverse=True):
        if len(folder) > 1:
            quoted = json.dumps(folder)[1:-1]
            text = re.sub(re.escape(quoted) + r"(?=[/\\\"'\s:])", "…", text)
    return text
