"""Which format a file is, or the closest one and what to type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from goulot.errors import ExportError, SettingsError, closest
from goulot.exports.dialect import (
    HEAD_RECORDS,
    Candidate,
    Dialect,
    encoding_of,
    fits,
    heading_candidates,
    read_head,
    resembles,
)
from goulot.exports.records import sheet_heads
from goulot.exports.refusals import missing_columns, unrecognised
from goulot.exports.spec import (
    Format,
    ReadColumn,
    find_columns,
    fold_heading,
    heading_matches,
    parse_format,
    platform_formats,
)
from goulot.exports.stacked import refuse_stacked

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
    currency: str = ""  # from a heading such as "Amount spent (EUR)"


def recognise(path: Path, name: str, mapped: Mapping[str, dict[str, Any]]) -> Recognised:
    """Decide the format of ``path``, called ``name`` in messages; ``mapped`` is client.yml's.

    Raises
    ------
    ExportError
        The file is empty, is no table, is of no known format, or lacks a column.
    """
    specs = _specs_for(name, mapped)
    encoding, candidates = _candidates(path, name, specs)
    choices = [
        (score, -place, spec, candidate)
        for place, candidate in enumerate(candidates)
        for spec in specs
        if (score := fits(spec, candidate.headings))
    ]
    if not choices:
        raise _refusal(name, specs, candidates)
    _, _, spec, found = max(choices, key=lambda choice: choice[:2])
    places = find_columns(spec, list(found.headings))
    if missing := [column for column in spec.required if column not in places]:
        raise missing_columns(name, spec, missing, list(found.headings))
    spec = spec.numbered(found.headings)
    places = find_columns(spec, list(found.headings))
    sheet = found.delimiter if encoding == "workbook" else ""
    dialect = Dialect(encoding, found.delimiter, spec.quote, found.skip, found.headings, sheet)
    return Recognised(path, name, spec, dialect, places, _currency(spec, places, found.headings))


def _specs_for(name: str, mapped: Mapping[str, dict[str, Any]]) -> list[Format]:
    for pattern, content in mapped.items():
        if fnmatch(name, pattern) or fnmatch(Path(name).name, pattern):
            return [_mapped_format(pattern, content)]
    return list(platform_formats().values())


def _mapped_format(pattern: str, content: dict[str, Any]) -> Format:
    """A format from client.yml: a known one with other headings, or one written out there."""
    where = f"client.yml, exports: {pattern!r}"
    if "format" not in content:
        whole = {"title": pattern, "platform": "client.yml"} | content
        spec = parse_format("mapped", whole, where=where)
        return spec.model_copy(update={"recognise": spec.recognise or spec.required})
    known = platform_formats()
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
            headings = [h for c in spec.read.values() for h in c.header]
            raise SettingsError(
                f"{where}: {spec.title} has no column {heading!r}; "
                f"the closest is {closest(heading, headings)!r}."
            )
        column = renamed[name]
        renamed[name] = column.model_copy(update={"header": (in_file, *column.header)})
    own = {key: content[key] for key in ("decimal", "date_order", "delimiter") if key in content}
    return spec.model_copy(update={"read": renamed} | own)


def _is_heading(column: ReadColumn, heading: str) -> bool:
    return any(heading_matches(h, fold_heading(heading)) or h == heading for h in column.header)


def _candidates(path: Path, name: str, specs: list[Format]) -> tuple[str, list[Candidate]]:
    head = read_head(path)
    if head.startswith(ZIP_MARK):
        if path.suffix.lower() not in WORKBOOKS:
            raise ExportError(
                f"{name}: this is a zip archive. Nothing was loaded from it. "
                "Unpack it into exports/ and run again."
            )
        return "workbook", list(_workbook_candidates(path, name))
    encoding = encoding_of(path, head)
    text = head.decode(encoding, errors="replace")
    refuse_stacked(name, text)
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
        for wanted in spec.read[name].header:
            match = heading_matches(wanted, fold_heading(headings[place]))
            if match and match is not True and match.re.groups and match[1]:
                return match[1].upper()
    return ""


def _refusal(name: str, specs: list[Format], candidates: list[Candidate]) -> ExportError:
    """The error for a file that no format recognises: the closest one and the block to paste."""
    ranked = [
        (resembles(spec, candidate.headings), -place, spec, candidate)
        for place, candidate in enumerate(candidates)
        for spec in specs
    ]
    if not ranked:
        return ExportError(
            f"{name}: no line near the top has two cells or more, so this is no table. Nothing "
            "was loaded from it. Export it again as CSV, or take it out of exports/."
        )
    score, _, spec, candidate = max(ranked, key=lambda entry: entry[:2])
    wanted = [*spec.required, *(n for n in spec.recognise if n not in spec.required)]
    found = find_columns(spec, list(candidate.headings))
    missing = [column for column in wanted if column not in found]
    if score >= 0.5 and missing:
        return missing_columns(name, spec, missing, list(candidate.headings))
    return unrecognised(name, spec, candidate)
