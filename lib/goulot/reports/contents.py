"""What stands in a report, in its order, for the page and for the paper alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from goulot.language import INDEX, Language
from goulot.quarter import Quarter
from goulot.reports import answers
from goulot.reports.answers import Action, Answer, Gap
from goulot.reports.collect import Collected
from goulot.reports.colors import readable
from goulot.reports.glossary import Term, glossary
from goulot.reports.run import Executed
from goulot.reports.sections import INTAKE, Section, section
from goulot.reports.sources import MethodNote, method_notes
from goulot.reports.tables import View, ledger_table, view


@dataclass(frozen=True)
class Cover:
    """Who the report is about, for when, from which data, and by whom. ``logo`` is a data URI."""

    client: str
    quarter: Quarter
    as_of: date
    consultant: str = ""
    email: str = ""
    logo: str = ""
    accent: str = "#0b6e4f"
    build: str = ""


@dataclass(frozen=True)
class Contents:
    """The first page, the steps in the playbook's order, and what they rest on.

    ``actions`` are the first page's, by team, and ``gaps`` its own; ``more_actions`` and
    ``more_gaps`` count those that stand with their steps only. ``notes`` say what is unlike other
    reports.
    """

    cover: Cover
    headline: tuple[str, str]
    cards: list[Answer]
    actions: dict[str, list[Action]]
    more_actions: int
    gaps: list[Gap]
    more_gaps: int
    sections: list[Section]
    data: Section | None
    ledger: View | None
    methods: list[MethodNote]
    glossary: list[Term]
    notes: list[str]


def contents(
    cover: Cover,
    executed: Sequence[Executed],
    collected: Collected,
    ledger: Sequence[Mapping[str, Any]],
    language: Language,
    left_out: Sequence[str] = (),
) -> Contents:
    """Gather a report from what its notebooks left and from the row ``ledger`` of its build."""
    accent = readable(cover.accent)
    made = [section(ran, collected, language, accent) for ran in executed]
    steps = [one for one, ran in zip(made, executed, strict=True) if ran.name != INTAKE]
    first = answers.first_actions(collected)
    gaps = answers.first_gaps(collected.missing, language)
    return Contents(
        cover=cover,
        headline=answers.headline(collected, language),
        cards=answers.cards(collected, language),
        actions=answers.by_owner(first, language),
        more_actions=len(collected.recommendations) - len(first),
        gaps=gaps,
        more_gaps=len({gap["export"] for gap in collected.missing}) - len(gaps),
        sections=steps,
        data=next((one for one in made if one not in steps), None),
        ledger=view(ledger_table(ledger, language), language) if ledger else None,
        methods=method_notes([ran.name for ran in executed], language),
        glossary=glossary(language),
        notes=_notes(left_out, language),
    )


def _notes(left_out: Sequence[str], language: Language) -> list[str]:
    """Which questions were not asked this time, and in what amounts are told if not in money."""
    notes = []
    if language.currency == INDEX:
        notes.append(
            language.say(
                "A case study: names are left out, and amounts are an index in which the mean "
                "order is 100 {index}.",
                index=INDEX,
            )
        )
    if left_out:
        questions = " ".join(language.say(question) for question in left_out)
        notes.append(
            language.say(
                "This report was asked for some steps only. Left out: {questions}",
                questions=questions,
            )
        )
    return notes
