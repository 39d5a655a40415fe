"""The words a reader sees for the codes that steps return: one dictionary, in English.

The keys are codes, units and names of findings as DESIGN fixes them; the values are messages that
``Language`` translates (more than 300 lines: every step adds its words to one dictionary).
"""

STAGE = {
    "acquisition": "acquisition",
    "stock": "stock",
    "supply": "supply",
    "fulfillment": "fulfillment",
    "delivery": "delivery",
    "support": "support",
    "onboarding": "onboarding",
}
BASIS = {"observed": "observed", "declared": "declared", "assumed": "assumed"}
OWNER = {
    "marketing": "marketing",
    "operations": "operations",
    "customer service": "customer service",
}
CHANNEL = {
    "Paid Search": "Paid search",
    "Paid Social": "Paid social",
    "Organic Search": "Organic search",
    "Organic Social": "Organic social",
    "Email": "Email",
    "Affiliates": "Affiliates",
    "Influencer": "Influencers",
    "Referral": "Referrals",
    "Direct": "Direct",
    "Marketplace": "Marketplaces",
    "Unattributed": "No channel",
}
SERIES = {
    "total": "total",
    "new customers": "new customers",
    "returning customers": "returning customers",
    "other countries": "other countries",
    "plan on it": "plan on it",
    "watch it": "watch it",
    "don't build on it": "don't build on it",
    "too short to say": "too short to say",
    "seasonal naive": "the same week of last year",
    "last value": "the last week",
    "exponential smoothing": "exponential smoothing",
    "exponential smoothing with last year's season": "exponential smoothing with last year's "
    "season",
}
DRIVER = {
    "visits": "visits",
    "conversion": "conversion",
    "basket": "basket",
    "margin": "margin",
    "fulfillment_cost": "fulfillment cost",
    "season": "season",
}
# Levers as the template of client.yml calls them.
LEVERS = {
    "overtime": "overtime",
    "temps": "temps",
    "3pl overflow": "3PL overflow",
    "ad throttle": "ad throttle",
}
WORDS: dict[str, str] = (
    STAGE
    | DRIVER
    | LEVERS
    | CHANNEL
    | SERIES
    | BASIS
    | OWNER
    | {
        "at least": "at least",
        "at most": "at most",
        "exact": "exactly",
        "binds": "the constraint",
        "slack": "has room",
        "done": "done",
        "open": "open",
        "declined": "declined",
        "utm": "UTM tag",
        "code": "discount code",
        "source": "the shop's source",
        "export": "the export",
        "ga4": "Google Analytics",
        "none": "nothing",
    }
)

# The columns whose text is one of the codes above, and not a word of the client's.
CODED_COLUMNS = frozenset(
    {
        "channel",
        "stage",
        "binding_stage",
        "basis",
        "owner",
        "verdict",
        "bound",
        "step",
        "state",
        "channel_rule",
    }
)

# Headings of the columns that stand in no mart and therefore not in the column dictionary.
COLUMNS = {
    "file": "File",
    "recognised_as": "Recognised as",
    "rows": "Rows",
    "loaded": "Loaded",
    "duplicates": "Duplicates",
    "ignored": "Ignored",
    "quarantined": "Quarantined",
    "first_day": "First day",
    "last_day": "Last day",
    "amount": "Amount",
    "export": "Export",
    "step": "Step",
    "basis": "Basis",
    "capacity": "Capacity",
    "utilization": "Utilization",
    "share": "Share",
    "answer": "Answer",
    "channel": "Channel",
    "channel_rule": "Decided by",
    "orders": "Orders",
    "units": "Units",
    "total": "Total",
    "title": "Recognised as",
    "stage": "Stage",
    "used": "Share used",
    "low": "From",
    "high": "To",
    "state": "State",
    "label": "In words",
    "week": "Week",
    "load": "Load",
    "load_a_week": "Load a week",
    "share_of_demand": "Share of demand",
    "cover": "Cover",
    "lead_time": "Lead time",
    "share_at_risk": "Share at risk",
    "contribution_at_risk": "Contribution at risk",
    "category": "Category",
    "location": "Warehouse",
    "supplier": "Supplier",
    "used_share": "Share used",
    "plan": "Plan",
    "event": "Event",
    "expected_multiplier": "Times the usual",
    "event_orders": "Orders",
    "fullest_day_orders": "Orders on the fullest day",
    "units_short": "Units short",
    "order_by": "Order by",
    "skus": "SKUs",
    "lead_days": "Lead time",
    "demand_units": "Demand until its end",
    "safety_units": "Of which for safety",
    "extra_orders": "Orders beyond the warehouse",
    "extra_tickets": "Tickets beyond customer service",
    "spike": "Spike",
    "spike_cost": "Cost of the spike",
    "on_time_share": "On time",
    "backlog_peak": "Largest backlog",
    "time_to_drain": "Backlog gone after",
    "lost_orders": "Lost for want of stock",
    "cancelled_orders": "Cancelled",
    "contribution": "Contribution",
    "peak_on": "Fullest day",
    "late_share": "Late",
    "cancelled_share": "Cancelled",
    "refunded_share": "Paid back",
    "short_share": "Out of stock",
    "order_lines": "Order lines",
    "sku": "SKU",
    "shadow_price": "One more order of room, a week",
    "series": "Series",
    "grade": "Grade",
    "foretold_naive": "4 weeks, naive",
    "foretold_smoothed": "4 weeks, smoothing",
    "predictable_long": "8 weeks",
    "interval_held": "80 % interval held",
    "next_quarter": "Next quarter",
    "spend": "Spend",
    "new_customers": "New customers",
    "cac": "CAC",
    "marginal_cac": "Next customer",
    "payback_days": "Payback, days",
    "ltv_to_cac": "LTV to CAC",
    "claimed": "Claimed by the platform",
    "orders_counted": "Orders counted",
    "added": "New customers added by spend",
    "place": "Region",
    "product": "Product",
    "late_cost": "Late delivery",
    "refund_cost": "Refunds",
    "ticket_cost": "Tickets",
    "replacement_cost": "Replacements",
    "lost_cost": "Repeat purchases lost",
    "adjusted_cac": "Adjusted CAC",
    "interval": "90 % interval",
    "service_layers": "Late + refunds + tickets + replacements + repeats lost",
    "pooled_added": "Together (whole channel)",
    "channel_adjusted": "The same, whole channel",
    "money_at_stake": "At stake in the quarter",
    "bid_change": "Bid change",
    "effect": "Effect in a quarter",
    "probability": "Sure to",
    "sells_out": "Stock ends",
    "goods_come": "Goods come in",
    "oversell": "Out before that",
    "daily_spend": "Ads a day",
    "hold_from": "Hold ads from",
    "saved": "Saved",
    "carrier": "Carrier",
    "parcels": "Parcels",
    "days_on_the_way": "Days on the way",
    "customers": "Customers",
    "ltv": "LTV, with 90 % interval",
    "from_cohorts": "From cohorts",
    "from_model": "From the model",
    "subscribers": "Subscribers",
    "still_there_after_a_year": "There after a year",
    "by_sbg": "By sBG",
    "by_constant_churn": "By constant churn",
    "first_on": "First day",
    "last_on": "Last day",
    "day": "Day",
}

UNITS = {
    "files": "files",
    "orders": "orders",
    "parcels": "parcels",
    "units": "units",
    "tickets": "tickets",
    "accounts": "accounts",
    "customers": "customers",
    "agents": "agents",
    "rows": "rows",
    "lines": "lines",
    "items": "items",
    "days": "days",
    "hours": "hours",
    "times": "times",
    "SKUs": "SKUs",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "order": "order",
    "customer": "customer",
}

# One of a unit that has a plural.
ONE = {
    "files": "file",
    "orders": "order",
    "parcels": "parcel",
    "units": "unit",
    "tickets": "ticket",
    "accounts": "account",
    "customers": "customer",
    "agents": "agent",
    "rows": "row",
    "lines": "line",
    "items": "item",
    "days": "day",
    "hours": "hour",
    "SKUs": "SKU",
}

CONSTRAINT_SENTENCE = {
    "acquisition": "The constraint is acquisition: the company could serve more customers than "
    "find it.",
    "stock": "The constraint is stock: demand is there, the goods are not.",
    "supply": "The constraint is supply: suppliers deliver less than could be sold.",
    "fulfillment": "The constraint is fulfillment: orders wait to be picked and packed.",
    "delivery": "The constraint is delivery: parcels wait between the warehouse and the customer.",
    "support": "The constraint is support: customers wait for an answer.",
    "onboarding": "The constraint is onboarding: new accounts wait to be set up.",
}

# Name of a finding without its slug → what it is, for a reader.
FINDINGS = {
    "intake.files": "Files",
    "intake.rows_loaded": "Rows loaded",
    "intake.rows_duplicates": "Rows that stand twice",
    "intake.rows_ignored": "Rows that are no data",
    "intake.rows_quarantined": "Rows quarantined",
    "intake.quarantined_share": "Share of rows quarantined",
    "intake.days_without_orders_share": "Share of days without an order",
    "intake.unattributed_share": "Orders without a channel",
    "constraint.headroom": "Times today's load that it takes",
    "constraint.binding_stage": "Constraint",
    "constraint.utilization": "Utilization",
    "constraint.capacity_per_week": "Capacity",
    "constraint.load_per_week": "Load",
    "demand_map.at_risk_share": "Demand at risk",
    "demand_map.contribution_at_risk": "Contribution on demand at risk",
    "constraint.shadow_price": "Worth of one more order of weekly capacity",
    "constraint.contribution_lost_per_week": "Contribution lost to the constraint",
    "channels.spend": "Spend",
    "channels.new_customers": "New customers",
    "channels.quarter_new_customers": "New customers of the whole quarter",
    "channels.cac": "CAC",
    "channels.marginal_cac": "Marginal CAC",
    "channels.payback_days": "Payback",
    "channels.predictability": "Predictability at four weeks",
    "channels.skill": "Skill against the seasonal naive forecast",
    "channels.best_spend": "Best spend",
    "channels.share": "Share of new customers",
    "channels.saturation": "Share of what spend can add that is reached",
    "channels.ltv_to_cac": "LTV to CAC",
    "channels.contribution_gained": "Contribution gained by the best spend",
    "channels.orders_oversold": "Orders that spend without regard to operations oversells",
    "channels.forecast_new_customers": "New customers forecast for the next quarter",
    "spikes.times_per_year": "Such spikes a year",
    "spikes.survivable_multiplier": "Largest spike survived",
    "spikes.share_on_time": "Share shipped on time",
    "spikes.backlog_peak": "Largest backlog",
    "spikes.hours_to_drain": "Time until the backlog is gone",
    "spikes.lost_contribution": "Contribution lost",
    "spikes.flexibility_cost_share": "Cost of flexibility, as a share of fulfillment cost",
    "feedback.adjusted_cac": "Fulfillment-adjusted CAC",
    "feedback.added_cost": "What service adds to the cost of a customer",
    "feedback.late_share": "Share delivered late",
    "feedback.ticket_share_of_late": "Share of late orders with a ticket",
    "feedback.spend_on_out_of_stock": "Spend on products out of stock",
    "feedback.skus_to_throttle": "SKUs whose ads to throttle",
    "feedback.contribution_at_stake": "Contribution at stake",
    "lifetime.ltv": "LTV",
    "lifetime.late_share": "Share of orders delivered late",
    "lifetime.retention_month_12": "Still subscribed after twelve renewals",
    "lifetime.late_effect_on_repeat": "Effect of a late first order on repeat purchase",
    "lifetime.late_effect_on_value": "Effect of a late first order on customer value",
    "lifetime.premium_break_even": "LTV change at which the fulfillment premium breaks even",
    "lifetime.premium_pays_probability": "Probability that the fulfillment premium pays",
    "calendar.orders": "Orders of the event",
    "calendar.forecast_orders": "Orders forecast for an event of the next quarter",
    "calendar.quarter_orders": "Orders that an event of the quarter brought",
    "calendar.order_by": "Order by",
    "calendar.units_short": "Units short",
    "calendar.peak_orders_per_day": "Orders on the busiest day",
    "saas.tickets_per_signup": "Tickets per signup",
    "saas.agents_needed_peak": "Agents needed at the peak",
    "saas.service_cost_in_cac": "Service cost within CAC",
    "saas.retention_month_12": "Retention after twelve months",
    "review.contribution": "Contribution",
    "review.contribution_change": "Change in contribution",
    "review.contribution_change_in_a_year": "Change in contribution in a year",
    "review.predictions_hit_share": "Share of predictions that came true",
}


def finding_label(name: str) -> tuple[str, str]:
    """What a finding is called, and its slug: ``("Utilization", "fulfillment")``.

    A name that is not in the dictionary is written out: ``intake.order_count`` → "Order count".
    """
    step, _, rest = name.partition(".")
    quantity, _, slug = rest.partition(".")
    return FINDINGS.get(f"{step}.{quantity}") or written_out(quantity), slug


def column_label(name: str) -> str:
    """The heading of a column."""
    return COLUMNS.get(name) or written_out(name)


_CAPITALS = {"sku": "SKU", "skus": "SKUs", "cac": "CAC", "ltv": "LTV", "mrr": "MRR", "id": "ID"}


def written_out(name: str) -> str:
    """A column's or a finding's name as a heading.

    >>> written_out("adjusted_cac")
    'Adjusted CAC'
    """
    words = [_CAPITALS.get(word, word) for word in name.split("_")]
    return " ".join(words)[:1].upper() + " ".join(words)[1:]
