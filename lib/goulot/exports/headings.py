"""Headings as they are compared, and the place of a wanted one among those of a file.

A wanted heading is plain text, a regular expression between slashes, or has ``{n}`` in it where the
file's headings have a number.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

NUMBER = "{n}"


def fold_heading(text: str) -> str:
    """A heading as it is compared: spaces, apostrophes and case no longer matter.

    >>> fold_heading("  Montant\\u00a0dépensé (EUR) ")
    'montant dépensé (eur)'
    """
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return re.sub(r"\s+", " ", text).strip().lstrip("\ufeff").casefold()


folded_once = cache(fold_heading)  # for the formats' own headings, never for a file's cells


@lru_cache(maxsize=4)  # a line is held against every format, one after the other
def folded_places(headings: tuple[str, ...]) -> Mapping[str, int]:
    """The headings of a line as they are compared, with the place of the first of each."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(fold_heading(heading), place)
    return places


def place_of(wanted: str, places: Mapping[str, int]) -> int | None:
    """Where a wanted heading stands; plain ones are looked up: a file has thousands of lines."""
    if wanted.startswith("/") or NUMBER in wanted:
        return next((place for h, place in places.items() if heading_matches(wanted, h)), None)
    return places.get(folded_once(wanted))


def number_in(wanted: str, folded: str) -> list[str]:
    """The number in a heading that is numbered as ``wanted`` says; none where it is another."""
    return _numbered(wanted).findall(folded)


@cache
def _numbered(wanted: str) -> re.Pattern[str]:
    pattern = re.escape(fold_heading(wanted)).replace(re.escape(NUMBER), r"(\d+)")
    return re.compile(f"^{pattern}$")


def heading_matches(wanted: str, folded: str) -> re.Match[str] | bool | None:
    if NUMBER in wanted:
        return bool(number_in(wanted, folded))
    if len(wanted) > 2 and wanted.startswith("/") and wanted.endswith("/"):
        return re.fullmatch(wanted[1:-1], folded, re.IGNORECASE)
    return folded_once(wanted) == folded
