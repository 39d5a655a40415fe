"""JupyterLab as ``goulot lab`` starts it, for a browser to open."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = "from goulot.cli import main; main()"


@contextmanager
def running_lab(home: Path, client: str, *, patience: float = 60) -> Iterator[dict[str, Any]]:
    """The server's ``url`` and ``token``, and what it ``said``; nothing of the user's own is read.

    Raises RuntimeError where it is not up after ``patience`` seconds.
    """
    with (
        tempfile.TemporaryDirectory(prefix="goulot-") as folder,
        open(f"{folder}/said", "w") as log,
    ):
        own = {
            f"JUPYTER{name}_DIR": f"{folder}/{name.lower()}"
            for name in ("_RUNTIME", "_CONFIG", "_DATA", "LAB_WORKSPACES", "LAB_SETTINGS")
        }
        server = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "lab", client, "--no-browser"],
            env=os.environ | own | {"GOULOT_HOME": str(home)},
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            info = _when_up(Path(own["JUPYTER_RUNTIME_DIR"]), server, patience)
            address = f"http://127.0.0.1:{info['port']}/"
            yield info | {"url": address, "said": Path(folder, "said")}
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _when_up(runtime: Path, server: subprocess.Popen, patience: float) -> dict[str, Any]:
    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(path.read_text())
            except ValueError:  # being written
                break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab is not up; exit code {server.poll()}")


def run_all(page: Any, server: dict[str, Any], notebook: str) -> None:
    """Open a notebook in a workspace of its own, run all its cells, and wait for its panel."""
    idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
    workspace = notebook.partition("_")[0]
    page.goto(f"{server['url']}lab/workspaces/{workspace}/tree/{notebook}?token={server['token']}")
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator:not([data-status="idle"])')
    page.wait_for_selector(idle)  # the kernel is there
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".goulot-panel[data-shown]")
    page.wait_for_selector(idle)
