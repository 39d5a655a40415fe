"""One file to typed rows: a Parquet file of what its rows say, and a count of all the others.

The fast road is one strict pass of DuckDB's CSV reader; a file it refuses goes through
``records.rewrite`` first. Either way every record of the file ends as a row that is loaded,
ignored for a stated reason, or quarantined with column, value and reason.
"""

import hashlib
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from goulot.errors import ExportError
from goulot.exports.detect import Recognised
from goulot.exports.dialect import open_bytes
from goulot.exports.evidence import decide_marks
from goulot.exports.records import BrokenRow, Census, rewrite
from goulot.exports.refusals import other_currency
from goulot.exports.rows_sql import literal, rows_query

SCAN_CHUNK = 8 << 20


@dataclass(frozen=True)
class Quarantined:
    """A row that could not be used: where, which column and value, and why."""

    file: str
    row: int
    column: str
    value: str
    reason: str
    cells: str = ""


@dataclass(frozen=True)
class FileRead:
    """What one file held. ``rows`` = ``kept`` + sum of ``ignored`` + ``quarantined``."""

    file: str
    format: str
    title: str
    rows: int
    kept: int
    ignored: dict[str, int]
    first_day: str
    last_day: str
    quarantine: list[Quarantined] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class ReadContext:
    """What a file's rows are read against: the client's currency, zone and key secret."""

    currency: str
    zone: str
    secret: str


def file_digest(path: Path) -> tuple[str, bool]:
    """SHA-256 of the file's bytes, and whether it holds blank lines or NULs (the careful road)."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(SCAN_CHUNK):
            digest.update(chunk)
    return digest.hexdigest(), _is_odd(path)


def _is_odd(path: Path) -> bool:
    tail = b""
    try:
        with open_bytes(path) as stream:
            while chunk := stream.read(SCAN_CHUNK):
                seam = tail + chunk
                if any(mark in seam for mark in (b"\n\n", b"\n\r\n", b"\0")):
                    return True
                tail = chunk[-2:]
    except (OSError, EOFError):
        return True
    return False


def read_file(
    connection: duckdb.DuckDBPyConnection,
    found: Recognised,
    context: ReadContext,
    target: Path,
    *,
    careful: bool,
) -> FileRead:
    """Write the file's typed rows to ``target`` (Parquet) and say what became of every record.

    Raises
    ------
    ExportError
        Dates that can be read two ways, or money in a currency without a rate.
    """
    if found.currency and found.currency != context.currency:
        raise other_currency(found.name, found.currency, context.currency)
    with tempfile.TemporaryDirectory(prefix="goulot-") as folder:
        census = Census(preamble=found.dialect.skip)
        if careful or found.dialect.encoding not in ("utf-8", "utf-8-sig"):
            source, census = _rewritten(found, Path(folder))
        else:
            source = csv_source(found.path, found)
        try:
            _write_rows(connection, source, found, context, target)
        except duckdb.InvalidInputException:
            source, census = _rewritten(found, Path(folder))
            _write_rows(connection, source, found, context, target)
    _refuse(connection, found, target)
    return _summary(connection, found, target, census)


def _refuse(connection: duckdb.DuckDBPyConnection, found: Recognised, target: Path) -> None:
    """Raise ExportError where a row shows that the file cannot serve, by a rule of its format."""
    if not found.spec.refuse:
        return
    rows = connection.execute(
        f"select refused, count(*), min({row_number_sql(found)})"
        f" from read_parquet({literal(target)}, file_row_number=true)"
        " where refused is not null group by 1 order by 1"
    ).fetchall()
    for rule, count, first in rows:
        raise ExportError(
            f"{found.name}: {found.spec.refuse[rule].say} Nothing was loaded from it "
            f"(rows: {count:,}, the first is row {first})."
        )


def _rewritten(found: Recognised, folder: Path) -> tuple[str, Census]:
    clean = folder / "rows.csv"
    census = rewrite(found.path, found.dialect, clean, pad=found.spec.pad)
    return rewritten_source(clean, len(found.dialect.headings)), census


def csv_source(path: Path, found: Recognised) -> str:
    """The file as DuckDB reads it: declared text columns, one decided dialect, strict."""
    width = len(found.dialect.headings)
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    quote = found.dialect.quote
    return (
        f"read_csv({literal(path)}, delim={literal(found.dialect.delimiter)},"
        f" quote={literal(quote)}, escape={literal(quote)}, header=false,"
        f" skip={found.dialect.skip + 1}, auto_detect=false, strict_mode=true,"
        f" null_padding=false, columns={{{columns}}})"
    )


def rewritten_source(path: Path, width: int) -> str:
    columns = ", ".join(["'number': 'BIGINT'", *(f"'c{i}': 'VARCHAR'" for i in range(width))])
    return (
        f"read_csv({literal(path)}, delim=',', quote='\"', escape='\"', header=false,"
        f" auto_detect=false, strict_mode=true, max_line_size={1 << 26}, columns={{{columns}}})"
    )


def _write_rows(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    found: Recognised,
    context: ReadContext,
    target: Path,
) -> None:
    marks = decide_marks(connection, source, found, context.zone)
    query = rows_query(source, found, marks, context, file_day(found.path, context.zone))
    connection.execute(f"copy ({query}) to {literal(target)} (format parquet)")


def file_day(path: Path, zone: str) -> date:
    """The day a file without dates speaks of: the one in its name, else the day it was written.

    >>> file_day(Path("inventory_export_2026-09-30.csv"), "Europe/Paris")
    datetime.date(2026, 9, 30)
    """
    digits = "".join(c if c.isdigit() else " " for c in path.stem).split()
    for start in range(len(digits)):
        for text in ("".join(digits[start : start + 3]), digits[start]):
            if len(text) == 8 and text.startswith("20"):
                try:
                    return datetime.strptime(text, "%Y%m%d").date()
                except ValueError:
                    continue
    written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    return written.astimezone(ZoneInfo(zone)).date()


def _summary(
    connection: duckdb.DuckDBPyConnection, found: Recognised, target: Path, census: Census
) -> FileRead:
    rows = f"read_parquet({literal(target)}, file_row_number=true)"
    number = row_number_sql(found)
    counts = connection.execute(
        "select coalesce(ignored, if(problem is not null, 'quarantined', 'kept')), count(*)"
        f" from {rows} group by 1"
    ).fetchall()
    tally = Counter(dict(counts))
    bad = connection.execute(
        f"select {number}, problem, value, reason, cells from {rows}"
        " where problem is not null and ignored is null order by 1"
    ).fetchall()
    quarantine = [Quarantined(found.name, *row) for row in bad]
    quarantine += [_broken(found.name, row) for row in census.broken]
    kept = tally.pop("kept", 0)
    tally.pop("quarantined", 0)
    ignored = Counter(tally) + Counter(preamble=census.preamble, blank=census.blank)
    first, last = connection.execute(
        f"select min(day_seen)::varchar, max(day_seen)::varchar from {rows}"
        " where problem is null and ignored is null"
    ).fetchall()[0]
    if not kept and not quarantine and not sum(tally.values()):
        raise ExportError(
            f"{found.name}: it has the headings of {found.spec.title} and no rows below them. "
            "Nothing was loaded. Widen the date range and export it again, or take it out."
        )
    return FileRead(
        file=found.name,
        format=found.spec.name,
        title=found.spec.title,
        rows=kept + len(quarantine) + sum(ignored.values()),
        kept=kept,
        ignored=dict(sorted(ignored.items())),
        first_day=first or "",
        last_day=last or "",
        quarantine=sorted(quarantine, key=lambda q: (q.row, q.column)),
    )


def row_number_sql(found: Recognised) -> str:
    return f"coalesce(number, file_row_number + {found.dialect.skip + 2})"


def _broken(name: str, row: BrokenRow) -> Quarantined:
    return Quarantined(name, row.row, "", row.text, f"the row {row.reason}")
