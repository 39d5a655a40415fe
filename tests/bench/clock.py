"""One command as a process of its own: how long it took and how much memory it held at most."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

KIB = 1024 if sys.platform != "darwin" else 1  # unit of ru_maxrss


@dataclass(frozen=True)
class Run:
    """``seconds`` of wall time, ``peak`` bytes of resident memory."""

    seconds: float
    peak: int


@dataclass(frozen=True)
class Ratio:
    """What was measured against what: ``ours / other`` must not be above ``bar``.

    ``unit`` is "s", "GiB" or "" for what both sides are measured in; a bar that is not a ratio has
    ``other`` 1 and says so in ``against``.
    """

    what: str
    ours: float
    against: str
    other: float
    unit: str
    bar: float

    @property
    def value(self) -> float:
        return self.ours / self.other

    @property
    def holds(self) -> bool:
        return self.value <= self.bar


def run(script: Path, *words: object, environment: dict[str, str] | None = None) -> Run:
    """Run a Python script to its end. Raises RuntimeError, with what it said, if it fails."""
    command = [sys.executable, str(script), *map(str, words)]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=os.environ | (environment or {}), stdout=subprocess.PIPE, text=True
    )
    with process.stdout as output:
        said = output.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{script.name} {words} failed: {said}")
    return Run(time.perf_counter() - start, usage.ru_maxrss * KIB)


def as_json(ratios: list[Ratio]) -> str:
    return json.dumps([vars(r) | {"ratio": r.value, "holds": r.holds} for r in ratios], indent=1)


def as_table(ratios: list[Ratio]) -> str:
    """Lines of fixed width, widest first column."""
    rows = [("what", "ours", "against", "other", "ratio", "bar", "")]
    for r in ratios:
        sides = [f"{side:.2f} {r.unit}".strip() for side in (r.ours, r.other)]
        ok = "holds" if r.holds else "MISSED"
        rows.append((r.what, sides[0], r.against, sides[1], f"{r.value:.2f}", f"{r.bar:g}", ok))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
