"""What was asked of a report: which steps, and with which parameters."""

import ast
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from goulot.errors import ParameterError, closest
from goulot.steps.needs import STEPS, StepNeeds

Parameters = Mapping[str, Any]
# Kind of a parameter, as its notebook assigns it → the kinds of value that it takes.
_KINDS = (
    (bool, (bool,), "true or false"),
    (int, (int,), "a whole number"),
    (float, (int, float), "a number"),
    (str, (str,), "a text"),
)


def known_parameters(notebook: nbformat.NotebookNode) -> dict[str, Any]:
    """Name → default of every parameter that the notebook's ``parameters`` cell assigns."""
    known = {}
    for cell in notebook.cells:
        if "parameters" not in cell.metadata.get("tags", []):
            continue
        for node in ast.parse(cell.source).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", 0)]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            known |= dict.fromkeys(names, _literal(getattr(node, "value", None)))
    return known


def _literal(node: ast.expr | None) -> Any:
    try:
        return ast.literal_eval(node) if node is not None else None
    except ValueError:
        return ast.unparse(node)


def chosen_notebooks(
    paths: Sequence[Path], wanted: str = "", steps: Sequence[StepNeeds] = STEPS
) -> list[Path]:
    """The notebooks of the ``wanted`` steps; all of them where none is named.

    ``wanted`` names steps by the number of their notebook or by name, with commas: "1,3", "spikes".

    Raises
    ------
    ParameterError
        There is no such step.
    """
    names = [word.strip() for word in wanted.split(",") if word.strip()]
    if not names:
        return list(paths)
    picked = {_picked(name, [path.stem for path in paths], steps) for name in names}
    return [path for path in paths if path.stem in picked]


def _picked(name: str, notebooks: Collection[str], steps: Sequence[StepNeeds]) -> str:
    """The notebook that ``name`` means: ``3``, ``03``, ``spikes`` or ``03_demand_spikes``."""
    by_name = {step.step: step.notebook for step in steps if step.notebook in notebooks}
    by_name |= {notebook: notebook for notebook in notebooks}
    by_name |= {notebook[:2].lstrip("0") or "0": notebook for notebook in notebooks}
    found = by_name.get(name.casefold()) or by_name.get(name.lstrip("0"))
    if found:
        return found
    near = closest(name, [word for word in by_name if not word.isdigit()])
    numbers = ", ".join(sorted(word for word in by_name if word.isdigit()))
    hint = f"did you mean {near}?" if near else f"write one of {numbers}."
    raise ParameterError(
        f"--steps: this client has no step {name!r}; {hint} Several go with commas, as in "
        "--steps 1,3."
    )


def parameters_by_notebook(
    notebooks: Mapping[str, nbformat.NotebookNode],
    asked: Parameters,
    steps: Sequence[StepNeeds] = STEPS,
) -> dict[str, dict[str, Any]]:
    """For each notebook the parameters to run it with.

    ``asked`` has plain names, which go to every notebook that knows them, and names of one step,
    ``spikes.multiplier``, which go to its notebook alone and come before plain ones.

    Raises
    ------
    ParameterError
        No notebook knows a name (the message has the closest one), or a value is of another kind
        than the parameter's own.
    """
    known = {name: known_parameters(notebook) for name, notebook in notebooks.items()}
    owners = {step.step: step.notebook for step in steps if step.notebook in notebooks}
    full = {
        f"{step}.{name}": (notebook, name)
        for step, notebook in owners.items()
        for name in known[notebook]
    }
    plain = set().union(*known.values())
    for name, value in asked.items():
        place, own = full.get(name, (None, name))
        for notebook in [place] if place else [n for n in known if own in known[n]]:
            _refuse_other_kind(name, value, known[notebook][own])
    chosen: dict[str, dict[str, Any]] = {
        notebook: {name: value for name, value in asked.items() if name in names}
        for notebook, names in known.items()
    }
    for name, value in asked.items():
        if name in full:
            notebook, parameter = full[name]
            chosen[notebook][parameter] = value
        elif name not in plain:
            of_step = {other for other in full if other.split(".")[0] == name.split(".")[0]}
            raise ParameterError.unknown(name, of_step or plain, what=_where(known))
    return chosen


def _refuse_other_kind(name: str, value: Any, own: Any) -> None:
    """A number where a number stands, and so on: see ``_KINDS``."""
    for kind, accepted, called in _KINDS:
        if isinstance(own, kind):
            if type(value) not in accepted:
                raise ParameterError(
                    f"{name}={value!r} is not {called}. Write it like the one that stands there, "
                    f"as in --parameter {name}={_written(own)}"
                )
            return


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) or "2026Q2"


def _where(notebooks: Collection[str]) -> str:
    only = next(iter(notebooks), "")
    return f"Notebook {only}" if len(notebooks) == 1 else f"A report of {len(notebooks)} notebooks"
