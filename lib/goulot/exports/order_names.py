"""Order names of other programs, as the shop writes them: ``1001`` is the shop's ``#1001``.

The warehouse, the carrier and the help desk drop or add a ``#``, a space, a hyphen. An order name
that the shop does not know is given the shop's one that has the same letters and digits; where the
shop has none such, or several (two shops that both count from 1001), it stays as it is.
"""

from pathlib import Path

from goulot.exports.context import literal
from goulot.tables import Table

FOLLOW_ORDERS = ("shipments", "returns", "tickets")  # other programs' rows about a shop's orders


def folded_sql(column: str) -> str:
    """SQL for an order name of which only letters and digits count; null where it has none."""
    return f"nullif(regexp_replace(upper({column}), '[^A-Z0-9]', '', 'g'), '')"


def with_known_orders(query: str, table: Table, orders: Path) -> str:
    """``query`` (rows of ``table``) with each order_id as ``orders`` (Parquet) has it."""
    known = f"read_parquet({literal(orders)})"
    alike = (
        f"select {folded_sql('order_id')} as folded, min(order_id) as order_id from {known}"
        " group by 1 having count(*) = 1"
    )
    return (
        "select found.* replace (coalesce(exact.order_id, alike.order_id, found.order_id)"
        f" as order_id) from ({query}) as found"
        f" left join {known} as exact on exact.order_id = found.order_id"
        f" left join ({alike}) as alike on alike.folded = {folded_sql('found.order_id')}"
        f" order by {', '.join(f'found.{name}' for name in table.key)}"
    )
