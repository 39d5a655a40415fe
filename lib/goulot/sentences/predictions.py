"""What became of last quarter's predictions, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from goulot.language import NOT_KNOWN, Language
from goulot.sentences.markdown import as_text
from goulot.sentences.review_words import VERDICTS
from goulot.steps.needs import STEPS
from goulot.steps.predictions import FEWEST, Predicted, hit_share, moved_by

_STATUSES = ("done", "open", "declined")
_NUMBERS = {step.step: step.notebook[:2].lstrip("0") for step in STEPS}
PROMISED = 0.90  # of the intervals should hold


def foretold(predictions: Sequence[Predicted], language: Language) -> str:
    """How many of last quarter's predictions came true, and what was not judged."""
    if not predictions:
        return language.say(
            "Nothing was foretold for this quarter: this is the first report, or the one before "
            "was made without a ledger. The next review will hold this report's predictions "
            "against what happens."
        )
    counts = {
        verdict: sum(p.verdict == verdict for p in predictions)
        for verdict in ("hit", "miss", "not done", "not measured")
    }
    judged = counts["hit"] + counts["miss"]
    said = [
        language.count(
            counts["hit"],
            "**{count} prediction of {judged} came true.**",
            "**{count} predictions of {judged} came true.**",
            judged=language.number(judged),
        )
    ]
    if counts["not done"]:
        said.append(
            language.count(
                counts["not done"],
                "{count} action was not done (open or declined in the ledger): what its figure "
                "became says nothing of the prediction.",
                "{count} actions were not done (open or declined in the ledger): what their "
                "figures became says nothing of the predictions.",
            )
        )
    if counts["not measured"]:
        said.append(
            language.count(
                counts["not measured"],
                "{count} prediction could not be measured: no figure of this report tells.",
                "{count} predictions could not be measured: no figure of this report tells.",
            )
        )
    return " ".join(said)


def actions(
    predictions: Sequence[Predicted], findings: Mapping[str, Mapping[str, Any]], language: Language
) -> str:
    """Last quarter's actions: done or not, and what became of the figure that each aims at.

    ``findings`` of this quarter, for the units.
    """
    theirs = [p for p in predictions if p.kind == "action"]
    theirs.sort(key=lambda p: (_STATUSES.index(p.status), p.id))
    if not theirs:
        return ""
    head = language.say("**What became of the actions**")
    return "\n".join([head, "", *(f"- {_action(p, findings, language)}" for p in theirs)])


def _action(
    predicted: Predicted, findings: Mapping[str, Mapping[str, Any]], language: Language
) -> str:
    head = f"**{as_text(language.translated(predicted.action))}**"
    state = language.word(predicted.status)
    if not predicted.measure:
        nothing = language.say("no figure of the report would tell what came of it")
        return language.say("{action} ({state}): {became}.", action=head, state=state,
                            became=nothing)  # fmt: skip
    unit = str(findings.get(predicted.measure, {}).get("unit", ""))
    became = language.say(
        "{figure} was {before}, is {after}",
        figure=language.finding(predicted.measure),
        before=amount(predicted.now, unit, language),
        after=amount(predicted.happened, unit, language),
    )
    if predicted.status == "done":
        became = language.say(
            "{became}; foretold was {range}: **{verdict}**",
            became=became,
            range=foretold_range(predicted, unit, language),
            verdict=language.say(VERDICTS[predicted.verdict]),
        )
    return language.say("{action} ({state}): {became}.", action=head, state=state, became=became)


def amount(value: float | None, unit: str, language: Language) -> str:
    return NOT_KNOWN if value is None else language.quantity(value, unit)


def foretold_range(predicted: Predicted, unit: str, language: Language) -> str:
    """``98 to 131 customers``; one end alone as "at most" or "at least"."""
    if predicted.low is None and predicted.high is None:
        return NOT_KNOWN
    if predicted.low is None:
        return language.say("at most {value}", value=amount(predicted.high, unit, language))
    if predicted.high is None:
        return language.say("at least {value}", value=amount(predicted.low, unit, language))
    return language.interval(predicted.low, predicted.high, unit)


def not_apart(predictions: Sequence[Predicted], language: Language) -> str:
    """What cannot be told apart: actions on one figure, forecasts that actions moved, the rest."""
    told = [p for p in predictions if p.verdict in ("hit", "miss")]
    lines = []
    for step in sorted({p.step for p in told if p.kind == "forecast"}):
        first = next(p for p in told if p.kind == "forecast" and p.step == step)
        if others := moved_by(first, predictions):
            lines.append(
                language.say(
                    "The forecasts of step {number} took things as they were. Done since: "
                    "{actions}. How much that moved them cannot be told.",
                    number=_NUMBERS.get(step, step),
                    actions=_listed(others, language),
                )
            )
    for measure in sorted({p.measure for p in told if p.kind == "action"}):
        together = [p for p in told if p.kind == "action" and p.measure == measure]
        if len(together) > 1:
            lines.append(
                language.say(
                    "At “{figure}” several actions aimed: {actions}. What each of them did cannot "
                    "be told apart.",
                    figure=language.finding(measure),
                    actions=_listed(together, language),
                )
            )
    if any(p.kind == "action" for p in told):
        lines.append(
            language.say(
                "Of an action it is told whether the figure it aims at is where it was to be. The "
                "season and everything else that moved that figure cannot be told apart from it "
                "without a test."
            )
        )
    if not lines:
        return ""
    head = language.say("**What cannot be told apart**")
    return "\n".join([head, "", *(f"- {line}" for line in lines)])


def calibration(judged: Sequence[Predicted], language: Language) -> str:
    """How far the intervals of all reports so far can be trusted."""
    share = hit_share(judged)
    if not judged:
        return language.say("No prediction of any report has been judged yet.")
    if share.value is None:
        return language.count(
            len(judged),
            "Over all reports {count} prediction was judged so far. Fewer than {fewest} are too "
            "few to say how good they are.",
            "Over all reports {count} predictions were judged so far. Fewer than {fewest} are too "
            "few to say how good they are.",
            fewest=language.number(FEWEST),
        )
    said = language.say(
        "Over all reports {judged} predictions were judged so far, and {share} of them came true "
        "({low} to {high}).",
        judged=language.number(len(judged)),
        share=language.percent(float(share.value), 0),
        low=language.percent(share.low, 0),
        high=language.percent(share.high, 0),
    )
    forecasts = hit_share([p for p in judged if p.kind == "forecast"])
    if forecasts.high is not None and forecasts.high < PROMISED:
        said += " " + language.say(
            "Forecasts with a 90 % interval should hold in nine cases of ten: ours held less "
            "often. Take the next ones as narrower than they should be."
        )
    return said


def _listed(actions: Sequence[Predicted], language: Language) -> str:
    return language.series(
        language.say("“{action}”", action=as_text(language.translated(action.action)))
        for action in actions
    )
