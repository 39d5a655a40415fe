"""Which format a file is, or the closest one and what to type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unicodedata import normalize

from goulot.errors import ExportError, SettingsError, closest
from goulot.exports.dialect import (
    HEAD_RECORDS,
    Candidate,
    Dialect,
    encoding_of,
    fits,
    heading_candidates,
    read_head,
)
from goulot.exports.headings import fold_heading, heading_matches, place_of
from goulot.exports.records import sheet_heads
from goulot.exports.refusals import (
    closest_format,
    missing_columns,
    quoted,
    refuse_other_kinds,
    setting_block,
    unrecognised,
)
from goulot.exports.spec import Format, ReadColumn, find_columns, parse_format, platform_formats
from goulot.exports.stacked import none_of_use

WORKBOOKS = {".xlsx", ".xlsm"}
ZIP_MARK = b"PK\x03\x04"


@dataclass(frozen=True)
class Recognised:
    """A file whose format is known: where its columns stand and how it is written."""

    path: Path
    name: str
    spec: Format
    dialect: Dialect
    places: dict[str, int]
    currency: str = ""  # of all its amounts, from a heading such as "Amount spent (EUR)"
    pattern: str = ""  # what names the file in client.yml; its name where nothing does
    shop: str = ""  # of client.yml's shops
    has_odd_spaces: bool = False
    has_powers: bool = True  # of ten, perhaps: numbers such as 3.7E+12
    doubles: tuple[tuple[str, int, int], ...] = ()  # headings that fit a column twice

    @property
    def absent(self) -> tuple[str, ...]:
        """Headings that the format reads where they are there, and that are not in the file."""
        left_out = {*self.places, *self.spec.unless}
        return tuple(c.header[0] for n, c in self.spec.read.items() if n not in left_out)

    @property
    def stand_ins(self) -> dict[str, str]:
        """Headings that the format wants and the file lacks: the one of the column read instead."""
        out = {}
        for name, place in self.places.items():
            column, heading = self.spec.read[name], self.dialect.headings[place]
            only = {fold_heading(heading): place}
            if column.instead and all(place_of(wanted, only) is None for wanted in column.header):
                out[column.header[0].strip("/")] = heading
        return out

    @property
    def least_cells(self) -> int:
        """Cells that every row has where empty ones at its end may be cut off; 0 where not.

        Of what must have a heading, an amount may be empty: a cancelled article has no price.
        """
        read = self.spec.read
        needed = (self.places[n] for n in self.spec.required if read[n].type != "money")
        return 1 + max(needed, default=0) if self.spec.pad else 0


def recognise(
    path: Path,
    name: str,
    mapped: Mapping[str, dict[str, Any]],
    *,
    odd: str = "bytes powers spaces",
    shop: str = "",
) -> Recognised:
    """Decide the format of ``path``, called ``name`` in messages; ``mapped`` is client.yml's.

    ``odd`` is what ``dialect.file_digest`` found odd in its bytes.

    Raises
    ------
    ExportError
        The file is empty, is no table, is of no known format, or lacks a column.
    """
    pattern, specs = _specs_for(name, mapped)
    encoding, candidates = _candidates(path, name, specs, is_utf8="bytes" not in odd.split())
    choices = _choices(name, specs, candidates)
    _, _, spec, found = max(choices, key=lambda choice: choice[:2])
    if missing := _missing(spec, found):
        raise missing_columns(name, spec, missing, list(found.headings))
    spec = spec.numbered(found.headings)
    places = find_columns(spec, found.headings)
    sheet = found.delimiter if encoding == "workbook" else ""
    if sheet:
        _refuse_second_sheet(name, spec, choices)
    return Recognised(
        path=path,
        name=name,
        spec=spec,
        dialect=Dialect(
            *(encoding, found.delimiter, spec.quote, found.skip, found.headings, sheet),
            is_stacked=found.tables > 1,
        ),
        places=places,
        currency=spec.amounts_in or _currency(spec, places, found.headings),
        pattern=pattern,
        shop=shop,
        has_odd_spaces=encoding != "utf-8" or "spaces" in odd.split(),
        has_powers=encoding != "utf-8" or "powers" in odd.split(),
        doubles=tuple(_doubles(spec, places, found.headings)),
    )


def _choices(name: str, specs: list[Format], candidates: list[Candidate]) -> list[tuple]:
    """Every format and line of headings that go together, with how well; ExportError for none.

    Of several tables in a file only those are chosen from that lack no column.
    """
    choices = [
        (score, -place, spec, candidate)
        for place, candidate in enumerate(candidates)
        for spec in specs
        if (score := fits(spec, candidate.headings))
    ]
    if candidates and candidates[0].tables > 1:
        choices = [choice for choice in choices if not _missing(*choice[2:])]
        if not choices:
            raise none_of_use(name, candidates[0].tables)
    if not choices:
        raise _refusal(name, specs, candidates)
    return choices


def _missing(spec: Format, candidate: Candidate) -> list[str]:
    places = find_columns(spec, candidate.headings)
    return [column for column in spec.required if column not in places]


def _doubles(
    spec: Format, places: dict[str, int], headings: tuple[str, ...]
) -> Iterator[tuple[str, int, int]]:
    """Columns whose heading stands in the file twice, and where."""
    folded = [fold_heading(heading) for heading in headings]
    for name, place in places.items():
        for other, heading in enumerate(folded):
            if other != place and heading == folded[place]:
                yield name, place, other


def _refuse_second_sheet(name: str, spec: Format, choices: list[tuple]) -> None:
    sheets = list(dict.fromkeys(choice[3].delimiter for choice in choices if choice[2] == spec))
    if len(sheets) > 1 and not spec.sheet:
        shown = " and ".join(map(repr, sheets))
        raise ExportError(
            f"{name}: the sheets {shown} both hold {spec.title}, and one file is one table. "
            "Nothing was loaded from it. Save each sheet as a file of its own; or, if one of them "
            "is to be passed over, paste this into client.yml and run again:\n"
            + setting_block(name, spec, f"sheet: {quoted(sheets[0])}")
        )


def fits_pattern(name: str, pattern: str) -> bool:
    """Whether a file of the exports folder is one that ``pattern`` of client.yml names.

    A Mac writes an accent in a file's name as a character of its own; that makes no difference.
    """
    name, pattern = (normalize("NFC", text) for text in (name, pattern))
    last = name.rpartition("/")[2]
    return pattern in (name, last) or fnmatch(name, pattern) or fnmatch(last, pattern)


def _specs_for(name: str, mapped: Mapping[str, dict[str, Any]]) -> tuple[str, list[Format]]:
    for pattern, content in mapped.items():
        if fits_pattern(name, pattern):
            return pattern, [_mapped_format(pattern, content)]
    return name, list(platform_formats().values())


def _mapped_format(pattern: str, content: dict[str, Any]) -> Format:
    """A format from client.yml: a known one with other headings, or one written out there."""
    where = f"client.yml, exports: {pattern!r}"
    if "format" not in content:
        whole = {"title": pattern, "platform": "client.yml"} | content
        spec = parse_format("mapped", whole, where=where)
        return spec.model_copy(update={"recognise": spec.recognise or spec.required})
    known = platform_formats()
    if strange := set(content) - _MAPPED_KEYS:
        first = min(strange)
        raise SettingsError(
            f"{where}: there is no setting {first!r} beside format; "
            f"the closest is {closest(first, _MAPPED_KEYS) or 'columns'}."
        )
    if content["format"] not in known:
        raise SettingsError(
            f"{where}: there is no format {content['format']!r}; "
            f"the closest is {closest(str(content['format']), known)}."
        )
    spec = known[content["format"]]
    renamed = {**spec.read}
    for heading, in_file in (content.get("columns") or {}).items():
        name = next((n for n, c in spec.read.items() if _is_heading(c, heading)), None)
        if name is None:
            headings = [h for c in spec.read.values() for h in c.headings]
            raise SettingsError(
                f"{where}: {spec.title} has no column {heading!r}; "
                f"the closest is {closest(heading, headings)!r}."
            )
        column = renamed[name]
        renamed[name] = column.model_copy(update={"header": (in_file, *column.header)})
    if zone := content.get("zone"):
        renamed = {n: column.model_copy(update={"zone": zone}) for n, column in renamed.items()}
    own = {key: content[key] for key in _MAPPED_KEYS - {"format", "columns"} if key in content}
    whole = spec.model_dump() | {"read": {n: c.model_dump() for n, c in renamed.items()}} | own
    whole["tables"] = {n: t.model_dump() | t.columns for n, t in spec.tables.items()}
    for table in whole["tables"].values():
        del table["columns"]
    return parse_format(spec.name, whole, where=where)


_MAPPED_KEYS = {"format", "columns", "decimal", "date_order", "delimiter", "quote", "zone", "sheet"}
_MAPPED_KEYS |= {"amounts_in"}


def _is_heading(column: ReadColumn, heading: str) -> bool:
    return any(heading_matches(h, fold_heading(heading)) or h == heading for h in column.headings)


def _candidates(
    path: Path, name: str, specs: list[Format], *, is_utf8: bool
) -> tuple[str, list[Candidate]]:
    head = read_head(path)
    if head.startswith(ZIP_MARK) and path.suffix.lower() in WORKBOOKS:
        wanted = {spec.sheet for spec in specs if len(specs) == 1} - {""}
        found = _workbook_candidates(path, name)
        return "workbook", [c for c in found if not wanted or c.delimiter in wanted]
    refuse_other_kinds(name, head)
    encoding = encoding_of(path, head, is_utf8=is_utf8)
    text = head.decode(encoding, errors="replace")
    delimiters = {spec.delimiter for spec in specs} - {""}
    found = list(heading_candidates(text))
    if delimiters and len(specs) == 1:
        found = [candidate for candidate in found if candidate.delimiter in delimiters]
    return encoding, found


def _workbook_candidates(path: Path, name: str) -> Iterator[Candidate]:
    """Lines of each sheet that may be headings; the sheet stands where the delimiter would."""
    try:
        for sheet, rows in sheet_heads(path, HEAD_RECORDS):
            for skip, cells in enumerate(rows):
                if sum(bool(cell) for cell in cells) > 1:
                    yield Candidate(sheet, skip, tuple(cells))
    except Exception as error:  # openpyxl raises whatever a broken archive makes it raise
        raise ExportError(
            f"{name}: this workbook cannot be opened ({error}). Nothing was loaded from it. "
            "Open it in a spreadsheet, save it as CSV UTF-8, and put that in exports/."
        ) from error


def _currency(spec: Format, places: dict[str, int], headings: tuple[str, ...]) -> str:
    for name, place in places.items():
        for wanted in spec.read[name].headings:
            match = heading_matches(wanted, fold_heading(headings[place]))
            if match and match is not True and match.re.groups and match[1]:
                return match[1].upper()
    return ""


def _refusal(name: str, specs: list[Format], candidates: list[Candidate]) -> ExportError:
    """The error for a file that no format recognises: the closest one and the block to paste."""
    if not candidates:
        return ExportError(
            f"{name}: no line near the top has two cells, so this is no table, or a spreadsheet "
            "put each line into one cell. Nothing was loaded from it. Export it again as CSV, and "
            "put that in exports/ as it is, or take it out."
        )
    score, spec, candidate = closest_format(specs, candidates)
    wanted = [*spec.required, *(n for n in spec.recognise if n not in spec.required)]
    found = find_columns(spec, candidate.headings)
    missing = [column for column in wanted if column not in found]
    if score >= 0.5 and missing:
        return missing_columns(name, spec, missing, list(candidate.headings))
    return unrecognised(name, spec, candidate)
