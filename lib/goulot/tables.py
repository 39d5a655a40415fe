"""The canonical tables: what one row is, its key and its columns, whatever platform wrote it."""

from dataclasses import dataclass
from typing import Literal

from goulot.fields import FIELDS

Combine = Literal["last", "sum", "order"]

PROVENANCE = ("source_file", "source_row")


@dataclass(frozen=True)
class Table:
    """A platform-neutral table.

    ``key`` names one row (missing parts of a key compare as equal); ``required`` are the columns
    without which a row says nothing and is quarantined; where files overlap, the rows that share
    ``owner`` (the key, if it names none) are taken from one file, the freshest. ``combine`` says
    what rows of one key in one file are: the same fact written again (the last stands), parts that
    add up, or the rows of an order, which come together. Types come from the column dictionary.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    others: tuple[str, ...]
    required: tuple[str, ...]
    owner: tuple[str, ...]
    combine: Combine
    parts: tuple[str, ...] = ()  # of the key: what one report may split and another leave whole

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.others, *PROVENANCE)

    @property
    def ddl(self) -> str:
        """The columns and their types, as in ``create table t (<ddl>)``."""
        return ", ".join(f"{name} {FIELDS[name].sql_type}" for name in self.columns)


def _table(
    name: str,
    grain: str,
    key: str,
    others: str,
    required: str,
    owner: str = "",
    combine: Combine = "last",
    parts: str = "",
) -> Table:
    key_, others_, required_, owner_, parts_ = (
        tuple(part.split()) for part in (key, others, required, owner or key, parts)
    )
    return Table(name, grain, key_, others_, required_, owner_, combine, parts_)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(  # before the orders, whose channel it decides
            "order_sources",
            "one order, and the visit it came from by web analytics",
            "order_id",
            "source medium campaign",
            "order_id source",
        ),
        _table(
            "orders",
            "one order",
            "order_id",
            "ordered_at customer_key channel channel_rule campaign country region subtotal "
            "discount shipping_charged tax total refunded cancelled_at is_test",
            "order_id ordered_at total",
            combine="order",
        ),
        _table(
            "order_lines",
            "one line of an order",
            "order_id line_no",
            "sku product_title quantity unit_price discount",
            "order_id quantity",
            owner="order_id",
            combine="order",
        ),
        _table(
            "shipments",
            "one parcel",
            "shipment_id",
            "order_id location carrier service country region shipped_at promised_at "
            "delivered_at cost status",
            "shipment_id",
        ),
        _table(
            "returns",
            "what came back of one SKU of an order on one day, for one reason",
            "order_id sku returned_on reason",
            "condition location quantity",
            "order_id returned_on quantity",
            combine="sum",
        ),
        _table(
            "products", "one SKU", "sku", "title category unit_cost supplier is_backordered", "sku"
        ),
        _table(
            "stock_levels",
            "one SKU in one location on one day",
            "snapshot_on sku location",
            "on_hand available committed incoming",
            "snapshot_on sku",
            combine="sum",
        ),
        _table(
            "purchase_orders",
            "one SKU of one purchase order",
            "po_id sku",
            "supplier ordered_on promised_on received_on quantity unit_cost",
            "po_id sku ordered_on",
        ),
        _table(
            "ad_spend",
            "one day of one campaign (by country, region and SKU where the export has them)",
            "day platform campaign country region sku",
            "channel impressions clicks spend conversions conversion_value",
            "day platform spend",
            owner="day platform campaign",
            combine="sum",
            parts="country region sku",
        ),
        _table(
            "ad_links",
            "what one campaign advertises: a SKU, or a whole category",
            "campaign sku category",
            "",
            "campaign",
        ),
        _table(
            "traffic",
            "one day of one channel and campaign",
            "day channel campaign country",
            "sessions engaged_sessions conversions",
            "day sessions",
            owner="day",
            combine="sum",
        ),
        _table(  # no ad_spend: a list costs no clicks; no calendar: nobody plans demand by it
            "sends",
            "one message to the client's own list, by variant",
            "send_id",
            "sent_at campaign message_kind recipients delivered clicks unsubscribed "
            "claimed_orders claimed_revenue",
            "send_id sent_at",
        ),
        _table(
            "tickets",
            "one support ticket",
            "ticket_id",
            "created_at first_reply_at solved_at channel_of_contact order_id customer_key tags",
            "ticket_id created_at",
        ),
        _table(
            "subscriptions",
            "one subscription",
            "subscription_id",
            "customer_key plan started_on trial_ends_on ended_on billed_months mrr channel",
            "subscription_id started_on",
        ),
        _table(
            "signups",
            "one account",
            "user_key",
            "signed_up_at activated_at channel campaign",
            "user_key signed_up_at",
        ),
        _table(
            "calendar",
            "one event of the marketing calendar (the same event may return another year)",
            "event starts_on",
            "kind ends_on channel category expected_multiplier",
            "event starts_on kind",
        ),
    )
}
