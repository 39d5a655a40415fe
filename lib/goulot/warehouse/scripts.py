"""A SQL file: the table it makes, the tables it reads and the promises written in it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Self

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from goulot.errors import BuildError, closest

SQL_FOLDER = Path(__file__).resolve().parents[1] / "sql"

# checks make no table: they are queries that must return nothing.
MAY_READ = {
    "staging": {"canonical", "staging"},
    "marts": {"staging", "marts"},
    "checks": {"canonical", "staging", "marts"},
}
TAGS = ("UNIQUE", "NOT_NULL", "NOT_NEGATIVE")

_KEY = re.compile(r"^-- #KEY\(([^)]*)\)", re.MULTILINE)
_VIEW = re.compile(r"^-- #VIEW\b", re.MULTILINE)
_TAG_LINE = re.compile(r"^[ \t]*--[ \t]*(#\w.*)\n(.*)$", re.MULTILINE)
_BARE_COLUMN = re.compile(r"^\s*(?:\w+\.)?(\w+)\s*(?:,|--|$)")
_LAST_SELECT = re.compile(r"^select\b", re.MULTILINE)


@dataclass(frozen=True)
class Promise:
    """What a table says of its columns: ``KEY`` and ``UNIQUE`` may name one row by several."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Script:
    """``marts/sku_cover.sql`` makes the table ``marts.sku_cover``."""

    layer: str
    name: str
    sql: str

    @classmethod
    def from_path(cls, root: Path, path: Path) -> Self:
        """Read the file at ``path``, whose folder under ``root`` is its layer."""
        layer, name = path.relative_to(root).with_suffix("").parts
        return cls(layer, name, path.read_text(encoding="utf-8"))

    @property
    def table(self) -> str:
        return f"{self.layer}.{self.name}"

    @property
    def file(self) -> str:
        return f"{self.layer}/{self.name}.sql"

    @property
    def header(self) -> str:
        """The comment lines on top of the file."""
        return re.match(r"(?:--.*\n)*", self.sql)[0]

    @property
    def meaning(self) -> str:
        """The first sentence of the header: what one row is, or what a check claims."""
        words = (line.lstrip("- ") for line in self.header.splitlines() if "#" not in line)
        return " ".join(words).partition(". ")[0].strip().rstrip(".") + "."

    @property
    def is_view(self) -> bool:
        """Computed by whoever reads it, not stored; its promises are those of what it reads."""
        return bool(_VIEW.search(self.header))

    @cached_property
    def _tree(self) -> exp.Expression:
        try:
            return sqlglot.parse_one(self.sql, read="duckdb")
        except SqlglotError as error:
            raise BuildError.in_script(self.file, f"cannot be parsed: {error}.") from error

    @cached_property
    def reads(self) -> frozenset[str]:
        """Tables in the query, as ``schema.name``; the names of its own CTEs are not tables."""
        own = {cte.alias for cte in self._tree.find_all(exp.CTE)}
        tables = [t for t in self._tree.find_all(exp.Table) if t.db or t.name not in own]
        for bare in (table.name for table in tables if not table.db):
            raise BuildError.in_script(
                self.file, f"reads {bare!r} without its schema: write staging.{bare}, or marts.…"
            )
        return frozenset(f"{table.db}.{table.name}" for table in tables)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the last select, which a table is made of."""
        names = tuple(self._tree.named_selects)
        if not all(names) or "*" in names:
            raise BuildError.in_script(self.file, "the last select has to list its columns.")
        return names

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The key of the first line, and the tags above the columns of the last select."""
        found = [
            Promise("KEY", tuple(re.findall(r"\w+", key))) for key in _KEY.findall(self.header)
        ]
        start = max((m.start() for m in _LAST_SELECT.finditer(self.sql)), default=0)
        for match in _TAG_LINE.finditer(self.sql, len(self.header)):
            if match.start() < start:
                raise self._misplaced(match[1])
            found += self._tagged(match[1], match[2])
        return tuple(found)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name one row; empty where the file promises none."""
        keys = [p.columns for p in self.promises if p.kind in {"KEY", "UNIQUE"}]
        return keys[0] if keys else ()

    def _tagged(self, tags: str, line: str) -> list[Promise]:
        column = _BARE_COLUMN.match(line)
        if not column:
            raise self._misplaced(tags)
        names = re.findall(r"#(\w+)", tags)
        for name in set(names) - set(TAGS):
            guess = closest(name, TAGS) or ", ".join(TAGS)
            raise BuildError.in_script(self.file, f"#{name} is no promise; there is #{guess}.")
        return [Promise(name, (column[1],)) for name in names]

    def _misplaced(self, tags: str) -> BuildError:
        return BuildError.in_script(
            self.file,
            f"the promise {tags.strip()} does not stand above a bare column of the last select: "
            "move the arithmetic into a CTE above it.",
        )


def load_scripts(root: Path = SQL_FOLDER) -> list[Script]:
    """Every SQL file under ``root``, sorted by path. Raises BuildError for an unknown folder."""
    scripts = [Script.from_path(root, path) for path in sorted(root.glob("*/*.sql"))]
    for script in scripts:
        if script.layer not in MAY_READ:
            raise BuildError.in_script(
                script.file, f"there is no layer {script.layer!r}, only {', '.join(MAY_READ)}."
            )
    return scripts


def build_order(scripts: Iterable[Script], canonical: Collection[str]) -> TopologicalSorter[Script]:
    """Scripts, each ready once those it reads are done; ``canonical`` are the tables there first.

    Raises
    ------
    BuildError
        A script reads a table that does not exist, or that its layer may not read, or itself
        through others.
    """
    by_table = {script.table: script for script in scripts}
    makes = {table for table, script in by_table.items() if script.layer != "checks"}
    known = makes | {f"canonical.{name}" for name in canonical}
    for script in by_table.values():
        _refuse_bad_reads(script, known)
    order = TopologicalSorter(
        {
            script: [by_table[table] for table in sorted(script.reads & makes)]
            for _, script in sorted(by_table.items())
        }
    )
    try:
        order.prepare()
    except CycleError as error:
        circle = " reads ".join(script.table for script in reversed(error.args[1]))
        raise BuildError.in_script(error.args[1][0].file, f"reads itself: {circle}.") from None
    return order


def _refuse_bad_reads(script: Script, known: Collection[str]) -> None:
    for table in sorted(script.reads):
        schema = table.partition(".")[0]
        if table not in known:
            guess = closest(table, known)
            hint = f"Did you mean {guess}?" if guess else ""
            raise BuildError.in_script(script.file, f"there is no table {table}. {hint}".strip())
        if schema not in MAY_READ[script.layer]:
            allowed = ", ".join(sorted(MAY_READ[script.layer]))
            raise BuildError.in_script(
                script.file,
                f"{script.layer} may not read {table}; it may read {allowed}.",
            )
