"""Order numbers that stand in two files and are not one order: two shops under one number range."""

import duckdb

from goulot.errors import ExportError
from goulot.exports.refusals import quoted

# Between two exports of one shop an order is refunded, edited, canceled, and keeps its time (or its
# time zone is another) and its customer (or an address was corrected).
_OTHERS = """
with

pairs as (

    select
        earlier.source_file as earlier_file,
        later.source_file as later_file,
        earlier.order_id,
        earlier.ordered_at as earlier_at,
        later.ordered_at as later_at,
        earlier.customer_key <> later.customer_key as is_of_another,
        earlier.total is distinct from later.total as costs_otherwise

    from incoming as earlier

    inner join incoming as later
        on earlier.order_id = later.order_id
        and earlier.shop = later.shop
        and earlier.rank < later.rank

    where earlier.ordered_at <> later.ordered_at

),

others as (

    select *

    from pairs

    where (is_of_another and costs_otherwise)
        or (
            abs(cast(earlier_at as date) - cast(later_at as date)) > 1
            and coalesce(is_of_another, costs_otherwise)
        )

)

select
    earlier_file,
    later_file,
    count(*) as orders,
    min_by([order_id, cast(earlier_at as varchar), cast(later_at as varchar)], order_id) as example

from others

group by earlier_file, later_file

order by orders desc, earlier_file, later_file

limit 1"""


def refuse_two_shops(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise ExportError where orders of the view ``incoming`` share a number and nothing else.

    They would be merged into one order, and the other would be lost. ``incoming`` is the view of
    ``merge.merge_table``, of the orders of all files.
    """
    for first, second, count, (number, one, other) in connection.execute(_OTHERS).fetchall():
        raise ExportError(
            f"{first} and {second}: {count:,} order number{'s' if count > 1 else ''} in both, of "
            f"other times and customers or amounts, for example {number!r} of {one} in the first "
            f"and of {other} in the second: these are two shops. Nothing was loaded. Paste "
            "this into client.yml, with the shops' own names, and run again:\n"
            f"shops:\n  shop_1: {quoted(first)}\n  shop_2: {quoted(second)}"
        )
