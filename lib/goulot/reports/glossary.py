"""The words of a report that a reader may ask about: terms, and columns of the dictionary."""

from dataclasses import dataclass

from goulot.fields import FIELDS
from goulot.language import Language

TERMS = {
    "Constraint": "The stage that limits what the company earns now. Widening any other stage "
    "brings nothing until this one is wider.",
    "Shadow price": "What one more unit of a stage's room would bring: nothing where room is left.",
    "CAC": "Advertising spend over the new customers it brought: what a customer cost on average.",
    "Marginal CAC": "What the next customer would cost if spend were raised a little.",
    "LTV": "Contribution of an acquired customer over the stated horizon, discounted, before CAC.",
    "90 % interval": "The range in which the true value lies nine times in ten, given the data.",
    "Basis": "Where a number comes from: observed in the exports, declared by the company, or "
    "assumed by us.",
}
# Columns of the dictionary that a reader meets; their meanings are written once, in fields.py.
COLUMNS = {
    "orders": "Orders",
    "new_customers": "New customers",
    "revenue": "Revenue",
    "contribution": "Contribution",
    "margin": "Margin",
    "packing_cost": "Packing cost",
    "parcel_cost": "Parcel cost",
    "refunded": "Refunded",
    "spend": "Spend",
    "conversions": "Conversions claimed",
    "sessions": "Visits",
    "channel_rule": "Decided by",
    "load": "Load",
    "throughput": "Throughput",
    "backlog": "Backlog",
    "cover_days": "Cover, days",
    "lead_time_days": "Lead time, days",
    "at_risk_share": "Share at risk",
    "late_share": "Share late",
    "hours_to_ship": "Hours to ship",
    "days_to_deliver": "Days to deliver",
    "short_units": "Units short",
    "expected_multiplier": "Expected multiplier",
}


@dataclass(frozen=True)
class Term:
    """A word and what it means here."""

    word: str
    meaning: str


def glossary(language: Language) -> list[Term]:
    """Terms and columns with their meanings, sorted as the language's readers look them up."""
    terms = [Term(language.say(word), language.say(said)) for word, said in TERMS.items()]
    terms += [
        Term(language.say(label), language.say(FIELDS[name].meaning))
        for name, label in COLUMNS.items()
    ]
    once = {term.word: term for term in reversed(terms)}
    return sorted(once.values(), key=lambda term: _plain(term.word))


def _plain(word: str) -> str:
    return word.casefold().translate(str.maketrans("àâçéèêëîïôûùü", "aaceeeeiiouuu"))
