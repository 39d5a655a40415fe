"""What is said of a file that cannot be used: what, where, how many, and what to type next."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from goulot.errors import ExportError
from goulot.exports.dialect import Candidate, resembles
from goulot.exports.headings import fold_heading, place_of
from goulot.exports.spec import Format, find_columns


def missing_columns(
    name: str, spec: Format, missing: list[str], headings: list[str]
) -> ExportError:
    """A file of a known format lacks columns: the closest headings, and the block to paste."""
    hints = [spec.read[column].if_missing for column in missing if spec.read[column].if_missing]
    wanted = {column: spec.read[column].header[0] for column in missing}
    guesses = _guesses(spec, missing, headings)
    lines = [
        f"{name}: {len(missing)} column{'s' if len(missing) > 1 else ''} that "
        f"{spec.title} ({spec.name}) needs {'are' if len(missing) > 1 else 'is'} not there.",
        *(
            f"  {wanted[c]!r}, closest in the file: {guesses[c]!r}"
            if guesses[c]
            else f"  {wanted[c]!r}, and nothing in the file is close to it"
            for c in missing
        ),
        f"Nothing was loaded from it. {hints[0] if hints else AGAIN}",
    ]
    if not hints or all(guesses.values()):
        lines += [
            "Or, if they were renamed or translated, paste this into client.yml and run again:",
            _rename_block(name, spec, {wanted[c]: guesses[c] for c in missing}),
        ]
    return ExportError("\n".join(lines))


AGAIN = "Export it again with these columns."
CLOSE = 0.5  # of two headings: how much of both is the same
LONGEST, MOST = 80, 120  # characters of a heading, headings: beyond is junk, and costs its square


def _guesses(spec: Format, missing: list[str], headings: list[str]) -> dict[str, str | None]:
    """The closest heading for each missing column, in any language, that nothing else claims.

    What the platform calls its other columns is claimed; the one heading that is then left over
    stands for the one column without a guess.
    """
    taken = set(find_columns(spec, headings).values())
    places = {fold_heading(h): n for n, h in reversed([*enumerate(headings)])}
    taken |= {place_of(other, places) for other in spec.others}
    free = [h for place, h in enumerate(headings[:MOST]) if h and place not in taken]
    guesses: dict[str, str | None] = {}
    for column in missing:
        names = _names(spec, column)
        near = max(((*_likeness(n, h), h) for n in names for h in free), default=(False, 0.0, ""))
        guesses[column] = near[2] if near[1] >= CLOSE else None
        free = [h for h in free if h != guesses[column]]
    left = [column for column in missing if guesses[column] is None]
    if spec.others and len(left) == len(free) == 1:
        guesses[left[0]] = free[0]
    return guesses


def _names(spec: Format, column: str) -> list[str]:
    """What a column may be called, in every language, as text to be compared."""
    return [name for heading in spec.read[column].headings if (name := _plain(heading))]


def _plain(heading: str) -> str:
    """A heading to be compared: of a pattern, the words it begins with."""
    if not heading.startswith("/"):
        return fold_heading(heading)
    return fold_heading(re.split(r"[(\[\\.*?]", heading[1:-1])[0])


def _likeness(wanted: str, heading: str) -> tuple[bool, float]:
    """Whether a heading begins with the wanted one, and how much of both is the same (0 to 1)."""
    folded = fold_heading(heading[:LONGEST])
    return folded.startswith(wanted), SequenceMatcher(None, wanted, folded).ratio()


def _rename_block(name: str, spec: Format, headings: Mapping[str, str | None]) -> str:
    return "\n".join(
        [
            "exports:",
            f"  {quoted(name)}:",
            f"    format: {spec.name}",
            "    columns:",
            *(
                f"      {quoted(w)}: {quoted(g or 'HEADING IN THE FILE')}"
                for w, g in headings.items()
            ),
        ]
    )


def closest_format(
    specs: Sequence[Format], candidates: Sequence[Candidate]
) -> tuple[float, Format, Candidate]:
    """The format that a file resembles most, how much of it is there (0 to 1), and its headings.

    Where no heading is any format's, the headings are the first line of the widest table, and the
    format is the one whose own read most like them.
    """
    shapes = Counter((candidate.delimiter, len(candidate.headings)) for candidate in candidates)
    tables = {c: len(c.headings) * shapes[c.delimiter, len(c.headings)] for c in candidates}
    _, _, number, place = max(
        (resembles(spec, candidate.headings), tables[candidate], -n, -place)
        for place, candidate in enumerate(candidates)
        for n, spec in enumerate(specs)
    )
    spec, candidate = specs[-number], candidates[-place]
    score = resembles(spec, candidate.headings)
    if not score:
        spec = max(specs, key=lambda spec: _alike(spec, candidate.headings))
    return score, spec, candidate


def _alike(spec: Format, headings: Sequence[str]) -> float:
    """How much of a format's required headings can be read in those of a file (0 to 1)."""
    headings = headings[:MOST]
    wanted = [_names(spec, column) for column in spec.required]
    best = (max(_likeness(n, h)[1] for n in names for h in headings) for names in wanted)
    return sum(b for b in best if b >= CLOSE) / len(wanted) if wanted else 0.0


def unrecognised(name: str, spec: Format, candidate: Candidate) -> ExportError:
    """No format knows the file: a block that maps it, to be completed and pasted."""
    headings = [h for h in candidate.headings if h]
    found = find_columns(spec, candidate.headings)
    lacking = [spec.read[c].header[0] for c in spec.required if c not in found]
    shown = ", ".join(headings[:12]) + (", …" if len(headings) > 12 else "")
    return ExportError(
        "\n".join(
            [
                f"{name}: no known export has these headings: {shown}.",
                f"The closest is {spec.title} ({spec.name}), which has "
                + ", ".join(spec.read[c].header[0] for c in spec.required)
                + f"; not there: {', '.join(lacking)}. Nothing was loaded from it. If it is "
                "another company's or platform's file, take it out of exports/. To map it, paste "
                "this into client.yml, with the right heading behind each name, and run again "
                "(data/README.md has an example):",
                mapping_block(name, headings),
            ]
        )
    )


_MAPPABLE = {
    "order_id": ("order", "commande", "invoice", "facture", "number", "numéro", "ticket", "id"),
    "ordered_at": ("date", "created", "time", "day", "jour", "when", "créé", "quand", "heure"),
    "total": ("total", "amount", "montant", "revenue", "price", "prix", "ttc", "paid", "payé"),
}


def mapping_block(name: str, headings: list[str]) -> str:
    """A client.yml block that reads ``name`` as orders, with the likeliest headings filled in."""

    def likely(words: tuple[str, ...], place: int) -> str:
        hits = (h for word in words for h in headings if word in h.casefold())
        return next(hits, headings[min(place, len(headings) - 1)])

    guess = {c: likely(words, i) for i, (c, words) in enumerate(_MAPPABLE.items())}
    return "\n".join(
        [
            "exports:",
            f"  {quoted(name)}:",
            "    one_row_is: orders",
            "    read:",
            f"      order_id: {{{_wanted(guess['order_id'])}}}",
            f"      ordered_at: {{{_wanted(guess['ordered_at'])}, type: timestamp}}",
            f"      total: {{{_wanted(guess['total'])}, type: money}}",
            "    tables:",
            "      orders: {order_id: order_id, ordered_at: ordered_at, total: total}",
        ]
    )


def _wanted(heading: str) -> str:
    return f"header: {quoted(heading)}, required: true"


def quoted(text: str) -> str:
    """Text as YAML reads it back, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def setting_block(pattern: str, spec: Format, line: str) -> str:
    """A client.yml block that adds one setting for the files that ``pattern`` names there."""
    kind = () if spec.name == "mapped" else (f"    format: {spec.name}",)
    return "\n".join(["exports:", f"  {quoted(pattern)}:", *kind, f"    {line}"])


AS_CSV = "Open it where it was made, save it as CSV UTF-8, and put that in exports/."
OTHER_KINDS = (  # first bytes, what such a file is, what to do
    (b"PK\x03\x04", "a zip archive", "Unpack it into exports/ and run again."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "Save it as .xlsx or CSV UTF-8."),
    (b"%PDF", "a PDF, which holds no table", "Export the table itself as CSV."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it into exports/ and run again."),
    (b"Rar!", "a rar archive", "Unpack it into exports/ and run again."),
    (b"\x1f\x9d", "a compressed file", "Unpack it into exports/ and run again."),
    (b"BZh", "a bzip2 archive", "Unpack it into exports/ and run again."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it into exports/ and run again."),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive", "Unpack it into exports/ and run again."),
    (b"PAR1", "a Parquet file", AS_CSV),
    (b"SQLite format 3", "a database", AS_CSV),
    (b"\x89PNG", "a picture", "Export the table itself as CSV."),
    (b"\xff\xd8\xff", "a picture", "Export the table itself as CSV."),
    (b"GIF8", "a picture", "Export the table itself as CSV."),
    (b"{\\rtf", "a text document", "Export the table itself as CSV."),
    (b"<!doctype html", "a web page: often the login page instead of the export", AS_CSV),
    (b"<html", "a web page: often the login page instead of the export", AS_CSV),
    (b"<?xml", "XML", "Export the table itself as CSV."),
)


def refuse_other_kinds(name: str, head: bytes) -> None:
    """Raise ExportError for a file that is no text, by its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:20]
    for mark, what, cure in OTHER_KINDS:
        if head.startswith(mark) or start.lower().startswith(mark.lower()):
            if mark == b"PK\x03\x04" and name.lower().endswith(".numbers"):
                what, cure = "a Numbers document", "In Numbers: File › Export To › CSV."
            elif mark == b"PK\x03\x04" and b"xl/work" in head:
                what = "an Excel workbook under another name"
                cure = f"Rename it to {name.rpartition('.')[0] or name}.xlsx and run again."
            elif mark == b"PK\x03\x04" and name.lower().endswith((".ods", ".docx", ".xlsb")):
                what, cure = f"a document ({name.rpartition('.')[2]})", AS_CSV
            raise ExportError(f"{name}: this is {what}. Nothing was loaded from it. {cure}")
