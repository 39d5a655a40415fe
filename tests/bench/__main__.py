"""Speed and memory as ratios, each with its bar, measured in one run: ``make bench``.

Usage: python tests/bench [PART …] [--millions 1 10]. Exit code 1 where a bar is missed.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bench_import
import bench_lifetimes
import bench_panels
import bench_quarantine
import bench_report
import bench_spikes
from clock import as_table

PARTS = {
    "import": lambda options: bench_import.measure(options.millions),
    "quarantine": lambda _options: bench_quarantine.measure(),
    "panels": lambda _options: bench_panels.measure(),
    "spikes": lambda _options: bench_spikes.measure(),
    "report": lambda _options: bench_report.measure(),
    "lifetimes": lambda _options: bench_lifetimes.measure(),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--millions", nargs="+", type=float, default=[1, 10], help="order lines")
    options = parser.parse_args()
    ratios = [ratio for part in options.parts for ratio in PARTS[part](options)]
    print(as_table(ratios))
    return 0 if all(ratio.holds for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
