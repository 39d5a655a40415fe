"""The column dictionary: what each column of a canonical table or a mart means, once.

A name says its unit: ``_at`` is a time, ``_on`` a day, ``_days``, ``_hours``, ``_units`` and
``_share`` are what they say; money has no suffix and is in the client's currency. The report's
glossary and the comments on the marts' columns are read from here.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "money", "date", "timestamp", "boolean"]

SQL_TYPE: dict[Kind, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18, 4)",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Field:
    """One column: its type, its unit (None: it has none) and its meaning in a sentence."""

    kind: Kind
    unit: str | None
    meaning: str

    @property
    def sql_type(self) -> str:
        return SQL_TYPE[self.kind]


def _text(meaning: str) -> Field:
    return Field("text", None, meaning)


def _count(unit: str, meaning: str) -> Field:
    return Field("integer", unit, meaning)


def _money(meaning: str) -> Field:
    return Field("money", "currency", meaning)


def _day(meaning: str) -> Field:
    return Field("date", None, meaning)


def _time(meaning: str) -> Field:
    return Field("timestamp", None, meaning)


def _flag(meaning: str) -> Field:
    return Field("boolean", None, meaning)


FIELDS: dict[str, Field] = {
    # provenance
    "source_file": _text("Export the row was read from, as named in the exports folder."),
    "source_row": _count("row", "Row of that file, counted as a spreadsheet does."),
    # who and where
    "customer_key": _text("Customer, as a keyed hash; the e-mail itself is never kept."),
    "user_key": _text("Account that signed up, as a keyed hash."),
    "channel": _text("Where the customer came from, by normalised name."),
    "channel_rule": _text("What decided the channel: source/medium file, UTM, code, source, none."),
    "campaign": _text("Campaign as the platform names it."),
    "country": _text("Country of delivery, ISO 3166 two-letter code where the export has one."),
    "region": _text("Region of delivery; of a postcode only its region part is kept."),
    "location": _text("Warehouse or store that holds the stock or ships the order."),
    # orders
    "order_id": _text("Order number as the platform shows it."),
    "ordered_at": _time("When the order was placed, in the client's time zone."),
    "subtotal": _money("Goods after discounts, before shipping."),
    "discount": _money("Discount on the order or the line."),
    "shipping_charged": _money("Shipping paid by the customer."),
    "tax": _money("Taxes in or on the order."),
    "total": _money("What the customer paid, refunds not deducted."),
    "refunded": _money("Refunded later; the export does not say when."),
    "cancelled_at": _time("When the order was cancelled; empty: it stands."),
    "is_test": _flag("A trial order placed by the shop itself."),
    "line_no": _count("line", "Line of the order, counted from 1."),
    "sku": _text("Stock-keeping unit as the shop writes it."),
    "product_title": _text("Product name as sold."),
    "quantity": _count("units", "Units ordered, or bought from a supplier."),
    "unit_price": _money("Price of one unit before the line's discount."),
    # shipments
    "shipment_id": _text("Parcel."),
    "carrier": _text("Carrier that took the parcel."),
    "service": _text("Service bought from the carrier."),
    "shipped_at": _time("When the parcel left the warehouse."),
    "promised_at": _time("Delivery promised to the customer."),
    "delivered_at": _time("When the carrier delivered the parcel."),
    "cost": _money("What the parcel cost to send."),
    "status": _text("Last status of the parcel."),
    # products, stock, supply
    "title": _text("Product name in the catalogue."),
    "category": _text("Product category."),
    "unit_cost": _money("Purchase cost of one unit."),
    "supplier": _text("Who supplies the product."),
    "snapshot_on": _day("Day on which the stock was counted."),
    "on_hand": _count("units", "Units in the building."),
    "available": _count("units", "Units that can be sold now."),
    "committed": _count("units", "Units promised to orders."),
    "incoming": _count("units", "Units on their way from suppliers."),
    "po_id": _text("Purchase order."),
    "ordered_on": _day("Day the purchase order was placed."),
    "promised_on": _day("Day the supplier promised delivery."),
    "received_on": _day("Day the goods were received; empty: still open."),
    # marketing
    "day": _day("Calendar day, in the account's time zone."),
    "platform": _text("Advertising platform."),
    "impressions": _count("impressions", "Times an ad was shown."),
    "clicks": _count("clicks", "Clicks on an ad."),
    "spend": _money("Advertising spend."),
    "conversions": Field("number", "conversions", "Conversions as the platform claims them."),
    "conversion_value": _money("Value of conversions as the platform claims it."),
    "sessions": _count("sessions", "Visits."),
    "engaged_sessions": _count("sessions", "Visits that lasted or did something (GA4)."),
    "event": _text("Name of the marketing event."),
    "kind": _text("Kind of event: promotion, season, influencer or launch."),
    "starts_on": _day("First day of the event."),
    "ends_on": _day("Last day of the event."),
    "expected_multiplier": Field("number", "times", "Demand expected, as a multiple of normal."),
    # service and subscriptions
    "ticket_id": _text("Support ticket."),
    "created_at": _time("When the ticket was opened."),
    "first_reply_at": _time("When an agent first answered."),
    "solved_at": _time("When the ticket was solved."),
    "channel_of_contact": _text("How the customer wrote: e-mail, chat, phone, social."),
    "tags": _text("Tags on the ticket, separated by commas."),
    "subscription_id": _text("Subscription."),
    "plan": _text("Plan subscribed to."),
    "started_on": _day("First day of the subscription."),
    "trial_ends_on": _day("Last day of the trial."),
    "ended_on": _day("Day the subscription ended; empty: it runs."),
    "mrr": _money("Monthly recurring revenue."),
    "signed_up_at": _time("When the account was created."),
    "activated_at": _time("When the account first got value; empty: not yet."),
}
