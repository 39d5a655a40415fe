-- One row per SKU and day on which counted orders asked for it.
-- Lines without a SKU (postage, gift wrap, fees) stand under a null SKU, so that the money adds up.
-- A line with a negative quantity inside an order that counts takes units back: not demand.
with

lines as (

    select * from canonical.order_lines

),

orders as (

    select * from staging.stg_orders

),

valued as (

    select
        orders.ordered_on,

        nullif(trim(lines.sku), '') as sku,
        case when lines.quantity > 0 then lines.quantity else 0 end as units,
        case when lines.quantity < 0 then -lines.quantity else 0 end as returned_units,
        coalesce(lines.quantity * lines.unit_price, 0)
        - coalesce(lines.discount, 0) as line_amount

    from lines

    inner join orders
        on lines.order_id = orders.order_id

),

summed as (

    select
        sku,
        ordered_on,

        count(*) as lines,
        sum(units) as units,
        sum(returned_units) as returned_units,
        sum(line_amount) as line_amount

    from valued

    group by sku, ordered_on

)

select
    sku,
    -- #NOT_NULL
    ordered_on,
    -- #NOT_NULL
    lines,
    -- #NOT_NULL #NOT_NEGATIVE
    units,
    -- #NOT_NULL #NOT_NEGATIVE
    returned_units,
    -- #NOT_NULL
    line_amount

from summed
