"""How long subscribers stay and what they are worth, in sentences."""

from goulot.language import Language
from goulot.sentences.channels import listed, name
from goulot.steps.subscribers import Subscribers
from goulot.steps.tenures import Forecaster

FORECASTERS: dict[Forecaster, str] = {
    "sBG": "the model in which some leave sooner than others (sBG)",
    "constant churn": "the same churn at every renewal",
    "last month's churn": "last month's churn for ever",
}


def verdict(found: Subscribers, language: Language) -> str:
    """What a subscriber brings and how many stay a year; whose are worth most and least."""
    total = found.total
    stay = _stay(found, language)
    if not isinstance(total.ltv.value, float):
        said = language.say("**What a subscriber is worth cannot be said**: {reason}.",
                            reason=language.say(total.ltv.note))  # fmt: skip
        return f"{said} {stay}\n\n{_no_parcels(language)}"
    said = language.say(
        "**A subscriber brings {value} ({low} to {high}) in {months} months**, before what it cost "
        "to win them.",
        value=language.money(total.ltv.value, 0),
        low=language.money(total.ltv.low, 0),
        high=language.money(total.ltv.high, 0),
        months=language.number(found.policy.horizon_months),
    )
    told = " ".join(part for part in (said, stay, _extremes(found, language)) if part)
    return f"{told}\n\n{_no_parcels(language)}"


def _stay(found: Subscribers, language: Language) -> str:
    kept = found.total.retention
    if kept.value is None:
        return ""
    return language.say(
        "Of a hundred who pay by the month, {kept} ({low} to {high}) are still there after twelve "
        "renewals.",
        kept=language.number(100 * kept.value),
        low=language.number(100 * kept.low),
        high=language.number(100 * kept.high),
    )


def _extremes(found: Subscribers, language: Language) -> str:
    own = [c for c in found.channels[:-1] if not c.is_small and c.channel != "Unattributed"]
    own.sort(key=lambda one: one.ltv.value)
    if len(own) < 2:
        return ""
    return language.say(
        "Those won by {best} bring most, {most}; those by {worst} least, {least}.",
        best=name(own[-1].channel, language),
        most=language.money(own[-1].ltv.value, 0),
        worst=name(own[0].channel, language),
        least=language.money(own[0].ltv.value, 0),
    )


def _no_parcels(language: Language) -> str:
    """Why no premium is judged where access is sold."""
    return language.say(
        "What is sold here is access, and no parcel is sent: there is no delivery whose lateness "
        "could be held against staying, and no premium on fulfillment to judge. What better "
        "service keeps is not estimated."
    )


def method(found: Subscribers, language: Language) -> str:
    """Which forecast is used and why, and for whom little is known: Markdown list."""
    lines = [
        _holdout(found, language),
        language.say(
            "LTV is what is paid a month, as the subscriptions say it now, at gross margin less "
            "payment fees, for as long as subscribers stay, discounted. Paying begins when the "
            "trial ends; who ended with the trial never was a customer."
        ),
        _yearly(found, language),
    ]
    small = [name(one.channel, language) for one in found.channels if one.is_small]
    if small:
        lines.append(
            language.say(
                "Few subscribers of {channels} have been seen: they are taken to leave along "
                "everybody's curve, faster or slower as far as their own departures say.",
                channels=listed(small, language),
            )
        )
    return "\n".join(f"- {line}" for line in lines if line)


def _holdout(found: Subscribers, language: Language) -> str:
    held = found.held
    if held is None:
        return language.say(
            "The history is too short to hold a forecast against months it has not seen: {model} "
            "is used.",
            model=language.say(FORECASTERS[found.used]),
        )
    missed = [
        f"{language.say(FORECASTERS[one])} ({language.percent(miss, 0)})"
        for one, miss in held.misses.items()
    ]  # fmt: skip
    return language.say(
        "Held against {months} months which they had not seen, and the departures in them of "
        "{subscribers} subscribers, by length of tenure, forecasts are off by so much: {missed}. "
        "**The best is used**: {model}.",
        months=language.number(len(held.monthly)),
        subscribers=language.number(held.subscribers),
        missed=listed(missed, language),
        model=language.say(FORECASTERS[found.used]),
    )


def _yearly(found: Subscribers, language: Language) -> str:
    if not found.yearly_share:
        return ""
    share = language.percent(found.yearly_share, 0)
    if found.yearly_renewed is None:
        return language.say(
            "{share} pay by the year; too few of their renewals are decided, so that they are "
            "taken to stay as those who pay by the month.",
            share=share,
        )
    return language.say(
        "{share} pay by the year; {renewed} of them renew, in all channels together.",
        share=share,
        renewed=language.percent(found.yearly_renewed, 0),
    )
