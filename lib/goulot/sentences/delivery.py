"""What a bad first delivery does, in sentences: the effect, and how far it can be believed."""

from goulot.language import Language
from goulot.sentences.channels import listed, name
from goulot.steps.delivery_effect import DeliveryEffect
from goulot.steps.first_deliveries import NOBODY, Judged
from goulot.steps.speed_effect import SpeedEffect


def dose_name(dose: tuple[int, int | None], language: Language) -> str:
    low, high = dose
    if high is None:
        return language.say("{days} days late or more", days=language.number(low))
    if low == high:
        return language.say("one day late")
    return language.say("{low} to {high} days late", low=language.number(low),
                        high=language.number(high))  # fmt: skip


def effect(found: DeliveryEffect, horizon_months: int, language: Language) -> str:
    """The late effect on repeat and on value, beside the plain difference; or why not."""
    if found.repeat.refused == NOBODY:
        return ""
    if not found.repeat.is_known:
        return _refused(found, language)
    e = found.repeat.effect
    said = language.say(
        "**Of customers whose first order came late, {change} ({low} to {high}) fewer of a hundred "
        "order again within {days} days** than would have, had it come on time: {without} of a "
        "hundred would. The plain difference is {naive}; the rest of it is where and when they "
        "bought, not the delay.",
        change=language.number(-100 * e.value, 1),
        low=language.number(-100 * e.high, 1),
        high=language.number(-100 * e.low, 1),
        days=language.number(found.policy.repeat_days),
        without=language.number(100 * e.mean_untreated, 0),
        naive=language.number(-100 * e.naive, 1),
    )
    if e.low <= 0 <= e.high:
        said += " " + language.say(
            "The interval holds nought: these data do not show that lateness costs repeat orders."
        )
    return f"{said} {_value(found, horizon_months, language)}"


def _refused(found: DeliveryEffect, language: Language) -> str:
    said = language.say("**What a late delivery costs cannot be said**: {reason}.",
                        reason=language.say(found.repeat.refused))  # fmt: skip
    if found.repeat.effect is None:
        return said
    return f"{said} " + language.say(
        "The plain difference is {naive} points, and it proves nothing.",
        naive=language.number(100 * found.repeat.effect.naive, 1),
    )


def _value(found: DeliveryEffect, horizon_months: int, language: Language) -> str:
    window, value = found.value_over(horizon_months)
    if not value.is_known:
        return language.say("In money it cannot be said: {reason}.",
                            reason=language.say(value.refused))  # fmt: skip
    e = value.effect
    return language.say(
        "That takes {value} ({low} to {high}) off what such a customer brings within {days} days "
        "after the first order.",
        value=language.money(-e.value, 2),
        low=language.money(-e.high, 2),
        high=language.money(-e.low, 2),
        days=language.number(window),
    )


def trust(found: DeliveryEffect, language: Language) -> str:
    """What the effect rests on: customers, overlap, balance, placebo, E-value. Markdown list."""
    if found.repeat.refused == NOBODY:
        return ""
    if found.repeat.effect is None:
        return language.say("Nothing to check: there is no estimate.")
    e = found.repeat.effect
    lines = [
        language.say(
            "{customers} customers seen for {days} days or more, {late} of them with a late first "
            "order; {kept} of them could have had either delivery (below {least} nothing would be "
            "said).",
            customers=language.number(e.rows),
            days=language.number(found.policy.repeat_days),
            late=language.number(e.treated),
            kept=language.percent(e.kept_share, 0),
            least=language.percent(found.policy.min_kept, 0),
        ),
        language.say(
            "After adjustment the largest difference between the groups is {after} standard "
            "deviations, before it was {before}.",
            after=language.number(found.balance["after"].max(), 2),
            before=language.number(found.balance["before"].max(), 2),
        ),
        _placebo(found, language),
        _e_value(found, language),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _placebo(found: DeliveryEffect, language: Language) -> str:
    if found.placebo.effect is None:
        return language.say("No placebo could be tried: {reason}.",
                            reason=language.say(found.placebo.refused))  # fmt: skip
    e = found.placebo.effect
    said = language.say(
        "Placebo: on the basket of the first order, bought before it was delivered, the delay "
        "seems to do {value} ({low} to {high}).",
        value=language.money(e.value, 2),
        low=language.money(e.low, 2),
        high=language.money(e.high, 2),
    )
    if e.low <= 0 <= e.high:
        return said + " " + language.say("That is nothing, as it must be.")
    return (
        said
        + " "
        + language.say(
            "It must be nothing and is not: chance alone brings that once in ten, or else "
            "something that drives both is not in the comparison. The effect above is to be taken "
            "with care."
        )
    )


def _e_value(found: DeliveryEffect, language: Language) -> str:
    value, end = found.e_values
    if end == 1:
        return language.say(
            "E-value: 1. The interval holds no effect, and nothing unmeasured is needed to explain "
            "it."
        )
    return language.say(
        "E-value: to explain the effect away, something unmeasured would have to make both a late "
        "delivery and not coming back {value} as likely; to bring its interval to nothing, {end}.",
        value=language.multiple(round(value, 1)),
        end=language.multiple(round(end, 1)),
    )


def others(found: DeliveryEffect, speed: SpeedEffect, language: Language) -> str:
    """Days late, slow, faster and split deliveries, and the channels: Markdown list."""
    if found.repeat.refused == NOBODY:
        return ""
    if not found.customers:
        return language.say("Nor can days late, slow deliveries and split parcels be compared.")
    lines = [
        _one(dose_name(dose, language), judged, language) for dose, judged in found.dose.items()
    ]
    slow = language.say("on time, but over {days} days", days=language.number(found.slow_days))
    lines += [
        _one(slow, found.slow, language),
        _sooner(speed, language),
        _one(language.say("in several parcels"), found.split, language),
        _channels(found, language),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _sooner(speed: SpeedEffect, language: Language) -> str:
    what = language.say("one day sooner, among orders on time")
    if speed.repeat is None:
        return language.say("**{what}**: cannot be said, {reason}.", what=what,
                            reason=language.say(speed.refused))  # fmt: skip
    return language.say(
        "**{what}**: {value} points ({low} to {high}), {count} first orders.",
        what=what,
        value=language.number(-100 * speed.repeat.value, 1),
        low=language.number(-100 * speed.repeat.high, 1),
        high=language.number(-100 * speed.repeat.low, 1),
        count=language.number(speed.repeat.rows),
    )


def _one(what: str, judged: Judged, language: Language) -> str:
    if not judged.is_known:
        return language.say("**{what}**: cannot be said, {reason}.", what=what,
                            reason=language.say(judged.refused))  # fmt: skip
    e = judged.effect
    return language.say(
        "**{what}**: {value} points ({low} to {high}), {count} first orders.",
        what=what,
        value=language.number(100 * e.value, 1),
        low=language.number(100 * e.low, 1),
        high=language.number(100 * e.high, 1),
        count=language.number(e.treated),
    )


def _channels(found: DeliveryEffect, language: Language) -> str:
    if not found.by_channel:
        return language.say("**by channel**: no channel has customers enough to be told apart.")
    highest = max(one.low for one in found.by_channel)
    lowest = min(one.high for one in found.by_channel)
    shown = language.say(
        "**by channel**: shown for those whose interval is no wider than {half} points on either "
        "side",
        half=language.number(100 * found.policy.channel_half_width),
    )
    if highest <= lowest:
        return shown + language.say("; their intervals overlap, so that no channel is known to be "
                                    "hurt more than another.")  # fmt: skip
    hurt = [name(one.channel, language) for one in found.by_channel if one.high <= highest]
    return shown + language.say("; {channels} are hurt more than others.",
                                channels=listed(hurt, language))  # fmt: skip
