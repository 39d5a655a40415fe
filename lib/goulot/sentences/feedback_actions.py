"""What to do about feedback loops: who, what, with which effect, and by when."""

from datetime import date, timedelta

from goulot.findings import Figure, Owner, Prediction, Recommendation
from goulot.language import Language
from goulot.sentences.places import place_name, signed_percent
from goulot.steps.feedback import FeedbackReport
from goulot.steps.feedback_aims import (
    when_ads_are_held,
    when_bids_move,
    when_parcels_go_faster,
    when_we_write_first,
)
from goulot.steps.feedback_figures import slug
from goulot.steps.late_places import LatePlaces

SOON, LATER = timedelta(days=7), timedelta(days=30)
NAMED = 3
NONE = (None, None, None)


def recommendations(
    report: FeedbackReport, as_of: date, language: Language
) -> tuple[Recommendation, ...]:
    """The actions that follow, by owner; effects in contribution over a quarter."""
    return (
        *_bids(report, as_of, language),
        *_throttle(report, as_of, language),
        *_operations(report, as_of, language),
        *_service(report, as_of, language),
    )


def _action(
    report: FeedbackReport,
    key: str,
    owner: Owner,
    text: str,
    due: date,
    effect=NONE,
    told: Prediction | None = None,
) -> Recommendation:
    value, low, high = effect
    return Recommendation(id=f"feedback.{key}", step="feedback", owner=owner, action=text,
                          effect=value, low=low, high=high,
                          unit=f"{report.declared.currency}/quarter",
                          due=due.isoformat(), prediction=told)  # fmt: skip


def _bids(report: FeedbackReport, as_of: date, language: Language) -> list[Recommendation]:
    """One action per channel and reason: the places, the change, the effects together."""
    groups: dict[tuple[str, str], list] = {}
    for change in report.changes:
        groups.setdefault((change.channel, change.reason), []).append(change)
    found = []
    for (channel, reason), changes in groups.items():
        places = [
            f"{place_name(c.country, c.region, language)} ({signed_percent(c.modifier, language)})"
            for c in changes
        ]
        text = language.say("Change bids of {channel}: {places}", channel=language.word(channel),
                            places=", ".join(places))  # fmt: skip
        effect = tuple(
            sum(getattr(c.effect, part) for c in changes) for part in ("value", "low", "high")
        )
        if effect[0] < report.policy.least_effect:
            continue  # too little to ask anybody for: it stands in the list and in the files
        key = f"bids.{slug(channel)}.{reason}"
        told = when_bids_move(report, changes)
        found.append(_action(report, key, "marketing", text, as_of + SOON, effect, told))
    return found


def _throttle(report: FeedbackReport, as_of: date, language: Language) -> list[Recommendation]:
    held = report.throttled
    if not held:
        return []
    first = min(outlook.throttle_from for outlook in held)
    text = language.say(
        "Hold ads back on {count} products that sell out before goods come, the first from {day}: "
        "{skus}",
        count=language.number(len(held)),
        day=language.short_day(max(first, as_of)),
        skus=", ".join(outlook.sku for outlook in held[:NAMED])
        + ("…" if len(held) > NAMED else ""),
    )
    effect = tuple(
        sum(getattr(outlook.saved, part) for outlook in held) for part in ("value", "low", "high")
    )
    told = when_ads_are_held(report)
    return [_action(report, "throttle", "marketing", text, as_of + SOON, effect, told)]


def _operations(report: FeedbackReport, as_of: date, language: Language) -> list[Recommendation]:
    found = []
    late = LatePlaces.of(report)
    if late.places:
        text = language.say(
            "Give parcels to {places} to a faster carrier or service: {late} arrive late there, "
            "{usual} elsewhere",
            places=", ".join(place_name(c, r, language) for c, r in late.places[:NAMED]),
            late=language.percent(late.share, 0),
            usual=language.percent(late.elsewhere, 0),
        )
        effect, told = _ends(late.cost), when_parcels_go_faster(report, late)
        key = "slow_regions"
        found.append(_action(report, key, "operations", text, as_of + LATER, effect, told))
    for drift in report.drifts[:1]:
        text = language.say(
            "Order earlier from {supplier}: lead time went from {before} to {lately} days",
            supplier=drift.supplier,
            before=language.number(drift.before),
            lately=language.number(drift.lately),
        )
        lost = drift.endangered
        if lost.value is None or lost.value >= report.policy.least_effect:
            key = "supplier_drift"
            found.append(_action(report, key, "operations", text, as_of + LATER, _ends(lost)))
    return found


def _service(report: FeedbackReport, as_of: date, language: Language) -> list[Recommendation]:
    late = LatePlaces.of(report)
    if not late.places:
        return []
    text = language.say(
        "Write first to customers in {places} whose parcel is late: about {count} orders a quarter",
        places=", ".join(place_name(c, r, language) for c, r in late.places[:NAMED]),
        count=language.number(late.late_orders),
    )
    told = when_we_write_first(report)
    effect = _ends(late.written)
    return [_action(report, "write_first", "customer service", text, as_of + SOON, effect, told)]


def _ends(figure: Figure) -> tuple:
    return figure.value, figure.low, figure.high
