"""The data request: which exports to send, where to click for them, and what each unlocks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from goulot.exports.spec import Format, platform_formats
from goulot.language import Language
from goulot.steps.needs import EXPORT_NAMES, StepNeeds

YEARS_ASKED_FOR = 2
DAYS_BEHIND = 7  # an export that ends earlier than the others by more is to be brought up to date


@dataclass(frozen=True)
class Held:
    """What is there already of one canonical table: its rows and its days."""

    rows: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class DataRequest:
    """What to ask a client for.

    ``steps`` are those that the client's kind of company has (``needs.steps_for``); ``until`` is
    the day up to which the exports reach (None: nothing is there yet); ``ledger`` has one mapping
    per file: format, first_day and last_day.
    """

    client: str
    steps: Sequence[StepNeeds]
    held: Mapping[str, Held]
    until: date | None
    ledger: Sequence[Mapping[str, Any]]
    language: Language

    def text(self) -> str:
        """The text of an e-mail: what is missing first, then what is there and up to when."""
        wanted = self._wanted_tables()
        missing = [table for table in wanted if table not in self.held]
        behind = [t for t in wanted if t in self.held and self._formats_behind(t)]
        current = [t for t in wanted if t in self.held and t not in behind]
        parts = [
            self.language.say(
                "Subject: exports for the quarterly review ({client})", client=self.client
            ),
            self.language.say(
                "Hello,\n\nfor the review I need the exports below, as the platforms write them "
                "(please do not open and save them in a spreadsheet first), over the last {years} "
                "years if they reach back so far. Where a file would be too large, several files "
                "are fine; where they overlap, nothing is counted twice.",
                years=YEARS_ASKED_FOR,
            ),
        ]
        if missing:
            parts.append(self._section(self.language.say("Still missing"), missing))
        if behind:
            parts.append(self._section(self.language.say("To be brought up to date"), behind))
        if current:
            there = "".join(f"\n- {self._there(table)}" for table in current)
            parts.append(self.language.say("Already here, nothing to do:") + there)
        parts.append(
            self.language.say(
                "Names, e-mail addresses and streets in these files stay on my machine: they are "
                "read once and turned into anonymous keys."
            )
        )
        return "\n\n".join(parts) + "\n"

    def _wanted_tables(self) -> list[str]:
        """The tables that some step lives on, essential ones first, in the order of the steps."""
        needs = [need for step in self.steps for need in step.needs]
        ordered = [n.table for n in needs if n.essential] + [n.table for n in needs]
        return [t for t in dict.fromkeys(ordered) if not self._comes_with(t, ordered)]

    def _comes_with(self, table: str, ordered: Sequence[str]) -> bool:
        """Whether the files asked for an earlier table hold this one too (lines of orders)."""
        mine = {spec.name for spec in self._formats_of(table, ())}
        earlier = ordered[: ordered.index(table)]
        return bool(mine) and any(
            mine <= {spec.name for spec in self._formats_of(other, ())} for other in earlier
        )

    def _formats_behind(self, table: str) -> dict[str, date]:
        """The formats of a table whose files end more than a week before the others, and when.

        A platform that has stopped writing would hide behind another that feeds the same table.
        """
        ends: dict[str, date] = {}
        for row in self.ledger:
            spec = platform_formats().get(row["format"])
            if spec and table in spec.tables and row["last_day"]:
                day = date.fromisoformat(row["last_day"])
                ends[spec.name] = max(day, ends.get(spec.name, day))
        if not ends and self.held[table].last:
            ends[""] = self.held[table].last
        return {name: day for name, day in ends.items() if self._is_behind(day)}

    def _is_behind(self, day: date) -> bool:
        return bool(self.until and (self.until - day).days > DAYS_BEHIND)

    def _section(self, title: str, tables: Collection[str]) -> str:
        entries = [self._entry(number, table) for number, table in enumerate(tables, start=1)]
        return "\n\n".join([f"{title}\n{'-' * len(title)}", *entries])

    def _entry(self, number: int, table: str) -> str:
        lines = [f"{number}. {self.language.say(EXPORT_NAMES[table])}"]
        if table in self.held:
            lines.append(f"   {self._there(table)}")
        behind = self._formats_behind(table) if table in self.held else {}
        for spec in self._formats_of(table, behind):
            menu, tick = spec.asked_for(self.language.code)
            where = self.language.say("{platform}: {menu}", platform=spec.platform, menu=menu)
            line = f"   - {where}" + (f". {tick}" if tick else "")
            if spec.name in behind:
                line += " " + self.language.say(
                    "(reaches {day})", day=self.language.day(behind[spec.name])
                )
            lines.append(line)
        unlocked = [step for step in self.steps if any(n.table == table for n in step.needs)]
        lines.append("   " + self.language.say("What it answers:"))
        lines += [f"     {self.language.say(step.question)}" for step in unlocked]
        costs = next(n.costs for step in unlocked for n in step.needs if n.table == table)
        lines.append(
            "   " + self.language.say("Without it: {costs}.", costs=self.language.say(costs))
        )
        return "\n".join(lines)

    def _formats_of(self, table: str, behind: Collection[str]) -> list[Format]:
        """The formats that feed the table: those that are ``behind``, or else all of them."""
        feeding = [
            spec
            for spec in platform_formats().values()
            if spec.menu
            and (spec.one_row_is == table or table in spec.tables)
            and not any(mapping.finer for mapping in spec.tables.values())  # told twice
        ]
        chosen = [spec for spec in feeding if spec.name in behind] or feeding
        return sorted(chosen, key=lambda spec: (spec.platform, spec.title))

    def _there(self, table: str) -> str:
        held, language = self.held[table], self.language
        name, rows = language.say(EXPORT_NAMES[table]), language.number(held.rows)
        if held.first and held.last:
            return language.say(
                "{export}: {rows} rows, {first} to {last}",
                export=name,
                rows=rows,
                first=language.day(held.first),
                last=language.day(held.last),
            )
        return language.say("{export}: {rows} rows", export=name, rows=rows)
