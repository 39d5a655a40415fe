"""Read any text or workbook record by record, and write the well-formed ones as plain CSV.

This is the careful road, for files that DuckDB's strict reader refuses: other encodings, ragged
rows, quotes that never close, blank or broken lines. It streams: one record is in memory at a time.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, pairwise
from math import isfinite
from pathlib import Path
from zipfile import ZipFile

from goulot.errors import ExportError
from goulot.exports.dialect import GZIP_MARK, Dialect, open_bytes, readable
from goulot.exports.stacked import Aside, tables_below

_UNDECODED = re.compile("[\udc80-\udcff]")  # what surrogateescape leaves
LONGEST_LINE = 1_000_000  # characters; a longer one is quarantined
LONGEST_RECORD = 200  # lines that one quoted cell may run over
CHUNK = 1 << 20


@dataclass
class Census:
    """What was on the lines that did not become rows."""

    preamble: int = 0
    blank: int = 0
    broken: int = 0
    others: int = 0  # of tables that are not read


def rewrite(path: Path, dialect: Dialect, target: Path, broken: Path, *, least: int = 0) -> Census:
    """Write the file's rows to ``target``, each behind its row number; count the other lines.

    Rows of at least ``least`` cells (0: as many as headings) are filled up with empty ones. Records
    that are no rows of the table go to ``broken``: their number and what is wrong.
    """
    census = Census(preamble=dialect.skip)
    rows = sheet_rows(path, dialect) if dialect.sheet else text_rows(path, dialect)
    width = len(dialect.headings)
    if dialect.is_stacked:
        rows = tables_below(rows, dialect.headings)
    if least and not dialect.sheet and _breaks_off(path, dialect.encoding):
        rows = _last_must_be_whole(rows, width)
    with (
        target.open("w", encoding="utf-8", newline="") as fine,
        broken.open("w", encoding="utf-8", newline="") as aside,
    ):
        write = csv.writer(fine, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        put_aside = csv.writer(aside, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow
        for number, cells in enumerate(rows, start=1):
            if number <= dialect.skip + 1:
                continue
            if isinstance(cells, Aside):
                census.preamble += cells is Aside.TITLE
                census.others += cells is Aside.OTHER
                continue
            if not isinstance(cells, str) and 0 < least <= len(cells):
                cells = cells + [""] * (width - len(cells))
            problem = cells if isinstance(cells, str) else _misfit(cells, width)
            if problem:
                census.broken += 1
                put_aside([number, f"the row {problem}"])
            elif any(map(str.strip, cells)):
                write([number, *cells])
            else:
                census.blank += 1
    return census


def _breaks_off(path: Path, encoding: str) -> bool:
    """Whether the file's last line has no end: a download that stopped may have cut it."""
    with path.open("rb") as file:
        if file.read(2) == GZIP_MARK:
            return False  # an archive that breaks off cannot be unpacked
        file.seek(-min(4, file.seek(0, 2)), 2)
        return not file.read().decode(encoding, errors="replace").endswith(("\n", "\r"))


def _last_must_be_whole(rows: Iterator[list[str] | str], width: int) -> Iterator[list[str] | str]:
    for cells, more in pairwise(chain(rows, [None])):
        is_cut = more is None and not isinstance(cells, str) and len(cells) < width
        yield "breaks off: the file ends in the middle of it" if is_cut else cells


def _misfit(cells: list[str], width: int) -> str:
    """Why a record is not a row of ``width`` cells; empty where it is one, or is blank."""
    text = "".join(cells)
    if "\0" in text:
        return "holds a NUL byte"
    if _UNDECODED.search(text):
        return "is not written in the encoding of the rest of the file"
    if len(cells) == width or not text.strip():
        return ""
    return f"has {len(cells)} cells where the headings have {width}"


def sheet_rows(path: Path, dialect: Dialect) -> Iterator[list[str]]:
    """Rows of the sheet, as wide as its headings where the cells beyond are empty."""
    width = len(dialect.headings)
    for cells in workbook_rows(path, dialect.sheet):
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield cells + [""] * (width - len(cells))


def text_rows(path: Path, dialect: Dialect) -> Iterator[list[str] | str]:
    """Records of a text file as cells; a record that cannot be split comes as its reason."""
    lines = _PushBack(physical_lines(path, dialect.encoding))
    for number, line in enumerate(lines):
        if line is None:
            yield f"is longer than {LONGEST_LINE:,} characters"
        elif not dialect.quote or number < dialect.skip:
            yield line.split(dialect.delimiter)
        else:
            yield _record(line, lines, dialect)


class _PushBack:
    """An iterator to which lines read too far can be given back."""

    def __init__(self, source: Iterator[str | None]) -> None:
        self.source = source
        self.returned: list[str | None] = []

    def __iter__(self) -> Iterator[str | None]:
        while True:
            line = self.take()
            if line is _END:
                return
            yield line

    def take(self) -> str | None:
        return self.returned.pop() if self.returned else next(self.source, _END)


_END = object()


def _record(line: str, lines: _PushBack, dialect: Dialect) -> list[str] | str:
    """One record from ``line`` on, taking further lines while a quote is open.

    A quote that does not close costs its own line only: the lines after it are given back.
    """
    cells = _split(line, dialect)
    if cells is not None:
        return cells
    taken: list[str | None] = []
    text = line
    while len(taken) < LONGEST_RECORD and len(text) < LONGEST_LINE:
        more = lines.take()
        if more is _END:
            break
        taken.append(more)
        if more is None:
            break
        text = f"{text}\n{more}"
        if dialect.quote not in more:
            continue
        cells = _split(text, dialect)
        if cells is not None and len(cells) == len(dialect.headings):
            return cells
    lines.returned.extend(reversed(taken))
    return "opens a quote that never closes"


def _split(text: str, dialect: Dialect) -> list[str] | None:
    """The cells of a record, or None where a quote is still open."""
    csv.field_size_limit(LONGEST_LINE * 2)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        strict=True,
    )
    try:
        records = list(reader)
    except csv.Error as error:
        is_open = "unexpected end" in str(error) or text.count(dialect.quote) % 2
        return None if is_open else text.split(dialect.delimiter)
    return [] if not records else records[0] if len(records) == 1 else None


def physical_lines(path: Path, encoding: str) -> Iterator[str | None]:
    """Lines without their ends, whichever ends they have; None for one that is far too long."""
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    with readable(path.name), open_bytes(path) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline=None)
        rest, too_long = "", False
        while chunk := text.read(CHUNK):
            parts = (rest + chunk).split("\n")
            rest = parts.pop()
            for part in parts:
                yield None if too_long or len(part) > LONGEST_LINE else part
                too_long = False
            if len(rest) > LONGEST_LINE:
                rest, too_long = "", True
        if too_long:
            yield None
        elif rest:
            yield rest


def workbook_rows(path: Path, sheet: str) -> Iterator[list[str]]:
    """Rows of a sheet as text: days and times in ISO form, whole numbers without a point.

    Raises ExportError at a formula whose value was not saved with it: nobody can read that cell.
    """
    from openpyxl import load_workbook

    books = [load_workbook(path, read_only=True, data_only=True)]
    if _has_formulas(path):
        books.append(load_workbook(path, read_only=True))
    try:
        sheets = [book[sheet].iter_rows(values_only=True) for book in books]
        for number, (values, *written) in enumerate(zip(*sheets, strict=True), start=1):
            for formulas in written:
                _refuse_unsaved(path.name, sheet, number, values, formulas)
            yield [cell_text(value) for value in values]
    finally:
        for book in books:
            book.close()


def _has_formulas(path: Path) -> bool:
    """Whether a formula stands in any sheet: the exports of platforms have none."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                with archive.open(name) as part:
                    tail = b""
                    while chunk := part.read(CHUNK):
                        if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                            return True
                        tail = chunk[-2:]
    return False


def _refuse_unsaved(name: str, sheet: str, row: int, values: tuple, formulas: tuple) -> None:
    for value, formula in zip(values, formulas, strict=False):
        if value is None and isinstance(formula, str) and formula.startswith("="):
            raise ExportError(
                f"{name}: row {row} of the sheet {sheet!r} holds the formula {formula[:60]!r}, and "
                "its value was not saved with it. Nothing was loaded from it. Open the file in a "
                "spreadsheet, save it as CSV UTF-8, and put that in exports/."
            )


def cell_text(value: object) -> str:
    """A workbook's cell as the text a CSV would hold.

    >>> cell_text(12.0), cell_text(None), cell_text(0.1)
    ('12', '', '0.1')
    """
    if value is None:
        return ""
    if isinstance(value, float) and isfinite(value):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def sheet_heads(path: Path, rows: int) -> Iterable[tuple[str, list[list[str]]]]:
    """The first rows of every sheet of a workbook, by the sheet's name."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            head = sheet.iter_rows(max_row=rows, values_only=True)
            yield sheet.title, [[cell_text(value) for value in row] for row in head]
    finally:
        book.close()
