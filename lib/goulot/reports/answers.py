"""Findings as answers: the constraint in a sentence, the figures that matter first, what to do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from goulot.language import NOT_KNOWN, Language
from goulot.reports.collect import Collected, Content
from goulot.steps.needs import EXPORT_NAMES, WHERE
from goulot.words import CONSTRAINT_SENTENCE, OWNER, finding_label

MOST_CARDS = 3
MOST_ACTIONS = 5
MOST_GAPS = 5
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
_SETTING = re.compile(r"\s*\(client\.yml[^)]*\)$")
_A_YEAR = {"week": 52, "month": 12, "quarter": 4, "year": 1}
_WHERE = {EXPORT_NAMES[table]: where for table, where in WHERE.items()}


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
    told = language.quantity(found["value"], found["unit"])
    value = NOT_KNOWN if found["value"] is None else bounded(told, found, language)
    return Answer(
        label=language.say(label),
        about=language.slug(slug),
        value=value,
        interval=interval(found, language),
        basis=found["basis"],
        basis_word=language.word(found["basis"]),
        note=language.translated(found.get("note", "")),
    )


def interval(found: Mapping[str, Any], language: Language) -> str:
    """The 90 % interval; empty if there is none."""
    low, high = found.get("low"), found.get("high")
    if low is None and high is None:
        return ""
    return language.interval(low, high, found["unit"].partition("/")[0])


def bounded(text: str, found: Mapping[str, Any], language: Language) -> str:
    """The value in words, with "at least" or "at most" where the data show only that much."""
    if found.get("bound") == "at least":
        return language.say("at least {value}", value=text)
    return language.say("at most {value}", value=text) if found.get("bound") == "at most" else text


@dataclass(frozen=True)
class Action:
    """A recommendation for a reader."""

    action: str
    owner: str
    effect: str
    interval: str
    due: str


def actions(recommendations: Sequence[Content], language: Language) -> list[Action]:
    """Recommendations for a reader, the largest predicted effect first."""
    return [_action(act, language) for act in sorted(recommendations, key=_by_effect)]


def by_owner(recommendations: Sequence[Content], language: Language) -> dict[str, list[Action]]:
    """Recommendations by team, in the teams' order; teams without one left out."""
    theirs = {owner: [act for act in recommendations if act["owner"] == owner] for owner in OWNER}
    return {language.word(owner): actions(acts, language) for owner, acts in theirs.items() if acts}


def first_actions(collected: Collected) -> list[Content]:
    """The few for the first page: each team's largest, then the largest of the others."""
    ranked = sorted(collected.recommendations, key=_by_effect)
    owners = [act["owner"] for act in ranked]
    largest = [act for n, act in enumerate(ranked) if act["owner"] not in owners[:n]]
    others = [act for act in ranked if act not in largest]
    return [*largest, *others][:MOST_ACTIONS]


def _by_effect(act: Content) -> tuple[float, str]:
    """By the money of a year, whatever the period that the effect is told for."""
    effect = act["effect"] or 0.0
    return -abs(effect) * _A_YEAR.get(act["unit"].partition("/")[2], 1), act["id"]


def _action(recommendation: Content, language: Language) -> Action:
    due = recommendation["due"]
    known = recommendation["effect"] is not None
    return Action(
        action=language.translated(recommendation["action"]),
        owner=language.word(recommendation["owner"]),
        effect=language.quantity(recommendation["effect"], recommendation["unit"]) if known else "",
        interval=interval(recommendation | {"value": recommendation["effect"]}, language),
        due=language.short_day(date.fromisoformat(due)) if due else "",
    )


@dataclass(frozen=True)
class Gap:
    """An export that was not there, what its absence costs, and where to get it (may be empty)."""

    export: str
    costs: str
    where: str


def gaps(missing: Sequence[Content], language: Language) -> list[Gap]:
    """What is missing, each export once, with all that it costs."""
    costs: dict[str, list[str]] = {}
    for gap in missing:
        said = language.translated(gap["costs"])
        if said not in costs.setdefault(gap["export"], []):
            costs[gap["export"]].append(said)
    return [_gap(export, each, language) for export, each in costs.items()]


def first_gaps(missing: Sequence[Content], language: Language) -> list[Gap]:
    """The few for the first page, each with the first that it costs: what most steps miss."""
    steps: dict[str, set[str]] = {}
    for gap in missing:
        steps.setdefault(gap["export"], set()).add(gap["step"])
    ranked = sorted(steps, key=lambda export: -len(steps[export]))[:MOST_GAPS]
    first = {gap["export"]: gap["costs"] for gap in reversed(missing)}
    return [_gap(export, [language.translated(first[export])], language) for export in ranked]


def _gap(export: str, costs: Sequence[str], language: Language) -> Gap:
    """A setting of client.yml is no export: it is for the company to say."""
    said = language.translated(export)
    where = language.say(_WHERE[export]) if export in _WHERE else ""
    if _SETTING.search(said):
        where = language.say("a figure of the company's own, to be told to us")
    return Gap(export=_SETTING.sub("", said), costs=language.series(costs), where=where)
