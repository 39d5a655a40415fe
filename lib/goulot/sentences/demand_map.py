"""The demand map in sentences: how much of demand is at risk, where, and what is not told."""

from goulot.language import Language
from goulot.sentences.markdown import as_text
from goulot.steps.demand_map import LEVELS, DemandMap

# Level → what it is called inside a sentence: messages for ``Language.say``.
LEVEL_NAMES = {
    "channel": "the channels",
    "category": "the categories",
    "location": "the warehouses",
    "supplier": "the suppliers",
}


def verdict(result: DemandMap, language: Language) -> str:
    """How much of demand is at risk, and what the exports do not tell of its paths."""
    return f"{at_risk(result, language)} {untold(result, language)}".strip()


def at_risk(result: DemandMap, language: Language) -> str:
    """What rests on stock that ends too early, and the path on which most contribution does."""
    share = result.figures["demand_map.at_risk_share"]
    if not isinstance(share.value, float):
        return language.say(
            "**How much of demand is at risk cannot be said**: {reason}.",
            reason=language.say(share.note),
        )
    if result.at_risk.empty:
        return language.say(
            "**No path is at risk**: everywhere, what is in stock lasts until the next goods can "
            "come."
        )
    said = language.say(
        "**{share} of demand is at risk**: what is in stock ends before the next goods can come, "
        "those already ordered included.",
        share=language.percent(share.value),
    )
    amount = result.figures.get("demand_map.contribution_at_risk")
    if amount is not None and isinstance(amount.value, float):
        said += " " + language.say(
            "On it rest {money} of the quarter's contribution.", money=language.money(amount.value)
        )
    first = result.at_risk.iloc[0]
    path = " → ".join(as_text(_name(first[level], language)) for level in LEVELS)
    return f"{said} " + language.say("The path to look at first: {path}.", path=path)


def _name(name: str, language: Language) -> str:
    return language.say("unknown") if name == "unknown" else language.word(str(name))


def untold(result: DemandMap, language: Language) -> str:
    """The levels of which most of the demand is unknown; nothing where all are told."""
    if not result.untold:
        return ""
    return language.say(
        "Of most of the demand the exports do not tell {levels}.",
        levels=", ".join(language.say(LEVEL_NAMES[level]) for level in result.untold),
    )
