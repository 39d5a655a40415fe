"""``data/<client>/ledger.csv``: what each report predicted, what was done, what happened.

The report appends; a person sets ``status`` (open, done, declined) in a spreadsheet. A report that
is made again replaces its own rows and keeps the statuses.
"""

import csv
import io
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, get_args

from goulot.cells import as_written, defused
from goulot.errors import SettingsError, closest
from goulot.quarter import Quarter
from goulot.steps.predictions import Predicted, Status, judged, predictions_of

COLUMNS = tuple(field.name for field in fields(Predicted))
_NUMBERS = {"effect", "effect_low", "effect_high", "now", "low", "high", "happened"}
_STATUSES = get_args(Status)


def read_ledger(path: Path) -> list[Predicted]:
    """The rows of a ledger; none where there is no file yet.

    A spreadsheet may have saved it with semicolons and decimal commas.

    Raises
    ------
    SettingsError
        A column is missing, a status is unknown or a number cannot be read.
    """
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8-sig")
    delimiter = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    found = set(rows[0]) if rows else set(COLUMNS)
    if missing := [name for name in COLUMNS if name not in found]:
        raise SettingsError(
            f"{path.name} has no column {missing[0]!r}. Goulot wrote it with {len(COLUMNS)} "
            "columns: put the column back, or move the file away to begin a new ledger."
        )
    return [_row(path, number, row) for number, row in enumerate(rows, start=2)]


def _row(path: Path, number: int, row: Mapping[str, str]) -> Predicted:
    values: dict[str, Any] = {name: as_written((row[name] or "").strip()) for name in COLUMNS}
    values["status"] = values["status"].lower() or "open"
    if values["status"] not in _STATUSES:
        near = closest(values["status"], _STATUSES) or "open"
        raise SettingsError(
            f"{path.name}, row {number}: status {row['status']!r} is not one of "
            f"{', '.join(_STATUSES)}; did you mean {near}?"
        )
    for name in _NUMBERS:
        try:
            values[name] = float(values[name].replace(",", ".")) if values[name] else None
        except ValueError:
            raise SettingsError(
                f"{path.name}, row {number}: {name} {row[name]!r} is not a number. Write it with "
                "a point, as in 1240.5, or leave the cell empty."
            ) from None
    return Predicted(**values)


def after_report(
    ledger: Sequence[Predicted],
    quarter: Quarter,
    recommendations: Sequence[Mapping[str, Any]],
    findings: Mapping[str, Mapping[str, Any]],
    steps: Collection[str],
) -> list[Predicted]:
    """The ledger once the report of ``quarter`` is made: last quarter's rows judged, its own anew.

    Statuses that a person set stay; so do a row that was acted on and is no longer predicted, and
    the rows of steps that are not among those that the report asked.
    """
    verdicts = {(p.quarter, p.id): p for p in judged(ledger, quarter, findings)}
    kept = [verdicts.get((p.quarter, p.id), p) for p in ledger if p.quarter != str(quarter)]
    before = {p.id: p for p in ledger if p.quarter == str(quarter)}
    new = {p.id: p for p in predictions_of(quarter, recommendations, findings)}
    mine = [replace(p, status=before[p.id].status) if p.id in before else p for p in new.values()]
    gone = [p for p in before.values() if p.id not in new]
    mine += [p for p in gone if p.status != "open" or p.step not in steps]
    return sorted([*kept, *mine], key=lambda p: (p.quarter, p.kind, p.id))


def write_ledger(path: Path, ledger: Sequence[Predicted]) -> None:
    """Write the ledger whole or not at all; text that looks like a formula is defused."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow(COLUMNS)
    for predicted in ledger:
        cells = asdict(predicted)
        write.writerow(["" if cells[c] is None else defused(cells[c]) for c in COLUMNS])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(out.getvalue(), encoding="utf-8")
    os.replace(beside, path)
