"""A format: how one platform's export is recognised and how it maps to canonical tables.

A format is a YAML file in ``formats/`` and nothing else; client.yml may hold one too, for a file
that no platform writes. Names on the left of ``read`` are what the SQL in ``tables`` speaks of.
A name with ``{n}`` in it, as its heading has, stands for columns that are numbered in the file
(``Product Item 1 SKU``, ``Product Item 2 SKU``, …); a table that speaks of it has a row for each n.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from goulot.errors import SettingsError, closest
from goulot.exports.headings import NUMBER, folded_places, number_in, place_of
from goulot.exports.shipped import shipped_yaml
from goulot.tables import PROVENANCE, TABLES
from goulot.timezones import time_zones

ReadKind = Literal[
    "text", "integer", "number", "money", "percent", "date", "timestamp", "time", "boolean", "key"
]
Why = Literal["totals", "not data", "not paid", "voided", "return parcel", "in the shop's export"]

ByLanguage = dict[Literal["en", "fr"], str] | str  # one text, where the platform has one
Evidence = Literal["utm_source", "utm_medium", "utm_campaign", "code", "source", "reference"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadColumn(Part):
    """A column of the file: its heading in every language and vintage, and what it holds.

    A heading between slashes is a regular expression; its first group, if it has one, is the ISO
    code of the currency (``/Amount spent \\(([A-Z]{3})\\)/``). ``instead`` are headings of columns
    that mean another thing and stand in where none of these is there; it is said where they do.
    """

    header: tuple[str, ...]
    instead: tuple[str, ...] = ()
    type: ReadKind = "text"
    required: bool = False
    personal: bool = False
    zone: str | None = None  # time zone of naive times; the client's where it is not given
    if_missing: str = ""  # what to do in the platform to get this column

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, str | list):
            value = {"header": value}
        if isinstance(value, dict):
            texts = {k: (value[k],) for k in ("header", "instead") if isinstance(value.get(k), str)}
            value = value | texts
        return value

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading it may have, those it should have first."""
        return (*self.header, *self.instead)


class IgnoreRule(Part):
    """Rows that are not data: totals, images, test rows. ``why`` is the ledger's word for them."""

    why: Why = "totals"
    starts_with: tuple[str, ...] = ()  # one of the first ``in_first_cells`` cells starts so
    in_first_cells: int = 3
    blank: tuple[str, ...] = ()  # all of these read columns are empty
    where: str = ""  # or any SQL condition over the read columns, as text


class RefuseRule(Part):
    """Rows by which the whole file is refused, with what to do in the platform instead."""

    where: str  # SQL condition over the read columns, as values
    absent: tuple[str, ...] = ()  # holds only for a file that has none of these read columns
    say: str


class FillDown(Part):
    """Columns that stand only on the first row of a group of rows."""

    by: str
    columns: tuple[str, ...]


class TableMap(Part):
    """How rows of the file become rows of one canonical table."""

    rows: str = "true"  # SQL: the rows of the file that this table is made of
    columns: dict[str, str]  # canonical column: SQL over the read columns
    evidence: dict[Evidence, str] = {}  # what decides the channel of an order or account
    sum: tuple[str, ...] = ()  # of an order: columns that add up over its rows
    per_line: bool = False  # the columns of an order or a parcel stand on every line of it
    finer: int = 0  # the same sums again in more rows, and the less complete the higher

    @model_validator(mode="before")
    @classmethod
    def _columns_beside_the_rest(cls, value: dict[str, Any]) -> dict[str, Any]:
        keys = ("rows", "evidence", "sum", "per_line", "finer")
        own = {key: value[key] for key in keys if key in value}
        columns = {key: str(value[key]) for key in value if key not in own}
        return own | {"columns": columns}

    @property
    def is_numbered(self) -> bool:
        return any(NUMBER in sql for sql in (self.rows, *self.columns.values()))

    @property
    def gathers(self) -> bool:
        """Whether a row of the table is not one row of the file."""
        return self.per_line or self.is_numbered

    def at(self, number: str) -> Self:
        """The map for one number of the file's numbered columns."""
        columns = {name: sql.replace(NUMBER, number) for name, sql in self.columns.items()}
        return self.model_copy(
            update={"rows": self.rows.replace(NUMBER, number), "columns": columns}
        )


class Format(Part):
    """One kind of export."""

    name: str
    title: str
    platform: str
    menu: ByLanguage = ""  # where to click
    tick: ByLanguage = ""  # which columns, segments or dates to choose there
    recognise: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    read: dict[str, ReadColumn]
    others: tuple[str, ...] = ()  # headings of the platform's that are not read, nor mistaken
    nulls: tuple[str, ...] = ("", "-", "--")
    quote: str = '"'
    delimiter: str = ""
    pad: bool = False  # empty cells at the end of a row may be cut off
    decimal: Literal[".", ",", ""] = ""
    date_order: Literal["dmy", "mdy", "ymd", ""] = ""
    zone: str = ""  # time zone of naive times; a column's own goes before it
    sheet: str = ""  # of a workbook: the sheet to read, where several hold the same table
    currency: str = ""  # the read column that holds the currency's ISO code
    amounts_in: str = Field("", pattern=r"^([A-Z]{3})?$")  # ISO code, whatever signs stand there
    ignore: tuple[IgnoreRule, ...] = ()
    refuse: tuple[RefuseRule, ...] = ()
    fill_down: FillDown | None = None
    one_row_is: str
    tables: dict[str, TableMap]
    numbers: tuple[str, ...] = ()  # those found in the headings of a file

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        for table, mapping in self.tables.items():
            if table not in TABLES:
                raise ValueError(_no_such(table, "canonical table", TABLES))
            known = set(TABLES[table].columns) - set(PROVENANCE)
            for column in mapping.columns:
                if column not in known:
                    raise ValueError(_no_such(column, f"column of {table}", known))
        absent = [name for rule in self.refuse for name in rule.absent]
        for name in (*self.recognise, *self.unless, *absent, *filter(None, (self.currency,))):
            if name not in self.read:
                raise ValueError(_no_such(name, "name under read", self.read))
        zones = {self.zone, *(column.zone for column in self.read.values())} - {"", None}
        for zone in zones - time_zones():
            raise ValueError(_no_such(zone, "time zone", time_zones()))
        if self.one_row_is not in self.tables:
            raise ValueError(_no_such(self.one_row_is, "table of this format", self.tables))
        if self.tables[self.one_row_is].is_numbered:
            raise ValueError(f"a row of the file holds several rows of {self.one_row_is}")
        return self

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def asked_for(self, language: str) -> tuple[str, str]:
        """Where to click for this export, and what to choose there."""
        menu, tick = (
            text if isinstance(text, str) else text.get(language) or text["en"]
            for text in (self.menu, self.tick)
        )
        return menu, tick

    @property
    def looks_around(self) -> bool:
        """Whether a row's values depend on other rows: their order is then kept by number."""
        texts = [sql for m in self.tables.values() for sql in (m.rows, *m.columns.values())]
        return bool(self.fill_down) or any(" over (" in sql for sql in texts)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.read.items() if column.required)

    def numbered(self, headings: Iterable[str]) -> Self:
        """The format with each numbered column written out, once for each number in ``headings``.

        No column is required for every number: the longest basket of the file decides how many
        there are, and most orders fill the first few only.
        """
        folded = list(folded_places(tuple(headings)))
        read, numbers = {}, set()
        templates = {name: column for name, column in self.read.items() if NUMBER in name}
        for column in templates.values():
            numbers |= {
                n for wanted in column.headings for h in folded for n in number_in(wanted, h)
            }
        ordered = tuple(sorted(numbers, key=int))
        for name, column in self.read.items():
            for number in ordered if name in templates else ("",):
                changes = {
                    part: tuple(h.replace(NUMBER, number or NUMBER) for h in getattr(column, part))
                    for part in ("header", "instead")
                } | {"required": column.required and not number}
                read[name.replace(NUMBER, number)] = column.model_copy(update=changes)
        return self.model_copy(update={"read": read, "numbers": ordered}) if templates else self

    def copies(self, table: str) -> list[tuple[str, TableMap]]:
        """The table's map and its prefix in typed rows: one, or one for each number."""
        mapping = self.tables[table]
        if not mapping.is_numbered:
            return [(table, mapping)]
        return [(f"{table}__{number}", mapping.at(number)) for number in self.numbers]


def _no_such(name: str, what: str, known: Any) -> str:
    guess = closest(name, list(known))
    return f"there is no {what} {name!r}" + (f"; did you mean {guess!r}?" if guess else "")


def find_columns(spec: Format, headings: Sequence[str]) -> dict[str, int]:
    """Where each read column stands in the file (first match), by name; absent ones left out."""
    places = folded_places(tuple(headings))
    found = {name: _place(column, places) for name, column in spec.read.items()}
    return {name: place for name, place in found.items() if place is not None}


def is_recognised(spec: Format, headings: Sequence[str]) -> bool:
    """Whether the headings have every column by which ``spec`` is known."""
    places = folded_places(tuple(headings))
    known_by = (_place(spec.read[name], places) for name in spec.recognise)
    return bool(spec.recognise) and all(place is not None for place in known_by)


def _place(column: ReadColumn, places: Mapping[str, int]) -> int | None:
    found = (place_of(wanted, places) for wanted in column.headings)
    return next((place for place in found if place is not None), None)


@cache
def platform_formats() -> dict[str, Format]:
    """Every format that Goulot ships, by name."""
    folder = files("goulot.exports") / "formats"
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".yml")), key=lambda p: p.name)
    return {
        name: parse_format(name, shipped_yaml(path))
        for path in paths
        for name in [path.name.removesuffix(".yml")]
    }


def parse_format(name: str, content: dict[str, Any], *, where: str = "") -> Format:
    """A Format from its YAML. Raises SettingsError, naming the place and the mistake."""
    place = where or f"formats/{name}.yml"
    try:
        return Format.model_validate({"name": name} | content)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"]) or "it"
        raise SettingsError(
            f"{place}: {path} cannot be used: {first['msg'].removeprefix('Value error, ')}. "
            "data/README.md shows what a format holds."
        ) from None
