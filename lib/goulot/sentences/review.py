"""The quarterly review in sentences: what changed, why, what is noise, what was foretold."""

from goulot.language import Language
from goulot.quarter import Quarter
from goulot.sentences.review_words import DRIVERS
from goulot.steps.contribution_change import Change
from goulot.steps.review import Review

NAMED = 3  # drivers in a sentence, the strongest first


def verdict(review: Review, language: Language) -> str:
    """What the quarter brought, and how it stands against the last one and last year's."""
    if review.contribution.value is None:
        return language.say(
            "**What the quarter brought cannot be said**: {reason}.",
            reason=language.say(review.contribution.note),
        )
    brought = language.say(
        "**The quarter brought {value} of contribution**, after fulfillment and advertising.",
        value=language.money(float(review.contribution.value)),
    )
    parts = [brought, _against(review, language)]
    if review.since_year:
        parts.append(_since_year(review.since_year, language))
    return " ".join(part for part in parts if part)


def _against(review: Review, language: Language) -> str:
    change = review.since_last
    if change is None:
        return language.say(
            "It cannot be held against {quarter}: the exports do not cover that quarter.",
            quarter=language.quarter(review.last),
        )
    named = {
        "change": signed(change.total.value, language),
        "quarter": language.quarter(change.since.quarter),
    }
    if change.is_noise:
        return language.say(
            "That is {change} against {quarter}, which is within what chance alone moves from one "
            "set of weeks to another: it is no news.",
            **named,
        )
    said = language.say("That is {change} against {quarter}.", **named)
    return f"{said} {drivers(change, language)}".strip()


def drivers(change: Change, language: Language) -> str:
    """The strongest parts of a change that are more than noise, by name."""
    told = [
        (name, part)
        for name, part in change.parts.items()
        if part.value and not (part.low is not None and part.low <= 0 <= part.high)
    ]
    told.sort(key=lambda pair: -abs(pair[1].value))
    if not told:
        return language.say("No single driver stands out of the noise.")
    listed = ", ".join(
        f"{language.say(DRIVERS[name])} {signed(part.value, language)}"
        for name, part in told[:NAMED]
    )
    return language.say("What moved it most: {drivers}.", drivers=listed)


def _since_year(change: Change, language: Language) -> str:
    named = {
        "change": signed(change.total.value, language),
        "quarter": language.quarter(change.since.quarter),
    }
    if change.is_noise:
        return language.say(
            "Against the same quarter a year ago, {quarter}, it is {change}: within the noise.",
            **named,
        )
    return language.say(
        "Against the same quarter a year ago, {quarter}, in which the season is the same, it is "
        "{change}.",
        **named,
    )


def signed(amount: float, language: Language) -> str:
    """An amount with its sign, as a change is told."""
    return ("+" if round(amount) > 0 else "") + language.money(amount, 0)


def a_year(review: Review, language: Language) -> str:
    """Why nothing is drawn against the year before; empty where it is."""
    return "" if review.since_year else no_change(review, review.year, language)


def no_change(review: Review, before: Quarter, language: Language) -> str:
    """Why the quarter cannot be held against another."""
    if review.contribution.value is None:
        return language.say(
            "There is nothing to divide: what the quarter brought is not known ({reason}).",
            reason=language.say(review.contribution.note),
        )
    return language.say(
        "It cannot be held against {quarter}: the exports do not cover that quarter.",
        quarter=language.quarter(before),
    )


def season(review: Review, language: Language) -> str:
    """Whether the season could be told apart, and on what that rests."""
    change = review.since_last
    if change is None:
        return no_change(review, review.last, language)
    if "season" in change.parts:
        return language.say(
            "The season's part is what orders did between the same two quarters a year before. It "
            "takes that one year for a rule: how much seasons differ, its interval does not tell."
        )
    if change.since.quarter.number == review.quarter.number:
        return language.say("Both are the same quarter of their year: the season is the same.")
    return language.say(
        "The season cannot be told apart: the exports do not reach back to the same two quarters a "
        "year before. Part of the change may be no more than the time of year."
    )
