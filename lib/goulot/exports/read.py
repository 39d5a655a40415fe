"""One file to typed rows: a Parquet file of what its rows say.

The fast road is one strict pass of DuckDB's CSV reader; a file it refuses goes through
``records.rewrite`` first. Either way every record of the file ends as a row that is loaded,
ignored for a stated reason, or quarantined with column, value and reason.
"""

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from goulot.errors import ExportError, GoulotError, SettingsError
from goulot.exports.account import FileRead, RowsFiles, account, refuse_by_rule, refuse_shortened
from goulot.exports.context import ReadContext, literal
from goulot.exports.convert import SIGNS, Marks
from goulot.exports.detect import Recognised
from goulot.exports.evidence import NUMBERS, TIMES, decide_marks, refuse_doubles
from goulot.exports.rates import no_rates, refuse_days_without_rate
from goulot.exports.records import Census, rewrite
from goulot.exports.rows_sql import rows_query
from goulot.exports.signs import Signs, foreign_signs, with_signs

NO_CELL = "\x02no cell\x03"  # read as null; so that an empty cell too many is seen


def read_file(
    connection: duckdb.DuckDBPyConnection,
    found: Recognised,
    context: ReadContext,
    target: RowsFiles,
    *,
    careful: bool,
) -> FileRead:
    """Write the file's typed rows to ``target`` (Parquet) and say what became of every record.

    Raises
    ------
    ExportError
        Dates or columns that can be read two ways, or money in a currency without a rate.
    SettingsError
        SQL of client.yml that cannot run.
    """
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=target.rows.parent) as folder:
        work = _Work(connection, found, context, target, Path(folder))
        foreign = work.foreign_heading()
        census = work.write_rows(foreign, careful=careful or bool(foreign))
        if not foreign and (foreign := work.foreign_rows()):
            census = work.write_rows(foreign, careful=True)
        elif signs := work.foreign_signs():
            foreign = tuple(signs)
            census = replace(work, signs=signs).write_rows(foreign, careful=True)
    refuse_by_rule(connection, found, target)
    if found.has_powers:
        refuse_shortened(connection, found, target)
    return account(connection, found, target, census, context if foreign else None)


@dataclass(frozen=True)
class _Work:
    """The reading of one file: what it needs at every step."""

    connection: duckdb.DuckDBPyConnection
    found: Recognised
    context: ReadContext
    target: RowsFiles
    folder: Path
    signs: Signs = field(default_factory=dict)  # of other currencies, that the amounts bear

    def foreign_heading(self) -> tuple[str, ...]:
        """The currency of the headings ("Amount spent (USD)"), where it is to be converted."""
        found, own = self.found, self.context.currency
        if found.currency in ("", own):
            return ()
        known = self.context.currencies
        if found.currency not in known:
            raise no_rates(found.name, [found.currency], own, some=bool(known))
        return (found.currency,)

    def foreign_rows(self) -> tuple[str, ...]:
        """The currencies of the rows that were put aside because theirs is not the client's."""
        from babel import Locale

        if not self.found.spec.currency:
            return ()
        rows = self.connection.execute(
            f"select upper(value), count(*), min(day_seen)::VARCHAR from {self.rows}"
            f" where problem = {literal(self.found.spec.currency)} group by 1 order by 1"
        ).fetchall()
        known_codes = Locale("en").currencies
        counts = {code: n for code, n, _ in rows if code in known_codes}
        known = self.context.currencies
        if missing := [code for code in counts if code not in known]:
            count, own = sum(counts[code] for code in missing), self.context.currency
            first = next((day for code, _, day in rows if code == missing[0] and day), "")
            raise no_rates(
                self.found.name, missing, own, rows=count, first_day=first, some=bool(known)
            )
        return tuple(counts)

    def foreign_signs(self) -> Signs:
        """The signs of other currencies, in amounts that were put aside and can be converted."""
        return foreign_signs(self.connection, self.found, self.rows, self.context)

    @property
    def rows(self) -> str:
        return f"read_parquet({literal(self.target.rows)})"

    def write_rows(self, foreign: tuple[str, ...], *, careful: bool) -> Census:
        """Write the rows, the fast way if it is possible; rows that were no rows are counted."""
        dialect = self.found.dialect
        if careful or dialect.is_stacked or dialect.encoding not in ("utf-8", "utf-8-sig"):
            return self._write_carefully(foreign)
        try:
            self._write_from(csv_source(self.found.path, self.found), foreign)
        except duckdb.Error:
            return self._write_carefully(foreign)
        return Census(preamble=dialect.skip)

    def _write_carefully(self, foreign: tuple[str, ...]) -> Census:
        clean, broken = self.folder / "rows.csv", self.folder / "broken.csv"
        census = rewrite(
            self.found.path, self.found.dialect, clean, broken, least=self.found.least_cells
        )
        try:
            if census.broken:
                self.connection.execute(
                    f"copy (select * from {_text_source(broken, ['reason'])})"
                    f" to {literal(self.target.broken)} (format parquet)"
                )
            columns = [f"c{i}" for i in range(len(self.found.dialect.headings))]
            self._write_from(_text_source(clean, columns), foreign)
        except duckdb.Error as error:
            raise _not_runnable(self.found, error) from error
        return census

    def _write_from(self, source: str, foreign: tuple[str, ...]) -> None:
        """Write the rows by the marks of the first ones; by those of all where some do not fit."""
        refuse_doubles(self.connection, source, self.found)
        marks = self._marks(source)
        self._copy(source, marks, foreign)
        if self._is_misread() and (better := self._marks(source, whole=True)) != marks:
            self._copy(source, better, foreign)

    def _marks(self, source: str, *, whole: bool = False) -> Marks:
        marks = decide_marks(self.connection, source, self.found, self.context.zone, whole=whole)
        return replace(marks, currencies=self._currencies())

    def _currencies(self) -> tuple[str, ...]:
        """The currencies whose signs an amount may bear: those its row can be told to be in."""
        found, context = self.found, self.context
        if found.spec.amounts_in:
            return (found.spec.amounts_in, *SIGNS)
        if found.currency or found.spec.currency in found.places:
            return (context.currency, *context.currencies)
        return (context.currency, *self.signs)

    def _copy(self, source: str, marks: Marks, foreign: tuple[str, ...]) -> None:
        day, found = file_day(self.found.path, self.context.zone), self.found
        if self.signs:
            found, source = with_signs(found, source, self.signs, self.context.currency)
        query = rows_query(source, found, marks, self.context, day, foreign)
        self.connection.execute(f"copy ({query}) to {literal(self.target.rows)} (format parquet)")
        if foreign:
            own = self.context.currency
            refuse_days_without_rate(self.connection, found.name, self.rows, foreign, own)

    def _is_misread(self) -> bool:
        """Whether a number or a time could not be read by the marks of the file."""
        kinds = NUMBERS + TIMES
        names = [n for n, c in self.found.spec.read.items() if c.type in kinds]
        listed = ", ".join(map(literal, names))
        return bool(names) and bool(
            self.connection.execute(
                f"select 1 from {self.rows} where problem in ({listed}) limit 1"
            ).fetchall()
        )


def _not_runnable(found: Recognised, error: duckdb.Error) -> GoulotError:
    said = str(error).split("\n")[0]
    if found.spec.name == "mapped" or found.pattern != found.name:
        return SettingsError(
            f"client.yml, exports: {found.pattern!r}: {found.name} cannot be read by it ({said}). "
            "Nothing was loaded. Correct the SQL under tables there; data/README.md has an example."
        )
    return ExportError(
        f"{found.name}: cannot be read as {found.spec.title} ({said}). Nothing was loaded from "
        "it. Download the export again, or take it out of exports/."
    )


def csv_source(path: Path, found: Recognised) -> str:
    """The file as DuckDB reads it: declared text columns, one decided dialect, strict.

    With the usual null (an empty cell) the strict reader lets pass a row with one cell too many,
    if that is empty: whatever stands before it may have slipped by one column.
    """
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(found.dialect.headings)))
    quote = literal(found.dialect.quote)
    return (
        f"read_csv({literal(path)}, delim={literal(found.dialect.delimiter)},"
        f" quote={quote}, escape={quote}, nullstr={literal(NO_CELL)}, header=false,"
        f" skip={found.dialect.skip + 1}, auto_detect=false, strict_mode=true,"
        f" null_padding=false, columns={{{columns}}})"
    )


def _text_source(path: Path, columns: list[str]) -> str:
    """A file that ``records.rewrite`` wrote: a row number, then text."""
    typed = ", ".join(["'number': 'BIGINT'", *(f"'{name}': 'VARCHAR'" for name in columns)])
    return (
        f"read_csv({literal(path)}, delim=',', quote='\"', escape='\"', nullstr={literal(NO_CELL)},"
        f" header=false, auto_detect=false, strict_mode=true, max_line_size={1 << 26},"
        f" columns={{{typed}}})"
    )


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
