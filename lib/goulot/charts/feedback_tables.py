"""The tables of feedback loops: what a customer costs, bids, products, routes; in words."""

import pandas as pd

from goulot.language import Language
from goulot.sentences.feedback import place_name, reason_name
from goulot.steps.added_costs import KEYS, PLACE
from goulot.steps.cost_table import cost_rows
from goulot.steps.feedback import FeedbackReport
from goulot.steps.service_costs import LAYERS
from goulot.steps.stock_ads import SkuOutlook

MOST_CELLS = 20
MOST_ROUTES = 15


def cac_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """One row per channel: CAC, each layer, and CAC with all of them."""
    rows = cost_rows(report.drawn, report.costs, ["channel"], min_orders=report.policy.min_orders)
    rows = rows.sort_values("new_customers", ascending=False)
    return _costs(rows, language)


def cell_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """The cells of channel, place and category with most money at stake, either way."""
    rows = cost_rows(report.drawn, report.costs, KEYS, min_orders=report.policy.min_orders)
    rows = rows[~rows["is_thin"] & (rows["new_customers"] > 0)]
    rows = rows.head(MOST_CELLS) if len(rows) > MOST_CELLS else rows
    money = language.money
    return _costs(rows, language).assign(
        pooled_added=[money(x, 2) for x in rows["pooled"]],
        money_at_stake=[money(x, 0) for x in rows["at_stake"]],
    )


def _costs(rows: pd.DataFrame, language: Language) -> pd.DataFrame:
    money = language.money
    columns = {"channel": rows["channel"]}
    if "region" in rows:
        columns["place"] = [place_name(c, r, language) for c, r in rows[PLACE].to_numpy()]
    if "category" in rows:
        columns["category"] = rows["category"]
    columns["new_customers"] = [language.number(x) for x in rows["new_customers"]]
    columns["cac"] = [money(x) for x in rows["cac"]]
    columns |= {f"{name}_cost": [money(x, 2) for x in rows[name]] for name in LAYERS}
    columns["adjusted_cac"] = [money(x) for x in rows["adjusted"]]
    columns["interval"] = [
        f"{money(low)} – {money(high)}" if low == low else "–"
        for low, high in rows[["low", "high"]].to_numpy()
    ]
    return pd.DataFrame(columns).reset_index(drop=True)


def change_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """The targeting changes as they are ranked."""
    money = language.money
    rows = [
        {
            "channel": change.channel,
            "place": place_name(change.country, change.region, language),
            "reason": reason_name(change.reason, language),
            "spend": money(change.spend, 0),
            "bid_change": signed_percent(change.modifier, language),
            "late_share": language.percent(change.late_share.value, 0),
            "effect": money(change.effect.value),
            "interval": f"{money(change.effect.low)} – {money(change.effect.high)}",
            "probability": language.percent(change.probability, 0),
        }
        for change in report.changes
    ]
    columns = ["channel", "place", "reason", "spend", "bid_change", "late_share", "effect",
               "interval", "probability"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def signed_percent(share: float, language: Language) -> str:
    text = language.percent(share, 0)
    return f"+{text}" if share > 0 else text


def throttle_table(report: FeedbackReport, language: Language) -> pd.DataFrame:
    """The SKUs whose ads to hold back: cover, sell-out, goods to come, spend and from which day."""
    rows = [_throttled(outlook, language) for outlook in report.throttled]
    columns = ["sku", "product", "cover", "sells_out", "goods_come", "oversell", "daily_spend",
               "hold_from", "saved"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _throttled(outlook: SkuOutlook, language: Language) -> dict[str, str]:
    known = outlook.receipt.is_known
    return {
        "sku": outlook.sku,
        "product": outlook.title,
        "cover": language.quantity(outlook.cover_days, "days", 0),
        "sells_out": sell_out_text(outlook, language),
        "goods_come": language.quantity(outlook.receipt.median, "days", 0)
        if known
        else language.say("unknown"),
        "oversell": language.percent(outlook.oversell, 0),
        "daily_spend": language.money(outlook.daily_spend, 2),
        "hold_from": language.short_day(outlook.throttle_from),
        "saved": language.money(outlook.saved.value, 0),
    }


def sell_out_text(outlook: SkuOutlook, language: Language) -> str:
    middle, low, high = outlook.sells_out_on
    if outlook.available <= 0:
        return language.say("already out")
    if middle is None:
        return language.say("later than four months")
    latest = language.short_day(high) if high else language.say("later than four months")
    return f"{language.short_day(middle)} ({language.short_day(low)} – {latest})"


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
