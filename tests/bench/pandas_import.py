"""What an analyst writes in an afternoon for the same marts: pandas, one file, no checks.

Usage: python pandas_import.py CSV FOLDER
"""

import sys
from pathlib import Path

import pandas as pd

LINE_LEVEL = ["Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku"]
GROSS_MARGIN, FEE, PER_ORDER = 0.6, 0.015, 4.0


def read(source: Path) -> pd.DataFrame:
    lines = pd.read_csv(source, low_memory=False)
    lines["ordered_at"] = pd.to_datetime(
        lines["Created at"], format="%Y-%m-%d %H:%M:%S %z", utc=True
    ).dt.tz_convert("Europe/Paris")
    lines["day"] = lines["ordered_at"].dt.tz_localize(None).dt.normalize()
    return lines


def orders_of(lines: pd.DataFrame) -> pd.DataFrame:
    orders = lines[lines["Total"].notna()].drop_duplicates("Name").copy()
    orders["channel"] = "Unattributed"
    source = orders["Note Attributes"].str.extract(r"utm_source: (\S+)")[0]
    medium = orders["Note Attributes"].str.extract(r"utm_medium: (\S+)")[0]
    orders.loc[(source == "google") & (medium == "cpc"), "channel"] = "Paid Search"
    orders["campaign"] = orders["Note Attributes"].str.extract(r"utm_campaign: (\S+)")[0]
    orders["revenue"] = orders["Total"] - orders["Taxes"] - orders["Refunded Amount"]
    orders["contribution"] = orders["revenue"] * GROSS_MARGIN - orders["Total"] * FEE - PER_ORDER
    orders = orders.sort_values(["Email", "ordered_at", "Name"])
    orders["order_number"] = orders.groupby("Email").cumcount() + 1
    orders["days_since_previous"] = orders.groupby("Email")["day"].diff().dt.days
    orders["week"] = orders["day"] - pd.to_timedelta(orders["day"].dt.day_of_week, unit="D")
    orders["quarter"] = orders["day"].dt.to_period("Q").astype("string")
    return orders


def marts(lines: pd.DataFrame, orders: pd.DataFrame, folder: Path) -> None:
    first = orders["order_number"] == 1
    orders = orders.assign(is_new=first)
    lines = lines.assign(amount=lines["Lineitem quantity"] * lines["Lineitem price"])
    sums = {"orders": ("Name", "count"), "new": ("is_new", "sum"), "total": ("Total", "sum"),
            "revenue": ("revenue", "sum"), "contribution": ("contribution", "sum")}  # fmt: skip
    hour = orders["ordered_at"].dt.hour
    tables = {
        "orders": orders.drop(columns=["Email", "Shipping Zip", "Note Attributes"]),
        "order_lines": lines[["Name", *LINE_LEVEL, "amount", "day"]],
        "channel_week": orders.groupby(["week", "channel"]).agg(**sums).reset_index(),
        "order_day": orders.groupby("day").agg(**sums).reset_index(),
        "quarter_kpi": orders.groupby("quarter").agg(**sums).reset_index(),
        "hour_of_week": orders.groupby(["quarter", orders["day"].dt.day_of_week.rename("weekday"),
                                        hour.rename("hour")]).size().reset_index(name="orders"),
        "sku_day": lines.groupby(["Lineitem sku", "day"]).agg(
            lines=("Name", "count"), units=("Lineitem quantity", "sum"), amount=("amount", "sum")
        ).reset_index(),
        "customer_first_order": orders[first][["Email", "Name", "day", "channel"]],
    }  # fmt: skip
    for name, table in tables.items():
        table.to_pickle(folder / f"{name}.pkl")


if __name__ == "__main__":
    read_lines = read(Path(sys.argv[1]))
    marts(read_lines, orders_of(read_lines), Path(sys.argv[2]))
