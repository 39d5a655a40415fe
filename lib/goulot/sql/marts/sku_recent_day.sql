-- #KEY(sku, day)
-- One row per SKU and day with a sale, of the 56 days before the SKU's latest stock count.
with

sales as (

    select
        stock.sku,
        sales.ordered_on as day,
        sales.units

    from staging.stg_stock_now as stock

    inner join staging.stg_line_day as sales
        on stock.sku = sales.sku
        and date_diff('day', cast(sales.ordered_on as date), cast(stock.snapshot_on as date))
        between 1 and 56

    where sales.units > 0

)

select
    -- #NOT_NULL
    sku,
    -- #NOT_NULL
    day,
    -- #NOT_NULL #NOT_NEGATIVE
    units

from sales
