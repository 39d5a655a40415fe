-- #VIEW
-- #KEY(sku, day)
-- One row per SKU and day on which it was ordered or its stock was counted.
-- Days with neither have no row: over a period, divide by its days, not by the rows.
with

sales as (

    select * from staging.stg_line_day

    where sku is not null

),

stock as (

    select * from staging.stg_stock_day

),

joined as (

    select
        coalesce(sales.sku, stock.sku) as sku,
        coalesce(sales.ordered_on, stock.snapshot_on) as day,
        coalesce(sales.lines, 0) as lines,
        coalesce(sales.units, 0) as units,
        coalesce(sales.returned_units, 0) as returned_units,
        coalesce(sales.line_amount, 0) as line_amount,
        stock.on_hand,
        stock.available

    from sales

    full outer join stock
        on sales.sku = stock.sku
        and sales.ordered_on = stock.snapshot_on

)

select
    sku,
    day,
    lines,
    units,
    returned_units,
    line_amount,
    on_hand,
    available

from joined
