"""What a customer is worth, in sentences: by channel, how it was told, and the verdict."""

from collections.abc import Mapping

from goulot.findings import Figure
from goulot.language import Language
from goulot.sentences import subscribers
from goulot.sentences.channels import listed, name
from goulot.steps.cohorts import Cohorts, paid_back
from goulot.steps.delivery_test import DeliveryTest
from goulot.steps.lifetime import Lifetimes
from goulot.steps.sent_orders import Delivered, why_not
from goulot.steps.subscribers import Subscribers


def verdict(found: Lifetimes | Subscribers, language: Language) -> str:
    """What a customer brings, and by which channels the best and the least come."""
    if isinstance(found, Subscribers):
        return subscribers.verdict(found, language)
    total = found.total.ltv
    if not isinstance(total.value, float):
        return language.say("**What a customer is worth cannot be said**: {reason}.",
                            reason=language.say(total.note))  # fmt: skip
    said = language.say(
        "**A customer brings {value} ({low} to {high}) in {months} months**, before what it cost "
        "to win them.",
        value=language.money(total.value, 0),
        low=language.money(total.low, 0),
        high=language.money(total.high, 0),
        months=language.number(found.policy.horizon_months),
    )
    own = [c for c in found.channels[:-1] if not c.pooled and c.channel != "Unattributed"]
    own.sort(key=lambda one: one.ltv.value)
    if len(own) < 2:
        return said
    return (
        said
        + " "
        + language.say(
            "Those won by {best} bring most, {most}; those by {worst} least, {least}.",
            best=name(own[-1].channel, language),
            most=language.money(own[-1].ltv.value, 0),
            worst=name(own[0].channel, language),
            least=language.money(own[0].ltv.value, 0),
        )
    )


def cohorts(found: Cohorts, cac: Mapping[str, float], carrier: Figure, language: Language) -> str:
    """What contribution is net of here, and when the cost of winning a customer is back."""
    if found.by_month.empty:
        return ""
    if found.measure == "revenue":
        return language.say(
            "client.yml declares no gross margin: the cohorts show revenue, less refunds and "
            "taxes, and not what it leaves."
        )
    said = _net_of(carrier, language)
    if not cac:
        return (
            said
            + " "
            + language.say(
                "What winning a customer costs is not known here (step 2), so that no payback is "
                "marked."
            )
        )
    back = paid_back(found, cac)
    if back.empty:
        return said + " " + language.say("No channel's cost is back yet.")
    months = [
        language.say("{channel} within month {month}", channel=name(row.channel, language),
                     month=language.number(row.month))
        for row in back.itertuples()
    ]  # fmt: skip
    return said + " " + language.say("The cost of winning a customer is back: {channels}.",
                                     channels=listed(months, language))  # fmt: skip


def _net_of(carrier: Figure, language: Language) -> str:
    if carrier.value is None:
        return language.say(
            "Contribution is revenue less refunds, taxes, goods, payment fees and pick and pack. "
            "What the carrier charges is not in it: no export tells it, and client.yml does not "
            "declare it (capacity, fulfillment, parcel_cost)."
        )
    values = {"cost": language.money(carrier.value, 2)}
    if carrier.basis == "declared":
        return language.say(
            "Contribution is revenue less refunds, taxes, goods, payment fees, pick and pack and "
            "the {cost} that the carrier takes of an order, as client.yml declares it.",
            **values,
        )
    return language.say(
        "Contribution is revenue less refunds, taxes, goods, payment fees, pick and pack and what "
        "the carrier charges: {cost} an order of late, as the parcels tell it.",
        **values,
    )


def method(found: Lifetimes | Subscribers, language: Language) -> str:
    """Which way of telling LTV is used and why: Markdown list."""
    if isinstance(found, Subscribers):
        return subscribers.method(found, language)
    lines = [_holdout(found, language)]
    if found.value is not None:
        lines.append(_value(found, language))
    pooled = [name(one.channel, language) for one in found.channels if one.pooled]
    if pooled:
        lines.append(
            language.say("Too few customers of {channels} have been seen: all channels together "
                         "stand for them.", channels=listed(pooled, language))
        )  # fmt: skip
    return "\n".join(f"- {line}" for line in lines)


def _holdout(found: Lifetimes, language: Language) -> str:
    held = found.calibration
    if held is None:
        return language.say(
            "The history is too short to hold a model against weeks it has not seen: **cohorts** "
            "are used, which is what earlier customers have brought by that age."
        )
    missed = {
        key: language.percent(error, 0) if error < 0 else f"+{language.percent(error, 0)}"
        for key, error in held.errors.items()
    }
    said = language.say(
        "Held against the last {weeks} weeks, which they had not seen: the model of purchases "
        "(BG/NBD) misses the repeat purchases by {model}, cohorts by {cohorts}, the last period "
        "repeated by {habit}.",
        weeks=language.number(len(held.weekly)),
        model=missed["BG/NBD"],
        cohorts=missed["cohorts"],
        habit=missed["last period repeated"],
    )
    if found.used == "BG/NBD":
        return said + " " + language.say("**The model is used.**")
    if abs(held.errors["BG/NBD"]) > found.policy.max_miss:
        return (
            said
            + " "
            + language.say(
                "**Cohorts are used**: a model that misses by more than {most} is not believed.",
                most=language.percent(found.policy.max_miss, 0),
            )
        )
    return said + " " + language.say("**Cohorts are used**: they came closer.")


def _value(found: Lifetimes, language: Language) -> str:
    correlation = language.number(found.value.correlation, 2)
    if found.value.by_gamma_gamma:
        return language.say(
            "How often customers buy says little about how much they spend (rank correlation "
            "{correlation}), so that the model takes the value of an order from Gamma-Gamma.",
            correlation=correlation,
        )
    return language.say(
        "How often customers buy goes with how much they spend (rank correlation {correlation}) or "
        "too few came back, so that Gamma-Gamma is not trusted and the model takes the plain mean.",
        correlation=correlation,
    )


def test(design: DeliveryTest | None, known: Delivered, language: Language) -> str:
    """The experiment that would settle it."""
    if not known.is_shop:
        return ""
    if why_not(known):
        return language.say("A test can be designed once it is known what a customer is worth, and "
                            "what sending an order costs.")  # fmt: skip
    if design is None:
        return language.say("Without a premium that could come back there is nothing to test.")
    where = {
        "regions": language.say("{count} regions", count=language.number(design.clusters)),
        "postcodes": language.say("at least {count} postcode areas",
                                  count=language.number(design.clusters)),
    }[design.unit]  # fmt: skip
    said = language.say(
        "**Draw one half of {where} by lot and send their orders at the premium for {weeks} "
        "weeks.** About {customers} new customers take part; compare how many of each half order "
        "again within {days} days. The premium breaks even if {effect} more of a hundred do; the "
        "test sees that with a probability of {power}, and costs {cost} in premiums.",
        where=where,
        weeks=language.number(design.weeks),
        customers=language.number(design.customers),
        days=language.number(design.follow_days),
        effect=language.number(100 * design.effect, 1),
        power=language.percent(design.power, 0),
        cost=language.money(design.cost, 0),
    )
    if design.power >= 0.8:
        return said
    return said + " " + language.say("That is weak: it tells only if the effect is larger.")
