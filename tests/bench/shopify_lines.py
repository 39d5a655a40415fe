"""A Shopify order export of any length, written by DuckDB: 79 columns, follow-up rows blank.

Usage: python shopify_lines.py FILE LINES
"""

import csv
import sys
from pathlib import Path

import duckdb

FIXTURE = Path(__file__).parents[1] / "fixtures" / "exports" / "shopify_orders_79.csv"
LINES_PER_ORDER = 2  # on average: 1, 2 or 3

# Of the first row of an order; everything else of it is blank, as in the fixture.
_ORDER = {
    "Financial Status": "'paid'",
    "Paid at": "stamp",
    "Fulfillment Status": "'fulfilled'",
    "Accepts Marketing": "'no'",
    "Currency": "'EUR'",
    "Subtotal": "((amount)::decimal(12, 2))::varchar",
    "Shipping": "'4.90'",
    "Taxes": "((amount / 6)::decimal(12, 2))::varchar",
    "Total": "((amount + 4.9)::decimal(12, 2))::varchar",
    "Discount Code": "case when o % 7 = 0 then 'BIENVENUE10' end",
    "Discount Amount": "'0.00'",
    "Billing Country": "'FR'",
    "Shipping Name": "'Client ' || customer",
    "Shipping Address1": "(o % 90) || ' rue des Essais'",
    "Shipping City": "'Paris'",
    "Shipping Zip": "zip",
    "Shipping Country": "'FR'",
    "Note Attributes": "case when o % 3 = 0 then 'utm_source: google' || chr(10) || "
    "'utm_medium: cpc' || chr(10) || 'utm_campaign: c' || (o % 12) end",
    "Refunded Amount": "case when o % 31 = 0 then '10.00' else '0.00' end",
    "Risk Level": "'Low'",
    "Source": "'web'",
    "Tax 1 Name": "'FR TVA 20%'",
    "Tax 1 Value": "((amount / 6)::decimal(12, 2))::varchar",
}
_LINE = {
    "Name": "'#' || (1000 + o)",
    "Email": "'client' || customer || '@example.com'",
    "Created at": "stamp",
    "Lineitem quantity": "(1 + (o + n) % 3)::varchar",
    "Lineitem name": "'Bougie n° ' || sku || ', 180 g'",
    "Lineitem price": "((9 + sku % 40)::decimal(12, 2))::varchar",
    "Lineitem sku": "'SKU-' || lpad(sku::varchar, 4, '0')",
    "Lineitem requires shipping": "'true'",
    "Lineitem taxable": "'true'",
    "Lineitem fulfillment status": "'fulfilled'",
    "Vendor": "'Atelier ' || (sku % 8)",
    "Lineitem discount": "'0.00'",
}


def write_lines(path: Path, lines: int) -> None:
    """Write at least ``lines`` line items over two years, the oldest order first."""
    with FIXTURE.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    columns = [
        _LINE.get(name) or f"case when n = 0 then {_ORDER[name]} end"
        if name in _LINE or name in _ORDER
        else "null"
        for name in header
    ]
    listed = ", ".join(f'{sql} as "{name}"' for sql, name in zip(columns, header, strict=True))
    orders = lines // LINES_PER_ORDER + 1
    query = f"""
select {listed} from (
    select *, 10 + (o * 37) % 90 + n as amount, (o * 7919 + n * 31) % 5000 as sku,
        (o * 104729) % ({orders} // 3 + 1) as customer, '''75' || lpad((o % 20)::varchar, 3, '0')
        as zip, strftime(timestamp '2024-10-01 08:00:00' + to_seconds(o * 63072000 // {orders}),
        '%Y-%m-%d %H:%M:%S +0200') as stamp
    from (select o, unnest(range(1 + o % 3)) as n from range({orders}) orders(o))
)"""
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"copy ({query}) to '{path}' (header, quote '\"', escape '\"')")


if __name__ == "__main__":
    write_lines(Path(sys.argv[1]), int(sys.argv[2]))
