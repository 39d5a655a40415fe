"""What drivers, KPIs and verdicts are called. Messages for ``Language.say``."""

DRIVERS = {
    "season": "season",
    "visits": "visits",
    "conversion": "conversion",
    "orders": "orders",
    "basket": "basket",
    "margin": "margin",
    "fulfillment_cost": "fulfillment cost",
    "marketing": "advertising",
}
KPIS = {
    "contribution": "Contribution after fulfillment and advertising",
    "revenue": "Revenue without tax and refunds",
    "orders": "Paid orders",
    "sessions": "Visits",
    "conversion": "Conversion of visits",
    "basket": "Basket",
    "margin_share": "Margin after payment fees",
    "fulfillment_cost": "Fulfillment cost of an order",
    "spend": "Advertising spend",
    "spend_share": "Advertising spend, share of revenue",
}
VERDICTS = {
    "hit": "came true",
    "miss": "did not come true",
    "not done": "not done",
    "not measured": "could not be measured",
}
