"""Kernels that need not import anything: forked from a Python that has imported it all.

A report runs eight notebooks, each in a kernel of its own, and most of a kernel's start are the
same imports. ``ForkServer`` is one process that makes them once and then forks, so that a kernel
is still a process of its own: it shares no state, can be killed, and may crash alone.

Only on Linux: macOS does not promise that a forked process works, Windows cannot fork.
Source: the "forkserver" of Python's multiprocessing, which would run the caller's script again.
"""

import ast
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from goulot.reports.rehearsal import rehearse

# Empty counts as unset. Without bytecode imports are 2-10 times slower.
CURES = {"PYTHONDONTWRITEBYTECODE": "", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
AVAILABLE = sys.platform == "linux"
_KERNEL = "ipykernel.kernelapp"


@contextmanager
def serving(notebooks: Iterable[Path]) -> Iterator["ForkServer | None"]:
    """A server for these notebooks, which is importing meanwhile; None where one cannot fork."""
    if not AVAILABLE:
        yield None
        return
    server = ForkServer(imported_by(notebooks))
    try:
        yield server
    finally:
        server.end()


def imported_by(notebooks: Iterable[Path]) -> list[str]:
    """The modules that notebooks import, sorted; a cell that is not plain Python names none."""
    names: set[str] = set()
    for path in notebooks:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                names |= _imported("".join(cell["source"]))
    return sorted(names)


def _imported(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


class ForkServer:
    """A process that has imported ``modules`` and forks kernels; it ends with this one."""

    def __init__(self, modules: Iterable[str]) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *modules],
            env={**os.environ, **CURES},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for us, who end it
        )

    def fork(self, arguments: list[str], environment: Mapping[str, str], folder: str) -> "Forked":
        """A kernel that was given ``arguments`` and works in ``folder``.

        Raises
        ------
        ChildProcessError
            The server has ended.
        """
        request = {"arguments": arguments, "environment": dict(environment), "folder": folder}
        with self._lock:
            if not (reply := self._answer(json.dumps(request))):
                raise ChildProcessError("The process from which kernels are forked has ended.")
        return Forked(int(reply))

    def _answer(self, request: str) -> str:
        if self._process.poll() is not None:
            return ""
        self._process.stdin.write(f"{request}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class Forked:
    """A process that is not our child, as ``subprocess.Popen`` would show it.

    Its parent, the server, does not collect it, so that its number is given to nobody else.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it runs; then 0: how it ended is known to its parent only."""
        if self.returncode is None and select.select([self._handle], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._handle], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(["kernel"], timeout or 0.0)
            self._ended()
        return 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self) -> None:
        self.returncode = 0
        os.close(self._handle)


def _serve(modules: Iterable[str]) -> None:
    """Import, rehearse, then fork a kernel for each line, until nobody can ask any more."""
    for name in (_KERNEL, *modules):
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # the notebook that imports it will say so
    rehearse()
    gc.collect()
    gc.freeze()  # a kernel's collector need not touch, and thereby copy, what is shared
    replies = os.dup(1)
    os.dup2(2, 1)  # what a kernel prints is no reply
    for line in sys.stdin:
        request = json.loads(line)
        if pid := os.fork():
            os.write(replies, f"{pid}\n".encode())
        else:
            os.close(replies)
            _become_kernel(**request)


def _become_kernel(arguments: list[str], environment: dict[str, str], folder: str) -> NoReturn:
    os.setsid()
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)  # instead of the requests to the server
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    with_parent = f"--IPKernelApp.parent_handle={os.getppid()}"  # it ends when its parent does
    try:
        sys.modules[_KERNEL].launch_new_instance([*arguments, with_parent])
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1:])
