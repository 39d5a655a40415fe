"""Which tables each step lives on: what it cannot do without, and what each absence costs it.

Texts are messages for ``Language.say``; the menu paths are the platforms' own words.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

Answer = Literal["yes", "partly", "no"]
SHOPS, SAAS = ("ecommerce",), ("saas",)
ANY_KIND = SHOPS + SAAS


@dataclass(frozen=True)
class Need:
    """A canonical table a step reads; ``costs`` says what is lost without it.

    ``kinds`` are the kinds of client (client.yml: kind) that have such a table.
    """

    table: str
    costs: str
    essential: bool = False
    kinds: tuple[str, ...] = ANY_KIND


@dataclass(frozen=True)
class StepNeeds:
    """A step of the playbook: its notebook's number, its question, its inputs."""

    step: str
    notebook: str
    question: str
    needs: tuple[Need, ...]
    kinds: tuple[str, ...] = ANY_KIND

    def missing(self, loaded: Collection[str]) -> list[Need]:
        return [need for need in self.needs if need.table not in loaded]

    def answer(self, loaded: Collection[str]) -> Answer:
        """``no`` without an essential table, ``partly`` without another, else ``yes``."""
        missing = self.missing(loaded)
        if any(need.essential for need in missing):
            return "no"
        return "partly" if missing else "yes"


EXPORT_NAMES = {
    "orders": "Orders",
    "order_lines": "Order lines",
    "shipments": "Shipments",
    "returns": "Returns",
    "products": "Product catalogue",
    "stock_levels": "Stock levels",
    "purchase_orders": "Purchase orders",
    "ad_spend": "Advertising spend by day",
    "traffic": "Website traffic by day",
    "order_sources": "Where each order came from",
    "sends": "Newsletters and messages sent",
    "tickets": "Support tickets",
    "subscriptions": "Subscriptions",
    "signups": "Sign-ups",
    "calendar": "Marketing calendar",
    "ad_links": "What each campaign advertises",
}

WHERE = {
    "orders": "Shopify: Orders › Export › Plain CSV file",
    "order_lines": "Shopify: Orders › Export › Plain CSV file",
    "shipments": "the parcel file of the carrier, the warehouse or the shipping software",
    "returns": "the returns file of the warehouse or the marketplace",
    "products": "Shopify: Products › Export",
    "stock_levels": "Shopify: Products › Inventory › Export",
    "purchase_orders": "the list of purchase orders, with ordered, promised and received dates",
    "ad_spend": "Google Ads: Campaigns › Segment › Time › Day › Download; Meta Ads Reporting: "
    "Breakdown › Day › Export",
    "traffic": "Google Analytics 4: Traffic acquisition › Download",
    "order_sources": "Google Analytics 4: Explore › Transaction ID, Session source / medium › CSV",
    "sends": "Klaviyo: Campaigns › Export campaign data",
    "tickets": "the help desk's ticket export",
    "subscriptions": "Stripe: Billing › Subscriptions › Export",
    "signups": "the list of accounts with the date of sign-up",
    "calendar": "the marketing calendar: event, kind, first and last day",
    "ad_links": "the template: one row per campaign and product",
}

CONSTRAINT = StepNeeds(
    "constraint",
    "01_constraint_audit",
    "Which stage limits contribution, and how sure are we?",
    (
        Need("orders", "without orders no stage has a load, and nothing can be said", True, SHOPS),
        Need(
            "signups", "without sign-ups no stage has a load, and nothing can be said", True, SAAS
        ),
        Need("ad_spend", "what a customer costs to acquire stays unknown"),
        Need(
            "shipments", "delivery stays unknown, and dispatch is read in the orders", kinds=SHOPS
        ),
        Need("stock_levels", "days of cover and stock-outs stay unknown", kinds=SHOPS),
        Need("purchase_orders", "the suppliers' lead times stay unknown", kinds=SHOPS),
        Need("tickets", "the load on customer service stays unknown"),
    ),
)

CHANNELS = StepNeeds(
    "channels",
    "02_distribution_channels",
    "Which channels bring customers, at what price, how predictably?",
    (
        Need("orders", "without orders no channel has customers, and nothing can be said", True),
        Need("ad_spend", "CAC, response curves and the best spend stay unknown"),
        Need("stock_levels", "weeks without stock may pass for weeks without demand", kinds=SHOPS),
        Need("order_sources", "more orders stay without a channel", kinds=SHOPS),
        Need("calendar", "planned promotions are missing from the forecast"),
    ),
)

SPIKES = StepNeeds(
    "spikes",
    "03_demand_spikes",
    "What would five or ten times the usual orders do, and what is the cheapest way to be ready?",
    (
        Need("orders", "without orders there is no usual day to multiply", True),
        Need("order_lines", "spikes of single products stay unseen"),
        Need("stock_levels", "stock is taken as endless: sales lost for want of it are left out"),
        Need("purchase_orders", "goods on order are left out: what runs out stays out"),
        Need("shipments", "how fast orders leave and arrive is not read, but assumed"),
        Need("tickets", "what a late order makes customers write stays unknown"),
        Need("ad_spend", "what a throttle of advertising would keep away stays unknown"),
    ),
    SHOPS,
)

CALENDAR = StepNeeds(
    "calendar",
    "06_marketing_calendar",
    "What does each event of the marketing calendar need, from whom and by when?",
    (
        Need("orders", "without orders there is no usual day for an event to multiply", True),
        Need("calendar", "only events that a spike of last year tells of are planned"),
        Need("stock_levels", "how many units an event will be short of stays unknown"),
        Need("purchase_orders", "by when to order stays unknown"),
        Need("tickets", "how many more tickets an event brings stays unknown"),
    ),
    SHOPS,
)

LIFETIME = StepNeeds(
    "lifetime",
    "05_lifetime_value",
    "What is a customer worth, and does paying more for fulfillment pay?",
    (
        Need(
            "orders",
            "without orders no customer has a history, and nothing can be said",
            True,
            SHOPS,
        ),
        Need(
            "subscriptions",
            "without subscriptions nobody can say how long customers stay",
            True,
            SAAS,
        ),
        Need(
            "shipments",
            "what a late delivery costs stays unknown: a premium can only be judged by break-even",
            kinds=SHOPS,
        ),
        Need("order_lines", "the category bought is missing from the comparison", kinds=SHOPS),
        Need("signups", "subscribers whose export names no channel stay unattributed", kinds=SAAS),
        Need("ad_spend", "when the cost of winning a customer is back stays unknown"),
    ),
)

REVIEW = StepNeeds(
    "review",
    "08_quarterly_review",
    "What changed since last quarter, why, and did what we predicted happen?",
    (
        Need("orders", "without orders there is nothing to compare", True, SHOPS),
        Need("ad_spend", "contribution is counted before advertising"),
        Need("traffic", "a change in demand cannot be told apart into visits and conversion"),
        Need("shipments", "what parcels cost is left out of contribution", kinds=SHOPS),
    ),
)

FEEDBACK = StepNeeds(
    "feedback",
    "04_feedback_loops",
    "What should marketing change because of what fulfillment sees, and the other way round?",
    (
        Need("orders", "without orders no customer has a cost, and nothing can be said", True),
        Need("ad_spend", "CAC stays unknown: only what service adds to it can be said"),
        Need("shipments", "late deliveries stay unknown, and no region can be called slow"),
        Need("order_lines", "costs by category and the pace of each SKU stay unknown"),
        Need("products", "categories stay unknown"),
        Need("stock_levels", "which advertised SKUs sell out, and when, stays unknown"),
        Need(
            "purchase_orders", "when goods come stays unknown: selling out is not held against it"
        ),
        Need("tickets", "what customers who write cost is left out of adjusted CAC"),
        Need("ad_links", "campaigns are linked to products by the category in their name only"),
    ),
    SHOPS,
)

STEPS = (
    CONSTRAINT,
    CHANNELS,
    SPIKES,
    FEEDBACK,
    LIFETIME,
    CALENDAR,
    REVIEW,
)


def steps_for(kind: str) -> tuple[StepNeeds, ...]:
    """The steps that a client of that kind has, each with the needs that such a client can meet."""
    return tuple(
        replace(step, needs=tuple(need for need in step.needs if kind in need.kinds))
        for step in STEPS
        if kind in step.kinds
    )


# Stage → what to declare in client.yml, and what its absence costs, where no export shows it.
CAPACITY_NEEDS = {
    "fulfillment": (
        "Capacity of the warehouse (client.yml: capacity, fulfillment)",
        "how much of the warehouse is used can only be bounded from above",
    ),
    "supply": (
        "Capacity of the suppliers (client.yml: capacity, supply)",
        "how much of what the suppliers can deliver is used can only be bounded from above",
    ),
    "support": (
        "Capacity of customer service (client.yml: capacity, support)",
        "how much of customer service is used can only be bounded from above",
    ),
    "onboarding": (
        "Capacity of onboarding (client.yml: capacity, onboarding)",
        "how much of onboarding is used can only be bounded from above",
    ),
}

CUSTOMER_WORTH_NEED = (
    "Gross margin (client.yml: economics, gross_margin)",
    "what a customer is worth, when its cost is back and where to spend stay unknown",
)

# What feedback loops may lack in a table that is there → what would tell, and what that costs.
FEEDBACK_NEEDS = {
    "stock": (
        "A stock count near the last day of the quarter (inventory export)",
        "ads cannot be held against what was in stock in this quarter",
    ),
    "regions": (
        "Advertising spend by region (Google Ads: segment by location; Meta: breakdown by region)",
        "targeting changes cannot be proposed by region: CAC is known by channel only",
    ),
    "late": (
        "Delivery dates and the promised day (parcel file; client.yml: delivery)",
        "late deliveries are left out of adjusted CAC, and no region can be called slow",
    ),
    "links": (
        EXPORT_NAMES["ad_links"],
        "campaigns are linked to products by the category in their name only",
    ),
    "margin": (
        "Gross margin (client.yml: economics, gross_margin)",
        "what a customer is worth, and which place costs more than that, stay unknown",
    ),
}

MARGIN_NEED = (
    "Gross margin (client.yml: economics, gross_margin)",
    "what one more order is worth, and what the constraint costs a week, stay unknown",
)
LTV_NEED = (
    "Gross margin (client.yml: economics, gross_margin)",
    "what a customer is worth, and whether a premium on fulfillment pays, stay unknown",
)
FULFILLMENT_COST_NEED = (
    "Cost of sending an order (client.yml: capacity, fulfillment, cost_per_order; or parcels with "
    "their cost)",
    "what a premium on fulfillment takes stays unknown",
)
