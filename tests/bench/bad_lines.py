"""A Shopify order export none of whose lines but the last can be used. Usage: … FILE LINES"""

import sys
from pathlib import Path

import duckdb

_LINE = """
'#' || o as "Name", 'client' || o || '@example.com' as "Email", 'paid' as "Financial Status",
'EUR' as "Currency", '35.00' as "Total", '2026-03-' || lpad((1 + o % 28)::varchar, 2, '0') ||
' 10:00:00 +0100' as "Created at", if(o < {lines}, 'pomme', '1') as "Lineitem quantity",
'Bougie n° ' || (o % 500) || ', 180 g' as "Lineitem name", '30.00' as "Lineitem price"
"""


def write_lines(path: Path, lines: int) -> None:
    with duckdb.connect() as connection:
        rows = f"select {_LINE.format(lines=lines)} from range(1, {lines} + 1) orders(o)"
        connection.execute(f"copy ({rows}) to '{path}' (header)")


if __name__ == "__main__":
    write_lines(Path(sys.argv[1]), int(sys.argv[2]))
