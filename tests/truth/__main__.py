"""``make truth``: every measure over its worlds and several seeds, as a table and a report.

python tests/truth [--seeds 1 2 3] [--only constraint …]
"""

import argparse
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from harness import Measure, lived, measures

REPORT = Path(__file__).parents[2] / "reports" / "truth.md"
HEADER = """# Held against the truth

Simulated companies whose truth is known (`goulot demo --list`), through the same exports, build
and steps as any client. Written by `make truth`; a row that falls short says why.

"""
COLUMNS = ("step", "what", "world", "asked", "found", "90 % interval", "cases", "met", "why not")


def run(seeds: Sequence[int], only: Sequence[str]) -> list[Measure]:
    """All rows. Worlds are simulated two at a time, then the modules are run two at a time."""
    chosen = [m for m in measures() if not only or m.__name__.removeprefix("measure_") in only]
    wanted = sorted({(world, seed) for m in chosen for world in m.WORLDS for seed in seeds})
    with ProcessPoolExecutor(max_workers=2) as pool:
        list(pool.map(_live, wanted))
        return [
            row for rows in pool.map(_measure, [(m.__name__, seeds) for m in chosen])
            for row in rows
        ]  # fmt: skip


def _live(case: tuple[str, int]) -> None:
    lived(*case)
    lived.cache_clear()


def _measure(task: tuple[str, Sequence[int]]) -> list[Measure]:
    """The rows of one module; one that breaks is a row that says so."""
    name, seeds = task
    module = next(m for m in measures() if m.__name__ == name)
    try:
        return module.measure(lived, seeds)
    except Exception as error:
        traceback.print_exc()
        broken = {"target": "runs to its end", "value": 0.0, "ok": False, "note": repr(error)}
        return [Measure(step=name.removeprefix("measure_"), what="measured", world="", **broken)]


def table(rows: Sequence[Measure]) -> str:
    """The rows as a Markdown table."""
    lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    lines += [
        _line((m.step, m.what, m.world, m.target, number(m.value), _interval(m), str(m.n),
               "yes" if m.ok else "**no**", m.note))
        for m in rows
    ]  # fmt: skip
    return "\n".join(lines)


def number(value: float) -> str:
    """Three significant digits; thousands whole."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _interval(row: Measure) -> str:
    if row.low is None or row.high is None:
        return ""
    return f"{number(row.low)} … {number(row.high)}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    began = time.perf_counter()
    rows = run(given.seeds, given.only)
    short = sum(not row.ok for row in rows)
    closing = f"{len(rows)} rows, {short} fall short; seeds {', '.join(map(str, given.seeds))}."
    print(table(rows))
    print(f"\n{closing} {time.perf_counter() - began:.0f} s")
    if not given.only:
        REPORT.write_text(f"{HEADER}{table(rows)}\n\n{closing}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
