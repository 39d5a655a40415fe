"""Run notebooks by papermill, some at a time, each in a kernel of its own."""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from goulot.errors import GoulotError, NotebookError
from goulot.reports.asked import parameters_by_notebook
from goulot.reports.fork_server import ForkServer

Progress = Callable[[str, str], None]  # notebook, "running" or "done"
_KERNEL = "python3"
LAST = frozenset({"08_quarterly_review"})


@dataclass(frozen=True)
class Executed:
    """A notebook that ran to its end, with its outputs; ``name`` is its file without suffix."""

    name: str
    notebook: nbformat.NotebookNode


def run_notebooks(
    paths: Sequence[Path],
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    environment: Mapping[str, str],
    workers: int = 3,  # on two cores: a kernel that starts or ends mostly waits
    timeout: float = 600,
    progress: Progress | None = None,
    before_last: Callable[[list[Executed]], None] | None = None,
    server: ForkServer | None = None,
) -> list[Executed]:
    """Run each notebook with those ``parameters`` that it knows (``parameters_by_notebook``); the
    notebooks stay as they are.

    A notebook that reads what the others found (``LAST``) runs when they are done, after
    ``before_last`` was called with them.

    ``folder`` is where the kernels work, ``environment`` what is set in them beyond this process's
    own, ``timeout`` the seconds that one cell may take, ``server`` where kernels are forked (None:
    each is started anew). A parameter that no notebook knows is a ParameterError, before anything
    runs. The first notebook that stops ends the others and is a NotebookError.
    """
    notebooks = [(path.stem, nbformat.read(path, as_version=4)) for path in paths]
    chosen = parameters_by_notebook(dict(notebooks), parameters)
    from goulot.reports.kernel import Kernels

    tell = progress or (lambda _name, _state: None)
    with (
        tempfile.TemporaryDirectory(prefix="goulot-") as scratch,
        Kernels(Path(scratch), environment, server) as kernels,
        ThreadPoolExecutor(workers) as pool,
    ):

        def run_all(books: Sequence[tuple[str, nbformat.NotebookNode]]) -> list[Executed]:
            runs = [
                pool.submit(_run, name, notebook, chosen[name], folder, kernels, timeout, tell)
                for name, notebook in reversed(books)  # the later steps take longer
            ]
            for run in as_completed(runs):
                run.result()
            return [run.result() for run in runs][::-1]

        try:
            done = run_all([book for book in notebooks if book[0] not in LAST])
            if before_last:
                before_last(done)
            return done + run_all([book for book in notebooks if book[0] in LAST])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.kill()
            raise


def _run(
    name: str,
    notebook: nbformat.NotebookNode,
    parameters: Mapping[str, Any],
    folder: Path,
    kernels: Any,
    timeout: float,
    tell: Progress,
) -> Executed:
    tell(name, "running")
    at: dict[str, Any] = {}

    def starting(cell: nbformat.NotebookNode, cell_index: int) -> None:
        if kernels.are_ended:
            raise NotebookError(f"Notebook {name} was ended with the others.")
        at.update(cell=cell)

    try:
        ran = _execute(notebook, parameters, folder, kernels.manager, timeout, starting)
    except GoulotError:
        raise
    except Exception as error:
        raise stopped(name, at.get("cell"), parameters, error, timeout) from error
    tell(name, "done")
    return Executed(name, ran)


def _execute(
    notebook: nbformat.NotebookNode,
    parameters: Mapping[str, Any],
    folder: Path,
    manager: type,
    timeout: float,
    starting: Callable[[nbformat.NotebookNode, int], None],
) -> nbformat.NotebookNode:
    """What ``papermill.execute_notebook`` does, without writing the notebook out cell by cell and
    at the end, which for a notebook that no file is asked of is work for nothing."""
    from jupyter_core.utils import ensure_event_loop
    from papermill.engines import papermill_engines
    from papermill.execute import raise_for_execution_errors
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    asked = load_notebook_node(notebook)
    if parameters:
        asked = parameterize_notebook(
            asked, dict(parameters), kernel_name=_KERNEL, language="python"
        )
    with asyncio.Runner(loop_factory=ensure_event_loop) as loop:
        loop.get_loop()  # the one that nbclient finds in this thread, so that it is closed after
        ran = papermill_engines.execute_notebook_with_engine(
            None,
            asked,
            _KERNEL,
            progress_bar=False,
            autosave_cell_every=0,
            execution_timeout=timeout,
            shutdown_kernel="immediate",
            kernel_manager_class=manager,
            resources={"metadata": {"path": str(folder)}},
            on_cell_start=starting,
        )
    raise_for_execution_errors(ran, None)
    return ran


def stopped(
    name: str,
    cell: nbformat.NotebookNode | None,
    parameters: Mapping[str, Any],
    error: Exception,
    timeout: float,
) -> NotebookError:
    """Which notebook, which cell, which input, and what the error itself says."""
    where = f"Notebook {name} stopped"
    if cell is not None:
        first_line = next(iter(cell.source.strip().splitlines()), "")
        where += f" at cell {cell.get('id', '?')} ({first_line})"
    given = ", ".join(f"{key}={value!r}" for key, value in parameters.items())
    stopped_at = NotebookError(
        f"{where}, with {given}. {reason(error, timeout)} The last report is still there."
    )
    stopped_at.add_note("\n".join(getattr(error, "traceback", [])))
    return stopped_at


def reason(error: Exception, timeout: float) -> str:
    """The error's own paragraph: ours as it was written, others with their kind."""
    kind, text = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", "")
    if kind in _our_errors():
        return text
    if kind == "CellTimeoutError":
        return f"It had not finished after {timeout:g} seconds."
    if kind == "DeadKernelError":
        return "Its Python process ended, most often for want of memory."
    first = next(iter((text or str(error)).strip().splitlines()), "")
    return f"{kind}: {first}."


def _our_errors() -> set[str]:
    names, todo = set(), [GoulotError]
    while todo:
        kind = todo.pop()
        names.add(kind.__name__)
        todo += kind.__subclasses__()
    return names
