"""What the notebooks left for the report: findings, recommendations and gaps, sorted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from goulot.errors import NotebookError
from goulot.findings import FINDING, MISSING, RECOMMENDATION
from goulot.reports.run import Executed

Content = dict[str, Any]


@dataclass(frozen=True)
class Collected:
    """Findings by name; recommendations by id; gaps by step and export; who left which.

    ``notebook_of`` is by the name of a finding, ``acts`` and ``gaps`` hold what each notebook left.
    """

    findings: dict[str, Content]
    recommendations: list[Content]
    missing: list[Content]
    notebook_of: dict[str, str]
    acts: dict[str, list[Content]] = field(default_factory=dict)
    gaps: dict[str, list[Content]] = field(default_factory=dict)

    def findings_of(self, notebook: str) -> dict[str, Content]:
        return {n: f for n, f in self.findings.items() if self.notebook_of[n] == notebook}


def collect(executed: Sequence[Executed]) -> Collected:
    """Gather what was recorded; a finding recorded twice or not a number is a NotebookError."""
    findings: dict[str, Content] = {}
    notebook_of: dict[str, str] = {}
    for notebook, content in _left(executed, FINDING):
        name = content.pop("name")
        if name in findings:
            raise NotebookError(
                f"Finding {name} is recorded twice, in notebook {notebook_of[name]} and in "
                f"{notebook}: a name says one thing. Record it once, or add a slug to the name."
            )
        _refuse_endless(name, content, notebook)
        findings[name], notebook_of[name] = content, notebook
    return Collected(
        findings=dict(sorted(findings.items())),
        recommendations=sorted(_once(_left(executed, RECOMMENDATION)), key=lambda r: r["id"]),
        missing=sorted(_once(_left(executed, MISSING)), key=lambda m: (m["step"], m["export"])),
        notebook_of=notebook_of,
        acts=_by_notebook(_left(executed, RECOMMENDATION)),
        gaps=_by_notebook(_left(executed, MISSING)),
    )


def _by_notebook(left: Iterator[tuple[str, Content]]) -> dict[str, list[Content]]:
    contents: dict[str, list[Content]] = {}
    for notebook, content in left:
        contents.setdefault(notebook, []).append(content)
    return contents


def _left(executed: Sequence[Executed], mime: str) -> Iterator[tuple[str, Content]]:
    for ran in executed:
        for cell in ran.notebook.cells:
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield ran.name, dict(output["data"][mime])


def _once(left: Iterator[tuple[str, Content]]) -> list[Content]:
    """The contents without repetition: two notebooks may miss the same export."""
    contents: list[Content] = []
    for _, content in left:
        if content not in contents:
            contents.append(content)
    return contents


def _refuse_endless(name: str, content: Content, notebook: str) -> None:
    """Jupyter sends NaN and infinity as text, which no reader of results.json could use."""
    for part in ("value", "low", "high", "probability"):
        if str(content.get(part)).lower() in ("nan", "inf", "-inf", "infinity", "-infinity"):
            raise NotebookError(
                f"Finding {name} of notebook {notebook} has {part}={content[part]}: say that it "
                "is not known with Figure.unknown(unit, note)."
            )
