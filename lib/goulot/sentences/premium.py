"""Where the client stands: what a premium needs, what its data support, what others say."""

from dataclasses import replace
from math import isfinite

from goulot.language import NOT_KNOWN, Language
from goulot.steps.premium import (
    PLAYBOOK,
    PUBLISHED,
    PremiumPolicy,
    Verdict,
    judge_premium,
)
from goulot.steps.sent_orders import Delivered, why_not

HARDLY = 0.01  # probabilities nearer to 0 or 1 are not told apart
SURE = 0.90  # probability from which a premium is said to pay, or (below 1 - SURE) not to


def stand(known: Delivered, policy: PremiumPolicy, language: Language) -> str:
    """The premium against the playbook's point and the client's own data."""
    if not known.is_shop:
        return ""
    reason = why_not(known)
    if reason:
        said = language.say("**Whether a premium pays cannot be said**: {reason}.",
                            reason=language.say(reason))  # fmt: skip
        return f"{said} {_no_dates(known, language)}".strip()
    verdict = judge_premium(known, policy)
    parts = [_needs(verdict, known, policy, language)]
    if verdict.supported is None:
        parts.append(_no_dates(known, language) or language.say(
            "What fewer late orders would bring is not known from these data."))  # fmt: skip
    else:
        parts += [_supports(verdict, known, policy, language), _odds(verdict, language)]
    parts.append(_playbook(known, policy, language))
    return " ".join(part for part in parts if part)


def _needs(verdict: Verdict, known: Delivered, policy: PremiumPolicy, language: Language) -> str:
    values = {
        "premium": language.percent(policy.premium, 0),
        "cost": language.money(known.cost, 2),
        "amount": language.money(verdict.premium_amount, 2),
        "months": language.number(policy.horizon_months),
    }
    if not isfinite(verdict.needed):
        return language.say(
            "**A premium of {premium} on the {cost} that sending an order costs never comes "
            "back**: a repeat order brings less than that.",
            **values,
        )
    low, high = verdict.needed_range
    if not isfinite(high):
        return language.say(
            "**A premium of {premium} on the {cost} that sending an order costs needs {needed} "
            "more LTV**, and perhaps never comes back: it takes {amount} per customer over "
            "{months} months.",
            needed=language.percent(verdict.needed, 1),
            **values,
        )
    return language.say(
        "**A premium of {premium} on the {cost} that sending an order costs needs {needed} ({low} "
        "to {high}) more LTV**: it takes {amount} per customer over {months} months.",
        needed=language.percent(verdict.needed, 1),
        low=language.percent(low, 1),
        high=language.percent(high, 1),
        **values,
    )


def _supports(verdict: Verdict, known: Delivered, policy: PremiumPolicy, language: Language) -> str:
    value, low, high = verdict.supported
    values = {
        "today": language.percent(known.late_share, 0),
        "late": language.percent(verdict.late_share, 0),
        "value": language.percent(value, 1),
        "low": language.percent(low, 1),
        "high": language.percent(high, 1),
    }
    if policy.days_faster and known.faster:
        return language.say(
            "If it brings the share of late orders from {today} down to {late}, and every order to "
            "the door {days} days sooner, these data support {value} ({low} to {high}).",
            days=language.number(policy.days_faster, 0 if policy.days_faster % 1 == 0 else 1),
            **values,
        )
    return language.say(
        "If it brings the share of late orders from {today} down to {late}, these data support "
        "{value} ({low} to {high}).",
        **values,
    )


def odds(verdict: Verdict, language: Language) -> str:
    """The probability that the premium pays, never as a certainty; ``–`` without a premium."""
    if not isfinite(verdict.pays):
        return NOT_KNOWN
    if verdict.pays < HARDLY:
        return language.say("under {share}", share=language.percent(HARDLY, 0))
    if verdict.pays > 1 - HARDLY:
        return language.say("over {share}", share=language.percent(1 - HARDLY, 0))
    return language.percent(verdict.pays, 0)


def _odds(verdict: Verdict, language: Language) -> str:
    if not isfinite(verdict.pays):
        return ""
    chance = odds(verdict, language)
    if verdict.pays >= SURE:
        return language.say("It pays, with a probability of {odds}.", odds=chance)
    if verdict.pays <= 1 - SURE:
        return language.say("It does not pay: the probability that it does is {odds}.", odds=chance)
    return language.say("Whether it pays is open: the probability is {odds}.", odds=chance)


def _playbook(known: Delivered, policy: PremiumPolicy, language: Language) -> str:
    """The playbook's point beside the client's own."""
    premium, promised = PLAYBOOK
    own = judge_premium(known, replace(policy, premium=premium))
    values = {"premium": language.percent(premium, 0), "promised": language.percent(promised, 0)}
    if not isfinite(own.needed):
        return ""
    said = language.say(
        "The playbook speaks of {promised} more LTV for {premium} more cost; here such a premium "
        "would be paid back by {needed}.",
        needed=language.percent(own.needed, 1),
        **values,
    )
    if own.supported is None:
        return said
    if own.supported[2] >= promised:
        return said + " " + language.say("These data do not rule the {promised} out.", **values)
    return (
        said
        + " "
        + language.say(
            "Nothing in these data speaks for {promised}: even the upper end of what they support "
            "is {high}.",
            high=language.percent(own.supported[2], 1),
            **values,
        )
    )


def _no_dates(known: Delivered, language: Language) -> str:
    if known.late_share is not None:
        return ""
    return language.say(
        "Without delivery dates the premium can only be judged by break-even: what it must bring "
        "is known, what it would bring is not."
    )


def published(known: Delivered, language: Language) -> str:
    """What others found, never to be taken for this client's result. Markdown list."""
    if not known.is_shop:
        return ""
    lines = [
        language.say("{who}: {change} sales.", who=language.say(who),
                     change="+" + language.percent(change, 1 if change > 0.01 else 2))
        for who, change in PUBLISHED
    ]  # fmt: skip
    lines.append(
        language.say(
            "Both are of other shops and of speed rather than of lateness: a measure of scale, not "
            "a forecast."
        )
    )
    return "\n".join(f"- {line}" for line in lines)
