"""What to do about fulfillment: who, what, with which effect, and by when."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import isfinite

from goulot.findings import Figure, Owner, Recommendation
from goulot.language import Language
from goulot.steps.delivery_effect import DeliveryEffect
from goulot.steps.delivery_test import DeliveryTest
from goulot.steps.foretelling import falls
from goulot.steps.premium import PremiumPolicy, judge_premium
from goulot.steps.sent_orders import LATE_SHARE, Delivered, why_not

SOON, LATER = timedelta(days=30), timedelta(days=75)
OPEN = (0.10, 0.90)  # probabilities between which a premium is worth a test


def recommendations(
    effect: DeliveryEffect,
    known: Delivered,
    policy: PremiumPolicy,
    design: DeliveryTest | None,
    new_customers: float,
    late: Mapping[str, Figure],
    as_of: date,
    language: Language,
) -> tuple[Recommendation, ...]:
    """The actions that follow; effects in contribution of the customers won in a quarter.

    ``late`` holds the finding by which the next review tells whether fewer orders were late.
    """
    unit = f"{language.currency}/quarter"

    def action(
        key: str, owner: Owner, text: str, due: timedelta, each=None, prediction=None
    ) -> Recommendation:
        value, low, high = (None, None, None) if each is None else (
            float(e * new_customers) for e in each
        )  # fmt: skip
        return Recommendation(id=f"lifetime.{key}", step="lifetime", owner=owner, action=text,
                              effect=value, low=low, high=high, unit=unit,
                              due=(as_of + due).isoformat(), prediction=prediction)  # fmt: skip

    if not known.is_shop:
        return ()
    if not effect.customers:
        text = language.say(
            "Export parcels with their promised and delivered days: without them nobody can say "
            "what better fulfillment is worth"
        )
        return (action("track_deliveries", "operations", text, SOON),)
    if why_not(known):
        return ()
    verdict = judge_premium(known, policy)
    if verdict.supported is None or not isfinite(verdict.pays):
        return ()
    fewer = None
    if LATE_SHARE in late:
        fewer = falls(LATE_SHARE, late[LATE_SHARE], most=verdict.late_share)
    premium = language.percent(policy.premium, 0)
    remain = language.percent(verdict.late_share, 0)
    found = []
    if verdict.pays >= OPEN[1]:
        text = language.say("Pay {premium} more for fulfillment, as long as late orders fall to "
                            "{late}", premium=premium, late=remain)  # fmt: skip
        found.append(action("pay_premium", "operations", text, LATER, verdict.net, fewer))
    elif verdict.pays <= OPEN[0]:
        text = language.say(
            "Do not pay {premium} more on every order: bringing late orders down to {late} is "
            "worth {most} an order, and no more",
            premium=premium,
            late=remain,
            most=language.money(verdict.affordable, 2),
        )
        gain = tuple(end * verdict.ltv for end in verdict.supported)
        found.append(action("cheaper_punctuality", "operations", text, LATER, gain, fewer))
    if design is not None and verdict.pays > OPEN[0]:
        text = language.say("Run the fulfillment test as designed: {weeks} weeks",
                            weeks=language.number(design.weeks))  # fmt: skip
        found.append(action("test_premium", "operations", text, SOON))
    return tuple(found)
