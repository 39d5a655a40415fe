"""Exports to marts: against one bare pass of DuckDB, against pandas, and as the export grows."""

import itertools
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clock import Ratio, Run, run

HERE = Path(__file__).parent
GIB = 1 << 30
SETTINGS = """name: Bench
currency: EUR
timezone: Europe/Paris
economics: {gross_margin: 0.6, payment_fee: 0.015}
capacity: {fulfillment: {cost_per_order: 4.0}}
"""


@dataclass(frozen=True)
class Sized:
    """What one length of the export cost: the floor, ours, ours again, and pandas."""

    lines: int
    floor: Run
    ours: Run
    again: Run
    pandas: Run


def measure(millions: Sequence[float]) -> list[Ratio]:
    """The bars of an import for exports of that many million order lines, smallest first."""
    sizes = [_sized(int(n * 1e6)) for n in sorted(millions)]
    ratios = [ratio for size in sizes for ratio in _bars(size)]
    for small, large in itertools.pairwise(sizes):
        ratios += _growth(small, large)
    return ratios


def _sized(lines: int) -> Sized:
    with tempfile.TemporaryDirectory(prefix="goulot-bench-") as folder:
        home = Path(folder)
        exports = home / "data" / "bench" / "exports"
        exports.mkdir(parents=True)
        (home / "data" / "bench" / "client.yml").write_text(SETTINGS, encoding="utf-8")
        source = exports / "orders_export_1.csv"
        run(HERE / "shopify_lines.py", source, lines)
        floor = run(HERE / "floor_duckdb.py", source, home / "floor.parquet")
        where = {"GOULOT_HOME": str(home)}
        ours = run(HERE / "ours_import.py", "bench", environment=where)
        again = run(HERE / "ours_import.py", "bench", environment=where)
        os.remove(home / "floor.parquet")
        pandas = run(HERE / "pandas_import.py", source, home)
    return Sized(lines, floor, ours, again, pandas)


def _bars(size: Sized) -> list[Ratio]:
    name = f"import, {size.lines / 1e6:g} M lines"
    seconds, peak = size.ours.seconds, size.ours.peak / GIB
    return [
        Ratio(f"{name}: time", seconds, "one DuckDB pass", size.floor.seconds, "s", 2.5),
        Ratio(f"{name}: time", seconds, "pandas script", size.pandas.seconds, "s", 0.5),
        Ratio(f"{name}: peak memory", peak, "pandas script", size.pandas.peak / GIB, "GiB", 0.5),
        Ratio(f"{name}: peak memory", peak, "1 GiB", 1.0, "GiB", 3.0),
        Ratio(f"{name}: again, nothing changed", size.again.seconds, "1 second", 1.0, "s", 2.0),
    ]


def _growth(small: Sized, large: Sized) -> list[Ratio]:
    """Time per line and peak memory of the larger export against the smaller one's."""
    name = f"import, {small.lines / 1e6:g} M → {large.lines / 1e6:g} M lines"
    per_line = [1e6 * size.ours.seconds / size.lines for size in (large, small)]
    peaks = [size.ours.peak / GIB for size in (large, small)]
    return [
        Ratio(f"{name}: µs a line", per_line[0], "the smaller", per_line[1], "µs", 1.0),
        Ratio(f"{name}: peak memory", peaks[0], "the smaller", peaks[1], "GiB", 1.5),
    ]
