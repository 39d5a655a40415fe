"""A format: how one platform's export is recognised and how it maps to canonical tables.

A format is a YAML file in ``formats/`` and nothing else; client.yml may hold one too, for a file
that no platform writes. Names on the left of ``read`` are what the SQL in ``tables`` speaks of.
"""

import hashlib
import re
import unicodedata
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from goulot.errors import SettingsError, closest
from goulot.tables import PROVENANCE, TABLES

ReadKind = Literal[
    "text", "integer", "number", "money", "percent", "date", "timestamp", "boolean", "key"
]

ByLanguage = dict[Literal["en", "fr"], str] | str  # one text, where the platform has one
Evidence = Literal["utm_source", "utm_medium", "utm_campaign", "code", "source", "reference"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadColumn(Part):
    """A column of the file: its heading in every language and vintage, and what it holds.

    A heading between slashes is a regular expression; its first group, if it has one, is the ISO
    code of the currency (``/Amount spent \\(([A-Z]{3})\\)/``).
    """

    header: tuple[str, ...]
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
        if isinstance(value, dict) and isinstance(value.get("header"), str):
            value = value | {"header": (value["header"],)}
        return value


class IgnoreRule(Part):
    """Rows that are not data: totals, images, test rows. ``why`` is the ledger's word for them."""

    why: Literal["totals", "not data", "not paid", "in the shop's export"] = "totals"
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
    per_line: bool = False  # order-level columns stand on every line of the order
    finer: int = 0  # the same sums again in more rows, and the less complete the higher

    @model_validator(mode="before")
    @classmethod
    def _columns_beside_the_rest(cls, value: dict[str, Any]) -> dict[str, Any]:
        keys = ("rows", "evidence", "sum", "per_line", "finer")
        own = {key: value[key] for key in keys if key in value}
        columns = {key: str(value[key]) for key in value if key not in own}
        return own | {"columns": columns}


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
    nulls: tuple[str, ...] = ("", "-", "--")
    quote: str = '"'
    delimiter: str = ""
    decimal: Literal[".", ",", ""] = ""
    date_order: Literal["dmy", "mdy", "ymd", ""] = ""
    currency: str = ""  # the read column that holds the currency's ISO code
    ignore: tuple[IgnoreRule, ...] = ()
    refuse: tuple[RefuseRule, ...] = ()
    fill_down: FillDown | None = None
    one_row_is: str
    tables: dict[str, TableMap]

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
        if self.one_row_is not in self.tables:
            raise ValueError(_no_such(self.one_row_is, "table of this format", self.tables))
        return self

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def asked_for(self, language: str) -> tuple[str, str]:
        """Where to click for this export, and what to choose there."""
        menu, tick = (
            text if isinstance(text, str) else text.get(language) or text["en"]
            for text in (self.menu, self.tick)
        )
        return menu, tick

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.read.items() if column.required)


def _no_such(name: str, what: str, known: Any) -> str:
    guess = closest(name, list(known))
    return f"there is no {what} {name!r}" + (f"; did you mean {guess!r}?" if guess else "")


def fold_heading(text: str) -> str:
    """A heading as it is compared: spaces, apostrophes and case no longer matter.

    >>> fold_heading("  Montant\\u00a0dépensé (EUR) ")
    'montant dépensé (eur)'
    """
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    return re.sub(r"\s+", " ", text).strip().lstrip("\ufeff").casefold()


def find_columns(spec: Format, headings: list[str]) -> dict[str, int]:
    """Where each read column stands in the file (first match), by name; absent ones left out."""
    folded = [fold_heading(heading) for heading in headings]
    found = {}
    for name, column in spec.read.items():
        for wanted in column.header:
            place = next((i for i, h in enumerate(folded) if heading_matches(wanted, h)), None)
            if place is not None:
                found[name] = place
                break
    return found


def heading_matches(wanted: str, folded: str) -> re.Match[str] | bool | None:
    if len(wanted) > 2 and wanted.startswith("/") and wanted.endswith("/"):
        return re.fullmatch(wanted[1:-1], folded, re.IGNORECASE)
    return fold_heading(wanted) == folded


@cache
def platform_formats() -> dict[str, Format]:
    """Every format that Goulot ships, by name."""
    folder = files("goulot.exports") / "formats"
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".yml")), key=lambda p: p.name)
    return {
        name: parse_format(name, yaml.safe_load(path.read_text(encoding="utf-8")))
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
