"""What became of the records of one file: counted, and where the rows that failed are found."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from goulot.errors import ExportError
from goulot.exports.context import ReadContext, literal
from goulot.exports.detect import Recognised
from goulot.exports.records import Census
from goulot.exports.stacked import Aside


@dataclass(frozen=True)
class FileRead:
    """What one file held. ``rows`` = ``kept`` + sum of ``ignored`` + ``quarantined``.

    ``absent`` are the headings that the format reads where they are there, and that are not;
    ``stand_ins`` those in whose place another column is read, with its heading; ``converted`` the
    currencies that were converted, with the sum of the file's own amounts.
    """

    file: str
    format: str
    title: str
    rows: int
    kept: int
    ignored: dict[str, int]
    quarantined: int
    first_day: str
    last_day: str
    absent: tuple[str, ...] = ()
    stand_ins: dict[str, str] = field(default_factory=dict)
    converted: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True)
class RowsFiles:
    """Where the rows of a file are kept: those that are rows of its table, and those that broke."""

    rows: Path
    broken: Path


def refuse_by_rule(
    connection: duckdb.DuckDBPyConnection, found: Recognised, files: RowsFiles
) -> None:
    """Raise ExportError where a row shows that the file cannot serve, by a rule of its format."""
    if not found.spec.refuse:
        return
    rows = connection.execute(
        f"select refused, count(*), min({row_number_sql(found.dialect.skip + 2)})"
        f" from read_parquet({literal(files.rows)}, file_row_number=true)"
        " where refused is not null group by 1 order by 1"
    ).fetchall()
    for rule, count, first in rows:
        raise ExportError(
            f"{found.name}: {found.spec.refuse[rule].say} Nothing was loaded from it "
            f"(rows: {count:,}, the first is row {first})."
        )


def account(
    connection: duckdb.DuckDBPyConnection,
    found: Recognised,
    target: RowsFiles,
    census: Census,
    conversion: ReadContext | None,
) -> FileRead:
    """The count of a file's records. Raises ExportError where it has none."""
    rows = f"read_parquet({literal(target.rows)})"
    tally = Counter(
        dict(
            connection.execute(
                "select coalesce(ignored, if(problem is not null, 'quarantined', 'kept')), count(*)"
                f" from {rows} group by 1"
            ).fetchall()
        )
    )
    kept, quarantined = tally.pop("kept", 0), tally.pop("quarantined", 0) + census.broken
    if not kept and not quarantined and not tally.total():
        raise ExportError(
            f"{found.name}: it has the headings of {found.spec.title} and no rows below them. "
            "Nothing was loaded from it. Widen the date range and export it again, or take it out."
        )
    first, last = connection.execute(
        f"select min(day_seen)::varchar, max(day_seen)::varchar from {rows}"
        " where problem is null and ignored is null"
    ).fetchall()[0]
    others = {Aside.OTHER.value: census.others}
    ignored = tally + Counter(preamble=census.preamble, blank=census.blank, **others)
    return FileRead(
        file=found.name,
        format=found.spec.name,
        title=found.spec.title,
        rows=kept + quarantined + ignored.total(),
        kept=kept,
        ignored=dict(sorted(ignored.items())),
        quarantined=quarantined,
        first_day=first or "",
        last_day=last or "",
        absent=found.absent,
        stand_ins=found.stand_ins,
        converted=_converted(connection, rows, conversion.currency) if conversion else {},
    )


def _converted(connection: duckdb.DuckDBPyConnection, rows: str, own: str) -> dict[str, str]:
    """The file's own amounts in each other currency, before they were converted."""
    sums = connection.execute(
        f"select foreign_currency, sum(original)::VARCHAR from {rows}"
        " where ignored is null and foreign_currency <> $own group by 1 order by 1",
        {"own": own},
    ).fetchall()
    return {currency: total or "0" for currency, total in sums}


def row_number_sql(first_row: int) -> str:
    """The row's number in the export; ``first_row`` is that of the first row kept."""
    return f"coalesce(number, file_row_number + {first_row})"
