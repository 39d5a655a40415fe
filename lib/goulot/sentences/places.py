"""Places and changes in words: a region, or its country; a share with its sign."""

from goulot.language import Language


def place_name(country: str, region: str, language: Language) -> str:
    """A region, or its country where the region is not known."""
    return region or language.country(country) or language.say("place unknown")


def signed_percent(share: float, language: Language) -> str:
    text = language.percent(share, 0)
    return f"+{text}" if share > 0 else text
