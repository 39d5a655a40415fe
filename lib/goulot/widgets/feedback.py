"""The panel of feedback loops: cost of a late delivery, cover to keep, strength of bid changes."""

from dataclasses import replace
from functools import lru_cache

from goulot.charts import feedback as charts
from goulot.language import Language
from goulot.steps.feedback import FeedbackReport, with_bids, with_cover
from goulot.steps.feedback_figures import at_stake
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

LATE_COSTS = (0.0, 2.0, 5.0, 10.0, 20.0)
COVERS = (7, 14, 21, 28)
STRENGTHS = (0.5, 1.0, 2.0, 3.0)


def loops(report: FeedbackReport, language: Language) -> Panel | None:
    """Three sliders over the list of changes and what it brings; None: nothing could change."""
    if not report.drawn.bought["spend"].gt(0).any() and not report.outlooks:
        return None
    places = _movable(report)
    currency = report.declared.currency

    @lru_cache(maxsize=64)
    def bids(late_cost: float, strength: float) -> FeedbackReport:
        return with_bids(report, replace(report.policy, strength=strength), late_cost)

    def respond(values: dict[str, float]) -> Response:
        moved = bids(float(values["late_cost"]), float(values["strength"]))
        cover = int(values["min_cover_days"])
        found = with_cover(moved, replace(moved.policy, min_cover_days=cover))
        return Response(
            tables={"changes": charts.bid_data(found, places, language)},
            readouts=_readouts(found, language),
        )

    return Panel(
        name="loops",
        title=language.say("What if a late delivery cost more, or bids moved further?"),
        knobs=[
            Slider(name="late_cost", label=language.say("Cost of a late delivery of its own"),
                   positions=LATE_COSTS, start=float(report.costs.late.value or 0), unit=currency,
                   step=1),
            Slider(name="min_cover_days", label=language.say("Cover to keep before holding ads"),
                   positions=COVERS, start=report.policy.min_cover_days, unit="days", step=1),
            Slider(name="strength", label=language.say("Strength of the bid changes"),
                   positions=STRENGTHS, start=report.policy.strength, unit="×", step=0.25),
        ],
        respond=respond,
        draw=lambda start: charts.bids(report, language),
        language=language,
        note=language.say(
            "Spend on products that are out and the sell-out dates stay what they are."
        ),
    )  # fmt: skip


def _movable(report: FeedbackReport) -> list[tuple[str, str, str]]:
    """Channel and place of every bid that moves at some end of the sliders."""
    found = set()
    for late_cost in (min(LATE_COSTS), float(report.costs.late.value or 0), max(LATE_COSTS)):
        policy = replace(report.policy, strength=max(STRENGTHS))
        moved = with_bids(report, policy, late_cost).changes
        found |= {(change.channel, change.country, change.region) for change in moved}
    return sorted(found)


def _readouts(found: FeedbackReport, language: Language) -> list[Readout]:
    stake = at_stake(found)
    held = found.throttled
    first = min((outlook.throttle_from for outlook in held), default=None)
    return [
        Readout(language.say("Bid changes"), language.number(len(found.changes))),
        Readout(language.say("Products to hold ads on"), language.number(len(held))),
        Readout(language.say("First from"), language.short_day(first) if first else "–"),
        Readout(language.say("Should bring in a quarter"), language.money(stake.value)),
    ]
