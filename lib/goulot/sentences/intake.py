"""Intake in sentences: what came, and whether it can be trusted."""

from goulot.language import Language
from goulot.steps.intake import Intake


def verdict(intake: Intake, language: Language) -> str:
    """What came and how far it can be trusted, as a short paragraph of Markdown."""
    figures = {name.removeprefix("intake."): f.value for name, f in intake.figures.items()}
    came = language.say(
        "{files} files came, with {loaded} rows that are used. Nothing was lost: {duplicates} rows "
        "stand in more than one file and count once, {ignored} are titles, totals and the like, "
        "and {quarantined} could not be read and are kept with the reason.",
        **{
            name: language.number(figures[key])
            for name, key in {
                "files": "files",
                "loaded": "rows_loaded",
                "duplicates": "rows_duplicates",
                "ignored": "rows_ignored",
                "quarantined": "rows_quarantined",
            }.items()
        },
    )
    judged = {
        "sound": language.say("**These exports can be built on.**"),
        "with care": language.say(
            "**These exports can be used with care**: look at the gaps below first."
        ),
        "not yet": language.say("**Nothing can be said from these exports yet.**"),
    }
    return f"{judged[intake.trust]} {came}"


def channels(intake: Intake, language: Language) -> str:
    """Which share of the quarter's orders has no channel."""
    share = intake.figures["intake.unattributed_share"].value
    if share is None:
        return language.say("There are no orders in the quarter, so no channel can be told.")
    if not share:
        return language.say("Every order of the quarter has a channel.")
    return language.say(
        "{share} of the quarter's orders have no channel: neither a UTM tag, nor a rule for their "
        "discount code, nor the shop's own source names one.",
        share=language.percent(share),
    )


def missing(intake: Intake, language: Language) -> str:
    """What is missing and what it costs, as a Markdown list; then what stands in for what."""
    costs: dict[str, list[str]] = {}
    for gap in intake.missing:
        costs.setdefault(language.say(gap.export), []).append(language.say(gap.costs))
    lines = [
        "- " + language.say("**{export}**: {costs}.", export=export, costs=language.series(each))
        for export, each in costs.items()
    ] or [language.say("Nothing that the steps ask for is missing.")]
    return "\n".join([*lines, *_stand_ins(intake, language)])


def _stand_ins(intake: Intake, language: Language) -> list[str]:
    """Columns that were read in place of others that mean another thing, one paragraph each."""
    return [
        "\n"
        + language.say(
            "In {file}, the column “{other}” stands in for “{wanted}”, which is not there.",
            file=row["file"],
            other=other,
            wanted=wanted,
        )
        for row in intake.ledger.to_dict("records")
        for wanted, other in (row.get("stand_ins") or {}).items()
    ]
