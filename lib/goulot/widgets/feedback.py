"""The panel of feedback loops: cost of a late delivery, cover to keep, strength of bid changes."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from goulot.charts import feedback as charts
from goulot.charts import feedback_panel
from goulot.language import Language
from goulot.steps.feedback import FeedbackReport, with_bids, with_cover, with_strength
from goulot.steps.feedback_figures import at_stake
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

LATE_COSTS = (0.0, 2.0, 5.0, 10.0, 20.0)
COVERS = (7, 14, 21, 28)
STRENGTHS = (0.5, 1.0, 2.0, 3.0)


def loops(report: FeedbackReport, language: Language) -> Panel | None:
    """Sliders over the lists and what they bring; one that moves nothing is left out.

    None: nothing could change.
    """

    @lru_cache(maxsize=16)
    def costing(late_cost: float) -> FeedbackReport:
        return with_bids(report, report.policy, late_cost)

    @lru_cache(maxsize=64)
    def bids(late_cost: float, strength: float) -> FeedbackReport:
        return with_strength(costing(late_cost), strength)

    @lru_cache(maxsize=16)
    def covering(cover: int) -> FeedbackReport:
        return with_cover(report, replace(report.policy, min_cover_days=cover))

    places, skus = _movable(report, bids), _holdable(covering)
    if not places and not skus:
        return None

    @lru_cache(maxsize=64)
    def bid_rows(late_cost: float, strength: float) -> pd.DataFrame:
        return charts.bid_data(bids(late_cost, strength), places, language)

    @lru_cache(maxsize=16)
    def held_rows(cover: int) -> pd.DataFrame:
        return feedback_panel.held_data(covering(cover), skus)

    def respond(values: dict[str, float]) -> Response:
        tables, shown, moved, held = {}, [], report, report
        if places:
            position = float(values["late_cost"]), float(values["strength"])
            moved, tables["changes"] = bids(*position), bid_rows(*position)
            shown += _of_bids(moved, language)
        if skus:
            cover = int(values["min_cover_days"])
            held, tables["held"] = covering(cover), held_rows(cover)
            shown += _of_stock(held, language)
        stake = at_stake(moved.changes, held.throttled, report.declared.currency)
        shown.append(Readout(language.say("Should bring in a quarter"),
                             language.money(stake.value)))  # fmt: skip
        return Response(tables=tables, readouts=shown)

    return Panel(
        name="loops",
        title=language.say("What if a late delivery cost more, or bids moved further?")
        if places
        else language.say("What if ads were held back earlier?"),
        knobs=_knobs(report, language, has_places=bool(places), has_skus=bool(skus)),
        respond=respond,
        draw=lambda start: [
            *([charts.bids(report, language)] if places else []),
            *([feedback_panel.held(report, skus, language)] if skus else []),
        ],
        language=language,
        note=language.say(
            "Spend on products that are out and the sell-out dates stay what they are."
        ),
    )


def _knobs(
    report: FeedbackReport, language: Language, *, has_places: bool, has_skus: bool
) -> list[Slider]:
    late_cost = Slider(
        name="late_cost", label=language.say("Cost of a late delivery of its own"),
        positions=LATE_COSTS, start=float(report.costs.late.value or 0),
        unit=report.declared.currency, step=1,
    )  # fmt: skip
    cover = Slider(
        name="min_cover_days", label=language.say("Cover to keep before holding ads"),
        positions=COVERS, start=report.policy.min_cover_days, unit="days", step=1,
    )  # fmt: skip
    strength = Slider(
        name="strength", label=language.say("Strength of the bid changes"),
        positions=STRENGTHS, start=report.policy.strength, unit="×", step=0.25,
    )  # fmt: skip
    asked = ((late_cost, has_places), (cover, has_skus), (strength, has_places))
    return [knob for knob, is_asked in asked if is_asked]


def _movable(
    report: FeedbackReport, bids: Callable[[float, float], FeedbackReport]
) -> list[tuple[str, str, str]]:
    """Channel and place of every bid that moves at some end of the sliders."""
    if not report.drawn.bought["spend"].gt(0).any():
        return []
    late_costs = (min(LATE_COSTS), float(report.costs.late.value or 0), max(LATE_COSTS))
    moved = [change for cost in late_costs for change in bids(cost, max(STRENGTHS)).changes]
    return sorted({change.key for change in moved})


def _holdable(covering: Callable[[int], FeedbackReport]) -> list[str]:
    """The SKUs whose ads are held back at the widest cover, those that save most."""
    held = covering(max(COVERS)).throttled
    ranked = sorted(held, key=lambda outlook: (-(outlook.saved.value or 0), outlook.sku))
    return [outlook.sku for outlook in ranked[: feedback_panel.MOST_SKUS]]


def _of_bids(found: FeedbackReport, language: Language) -> list[Readout]:
    return [Readout(language.say("Bid changes"), language.number(len(found.changes)))]


def _of_stock(found: FeedbackReport, language: Language) -> list[Readout]:
    first = min((outlook.throttle_from for outlook in found.throttled), default=None)
    return [
        Readout(language.say("Products to hold ads on"), language.number(len(found.throttled))),
        Readout(language.say("First from"), language.short_day(first) if first else "–"),
    ]
