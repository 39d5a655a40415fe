"""Last quarter's predictions beside what happened: hit or miss, and how often over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Literal

from goulot.findings import Figure
from goulot.quarter import Quarter

Status = Literal["open", "done", "declined"]
Verdict = Literal["", "hit", "miss", "not done", "not measured"]

FEWEST = 5  # judged predictions from which on a share is given
Z90 = 1.6449  # of the normal distribution: 5 % lie above

# Notes of figures: messages for ``Language.say``.
TOO_FEW = "fewer than five predictions could be held against what happened"
NOTES = (TOO_FEW,)


@dataclass(frozen=True, kw_only=True)
class Predicted:
    """A prediction of a report, as a row of the client's ledger.

    ``kind`` "forecast": the finding ``measure`` will lie in [low, high] whatever is done;
    "action": it will, if the action is taken (``status`` is set by hand). ``effect`` and its
    interval are the money promised; ``happened`` and ``verdict`` are added a quarter later.
    """

    quarter: str
    id: str
    kind: Literal["action", "forecast"]
    step: str
    owner: str
    action: str
    effect: float | None
    effect_low: float | None
    effect_high: float | None
    unit: str
    due: str
    status: Status = "open"
    measure: str = ""
    now: float | None = None
    low: float | None = None
    high: float | None = None
    happened: float | None = None
    verdict: Verdict = ""


def predictions_of(
    quarter: Quarter,
    recommendations: Sequence[Mapping[str, Any]],
    findings: Mapping[str, Mapping[str, Any]],
) -> list[Predicted]:
    """What a report predicts: its recommendations, and its forecasts with an interval."""
    found = [_action(quarter, recommendation) for recommendation in recommendations]
    for name, figure in findings.items():
        step, _, rest = name.partition(".")
        if rest.startswith("forecast_") and figure.get("low") is not None:
            found.append(_forecast(quarter, step, name, figure, findings))
    return sorted(found, key=lambda p: (p.kind, p.id))


def _action(quarter: Quarter, recommendation: Mapping[str, Any]) -> Predicted:
    told = recommendation.get("prediction") or {}
    return Predicted(
        quarter=str(quarter),
        kind="action",
        effect_low=recommendation["low"],
        effect_high=recommendation["high"],
        measure=told.get("finding", ""),
        now=told.get("now"),
        low=told.get("low"),
        high=told.get("high"),
        **{
            k: recommendation[k] for k in ("id", "step", "owner", "action", "effect", "unit", "due")
        },
    )


def _forecast(quarter: Quarter, step: str, name: str, figure, findings) -> Predicted:
    """``channels.forecast_new_customers.email`` foretells
    ``channels.quarter_new_customers.email``, ``calendar.forecast_orders.sale`` the orders that
    ``calendar.quarter_orders.sale`` then counts."""
    measure = name.replace(".forecast_", ".quarter_", 1)
    return Predicted(
        quarter=str(quarter),
        id=name,
        kind="forecast",
        step=step,
        owner="",
        action="",
        effect=None,
        effect_low=None,
        effect_high=None,
        unit=figure["unit"],
        due=quarter.next.last_day.isoformat(),
        measure=measure,
        now=findings.get(measure, {}).get("value"),
        low=figure["low"],
        high=figure["high"],
    )


def judged(
    ledger: Sequence[Predicted], quarter: Quarter, findings: Mapping[str, Mapping[str, Any]]
) -> list[Predicted]:
    """The predictions made a quarter ago, with what happened and whether it is a hit.

    ``findings`` are those of ``quarter``. An action that was not done is no miss; a finding that is
    not there, or is no number, was not measured.
    """
    due = [p for p in ledger if p.quarter == str(quarter.previous)]
    return [_judge(p, findings.get(p.measure, {}).get("value")) for p in due]


def _judge(predicted: Predicted, happened: Any) -> Predicted:
    value = float(happened) if isinstance(happened, (int, float)) else None
    if predicted.kind == "action" and predicted.status != "done":
        return replace(predicted, happened=value, verdict="not done")
    if value is None or (predicted.low is None and predicted.high is None):
        return replace(predicted, happened=value, verdict="not measured")
    above = predicted.low is None or value >= predicted.low
    below = predicted.high is None or value <= predicted.high
    return replace(predicted, happened=value, verdict="hit" if above and below else "miss")


def moved_by(predicted: Predicted, foretold: Sequence[Predicted]) -> list[Predicted]:
    """The actions that were done and may have moved what ``predicted`` is judged by, other than
    itself: those that aim at the same finding and, of a forecast, all of its step."""
    done = [p for p in foretold if p.kind == "action" and p.status == "done" and p is not predicted]
    if predicted.kind == "forecast":
        return [p for p in done if p.step == predicted.step]
    return [p for p in done if p.measure and p.measure == predicted.measure]


def hit_share(predictions: Sequence[Predicted]) -> Figure:
    """Share of the judged predictions that came true, with Wilson's 90 % interval.

    Intervals of 90 % should hold in nine cases of ten: a share well below says that they were too
    narrow, one of 100 % over many that they were too wide. Wilson (1927), JASA 22. Predictions are
    taken as independent; those of one quarter hang together, so that few quarters say less.
    """
    known = [p.verdict == "hit" for p in predictions if p.verdict in ("hit", "miss")]
    count = len(known)
    if count < FEWEST:
        return Figure.unknown("share", TOO_FEW)
    share = sum(known) / count
    center = (share + Z90**2 / (2 * count)) / (1 + Z90**2 / count)
    half = Z90 / (1 + Z90**2 / count)
    half *= sqrt(share * (1 - share) / count + Z90**2 / (4 * count**2))
    low, high = max(0.0, center - half), min(1.0, center + half)
    return Figure(value=share, unit="share", basis="observed", low=low, high=high)


def judged_so_far(
    ledger: Sequence[Predicted], quarter: Quarter, foretold: Sequence[Predicted]
) -> list[Predicted]:
    """Every prediction that could be judged by the end of ``quarter``: those of earlier reviews as
    they were judged, and ``foretold``, which this one has judged."""
    earlier = [p for p in ledger if Quarter.parse(p.quarter) < quarter.previous]
    return [p for p in [*earlier, *foretold] if p.verdict in ("hit", "miss")]


@dataclass(frozen=True)
class Tally:
    """Of the predictions made in a quarter: how many came true of how many judged, by kind."""

    quarter: str
    forecasts_hit: int
    forecasts: int
    actions_hit: int
    actions: int


def over_time(judged_ones: Sequence[Predicted]) -> list[Tally]:
    """A tally for each quarter in which a judged prediction was made, oldest first."""

    def count(quarter: str, kind: str, *verdicts: Verdict) -> int:
        return sum(p.quarter == quarter and p.kind == kind and p.verdict in verdicts
                   for p in judged_ones)  # fmt: skip

    return [
        Tally(q, count(q, "forecast", "hit"), count(q, "forecast", "hit", "miss"),
              count(q, "action", "hit"), count(q, "action", "hit", "miss"))
        for q in sorted({p.quarter for p in judged_ones if p.verdict in ("hit", "miss")})
    ]  # fmt: skip
