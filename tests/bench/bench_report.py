"""The demo's report, from exports to files, against kernels that only import what ours import."""

import tempfile
import time
from pathlib import Path

import nbformat
import papermill.execute  # noqa: F401 - both sides find it imported
from clock import Ratio
from goulot.build import ensure_build
from goulot.client import NOTEBOOKS, Client
from goulot.demo import write_demo
from goulot.reports.fork_server import serving
from goulot.reports.report import Asked, write_report
from goulot.reports.run import run_notebooks
from goulot.session import session_of

BAR = 1.3
WHOLE_BAR = 2.0  # our own: the floor has no PDF and no workbook to make
IMPORTS = """from goulot import charts, findings, sentences, widgets
from goulot.session import open_session"""


def measure() -> list[Ratio]:
    """Nothing cached: the demo's exports are read, built and reported; then the floor, which has
    neither a PDF nor a workbook to make."""
    with tempfile.TemporaryDirectory(prefix="goulot-bench-") as folder:
        home = Path(folder)
        write_demo(home / "data" / "demo", world="shop", seed=1)
        page, files = _report(home)
        floor = _floor(home, len(_notebooks()))
    other = "the same kernels, importing only, and nbconvert"
    return [
        Ratio("demo report, exports to HTML", page, other, floor, "s", BAR),
        Ratio("demo report, exports to every file", files, other, floor, "s", WHOLE_BAR),
    ]


def _notebooks() -> list[Path]:
    return [path for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if "saas" not in path.stem]


def _report(home: Path) -> tuple[float, float]:
    """Seconds until the page is made, and until every file is."""
    start, told = time.perf_counter(), {}

    def progress(text: str) -> None:
        told[text] = time.perf_counter() - start

    client = Client.load("demo", home)
    with serving(_notebooks()) as server:
        session = session_of(client, ensure_build(client))
        write_report(session, _notebooks(), Asked(), progress=progress, server=server)
    return told["drawing the PDF"], time.perf_counter() - start


def _floor(home: Path, count: int) -> float:
    """That many kernels, two at a time, that import what a notebook of ours imports; then HTML."""
    from nbconvert import HTMLExporter

    paths = []
    for number in range(count):
        cells = [nbformat.v4.new_code_cell(IMPORTS)]
        paths.append(home / f"{number:02}_floor.ipynb")
        nbformat.write(nbformat.v4.new_notebook(cells=cells), paths[-1])
    start = time.perf_counter()
    environment = {"GOULOT_HOME": str(home)}
    executed = run_notebooks(paths, {}, folder=home, environment=environment, workers=2)
    for ran in executed:
        HTMLExporter().from_notebook_node(ran.notebook)
    return time.perf_counter() - start
