"""Kernels of a report: forked or started anew, each is a process of its own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest
from goulot.errors import NotebookError
from goulot.reports import fork_server
from goulot.reports.fork_server import ForkServer, imported_by, serving
from goulot.reports.run import run_notebooks

forks = pytest.mark.skipif(not fork_server.AVAILABLE, reason="this system does not fork safely")
ways = pytest.mark.parametrize("forked", [pytest.param(True, marks=forks), False])


def run(folder: Path, *sources: str, forked: bool = True, **options):
    """The outputs of notebooks of one cell each, in kernels forked or not."""
    paths = []
    for number, source in enumerate(sources):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        paths.append(folder / f"{number:02}_test.ipynb")
        nbformat.write(notebook, paths[-1])
    options = {"environment": {}, "folder": folder, **options}
    with serving(paths) if forked else nullcontext() as server:
        ran = run_notebooks(paths, {}, server=server, **options)
    return ["".join(out.text for out in each.notebook.cells[0].outputs) for each in ran]


@ways
def test_a_kernel_has_its_folder_and_its_environment(tmp_path, forked):
    source = "import os\nprint(os.getcwd(), os.environ['GOULOT_HOME'], 'PATH' in os.environ)"
    (said,) = run(tmp_path, source, environment={"GOULOT_HOME": "here"}, forked=forked)
    assert said.split() == [str(tmp_path), "here", "True"]


@ways
def test_no_state_leaks_from_one_notebook_to_another(tmp_path, forked):
    source = "import json, os\nprint(hasattr(json, 'mine'), os.environ.get('MINE'))"
    leave = f"{source}\njson.mine = 1\nos.environ['MINE'] = '1'"
    assert run(tmp_path, *[leave] * 4, forked=forked) == ["False None\n"] * 4


@ways
def test_a_kernel_that_crashes_stops_the_report_with_a_sentence(tmp_path, forked):
    with pytest.raises(NotebookError, match="Its Python process ended"):
        run(tmp_path, "import os; os._exit(1)", forked=forked)


@ways
def test_a_cell_that_takes_too_long_stops_the_report(tmp_path, forked):
    with pytest.raises(NotebookError, match="not finished after 1 seconds"):
        run(tmp_path, "import time; time.sleep(30)", timeout=1, forked=forked)


@ways
def test_a_module_that_is_not_there_is_the_notebooks_error(tmp_path, forked):
    with pytest.raises(NotebookError, match=r"ModuleNotFoundError.*no_such_module"):
        run(tmp_path, "import no_such_module", forked=forked)


@forks
def test_imports_are_made_once_for_all(tmp_path, monkeypatch):
    (tmp_path / "slow_to_import.py").write_text("import os\nMADE_BY = os.getpid()\n")
    source = "import os, slow_to_import\nprint(slow_to_import.MADE_BY, os.getpid())"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    said = [line.split() for line in run(tmp_path, source, source)]
    makers, kernels = zip(*said, strict=True)
    assert len(set(makers)) == 1
    assert len(set(kernels)) == 2
    assert not set(makers) & set(kernels)


def test_modules_are_those_that_the_cells_import(tmp_path):
    cells = ["import os.path as p, json", "from goulot import charts", "%matplotlib inline"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbformat.write(notebook, tmp_path / "x.ipynb")
    modules = ["goulot", "goulot.charts", "json", "os.path"]
    assert imported_by([tmp_path / "x.ipynb"]) == modules


@forks
def test_a_forked_process_is_told_apart_alive_and_ended(tmp_path):
    server = ForkServer([])
    try:
        forked = server.fork(["-f", str(tmp_path / "connection.json")], dict(os.environ), ".")
        assert forked.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            forked.wait(0.1)
        forked.kill()
        assert forked.wait(10) == 0
        assert forked.poll() == 0
        forked.kill()  # nobody is hit: it has ended
    finally:
        server.end()
    with pytest.raises(ChildProcessError, match="has ended"):
        server.fork([], {}, ".")


@forks
def test_nothing_is_left_running_when_a_report_is_killed(tmp_path):
    script = tmp_path / "report.py"
    script.write_text(
        "import os, sys, time\n"
        "from goulot.reports.fork_server import ForkServer\n"
        "server = ForkServer([])\n"
        "kernel = server.fork(['-f', sys.argv[1]], dict(os.environ), '.')\n"
        "print(kernel.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, script, tmp_path / "connection.json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as report:
        kernel = int(report.stdout.readline())
        _wait_for(tmp_path / "connection.json")
        report.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _runs(kernel) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _runs(kernel)


@forks
def test_an_interrupt_at_the_keyboard_does_not_reach_the_server():
    server = ForkServer([])
    try:
        assert os.getsid(server._process.pid) != os.getsid(0)
    finally:
        server.end()


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.1)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
