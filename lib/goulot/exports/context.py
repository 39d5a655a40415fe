"""What every query over exports is written with: the client's settings, and text as a literal."""

from dataclasses import dataclass

from goulot.exports.rates import Rate

AMOUNT = {"orders": "total", "ad_spend": "spend"}  # what is reconciled to the cent
# What two shops of one client number independently of each other.
NUMBERED = ("order_id", "shipment_id", "po_id", "ticket_id", "subscription_id")


@dataclass(frozen=True)
class ReadContext:
    """What a file's rows are read against: the client's currency, zone, key secret and rates."""

    currency: str
    zone: str
    secret: str
    rates: tuple[Rate, ...] = ()

    @property
    def currencies(self) -> tuple[str, ...]:
        """The other currencies that can be converted."""
        return tuple(sorted({rate.currency for rate in self.rates}))


def literal(text: object) -> str:
    """Text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
