"""What is said of a file that cannot be used: what, where, how many, and what to type next."""

import json
from collections.abc import Mapping

from goulot.errors import ExportError, closest
from goulot.exports.dialect import Candidate
from goulot.exports.spec import Format


def missing_columns(
    name: str, spec: Format, missing: list[str], headings: list[str]
) -> ExportError:
    """A file of a known format lacks columns: the closest headings, and the block to paste."""
    hints = [spec.read[column].if_missing for column in missing if spec.read[column].if_missing]
    wanted = {column: spec.read[column].header[0] for column in missing}
    free = [h for h in headings if h]
    guesses = {column: closest(heading, free) for column, heading in wanted.items()}
    lines = [
        f"{name}: {len(missing)} column{'s' if len(missing) > 1 else ''} that "
        f"{spec.title} ({spec.name}) needs {'are' if len(missing) > 1 else 'is'} not there.",
        *(
            f"  {wanted[c]!r}, closest in the file: {guesses[c]!r}"
            if guesses[c]
            else f"  {wanted[c]!r}, and nothing in the file is close to it"
            for c in missing
        ),
        *(f"Nothing was loaded from it. {hint}" for hint in hints[:1]),
    ]
    if not hints:
        lines += [
            "Nothing was loaded from it. Export it again with these columns; or, if they were "
            "renamed or translated, paste this into client.yml and run again:",
            _rename_block(name, spec, {wanted[c]: guesses[c] for c in missing}),
        ]
    return ExportError("\n".join(lines))


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


def unrecognised(name: str, spec: Format, candidate: Candidate) -> ExportError:
    """No format knows the file: a block that maps it, to be completed and pasted."""
    headings = [h for h in candidate.headings if h]
    shown = ", ".join(headings[:12]) + (", …" if len(headings) > 12 else "")
    return ExportError(
        "\n".join(
            [
                f"{name}: no known export has these headings: {shown}.",
                f"The closest is {spec.title} ({spec.name}), which has "
                + ", ".join(spec.read[c].header[0] for c in spec.required)
                + ". Nothing was loaded from it. If it is another company's or platform's file, "
                "take it out of exports/. To map it, paste this into client.yml, with the right "
                "heading behind each name, and run again (data/README.md has an example):",
                mapping_block(name, headings),
            ]
        )
    )


_MAPPABLE = {
    "order_id": ("order", "invoice", "number", "id"),
    "ordered_at": ("date", "created", "time"),
    "total": ("total", "amount", "revenue", "price"),
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


def other_currency(name: str, currency: str, wanted: str) -> ExportError:
    """A file whose amounts are in a currency that is not the client's."""
    return ExportError(
        f"{name}: its amounts are in {currency}, and client.yml says {wanted}. Nothing was loaded "
        f"from it. Export it in {wanted}, or set currency: {currency} in client.yml."
    )
