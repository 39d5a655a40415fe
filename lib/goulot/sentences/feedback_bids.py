"""Targeting changes in sentences: the rule of the list, each line, and what would reverse it."""

from goulot.language import Language
from goulot.sentences.markdown import as_text
from goulot.sentences.places import place_name
from goulot.steps.feedback import FeedbackReport
from goulot.steps.targeting import TargetChange

PLACES_NAMED = 3
MOST_LINES = 12


def bids_in_short(report: FeedbackReport, language: Language) -> str:
    """How many bids change and where first, by reason; or why none does."""
    served = [change for change in report.changes if change.reason != "dear"]
    dear = [change for change in report.changes if change.reason == "dear"]
    if not report.changes and not report.drawn.bought["spend"].gt(0).any():
        return language.say(
            "**No bid can be changed by region**: no export says what was spent where."
        )
    parts = [
        language.say(
            "**Bids change for {count} places of a channel because of delivery**, {places} first.",
            count=language.number(len(served)),
            places=_first(served, language),
        )
        if served
        else language.say(
            "**No bid needs changing for the sake of delivery**: no place costs enough more to "
            "serve than its channel."
        )
    ]
    if dear:
        parts.append(
            language.say(
                "**In {count} places of a channel a customer costs more than one brings**: "
                "{places}.",
                count=language.number(len(dear)),
                places=_first(dear, language),
            )
        )
    return " ".join(parts)


def _first(found: list[TargetChange], language: Language) -> str:
    places = list(dict.fromkeys(_place(change, language) for change in found))
    return ", ".join(places[:PLACES_NAMED])


def changes(report: FeedbackReport, language: Language) -> str:
    """The rule of the list, then one line per change: why, and what would reverse it."""
    policy = report.policy
    rule = language.say(
        "Bids move with what a customer is worth after service, between {least} and {most}. A "
        "place is listed when its customers cost so much more (or less) to serve than the "
        "channel's that its bid would move by {material} or more, or when they cost more than they "
        "bring and a quarter more than the channel's; and only with so much certainty that of the "
        "places listed no more than {wrong} should be there wrongly.",
        wrong=language.percent(policy.false_share, 0),
        material=language.percent(policy.material_share, 0),
        least=language.percent(policy.least_modifier, 0),
        most=language.percent(policy.most_modifier, 0),
    )
    parts = [rule, *_follow(report, language)]
    if report.full:
        stages = ", ".join(language.word(stage) for stage in report.full)
        parts.append(
            language.say("Nothing asks for more orders: {stages} is at its limit.", stages=stages)
        )
    if not report.changes:
        parts.append(bids_in_short(report, language))
    lines = [f"- {change_line(change, language)}" for change in report.changes[:MOST_LINES]]
    if len(report.changes) > MOST_LINES:
        more = language.number(len(report.changes) - MOST_LINES)
        lines.append(
            "- " + language.say("and {count} more, in the table and the files", count=more)
        )
    return "\n\n".join([*parts, "\n".join(lines)])


def _follow(report: FeedbackReport, language: Language) -> list[str]:
    """How many customers go with spend, by channel: by its curve, or assumed."""
    spend = report.drawn.channels
    paid = [name for name, spent in zip(spend["channel"], spend["spend"], strict=True) if spent > 0]
    known = [
        language.say(
            "{channel}: {share}",
            channel=language.word(name),
            share=language.percent(report.elasticity[name].value / 100, 1),
        )
        for name in paid
        if name in report.elasticity
    ]
    parts = []
    if known:
        parts.append(
            language.say(
                "By the response curves, one per cent of spend moves so many of the new customers: "
                "{channels}.",
                channels=", ".join(known),
            )
        )
    if len(known) < len(paid):
        parts.append(
            language.say(
                "Where no curve is known, {share} is assumed for one per cent of spend.",
                share=language.percent(report.policy.spend_elasticity / 100, 1),
            )
        )
    return parts


def change_line(change: TargetChange, language: Language) -> str:
    """One change in a sentence, with what would reverse it."""
    said = {
        "place": _place(change, language),
        "channel": language.word(change.channel),
        "bids": language.percent(abs(change.modifier), 0),
        "late": language.percent(change.late_share.value, 0),
        "excess": language.money(abs(change.excess.value), 2),
    }
    if change.reason == "dear":
        return language.say(
            "{channel}, {place}: {bids} less; a customer costs more than one brings. Back when CAC "
            "is below {cac}.",
            cac=language.money(change.reverse_at),
            **said,
        )
    if change.reason == "slow":
        return language.say(
            "{channel}, {place}: {bids} less; {late} arrive late and a customer costs {excess} "
            "more to serve. Back when less than {back} arrive late.",
            back=language.percent(change.reverse_at, 0),
            **said,
        )
    return language.say(
        "{channel}, {place}: {bids} more; {late} arrive late and a customer costs {excess} less to "
        "serve. Back when more than {back} arrive late.",
        back=language.percent(change.reverse_at, 0),
        **said,
    )


def _place(change: TargetChange, language: Language) -> str:
    return as_text(place_name(change.country, change.region, language))
