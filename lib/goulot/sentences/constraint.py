"""The constraint audit in sentences: the verdict, its price, what is premature, what is unknown."""

from goulot.language import Language
from goulot.sentences.stage_words import PROJECTS, THE_STAGE
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.premature import Premature
from goulot.steps.weekly_worth import Rung

PREDICTABLE = 0.80  # 1 − WAPE four weeks ahead, from which on demand is called predictable
MOST_USED_NAMED = 4


def verdict(audit: ConstraintAudit, language: Language) -> str:
    """The constraint, how sure that is, how full the others are, and on how many weeks it rests."""
    weeks = language.number(audit.weeks)
    if audit.binding.value is None:
        return _no_verdict(audit, language)
    named = {
        "stage": the_stage(str(audit.binding.value), language),
        "share": language.percent(audit.binding.probability, 0),
    }
    used = _used(audit, language)
    parts = [
        language.say("**Your constraint is {stage} ({share})**: {used}.", used=used, **named)
        if used
        else language.say("**Your constraint is {stage} ({share})**.", **named),
        language.say(
            "That rests on {weeks} whole weeks; the percentage is the share of resampled histories "
            "in which this stage comes out as the one that holds the others back.",
            weeks=weeks,
        ),
        _doubt(audit, language),
        _lost(audit, language),
    ]
    return " ".join(part for part in parts if part)


def _no_verdict(audit: ConstraintAudit, language: Language) -> str:
    """Why nothing can be said, what was seen all the same, and what would tell."""
    parts = [
        language.say(
            "**Which stage holds the others back cannot be said yet**: {reason} ({weeks} whole "
            "weeks in the quarter).",
            reason=language.say(audit.binding.note),
            weeks=language.number(audit.weeks),
        )
    ]
    load = audit.weekly.loc[audit.weekly["stage"] == "acquisition", "load"]
    if len(load):
        parts.append(
            language.say(
                "What was seen: {mean} come in an average week, {most} in the fullest.",
                mean=language.quantity(float(load.mean()), "orders", 0),
                most=language.number(float(load.max())),
            )
        )
    if audit.missing:
        wanted = language.series(language.say(gap.export) for gap in audit.missing)
        parts.append(language.say("What would tell: {exports}.", exports=wanted))
    return " ".join(parts)


def the_stage(stage: str, language: Language) -> str:
    """The stage with its article, as inside a sentence."""
    return language.say(THE_STAGE[stage])


def _used(audit: ConstraintAudit, language: Language) -> str:
    """How much of each stage with a known limit is used, the fullest first."""
    known = [
        stage
        for stage in audit.stages
        if isinstance(stage.utilization.value, float)
        and stage.utilization.bound == "exact"
        and stage.stage != "acquisition"
    ]
    known.sort(key=lambda stage: -stage.utilization.value)
    return ", ".join(
        language.say(
            "{stage} runs at {share}",
            stage=the_stage(stage.stage, language),
            share=language.percent(stage.utilization.value),
        )
        for stage in known[:MOST_USED_NAMED]
    )


def _doubt(audit: ConstraintAudit, language: Language) -> str:
    if audit.is_sure:
        return ""
    if audit.runner_up is None:
        return language.say("That is too uncertain to act on alone.")
    return language.say(
        "That is too uncertain to act on alone: in {share} of the histories it is {stage}.",
        share=language.percent(audit.shares[audit.runner_up], 0),
        stage=the_stage(audit.runner_up, language),
    )


def _lost(audit: ConstraintAudit, language: Language) -> str:
    """What the constraint costs a week; nothing where that is not known."""
    if audit.lost is None or not isinstance(audit.lost.value, float):
        return ""
    amounts = {
        "lost": language.money(audit.lost.value),
        "low": language.money(audit.lost.low),
        "high": language.money(audit.lost.high),
    }
    if audit.binding.value == "acquisition":
        return language.say(
            "Spend placed where the next customer costs less than one is worth, and nowhere else, "
            "would bring {lost} more contribution a week ({low} to {high}).",
            **amounts,
        )
    return language.say(
        "Up to the next constraint, it costs {lost} of contribution a week ({low} to {high}).",
        **amounts,
    )


def ladder(audit: ConstraintAudit, language: Language) -> str:
    """The rungs as a numbered list: what binds, at how many orders, and what widening it brings."""
    if not audit.rungs:
        return language.say(
            "Without a stage whose limit is known there is no next constraint to name."
        )
    lines = [f"{n}. {_rung(audit, rung, language)}" for n, rung in enumerate(audit.rungs, start=1)]
    if audit.unknown:
        lines.append(
            "\n"
            + language.say(
                "Missing on this ladder, because nothing says what they can do: {stages}. Any of "
                "them may come earlier.",
                stages=_named(audit.unknown, language),
            )
        )
    return "\n".join(lines)


def _rung(audit: ConstraintAudit, rung: Rung, language: Language) -> str:
    orders = language.quantity(rung.orders, "orders/week", 0)
    money = audit.worth is not None
    if rung.stage == "acquisition" and rung.is_bought:
        said = language.say(
            "**All demand that pays is bought**, at {orders}: the next customer would cost what "
            "one is worth.",
            orders=orders,
        )
    else:
        said = language.say(
            "**{stage}** holds the company at {orders}.",
            stage=_capital(the_stage(rung.stage, language)),
            orders=orders,
        )
    if money:
        said += " " + language.say(
            "Contribution after advertising: {money} a week.",
            money=language.money(rung.contribution),
        )
    if money and rung.gain is not None:
        said += " " + _gain(audit, rung, language)
    if rung.gain is None:
        said += " " + language.say("No other known stage would bind after it.")
    return said


def _gain(audit: ConstraintAudit, rung: Rung, language: Language) -> str:
    gain = language.money(rung.gain)
    if rung.stage == "acquisition" and not rung.is_bought and audit.worth.buying is not None:
        return language.say(
            "Spend placed where it pays, in the same channels: {gain} a week more.", gain=gain
        )
    if rung.stage == "acquisition":
        return language.say(
            "More customers would bring up to {gain} a week more, before what finding them costs.",
            gain=gain,
        )
    return language.say("Widened to the next constraint: {gain} a week more.", gain=gain)


def premature(audit: ConstraintAudit, language: Language) -> str:
    """Which projects to leave alone now, and what would change that."""
    if audit.binding.value is None:
        return language.say(
            "Which projects should wait cannot be said while the constraint is not known."
        )
    if not audit.premature:
        return language.say("No stage is idle enough to call work on it premature.")
    return "\n".join(f"- {_premature(audit, idle, language)}" for idle in audit.premature)


def _premature(audit: ConstraintAudit, idle: Premature, language: Language) -> str:
    orders = audit.limits.demand.mean() if audit.limits is not None else None
    return " ".join(
        [
            language.say("**Not now: {projects}.**", projects=language.say(PROJECTS[idle.stage])),
            language.say(
                "{stage} runs at {used} at most, so a project there would not sell one more order.",
                stage=_capital(the_stage(idle.stage, language)),
                used=language.percent(idle.used),
            ),
            _predictable(idle, language),
            language.say(
                "What would change that: {orders} that stay ({times} of today's), or a campaign "
                "that is booked and brings them.",
                orders=language.quantity(orders * idle.times, "orders/week", 0),
                times=language.multiple(round(idle.times, 1)),
            ),
        ]
    ).replace("  ", " ")


def _predictable(idle: Premature, language: Language) -> str:
    if idle.predictability is None:
        return ""
    share = language.percent(idle.predictability, 0)
    if idle.predictability < PREDICTABLE:
        return language.say(
            "Nor is demand predictable: four weeks ahead a plain forecast is right to {share}, so "
            "its size could not be chosen.",
            share=share,
        )
    return language.say(
        "Demand is predictable (four weeks ahead a plain forecast is right to {share}): the need "
        "will show in time.",
        share=share,
    )


def flows(audit: ConstraintAudit, language: Language) -> str:
    """Little's law on each stage with a queue, as a list."""
    if not audit.flows:
        return language.say("No export shows a queue, so there is nothing to hold against it.")
    return "\n".join(
        "- "
        + language.say(
            "{stage}: {standing} stand on average; what comes and waits ({days} each) makes "
            "{expected} ({low} to {high}): {verdict}.",
            stage=_capital(the_stage(flow.stage, language)),
            standing=language.number(flow.standing),
            days=language.quantity(flow.wait_days, "days", 1),
            expected=language.number(flow.expected),
            low=language.number(flow.low),
            high=language.number(flow.high),
            verdict=language.say(flow.note),
        )
        for flow in audit.flows
    )


def unknown(audit: ConstraintAudit, language: Language) -> str:
    """Stages of which nothing can be said: unknown is not the same as free."""
    if not audit.unknown:
        return language.say("Of every stage it is known how much is used.")
    return language.say(
        "Unknown, and therefore not ruled out: {stages}. No export and no declared capacity says "
        "how much of them is used.",
        stages=_named(audit.unknown, language),
    )


def _named(stages: tuple[str, ...], language: Language) -> str:
    return ", ".join(the_stage(stage, language) for stage in stages)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
