"""The constraint audit in sentences: the verdict, what is premature, what is not known."""

from goulot.language import Language
from goulot.steps.constraint import ConstraintAudit


def verdict(audit: ConstraintAudit, language: Language) -> str:
    """The constraint, how sure that is, on how many weeks it rests, and the warehouse beside it."""
    weeks = language.number(audit.weeks)
    if audit.binding.value is None:
        return language.say(
            "**Which stage holds the others back cannot be said yet**: {reason} ({weeks} whole "
            "weeks in the quarter).",
            reason=language.say(audit.binding.note),
            weeks=weeks,
        )
    stage = language.word(str(audit.binding.value))
    share = language.percent(audit.binding.probability, 0)
    said = language.say(
        "**Your constraint is {stage} ({share})**, on the evidence of {weeks} whole weeks: that is "
        "the share of resampled histories in which this stage comes out as the one that holds the "
        "others back.",
        stage=stage,
        share=share,
        weeks=weeks,
    )
    if not audit.is_sure:
        said += " " + language.say("That is too uncertain to act on alone.")
    return " ".join([said, *_used(audit, language)])


def _used(audit: ConstraintAudit, language: Language) -> list[str]:
    """How much of each stage with a known limit is used."""
    known = [
        language.say(
            "{stage} {share}",
            stage=language.word(stage.stage),
            share=language.percent(stage.utilization.value),
        )
        for stage in audit.stages
        if stage.utilization.value is not None and stage.utilization.bound == "exact"
    ]
    if not known:
        return []
    return [language.say("Share of capacity used: {stages}.", stages=", ".join(known))]


def premature(audit: ConstraintAudit, language: Language) -> str:
    """Which projects to leave alone now, and what would change that."""
    if not audit.premature:
        return language.say("No stage is idle enough to call work on it premature.")
    stages = ", ".join(language.word(stage) for stage in audit.premature)
    limit = language.percent(audit.policy.slack_utilization, 0)
    return language.say(
        "**Not now: more capacity in {stages}.** Less than {limit} of it is used, so a project "
        "there would not sell one more order. What would change that: a load that stays above "
        "{limit} of capacity for a quarter, or a campaign planned to get there.",
        stages=stages,
        limit=limit,
    )


def unknown(audit: ConstraintAudit, language: Language) -> str:
    """Stages of which nothing can be said: unknown is not the same as free."""
    if not audit.unknown:
        return language.say("Of every stage it is known how much is used.")
    stages = ", ".join(language.word(stage) for stage in audit.unknown)
    return language.say(
        "Unknown, and therefore not ruled out: {stages}. No export and no declared capacity says "
        "how much of them is used.",
        stages=stages,
    )
