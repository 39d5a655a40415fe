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

CHANNELS = (
    "Paid Search",
    "Paid Social",
    "Organic Search",
    "Organic Social",
    "Email",
    "Affiliates",
    "Influencer",
    "Referral",
    "Direct",
    "Marketplace",
    "Unattributed",
)


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
    "channel_rule": _text("What decided the channel: ga4, utm, code, source, export or none."),
    "campaign": _text("Campaign as the platform names it."),
    "country": _text("Country of delivery, or where an ad was shown: ISO 3166 two-letter code."),
    "region": _text("First-level region of that country, by one name whoever wrote it."),
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
    "is_followed": _flag("The export of the parcel tells arrivals; if not, it cannot be late."),
    "delivered_at": _time("When the carrier delivered the parcel."),
    "cost": _money("What the parcel cost to send."),
    "status": _text("Last status of the parcel."),
    "returned_on": _day("Day on which the warehouse took the goods back."),
    "reason": _text("Why the customer sent it back, in the platform's own code."),
    "condition": _text("In what condition it came back, in the platform's own code."),
    # products, stock, supply
    "title": _text("Product name in the catalogue."),
    "category": _text("Product category."),
    "unit_cost": _money("Purchase cost of one unit."),
    "supplier": _text("Who supplies the product."),
    "is_backordered": _flag("Sold on when it is out: customers wait; empty: the export is silent."),
    "snapshot_on": _day("Day on which the stock was counted."),
    "on_hand": _count("units", "Units in the building."),
    "available": _count("units", "Units that can be sold now."),
    "committed": _count("units", "Units promised to orders."),
    "incoming": _count("units", "Units on their way from suppliers."),
    "po_id": _text("Purchase order."),
    "ordered_on": _day("Day the order was placed, by a customer or with a supplier."),
    "promised_on": _day("Day the supplier promised delivery."),
    "received_on": _day("Day the goods were received; empty: still open."),
    # marketing
    "day": _day("Calendar day, in the time zone of the client or of the advertising account."),
    "platform": _text("Advertising platform."),
    "impressions": _count("impressions", "Times an ad was shown."),
    "clicks": _count("clicks", "Clicks on an ad."),
    "spend": _money("Advertising spend."),
    "conversions": Field("number", "conversions", "Conversions as the platform claims them."),
    "conversion_value": _money("Value of conversions as the platform claims it."),
    "sessions": _count("sessions", "Visits."),
    "engaged_sessions": _count("sessions", "Visits that lasted or did something (GA4)."),
    "source": _text("Where the visit came from, as web analytics names it (google, newsletter)."),
    "medium": _text("How the visit came, as web analytics names it (cpc, email, referral)."),
    "send_id": _text("Message sent to the client's own list; a variant of it counts as its own."),
    "sent_at": _time("When the message was sent."),
    "message_kind": _text("How the message was sent: email, sms, push."),
    "recipients": _count("recipients", "People the message was sent to."),
    "delivered": _count("recipients", "People whose mailbox took the message."),
    "unsubscribed": _count("recipients", "People who left the list by this message."),
    "claimed_orders": _count("orders", "Orders as the sending platform claims them."),
    "claimed_revenue": _money("Revenue as the sending platform claims it."),
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
    "billed_months": _count("months", "Months that a payment covers: 12 or 1; a week counts as 1."),
    "mrr": _money("Monthly recurring revenue."),
    "signed_up_at": _time("When the account was created."),
    "activated_at": _time("When the account first got value; empty: not yet."),
    # marts: coverage
    "table_name": _text("Canonical table."),
    "row_count": _count("rows", "Rows of the table."),
    "first_on": _day("First day that its rows speak of."),
    "last_on": _day("Last day that its rows speak of."),
    # marts: orders and customers
    "week_starts_on": _day("Monday of the week."),
    "quarter": _text("Calendar quarter, as in 2026Q3."),
    "left_out_because": _text("Why an order is left out of every count; empty: it counts."),
    "left_out_orders": _count("orders", "Orders left out of every count."),
    "is_free": _flag("Total zero (sample, replacement): work to pack, but nothing sold."),
    "revenue": _money("Paid for orders, less taxes and refunds, shipping included."),
    "contribution": _money(
        "Revenue at gross margin, less payment fee, pick-pack and parcels; before CAC."
    ),
    "margin": _money("Revenue at gross margin, less the payment fee; before fulfillment and CAC."),
    "packing_cost": _money("Pick and pack, as client.yml declares it."),
    "parcel_cost": _money(
        "What the orders' parcels cost to send, as told; else as client.yml says."
    ),
    "returned": _money("Taken back on documents of their own, with a negative total."),
    "line_amount": _money("Quantity times unit price less discount, summed over lines."),
    "order_number": _count("orders", "Paid orders of this customer so far, this one included."),
    "is_first_order": _flag("The customer's first paid order; empty: customer unknown."),
    "days_since_previous": _count("days", "Days since the customer's previous paid order."),
    "first_order_id": _text("The customer's first paid order."),
    "first_ordered_on": _day("Day of the customer's first paid order."),
    "last_ordered_on": _day("Day of the customer's latest paid order."),
    "orders": _count("orders", "Paid orders that count: no tests, cancellations or returns."),
    "free_orders": _count("orders", "Orders with total zero."),
    "customers": _count("customers", "Customers with at least one paid order."),
    "new_customers": _count("customers", "Customers whose first paid order this was."),
    "returning_orders": _count("orders", "Paid orders of customers who had ordered before."),
    "regions": _count("regions", "Regions of delivery that the orders name."),
    "paid_on": _day("Day from which the subscription is paid for: the end of its trial."),
    "months_decided": _count("months", "Paid months at the end of which it is known who stayed."),
    "months_renewed": _count("months", "Paid months it was renewed for; empty: it runs."),
    "cohort_month": _day("First day of the month in which paying began."),
    "tenure_months": _count("months", "Paid months at the last renewal that is decided."),
    "subscribers_last_seen": _count("subscribers", "Subscribers whose last decided renewal it is."),
    "subscribers_lost": _count("subscribers", "Of these, those who left at that renewal."),
    "age_days": _count("days", "Days since the customer's first paid order."),
    "customers_last_seen": _count("customers", "Customers whose age is known up to this day."),
    "orders_without_customer": _count("orders", "Paid orders whose customer is not known."),
    "lines": _count("lines", "Lines of orders that count."),
    "units": _count("units", "Units that customers ordered."),
    "returned_units": _count("units", "Units on lines with a negative quantity."),
    # marts: delivery
    "parcels": _count("parcels", "Parcels that carried the order."),
    "is_split": _flag("The order left in more than one parcel."),
    "hours_to_ship": Field("number", "hours", "From order to first parcel out of the door."),
    "days_to_deliver": _count("days", "From order to the day its last parcel arrived."),
    "is_late": _flag("Delivered, or still missing, after the promised day; empty: no promise."),
    "days_late": _count("days", "From the promised day to the day of arrival; below 0: early."),
    "basket": _money("Bought on the first day, taxes deducted; later refunds are not."),
    "seen_days": _count("days", "From the first order to the last day with an order of anybody."),
    "second_after_days": _count("days", "From the first order to the second; empty: not yet."),
    "orders_with_cost": _count("orders", "Paid orders whose parcels tell what they cost."),
    "orders_judged": _count("orders", "Paid orders of which it is known whether they came late."),
    "orders_late": _count("orders", "Paid orders that came late, of those that can be judged."),
    "later_90": _money("Contribution of days 1 to 90 after the first order."),
    "later_180": _money("Contribution of days 1 to 180 after the first order."),
    "later_365": _money("Contribution of days 1 to 365 after the first order."),
    "is_refunded": _flag("Some of the order was paid back."),
    "is_ticketed": _flag("The customer wrote to support about the order."),
    # marts: service by day
    "judged_orders": _count("orders", "Orders with a promise, and an arrival or none in time."),
    "late_orders": _count("orders", "Orders delivered, or still missing, after the promise."),
    "ticketed_orders": _count("orders", "Orders about which the customer wrote to support."),
    "late_ticketed_orders": _count("orders", "Late orders about which the customer wrote."),
    "refunded_orders": _count("orders", "Orders of which some was paid back."),
    "shipped_orders": _count("orders", "Orders that are known to have left."),
    "ship_days": _count("days", "From order to departure, summed over the orders that left."),
    "delivered_orders": _count("orders", "Orders that are known to have arrived."),
    "transit_days": _count("days", "From departure to arrival, summed over those that arrived."),
    "promised_orders": _count("orders", "Orders with a promised day of delivery."),
    "promise_days": _count("days", "From order to promised day, summed over those with one."),
    "cancelled_orders": _count("orders", "Orders cancelled while they waited; empty: not known."),
    # marts: service by place and route
    "replaced_orders": _count("orders", "Orders followed by a free one within 60 days."),
    "refunded_revenue": _money("Paid back, taxes left in, on these orders."),
    "priced_orders": _count("orders", "Orders whose parcels say what they cost."),
    "judged_parcels": _count("parcels", "Parcels of orders known to be late or not."),
    "late_parcels": _count("parcels", "Parcels of orders that were delivered late."),
    "arrived_parcels": _count("parcels", "Parcels with a day of arrival."),
    "travel_days": _count("days", "Days from dispatch to arrival, summed over these parcels."),
    "lead_days": _count("days", "Days from purchase order to receipt."),
    "window_days": _count("days", "Of the 56 days before a stock count, those the exports cover."),
    "recent_units": _count("units", "Units ordered in the 56 days before a stock count."),
    "recent_squares": Field(
        "number", "units²", "Their squares by day, summed: how uneven they are."
    ),
    # marts: stages
    "stage": _text("Where flow can be held up: acquisition, stock, supply, fulfillment, …"),
    "unit": _text("What the stage works on: orders, parcels, tickets, units or accounts."),
    "load": _count("items", "What came to the stage."),
    "throughput": _count("items", "What the stage finished; empty: no export says."),
    "backlog": _count("items", "What stood waiting at the end of the last day."),
    "least_backlog": _count("items", "Least that stood waiting at the end of any day of the week."),
    "mean_backlog": Field("number", "items", "Mean of what stood waiting at the end of a day."),
    "released": _count("items", "What ceased to wait."),
    "waited_days": _count("days", "Days that what ceased to wait had waited, summed."),
    "lost_units": _count("units", "Units wanted that were not there, by usual sales."),
    "days": _count("days", "Days that the exports cover."),
    "weekday": _count("day", "Day of the week, Monday is 0."),
    "hour": _count("hour", "Hour of the day, 0 to 23."),
    # marts: stock and supply
    "out_from": _day("First day on which a count found nothing to sell."),
    "short_units": Field("number", "units", "Units wanted in a week that were not there."),
    "daily_units": Field("number", "units a day", "Mean units ordered a day, idle days included."),
    "cover_days": Field("number", "days", "How long what is available lasts at the daily rate."),
    "received_lines": _count("lines", "Purchase-order lines received."),
    "open_lines": _count("lines", "Purchase-order lines not yet received."),
    "timed_lines": _count("lines", "Purchase-order lines that took so many days."),
    "lead_time_days": Field("number", "days", "Mean days from purchase order to receipt."),
    "lead_time_sd_days": Field("number", "days", "Standard deviation of the lead time."),
    "at_risk_share": Field(
        "number",
        "share, 0 to 1",
        "Of the units, those whose stock ends before new goods could come.",
    ),
    "late_share": Field("number", "share, 0 to 1", "Received or delivered after the promise."),
}
