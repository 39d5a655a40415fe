"""BG/NBD on CDNOW's 23,570 customers: our fit beside pymc-marketing's maximum a posteriori.

pymc-marketing is installed for this bench only, in an environment of its own under the temporary
folder; where it cannot be had, the bench says so and holds our fit to its second. The full file
(CDNOW_master.txt, brucehardie.com) is read from where GOULOT_CDNOW says, or from ../shared/data;
without it the published sample's 2,357 customers are taken ten times over.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
from clock import Ratio
from goulot.methods.purchases import BgNbd, fit_bg_nbd

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "data"
THEIRS = "pymc-marketing<1"
CALIBRATION_ENDS = (9, 30)  # of the first year: 39 weeks
REPEATS = 5
SECOND = 1.0
INSTALL_SECONDS = 900


def measure() -> list[Ratio]:
    """Our seconds against theirs, and against one second; parameters side by side on stderr."""
    told, rows = customers()
    ours, model = fastest(rows)
    found = [Ratio(f"BG/NBD, {told}", ours, "one second", SECOND, "s", 1.0)]
    theirs = pymc_map(rows)
    if theirs is None:
        return found
    names = ("r", "alpha", "a", "b")
    for name in names:
        say(f"  {name:6} ours {getattr(model, name):.4f}  theirs {theirs[name]:.4f}")
    return [*found, Ratio("BG/NBD, the same fit", ours, "pymc-marketing's MAP",
                          theirs["seconds"], "s", 1.0)]  # fmt: skip


def customers() -> tuple[str, np.ndarray]:
    """What they are, and frequency, recency and age [weeks], a row per customer."""
    place = Path(os.environ.get("GOULOT_CDNOW") or SHARED / "CDNOW_master.txt")
    if place.is_file():
        rows = histories(place)
        return f"{len(rows):,} customers of CDNOW", rows
    with (SHARED / "cdnow_customers_summary.csv").open(newline="") as file:
        sample = [
            [float(row[name]) for name in ("frequency", "recency", "T")]
            for row in csv.DictReader(file)
        ]
    return "CDNOW's sample ten times over (the full file is not here)", np.tile(sample, (10, 1))


def histories(place: Path) -> np.ndarray:
    """Of the master file: customer, day, CDs and dollars in columns of blanks."""
    days: dict[str, set[int]] = {}
    for line in place.read_text(encoding="ascii").splitlines():
        if parts := line.split():
            day = date(int(parts[1][:4]), int(parts[1][4:6]), int(parts[1][6:]))
            days.setdefault(parts[0], set()).add(day.toordinal())
    first_year = date.fromordinal(min(map(min, days.values()))).year
    end = date(first_year, *CALIBRATION_ENDS).toordinal()
    known = [sorted(day for day in bought if day <= end) for bought in days.values()]
    return np.array([[len(d) - 1, (d[-1] - d[0]) / 7, (end - d[0]) / 7] for d in known if d])


def fastest(rows: np.ndarray) -> tuple[float, BgNbd]:
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        model = fit_bg_nbd(*rows.T)
        taken.append(time.perf_counter() - start)
    return min(taken), model


def pymc_map(rows: np.ndarray) -> dict[str, float] | None:
    """Seconds and parameters of their fit; None where the package cannot be had."""
    folder = Path(tempfile.gettempdir()) / f"goulot-bench-pymc-{os.getuid()}"
    python = folder / "bin" / "python"
    try:
        if not python.is_file():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", THEIRS], check=True,
                           timeout=INSTALL_SECONDS)  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="goulot-bench-") as temporary:
            data = Path(temporary) / "customers.csv"
            np.savetxt(data, rows, delimiter=",")
            command = [python, str(HERE / "pymc_bg_nbd.py"), str(data)]
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS
            )
    except (subprocess.SubprocessError, OSError) as error:
        say(f"  pymc-marketing cannot be had or run here, so that nothing is compared: {error}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def say(text: str) -> None:
    print(text, file=sys.stderr)
