"""How a file is written: encoding, delimiter, and the line on which the table begins.

Nothing is guessed from statistics: the heading line is found by what it says.
"""

import codecs
import csv
import gzip
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from goulot.errors import ExportError
from goulot.exports.convert import SPACES
from goulot.exports.spec import Format, find_columns, is_recognised
from goulot.exports.stacked import count_tables, heading_lines

HEAD_BYTES = 256 * 1024
HEAD_RECORDS = 60
SCAN_CHUNK = 1 << 18  # as much as stays in the processor's cache
GZIP_MARK = b"\x1f\x8b"
DELIMITERS = (",", ";", "\t", "|")
UNDEFINED_IN_CP1252 = set("\udc81\udc8d\udc8f\udc90\udc9d")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
BROKEN_ARCHIVE = (OSError, EOFError, zlib.error)
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True)
class Dialect:
    """What must be known to read a file as text; ``skip`` lines stand above the headings."""

    encoding: str
    delimiter: str
    quote: str
    skip: int
    headings: tuple[str, ...]
    sheet: str = ""
    is_stacked: bool = False  # several tables, one under the other; these are the headings of some


@dataclass(frozen=True)
class Candidate:
    """A line of the file that reads as a heading, in one delimiter."""

    delimiter: str
    skip: int
    headings: tuple[str, ...]
    tables: int = 1  # in the file, one under the other


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked if it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MARK
    return gzip.open(path, "rb") if packed else path.open("rb")


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn a file that the system or gzip cannot read into an ExportError about ``name``."""
    try:
        yield
    except BROKEN_ARCHIVE as error:
        raise ExportError(
            f"{name}: cannot be read to its end ({error}). Nothing was loaded from it. "
            "Download the export again, or take the file out of exports/."
        ) from error


def file_digest(path: Path) -> tuple[str, str]:
    """SHA-256 of the file's bytes, and what is odd in them, found side by side.

    The oddities, separated by spaces: ``careful`` (blank lines, NULs: DuckDB would pass over
    them), ``spaces`` (of ``convert.SPACES``: tabs, no-break, thin), ``powers`` (E+, as in 3.7E+12),
    ``bytes`` (not UTF-8).
    """
    with readable(path.name), ThreadPoolExecutor(1) as beside:
        digest, odd = beside.submit(_sha256, path), _oddities(path)
        return digest.result(), " ".join(sorted(odd))


def _sha256(path: Path) -> str:
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def _oddities(path: Path) -> set[str]:
    seek = _Oddities()
    try:
        with open_bytes(path) as stream:
            while chunk := stream.read(SCAN_CHUNK):
                seek(chunk)
    except BROKEN_ARCHIVE:
        seek.found.add("careful")  # reading it will say so
    return seek.found


class _Oddities:
    """What is odd in the chunks seen so far, also across the seams between them."""

    MARKS = (  # each behind its rarest byte: that is looked for in a twentieth of the time
        ("careful", ((b"\n", b"\n\n"), (b"\r", b"\n\r\n"), (b"\r", b"\r\r"), (b"\0", b"\0"))),
        ("spaces", tuple((odd[-1:], odd) for odd in map(str.encode, SPACES.strip(" ")))),
        ("powers", ((b"E", b"E+"),)),
    )

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.tail = b""
        self.decode = codecs.getincrementaldecoder("utf-8")().decode

    def __call__(self, chunk: bytes) -> None:
        seam = self.tail + chunk[:2]
        for name, marks in self.MARKS:
            if name not in self.found and any(
                mark in seam or (rarest in chunk and chunk.rfind(mark) >= 0)  # rfind is quicker
                for rarest, mark in marks
            ):
                self.found.add(name)
        self.tail = chunk[-2:]
        try:
            if "bytes" not in self.found:
                self.decode(chunk)
        except UnicodeDecodeError:
            self.found.add("bytes")


def read_head(path: Path) -> bytes:
    """The first bytes of the file. Raises ExportError where there is nothing in it."""
    with readable(path.name), open_bytes(path) as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b" \r\n\t\x00\xef\xbb\xbf\xff\xfe"):
        raise ExportError(
            f"{path.name}: the file is empty. Nothing was loaded from it. "
            "Download the export again, or take the file out of exports/."
        )
    return head


def encoding_of(path: Path, head: bytes, *, is_utf8: bool = False) -> str:
    """The file's encoding: by its byte-order mark, else UTF-8, else cp1252 or latin-1.

    A file with more valid multi-byte UTF-8 characters than broken ones is UTF-8; its broken lines
    are quarantined rather than the rest misread.
    """
    for mark, name in BOMS.items():
        if head.startswith(mark):
            return name
    if head[:400].count(0) > len(head[:400]) // 4:
        return "utf-16-le" if head[1:400:2].count(0) > head[:400:2].count(0) else "utf-16-be"
    if is_utf8:
        return "utf-8"
    with readable(path.name), open_bytes(path) as stream:
        chunks = iter(lambda: stream.read(1 << 20), b"")
        good, broken = _utf8_census(chunks)
    if good >= broken.total():
        return "utf-8"
    return "latin-1" if UNDEFINED_IN_CP1252 & set(broken) else "cp1252"


def _utf8_census(chunks: Iterable[bytes]) -> tuple[int, Counter[str]]:
    """How many multi-byte characters are well formed, and which bytes are not UTF-8."""
    good = 0
    broken: Counter[str] = Counter()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for chunk in chunks:
        text = decoder.decode(chunk)
        if text.isascii():
            continue
        odd = _NOT_ASCII.findall(text)
        stray = [character for character in odd if "\udc80" <= character <= "\udcff"]
        broken.update(stray)
        good += len(odd) - len(stray)
    return good, broken


def heading_candidates(text: str, quote: str = '"') -> Iterator[Candidate]:
    """Every line near the top that splits into two cells or more, for every delimiter.

    Of a file of several tables: the headings of each, wherever they are.
    """
    lines = _LINE_END.split(text)
    tables = count_tables(text)
    places = heading_lines(lines) if tables > 1 else range(min(HEAD_RECORDS, len(lines)))
    for delimiter in DELIMITERS:
        options = (
            {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
            if not quote
            else {"delimiter": delimiter, "quotechar": quote}
        )
        for skip in places:
            try:
                cells = next(csv.reader([lines[skip]], **options), [])
            except csv.Error:
                continue
            if len(cells) > 1:
                yield Candidate(delimiter, skip, tuple(cell.strip() for cell in cells), tables)


def fits(spec: Format, headings: Sequence[str]) -> int:
    """How many columns of ``spec`` the headings hold; 0 where it does not recognise them."""
    if not is_recognised(spec, headings):
        return 0
    found = find_columns(spec, headings)
    return 0 if found.keys() & set(spec.unless) else len(found)


def resembles(spec: Format, headings: Sequence[str]) -> float:
    """Share of the format's required headings that are there (0 to 1), for the closest format."""
    found = find_columns(spec, headings)
    wanted = set(spec.required) | set(spec.recognise)
    if found.keys() & set(spec.unless):
        return 0.0
    return len(found.keys() & wanted) / len(wanted) if wanted else 0.0
