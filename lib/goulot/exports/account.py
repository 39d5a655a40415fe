"""What became of the records of one file: counted, and where the rows that failed are found."""

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from goulot.errors import ExportError
from goulot.exports.context import NUMBERED, ReadContext, literal
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


# What tells one order, article, parcel or ticket from another.
IDENTIFIERS = ("sku", *NUMBERED)
SHORTENED = r"(.*:)?\d([.,]\d+)?E\+\d+"  # 3,76012E+12, behind the name of a shop


def refuse_shortened(
    connection: duckdb.DuckDBPyConnection, found: Recognised, files: RowsFiles
) -> None:
    """Raise ExportError where a spreadsheet wrote long numbers as powers of ten: they are no keys.

    Two articles, orders or parcels whose last digits are lost would be taken for one.
    """
    rows = f"read_parquet({literal(files.rows)})"
    for table, mapping in found.spec.tables.items():
        names = [column for column in IDENTIFIERS if column in mapping.columns]
        if mapping.is_numbered and not found.spec.numbers:
            continue
        if mapping.is_numbered:
            mapping, each = mapping.at(found.spec.numbers[0]), f"unnest({table}__each) as item"
            cells, source = [f"item.{name}" for name in names], f"(select {each} from {rows})"
        else:
            cells, source = [f"{table}__{name}" for name in names], rows
        tests = (f"contains({c}, 'E+') and regexp_full_match({c}, '{SHORTENED}')" for c in cells)
        tested = [f"min({c}) filter ({test})" for c, test in zip(cells, tests, strict=True)]
        query = f"select {', '.join(tested)} from {source}"
        examples = connection.execute(query).fetchall()[0] if names else ()
        for name, example in zip(names, examples, strict=True):
            if example is not None:
                raise _shortened(found, mapping.columns[name], example)


def _shortened(found: Recognised, sql: str, example: str) -> ExportError:
    words = re.findall(r"\w+", sql)
    place = next((found.places[word] for word in words if word in found.places), 0)
    return ExportError(
        f"{found.name}: values under {found.dialect.headings[place]!r} are like {example!r}: a "
        "spreadsheet has shortened long numbers, and their last digits are lost. Nothing was "
        "loaded from it. Export it again, and put it in exports/ without saving it in a "
        "spreadsheet."
    )


def _none_can_be_used(
    connection: duckdb.DuckDBPyConnection, found: Recognised, files: RowsFiles, rows: str
) -> ExportError:
    """The error for a file none of whose rows can be used, by what is wrong with most of them."""
    wrong = (
        f"select problem, reason, value from {rows} where problem is not null and ignored is null"
    )
    if files.broken.is_file():
        wrong += f" union all select '', reason, null from read_parquet({literal(files.broken)})"
    column, reason, value, count = connection.execute(
        f"select problem, reason, min(value), count(*) from ({wrong})"
        " group by all order by 4 desc, 1 limit 1"
    ).fetchall()[0]
    place = found.places.get(column)
    heading = f"{column if place is None else found.dialect.headings[place]!r} " if column else ""
    shown = "" if value is None else f", for example {value!r}"
    return ExportError(
        f"{found.name}: none of its rows can be used. In {count:,} of them {heading}{reason}"
        f"{shown}. Nothing was loaded from it. Export it again, and put it in exports/ without "
        "saving it in a spreadsheet; or map the right column under exports: in client.yml "
        "(data/README.md has an example)."
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
    if quarantined and not kept:
        raise _none_can_be_used(connection, found, target, rows)
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
