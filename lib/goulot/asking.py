"""The data request: which exports to send, where to click for them, and what each unlocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from goulot.exports.spec import Format, platform_formats
from goulot.language import Language
from goulot.steps.needs import EXPORT_NAMES, STEPS, StepNeeds

YEARS_ASKED_FOR = 2


@dataclass(frozen=True)
class Held:
    """What is there already of one canonical table: its rows and its days."""

    rows: int
    first: date | None
    last: date | None


def data_request(
    name: str, held: Mapping[str, Held], until: date | None, language: Language
) -> str:
    """An e-mail's text: missing exports first, then what is there and up to when.

    ``until`` is the day up to which the others reach (None: nothing is there yet).
    """
    wanted = _wanted_tables()
    missing = [table for table in wanted if table not in held]
    behind = [t for t in wanted if t in held and _is_behind(held[t], until)]
    current = [t for t in wanted if t in held and t not in behind]
    parts = [
        language.say("Subject: exports for the quarterly review of {client}", client=name),
        language.say(
            "Hello,\n\nfor the review I need the exports below, as the platforms write them "
            "(please do not open and save them in a spreadsheet first), over the last {years} "
            "years if they reach back so far. Where a file would be too large, several files are "
            "fine; where they overlap, nothing is counted twice.",
            years=YEARS_ASKED_FOR,
        ),
    ]
    if missing:
        parts.append(_section(language.say("Still missing"), missing, held, language))
    if behind:
        parts.append(_section(language.say("To be brought up to date"), behind, held, language))
    if current:
        parts.append(language.say("Already here, nothing to do:"))
        parts[-1] += "".join(f"\n- {_there(table, held[table], language)}" for table in current)
    parts.append(
        language.say(
            "Names, e-mail addresses and streets in these files stay on my machine: they are read "
            "once and turned into anonymous keys."
        )
    )
    return "\n\n".join(parts) + "\n"


def _wanted_tables() -> list[str]:
    """The tables that some step lives on, essential ones first, in the order of the steps."""
    needs = [need for step in STEPS for need in step.needs]
    ordered = [n.table for n in needs if n.essential] + [n.table for n in needs]
    return list(dict.fromkeys(ordered))


def _is_behind(held: Held, until: date | None) -> bool:
    """Whether the export ends more than a week before the others do."""
    return bool(held.last and until and (until - held.last).days > 7)


def _section(
    title: str, tables: Collection[str], held: Mapping[str, Held], language: Language
) -> str:
    entries = [
        _entry(number, table, held, language) for number, table in enumerate(tables, start=1)
    ]
    return "\n\n".join([f"{title}\n{'-' * len(title)}", *entries])


def _entry(number: int, table: str, held: Mapping[str, Held], language: Language) -> str:
    lines = [f"{number}. {language.say(EXPORT_NAMES[table])}"]
    if table in held:
        lines.append(f"   {_there(table, held[table], language)}")
    for spec in _formats_of(table):
        menu, tick = spec.asked_for(language.code)
        lines.append(f"   - {spec.platform}: {menu}" + (f". {tick}" if tick else ""))
    unlocked = ", ".join(language.say(step.question) for step in STEPS if _lives_on(step, table))
    lines.append("   " + language.say("What it answers: {questions}", questions=unlocked))
    costs = next((n.costs for s in STEPS for n in s.needs if n.table == table), "")
    lines.append("   " + language.say("Without it: {costs}.", costs=language.say(costs)))
    return "\n".join(lines)


def _lives_on(step: StepNeeds, table: str) -> bool:
    return any(need.table == table for need in step.needs)


def _formats_of(table: str) -> list[Format]:
    """The formats with a known menu path that feed the table, by platform."""
    feeding = [s for s in platform_formats().values() if s.one_row_is == table or table in s.tables]
    known = [spec for spec in feeding if spec.menu]
    return sorted(known, key=lambda spec: (spec.platform, spec.title))


def _there(table: str, held: Held, language: Language) -> str:
    name = language.say(EXPORT_NAMES[table])
    if held.first and held.last:
        return language.say(
            "{export}: {rows} rows, {first} to {last}",
            export=name,
            rows=language.number(held.rows),
            first=language.day(held.first),
            last=language.day(held.last),
        )
    return language.say("{export}: {rows} rows", export=name, rows=language.number(held.rows))
