"""Rows that cannot be used, by the million: memory does not grow with them."""

import tempfile
from pathlib import Path

from bench_import import SETTINGS
from clock import Ratio, Run, run

HERE = Path(__file__).parent
GIB = 1 << 30
MILLIONS = (1, 4)


def measure() -> list[Ratio]:
    """Peak memory of an import of four times as many bad rows against that of the fewer."""
    few, many = (_run(int(n * 1e6)) for n in MILLIONS)
    name = f"quarantine, {MILLIONS[0]} M → {MILLIONS[1]} M rows: peak memory"
    return [Ratio(name, many.peak / GIB, "the smaller", few.peak / GIB, "GiB", 1.5)]


def _run(lines: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="goulot-bench-") as folder:
        exports = Path(folder) / "data" / "bench" / "exports"
        exports.mkdir(parents=True)
        (exports.parent / "client.yml").write_text(SETTINGS, encoding="utf-8")
        run(HERE / "bad_lines.py", exports / "orders.csv", lines)
        ours = run(HERE / "ours_import.py", "bench", environment={"GOULOT_HOME": folder})
        with (exports.parent / "build" / "quarantine.csv").open("rb") as kept:
            assert sum(1 for _ in kept) == lines, "not every bad row was kept"
    return ours
