"""JupyterLab for one client: notebooks of the client's own, nothing fetched and nothing sent."""

import hashlib
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import nbformat

from goulot.client import Client

OURS = Path(__file__).parent / "jupyter"  # jupyter_lab_config.json
_CLIENT = re.compile(r'^(client: str = )"[^"]*"', re.MULTILINE)
_LONGEST_SOCKET = 100  # characters of a socket's path that every system takes
_SOCKET_NAME = len("/kernel-01234567-0123-0123-0123-0123456789ab-ipc-5")


@dataclass(frozen=True)
class Copies:
    """A client's notebooks: ``fresh`` were written now; ``outdated`` are edited copies of which
    Goulot has a newer version by now."""

    fresh: tuple[str, ...]
    outdated: tuple[str, ...]

    def told(self, client: str) -> str:
        lines = [f"JupyterLab works in data/{client}/notebooks. Ctrl+C ends it."]
        lines += [
            f"{name} is as you edited it; Goulot has a newer one by now. To get that one, rename "
            f"yours and type goulot lab {client} again."
            for name in self.outdated
        ]
        return "\n".join(lines)


def copy_notebooks(client: Client, notebooks: Sequence[Path]) -> Copies:
    """Copy ``notebooks`` to ``data/<client>/notebooks/``, the client's name in their parameters.

    A copy whose cells are as they were written follows Goulot's; a copy that was edited is kept.
    """
    folder = client.notebooks_folder
    folder.mkdir(exist_ok=True)
    fresh, outdated = [], []
    for path in notebooks:
        book = _for_client(nbformat.read(path, as_version=4), client.name)
        written, now = _stamps(folder / path.name)
        if written == book.metadata["goulot"]["cells"]:
            continue
        if now == written:
            nbformat.write(book, folder / path.name)
            fresh.append(path.name)
        else:
            outdated.append(path.name)
    return Copies(tuple(fresh), tuple(outdated))


def _for_client(book: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    for cell in book.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = _CLIENT.sub(lambda line: line[1] + json.dumps(name), cell.source)
    book.metadata["goulot"] = {"cells": _stamp(book)}
    return book


def _stamp(book: nbformat.NotebookNode) -> str:
    sources = [[cell.cell_type, cell.source] for cell in book.cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def _stamps(path: Path) -> tuple[str, str]:
    """Of a copy: its cells as they were written, and as they are now; equal where there is none."""
    if not path.exists():
        return "", ""
    try:
        book = nbformat.read(path, as_version=4)
    except (ValueError, nbformat.ValidationError):
        return "", "unreadable"
    return book.metadata.get("goulot", {}).get("cells", ""), _stamp(book)


def start(client: Client, *, port: int | None, open_browser: bool) -> None:
    """Run JupyterLab on the client's notebooks until it is stopped. A taken port ends it."""
    _prepare_environment(client)
    from jupyterlab.labapp import LabApp

    options = [*server_options(client), f"--ServerApp.open_browser={open_browser}"]
    if port:
        options += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    sys.argv = ["jupyter-lab"]  # the commands' own words are not for Lab
    LabApp.launch_instance(argv=options)


def server_options(client: Client) -> list[str]:
    """A workspace for each client, so that the tabs of one do not open over another's notebooks.

    The access token stays as JupyterLab makes it.
    """
    first = "00_intake.ipynb"
    return [
        f"--ServerApp.root_dir={client.notebooks_folder}",
        f"--LabApp.default_url=/lab/workspaces/{quote(client.name)}/tree/{first}",
        *_transport(),
    ]


def _transport() -> list[str]:
    """Sockets that only this user can read, where the system has them and the path is not long."""
    from jupyter_core.paths import jupyter_runtime_dir

    fits = len(jupyter_runtime_dir()) + _SOCKET_NAME <= _LONGEST_SOCKET
    return ["--KernelManager.transport=ipc"] if os.name == "posix" and fits else []


def _prepare_environment(client: Client) -> None:
    """For Lab: ours before the user's own settings and kernels, no news, update checks or extension
    catalogue. For the kernels: this workbench, and bytecode (without it imports are 2-10 times
    slower)."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(OURS), others]))
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    os.environ["GOULOT_HOME"] = str(client.home)
