"""Time zones, by the names of the IANA database."""

from functools import cache
from zoneinfo import available_timezones


@cache
def time_zones() -> frozenset[str]:
    """Every name there is: looked for once, since that is a search of the disk."""
    return frozenset(available_timezones())
