"""What became of last quarter's predictions, in sentences."""

from collections.abc import Sequence

from goulot.language import Language
from goulot.steps.predictions import FEWEST, Predicted, hit_share, moved_by

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


def not_apart(predictions: Sequence[Predicted], language: Language) -> str:
    """What cannot be told apart: actions on one figure, forecasts that actions moved, the rest."""
    told = [p for p in predictions if p.verdict in ("hit", "miss")]
    lines = []
    for step in sorted({p.step for p in told if p.kind == "forecast"}):
        first = next(p for p in told if p.kind == "forecast" and p.step == step)
        if others := moved_by(first, predictions):
            lines.append(
                language.say(
                    "The forecasts of step “{step}” took things as they were. Done since: "
                    "{actions}. How much that moved them cannot be told.",
                    step=language.word(step),
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
    return "\n".join(f"- {line}" for line in lines)


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
    return "; ".join(
        language.say("“{action}”", action=language.translated(action.action)) for action in actions
    )
