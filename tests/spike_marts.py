"""The marts that step 3 reads, of a shop with even days."""

import numpy as np
import pandas as pd

DAYS = pd.date_range("2026-01-01", "2026-09-30")


def marts(**changes) -> dict[str, pd.DataFrame]:
    """The marts of a shop with 100 orders a day, placed from 8 to 20 h."""
    quarters = "2026Q" + DAYS.quarter.astype(str)
    none = np.zeros(len(DAYS), dtype=int)
    made = {
        "order_day": pd.DataFrame({"day": DAYS, "quarter": quarters, "orders": 100 + none}),
        "hour_of_week": pd.DataFrame(
            [("2026Q3", day, hour, 108) for day in range(7) for hour in range(8, 20)],
            columns=["quarter", "weekday", "hour", "orders"],
        ),
        "stage_week": pd.DataFrame(
            columns=["week_starts_on", "stage", "unit", "days", "load", "throughput",
                     "least_backlog"]
        ),
        "service_day": pd.DataFrame(
            {"ordered_on": DAYS, "quarter": quarters, "orders": 100 + none,
             "judged_orders": 100 + none, "late_orders": 5 + none, "ticketed_orders": 7 + none,
             "late_ticketed_orders": 2 + none, "refunded_orders": 3 + none,
             "shipped_orders": 99 + none, "ship_days": 90 + none, "delivered_orders": 99 + none,
             "transit_days": 198 + none, "promised_orders": none, "promise_days": none,
             "cancelled_orders": 1 + none, "waited_days": 40 + none}
        ),
        "quarter_kpi": pd.DataFrame(
            {"quarter": ["2026Q3"], "orders": [9200], "free_orders": [0], "revenue": [460000.0],
             "contribution": [230000.0], "spend": [46000.0]}
        ),
        "channel_week": pd.DataFrame(
            {"week_starts_on": pd.to_datetime(["2026-07-06"] * 2), "channel": ["Email", "Paid"],
             "orders": [400, 300], "spend": [None, 3000.0]}
        ),
        "location_day": pd.DataFrame(
            {"location": ["Lyon"], "shipped_on": ["2026-07-06"], "parcels": [300]}
        ),
        "sku_cover_quarter": pd.DataFrame(
            {"quarter": "2026Q3", "sku": ["CANDLE", "VASE"], "supplier": "Wax",
             "snapshot_on": pd.Timestamp("2026-09-30"), "available": [90000, 600],
             "window_days": 56, "recent_units": [8400, 2800]}
        ),
        "purchase_line": pd.DataFrame(
            {"sku": "CANDLE", "supplier": "Wax", "quantity": 500, "promised_on": pd.NaT,
             "ordered_on": pd.date_range("2026-05-01", periods=10),
             "received_on": pd.date_range("2026-05-21", periods=10), "lead_days": 20.0}
        ),
    }  # fmt: skip
    return made | changes
