"""Frames as the marts of step 4 give them, with what is true of them known: by seed."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from goulot.quarter import Quarter
from goulot.steps.feedback_inputs import Declared, FeedbackMarts

QUARTER, AS_OF = Quarter(2026, 3), date(2026, 9, 30)
QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
CATEGORIES = ("Candles", "Vases", "Soaps")
PARTS = (0.6, 0.3, 0.1)  # of the new customers
DEARER = (0.8, 1.0, 2.2)  # CAC of a category as a multiple of its place's, where campaigns have one
DECLARED = Declared(
    currency="EUR",
    service={"late_cost": 6.0, "ticket_cost": 5.0, "replacement_cost": 20.0},
    gross_margin=0.6,
)


@dataclass(frozen=True)
class Truth:
    """What is true: share late by place, CAC by channel and place, cost of one event each."""

    late: dict[str, float]
    bad: tuple[str, ...]
    cac: dict[tuple[str, str], float]
    ticket: float = 0.06
    ticket_if_late: float = 0.40
    refund: float = 0.03
    refunded: float = 50.0
    lost: float = 0.0

    def added(self, place: str) -> float:
        """Expected cost of service of a new customer there [currency]."""
        late, costs = self.late[place], DECLARED.service
        tickets = self.ticket + self.ticket_if_late * late
        return (
            late * (costs["late_cost"] + self.lost)
            + tickets * costs["ticket_cost"]
            + self.refund * self.refunded * DECLARED.gross_margin
        )


def world(
    seed: int, *, bad: int = 3, places: int = 12, new: float = 2400, late_bad: float = 0.35
) -> tuple[pd.DataFrame, Truth]:
    """The mart ``channel_region_quarter`` of a company with ``bad`` slow places, and its truth."""
    rng = np.random.default_rng(seed)
    names = [f"Region {n:02d}" for n in range(places)]
    share = rng.dirichlet(np.full(places, 4.0))
    slow = tuple(sorted(rng.choice(names, bad, replace=False)))
    late = {n: late_bad if n in slow else float(rng.uniform(0.08, 0.12)) for n in names}
    cac = {
        (channel, name): mean * float(rng.lognormal(0, 0.15))
        for channel, mean in (("Paid Search", 25.0), ("Paid Social", 45.0))
        for name in names
    }
    truth = Truth(late=late, bad=slow, cac=cac)
    rows = []
    for quarter in QUARTERS:
        for channel in ("Paid Search", "Paid Social", "Organic Search"):
            for at, place in enumerate(names):
                rows += _cells(rng, quarter, channel, place, new / 3 * share[at], truth)
    return pd.DataFrame(rows), truth


def _cells(rng, quarter, channel, place, expected, truth: Truth) -> list[dict]:
    """A row per category, and one with the spend that bought the new customers."""
    rows, late = [], truth.late[place]
    for category, part in zip(CATEGORIES, PARTS, strict=True):
        new = int(rng.poisson(expected * part))
        orders = new + int(rng.poisson(0.6 * expected * part))
        late_orders = int(rng.binomial(orders, late))
        late_tickets = int(rng.binomial(late_orders, truth.ticket + truth.ticket_if_late))
        tickets = late_tickets + int(rng.binomial(orders - late_orders, truth.ticket))
        refunds = int(rng.binomial(orders, truth.refund))
        rows.append(_row(
            quarter, channel, place, category, orders=orders, new_customers=new,
            judged_orders=orders, late_orders=late_orders, ticketed_orders=tickets,
            late_ticketed_orders=late_tickets,
            refunded_orders=refunds, refunded_revenue=refunds * truth.refunded,
            revenue=60.0 * orders, parcel_cost=6.0 * orders, priced_orders=orders,
        ))  # fmt: skip
    if (channel, place) in truth.cac:
        spend = truth.cac[channel, place] * expected
        rows.append(_row(quarter, channel, place, None, spend=spend))
    return rows


def _row(quarter, channel, place, category, **counts) -> dict:
    zero = dict.fromkeys(
        ("orders", "new_customers", "judged_orders", "late_orders", "refunded_orders",
         "ticketed_orders", "late_ticketed_orders", "replaced_orders", "revenue",
         "refunded_revenue", "priced_orders"), 0
    )  # fmt: skip
    named = {"quarter": quarter, "channel": channel, "country": "FR", "region": place,
             "category": category, "spend": np.nan, "parcel_cost": np.nan}  # fmt: skip
    return named | zero | counts


def campaign_marts(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A campaign per channel and category for the spend of ``world``, whose customers buy it first:
    a category costs ``DEARER`` times what its place costs."""
    now = rows[rows["quarter"] == str(QUARTER)]
    spent, parts = now.dropna(subset=["spend"]), zip(CATEGORIES, PARTS, DEARER, strict=True)
    places = [
        {"quarter": str(QUARTER), "platform": "Google Ads", "channel": row.channel,
         "campaign": f"{row.channel} | {name}", "country": row.country, "region": row.region,
         "spend": row.spend * part * dearer}
        for name, part, dearer in parts
        for row in spent.itertuples()
    ]  # fmt: skip
    paid = now[now["channel"].isin(set(spent["channel"])) & (now["new_customers"] > 0)]
    bought = paid.groupby(["quarter", "channel", "category"])["new_customers"].sum().reset_index()
    bought["campaign"] = bought["channel"] + " | " + bought["category"]
    return {
        "campaign_place_quarter": pd.DataFrame(places),
        "campaign_category_quarter": bought,
    }


def cohort_day(worth: float = 80.0) -> pd.DataFrame:
    """Customers of two years ago who brought ``worth`` each, at once."""
    rows = [
        {"quarter": quarter, "channel": channel, "age_days": age, "orders": orders,
         "contribution": money, "customers_last_seen": seen}
        for quarter in ("2024Q3", "2024Q4", "2025Q1")
        for channel in ("Paid Search", "Paid Social", "Organic Search")
        for age, orders, money, seen in ((0, 300, 300 * worth, 0), (500, 0, np.nan, 300))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def first_delivery(effect: float, rows: int = 6000, seed: int = 7) -> pd.DataFrame:
    """Customers in three regions, the slow one of which comes back less anyway."""
    rng = np.random.default_rng(seed)
    region = rng.choice(["North", "South", "Island"], rows)
    late = rng.random(rows) < np.where(region == "Island", 0.4, 0.1)
    mean = np.where(region == "Island", 10.0, 25.0) - effect * late
    return pd.DataFrame({
        "customer_key": [f"c{n:05d}" for n in range(rows)], "region": region,
        "first_ordered_on": pd.Timestamp("2025-06-01"), "channel": "Email",
        "country": "FR", "category": "Candles", "is_late": late, "is_split": False,
        "basket": rng.normal(40.0, 5.0, rows), "seen_days": 480,
        "later_365": rng.normal(mean, 12.0),
    })  # fmt: skip


def stock_marts(
    *, available: int = 20, units_a_day: float = 2.0, named: bool = True, backordered: bool = False
) -> dict[str, pd.DataFrame]:
    """One campaign on one candle, of which so many are left; goods come in about thirty days."""
    days = [AS_OF - timedelta(days=n) for n in range(1, 57)]
    sold = np.random.default_rng(5).poisson(units_a_day, len(days))
    cover = pd.DataFrame([{
        "quarter": str(QUARTER), "sku": "CAN-1", "title": "Candle", "category": "Candles",
        "supplier": "Wax", "is_backordered": backordered, "snapshot_on": pd.Timestamp(AS_OF),
        "available": available, "window_days": 56, "recent_units": int(sold.sum()),
        "recent_squares": int((sold**2).sum()),
    }])  # fmt: skip
    return {
        "campaign_day": pd.DataFrame({
            "day": [pd.Timestamp(day) for day in days], "platform": "Google Ads",
            "campaign": "Search | Candles", "sku": "CAN-1" if named else None,
            "channel": "Paid Search", "spend": 10.0,
        }),
        "campaign_place_quarter": pd.DataFrame([{
            "quarter": str(QUARTER), "platform": "Google Ads", "campaign": "Search | Candles",
            "country": "FR", "region": f"Region {n:02d}", "channel": "Paid Search", "spend": 50.0,
        } for n in range(12)]),
        "ad_link": pd.DataFrame(columns=["campaign", "sku", "category"], dtype=object),
        "sku_cover_quarter": cover,
        "channel_sku_quarter": pd.DataFrame([{
            "quarter": str(QUARTER), "channel": "Paid Search", "sku": "CAN-1", "units": 60,
            "line_amount": 600.0, "spend": np.nan,
        }]),
        "stock_out": pd.DataFrame([{
            "sku": "CAN-1", "out_from": pd.Timestamp("2026-08-10"), "days": 7, "daily_units": 2.0,
        }]),
        "purchase_line": purchases(),
    }  # fmt: skip


def purchases(lead_days=(26, 34, 30, 27, 33)) -> pd.DataFrame:
    """An open order of today, and earlier ones that took so many days."""
    rows = [
        {"po_id": "1", "quantity": 100, "ordered_on": pd.Timestamp(AS_OF), "received_on": pd.NaT,
         "lead_days": np.nan}
    ]  # fmt: skip
    for number, days in enumerate(lead_days):
        placed = pd.Timestamp(AS_OF) - pd.Timedelta(days=80 + 20 * number)
        received = placed + pd.Timedelta(days=days)
        rows.append({"po_id": f"before {number}", "quantity": 100, "ordered_on": placed,
                     "received_on": received, "lead_days": days})  # fmt: skip
    return pd.DataFrame(rows).assign(sku="CAN-1", supplier="Wax", promised_on=pd.NaT)


def marts(seed: int = 1, **parts) -> FeedbackMarts:
    """All of a small company; ``parts`` put other frames in the place of some."""
    rows, _ = world(seed)
    whole = {"channel_region_quarter": rows, "cohort_day": cohort_day()} | stock_marts()
    return FeedbackMarts(**(whole | parts))
