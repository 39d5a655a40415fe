"""Canonical tables of a handful of rows, written as readable dictionaries."""

from pathlib import Path
from typing import Any

import duckdb
from goulot.tables import TABLES

SETTINGS = {"gross_margin": 0.5, "payment_fee": 0.02, "cost_per_order": 4.0}
Row = dict[str, Any]


def write_canonical(folder: Path, **tables: list[Row]) -> Path:
    """All canonical tables as Parquet; columns that a row does not name are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in TABLES.items():
        with duckdb.connect() as connection:
            connection.execute(f"create table t ({table.ddl})")
            for number, row in enumerate(tables.get(name, []), start=2):
                full = {"source_file": f"{name}.csv", "source_row": number} | row
                marks = ", ".join(f"${column}" for column in full)
                connection.execute(f"insert into t ({', '.join(full)}) values ({marks})", full)
            connection.execute(f"copy t to '{folder / f'{name}.parquet'}' (format parquet)")
    return folder


def order(order_id: str, ordered_at: str, total: float = 50, **others: Any) -> Row:
    """An order of a customer of its own, unless ``customer_key`` says otherwise."""
    row = {"order_id": order_id, "ordered_at": ordered_at, "total": total, "subtotal": total}
    return row | {"customer_key": f"customer of {order_id}", "channel": "Email"} | others


def line(order_id: str, sku: str | None, quantity: int, price: float, **others: Any) -> Row:
    row = {"order_id": order_id, "line_no": 1, "sku": sku, "quantity": quantity}
    return row | {"unit_price": price} | others
