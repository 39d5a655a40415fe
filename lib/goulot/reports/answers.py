"""Findings as answers: the constraint in a sentence, the stages, the figures that matter first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from goulot.language import NOT_KNOWN, Language, decimals
from goulot.reports.collect import Collected
from goulot.words import CONSTRAINT_SENTENCE, OWNER, STAGE, finding_label

MOST_CARDS = 4
_BINDING = "constraint.binding_stage"

# In this order, as far as they were found; {stage} is the one that binds.
_HEADLINES = (
    "constraint.contribution_lost_per_week",
    "constraint.shadow_price.{stage}",
    "constraint.utilization.{stage}",
    "review.contribution",
    "review.contribution_change",
    "spikes.survivable_multiplier.unaided",
    "lifetime.premium_pays_probability",
    "constraint.load_per_week.{stage}",
    "constraint.utilization.fulfillment",
    "constraint.load_per_week.fulfillment",
    "intake.unattributed_share",
    "intake.rows_loaded",
    "intake.files",
)


@dataclass(frozen=True)
class Answer:
    """A figure for a reader: what it is, about what, how much, how sure, where from, why not."""

    label: str
    about: str
    value: str
    interval: str
    basis: str
    basis_word: str
    note: str


@dataclass(frozen=True)
class StageRow:
    """A stage's load against its capacity. ``filled`` is the share of the bar, 0 to 100."""

    stage: str
    is_binding: bool
    load: str
    capacity: str
    utilization: str
    filled: float
    basis: str
    basis_word: str


def headline(collected: Collected, language: Language) -> tuple[str, str]:
    """The constraint in a sentence, and how sure that is. Empty where no notebook asked."""
    found = collected.findings.get(_BINDING)
    if found is None:
        return "", ""
    stage, note = found["value"], language.say(found["note"]) if found.get("note") else ""
    if stage not in CONSTRAINT_SENTENCE:
        return language.say("Which stage holds the others back cannot be said yet."), note
    probability = found.get("probability")
    if probability is None:
        return language.say(CONSTRAINT_SENTENCE[stage]), note
    sure = language.say(
        "{share} of the resampled histories name the same stage.",
        share=language.percent(probability, 0),
    )
    return language.say(CONSTRAINT_SENTENCE[stage]), f"{sure} {note}".strip()


def cards(collected: Collected, language: Language) -> list[Answer]:
    """The few figures that a reader should see first."""
    binding = str(collected.findings.get(_BINDING, {}).get("value"))
    names = dict.fromkeys(name.format(stage=binding) for name in _HEADLINES)
    known = [n for n in names if collected.findings.get(n, {}).get("value") is not None]
    return [answer(name, collected.findings[name], language) for name in known[:MOST_CARDS]]


def answers(findings: Mapping[str, Mapping[str, Any]], language: Language) -> list[Answer]:
    return [answer(name, found, language) for name, found in findings.items()]


def answer(name: str, found: Mapping[str, Any], language: Language) -> Answer:
    label, slug = finding_label(name)
    value = bounded(language.quantity(found["value"], found["unit"]), found, language)
    return Answer(
        label=language.say(label),
        about=language.slug(slug),
        value=value,
        interval=interval(found, language),
        basis=found["basis"],
        basis_word=language.word(found["basis"]),
        note=language.say(found["note"]) if found.get("note") else "",
    )


def interval(found: Mapping[str, Any], language: Language) -> str:
    """``98 to 131``: the 90 % interval, with as many decimals as the value; empty if none."""
    low, high, value = found.get("low"), found.get("high"), found.get("value")
    if low is None and high is None:
        return ""
    digits = decimals(value) if isinstance(value, (int, float)) else None
    unit = found["unit"].partition("/")[0]
    ends = [language.quantity(end, unit, digits) if end is not None else "…" for end in (low, high)]
    return language.say("{low} to {high}", low=ends[0], high=ends[1])


def stage_rows(collected: Collected, language: Language) -> list[StageRow]:
    """Every stage of which anything is known, in the order of the flow."""
    return [row for stage in STAGE if (row := _stage_row(stage, collected, language))]


def _stage_row(stage: str, collected: Collected, language: Language) -> StageRow | None:
    load, capacity, used = (
        collected.findings.get(f"constraint.{quantity}.{stage}")
        for quantity in ("load_per_week", "capacity_per_week", "utilization")
    )
    if load is None and capacity is None and used is None:
        return None
    share = used["value"] if used and isinstance(used["value"], (int, float)) else None
    source = capacity or used or load or {"basis": "observed"}
    return StageRow(
        stage=language.word(stage),
        is_binding=collected.findings.get(_BINDING, {}).get("value") == stage,
        load=_value(load, language),
        capacity=_value(capacity, language),
        utilization=bounded(language.percent(share), used or {}, language),
        filled=round(min(100.0, 100 * (share or 0)), 2),
        basis=source["basis"],
        basis_word=language.word(source["basis"]),
    )


def _value(found: Mapping[str, Any] | None, language: Language) -> str:
    if found is None or found["value"] is None:
        return NOT_KNOWN
    text = language.quantity(found["value"], found["unit"].partition("/")[0])
    return bounded(text, found, language)


def bounded(text: str, found: Mapping[str, Any], language: Language) -> str:
    """The value in words, with "at least" or "at most" where the data show only that much."""
    if found.get("bound") == "at least":
        return language.say("at least {value}", value=text)
    return language.say("at most {value}", value=text) if found.get("bound") == "at most" else text


@dataclass(frozen=True)
class Action:
    """A recommendation for a reader."""

    action: str
    effect: str
    interval: str
    due: str


def actions_by_owner(collected: Collected, language: Language) -> dict[str, list[Action]]:
    """Recommendations by team, the largest predicted effect first; teams without one left out."""
    by_owner = {}
    for owner in OWNER:
        theirs = [r for r in collected.recommendations if r["owner"] == owner]
        theirs.sort(key=lambda r: (-abs(r["effect"] or 0), r["id"]))
        if theirs:
            by_owner[language.word(owner)] = [_action(r, language) for r in theirs]
    return by_owner


def _action(recommendation: Mapping[str, Any], language: Language) -> Action:
    due = recommendation["due"]
    return Action(
        action=language.say(recommendation["action"]),
        effect=language.quantity(recommendation["effect"], recommendation["unit"]),
        interval=interval(recommendation | {"value": recommendation["effect"]}, language),
        due=language.short_day(date.fromisoformat(due)) if due else "",
    )
