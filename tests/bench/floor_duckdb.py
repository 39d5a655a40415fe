"""The floor of an import: one pass of DuckDB over the file, all text in, typed Parquet out.

No row is accounted for, nothing is checked, no mart is made. Usage: python floor_duckdb.py CSV OUT
"""

import sys
from pathlib import Path

import duckdb

MONEY = ("Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Refunded Amount")
LINE_MONEY = ("Lineitem price", "Lineitem discount")
TIMES = ("Created at", "Paid at", "Fulfilled at", "Cancelled at")


def pass_once(source: Path, target: Path) -> None:
    """Read every column as text; write it typed where the export's columns have a type."""
    typed = {name: f'try_cast("{name}" as decimal(18, 4))' for name in (*MONEY, *LINE_MONEY)}
    typed |= {name: f"try_strptime(\"{name}\", '%Y-%m-%d %H:%M:%S %z')" for name in TIMES}
    typed |= {"Lineitem quantity": 'try_cast("Lineitem quantity" as bigint)'}
    replaced = ", ".join(f'{sql} as "{name}"' for name, sql in typed.items())
    query = (
        f"select * replace ({replaced}) from read_csv('{source}', all_varchar = true, "
        "header = true, delim = ',', quote = '\"', escape = '\"')"
    )
    with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
        connection.execute(f"copy ({query}) to '{target}' (format parquet)")


if __name__ == "__main__":
    pass_once(Path(sys.argv[1]), Path(sys.argv[2]))
