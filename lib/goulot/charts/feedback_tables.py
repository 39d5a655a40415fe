"""The tables of feedback loops: what a customer costs, bids, products, routes; in words."""

import pandas as pd

from goulot.language import NOT_KNOWN, Language
from goulot.sentences.places import place_name, signed_percent
from goulot.steps.added_costs import PLACE
from goulot.steps.cost_table import cost_rows
from goulot.steps.feedback import FeedbackReport
from goulot.steps.service_costs import LAYERS
from goulot.steps.stock_ads import SkuOutlook

MOST_CELLS = 12
MOST_SKUS = 15
MOST_ROUTES = 15


def cac_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """One row per channel: CAC, each layer, and CAC with all of them."""
    rows = cost_rows(report.drawn, report.costs, ["channel"], min_orders=report.policy.min_orders)
    rows = rows.sort_values("new_customers", ascending=False)
    return _costs(rows, language)


def cell_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """The cells of channel, place and category with most at stake, the pooled value beside.

    Columns of which nothing is known are left out.
    """
    rows = report.cell_costs
    rows = rows[~rows["is_thin"] & (rows["new_customers"] > 0)].head(MOST_CELLS)
    layers = rows[list(LAYERS)].to_numpy(dtype=float)
    columns = {
        "place": [
            f"{place_name(country, region, language)}, {language.word(channel)}"
            for channel, country, region in rows[["channel", *PLACE]].to_numpy()
        ],
        "category": rows["category"],
        "money_at_stake": [language.money(x, 0) for x in rows["at_stake"]],
        "adjusted_cac": _adjusted(rows, language),
        "channel_adjusted": [language.money(x, 1) for x in rows["usual"]],
        "pooled_added": [
            f"{language.money(own, 2)} ({language.money(pooled, 2)})"
            for own, pooled in rows[["added", "pooled"]].to_numpy(dtype=float)
        ],
        "service_layers": [" + ".join(language.number(x, 2) for x in row) for row in layers],
        "new_customers": [language.number(x) for x in rows["new_customers"]],
    }
    if not rows["adjusted"].notna().any():
        del columns["adjusted_cac"], columns["channel_adjusted"]
    if not (rows["category"] != "").any():
        del columns["category"]
    return pd.DataFrame(columns).reset_index(drop=True)


def _costs(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Layers that cost nothing anywhere have no column."""
    money, layers = language.money, [name for name in LAYERS if (rows[name] != 0).any()]
    columns = {
        "channel": rows["channel"],
        "new_customers": [language.number(x) for x in rows["new_customers"]],
        **{f"{name}_cost": [money(x, 2) for x in rows[name]] for name in layers},
        "cac": [money(x) for x in rows["cac"]],
        "adjusted_cac": _adjusted(rows, language),
    }
    if not rows["adjusted"].notna().any():
        del columns["cac"], columns["adjusted_cac"]
    return pd.DataFrame(columns).reset_index(drop=True)


def _adjusted(rows: pd.DataFrame, language: Language) -> list[str]:
    money = language.money
    return [
        f"{money(value, 1)} ({money(low, 0)} – {money(high, 0)})" if value == value else NOT_KNOWN
        for value, low, high in rows[["adjusted", "low", "high"]].to_numpy(dtype=float)
    ]


def change_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """The targeting changes as they are ranked."""
    money = language.money
    rows = [
        {
            "place": f"{place_name(change.country, change.region, language)}, "
            f"{language.word(change.channel)}",
            "spend": money(change.spend, 0),
            "bid_change": signed_percent(change.modifier, language),
            "late_share": language.percent(change.late_share.value, 0),
            "money_at_stake": money(change.at_stake.value, 0),
            "effect": f"{money(change.effect.value)} ({money(change.effect.low)} – "
            f"{money(change.effect.high)})",
            "probability": language.percent(change.probability, 0),
        }
        for change in report.changes
    ]
    columns = ["place", "spend", "bid_change", "late_share", "money_at_stake", "effect",
               "probability"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def throttle_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """The SKUs whose ads to hold back: cover, goods to come, spend and from which day."""
    rows = [_throttled(outlook, language) for outlook in report.throttled[:MOST_SKUS]]
    columns = ["product", "cover", "sells_out", "goods_come", "oversell", "daily_spend",
               "hold_from", "saved"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _throttled(outlook: SkuOutlook, language: Language) -> dict[str, str]:
    days = language.quantity(outlook.receipt.median, "days", 0)
    saved = outlook.saved
    return {
        "product": f"{outlook.title} ({outlook.sku})",
        "cover": language.quantity(outlook.cover_days, "days", 0)
        if outlook.available > 0
        else language.say("already out"),
        "sells_out": _sells_out(outlook, language),
        "goods_come": days if outlook.receipt.is_known else language.say("unknown"),
        "oversell": language.percent(outlook.oversell, 0),
        "daily_spend": language.money(outlook.daily_spend, 2),
        "hold_from": language.day_of_year(outlook.throttle_from),
        "saved": f"{language.money(saved.value, 0)} ({language.money(saved.low, 0)} – "
        f"{language.money(saved.high, 0)})",
    }


def _sells_out(outlook: SkuOutlook, language: Language) -> str:
    """The day on which the stock ends, with its interval; nothing where it has ended."""
    if outlook.available <= 0:
        return NOT_KNOWN
    middle, low, high = (
        language.day_of_year(day) if day else language.say("later") for day in outlook.sells_out_on
    )
    return f"{middle} ({low} – {high})"


def route_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """Routes that are slow against their promise."""
    rows = [
        {
            "location": route.location or language.say("unknown"),
            "carrier": route.carrier or language.say("unknown"),
            "place": place_name(route.country, route.region, language),
            "parcels": language.number(route.parcels),
            "late_share": language.percent(route.late_share.value, 0),
            "interval": f"{language.percent(route.late_share.low, 0)} – "
            f"{language.percent(route.late_share.high, 0)}",
            "days_on_the_way": language.number(route.travel_days, 1),
        }
        for route in report.routes[:MOST_ROUTES]
    ]
    columns = ["location", "carrier", "place", "parcels", "late_share", "interval",
               "days_on_the_way"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
