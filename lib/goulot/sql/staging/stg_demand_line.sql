-- #KEY(quarter, channel, sku, location)
-- One row per quarter, channel, SKU and warehouse that sent it: what was asked for.
-- Lines without a SKU have null, orders without a parcel a null location.
with

lines as (

    select
        order_id,

        nullif(trim(sku), '') as sku,
        case when quantity > 0 then quantity else 0 end as units,
        coalesce(quantity * unit_price, 0) - coalesce(discount, 0) as line_amount

    from canonical.order_lines

),

placed as (

    select
        orders.quarter,
        orders.channel,
        lines.sku,
        places.location,

        sum(lines.units) as units,
        sum(lines.line_amount) as line_amount

    from lines

    inner join staging.stg_orders as orders
        on lines.order_id = orders.order_id

    left join staging.stg_order_location as places
        on lines.order_id = places.order_id

    group by orders.quarter, orders.channel, lines.sku, places.location

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    sku,
    location,
    -- #NOT_NULL #NOT_NEGATIVE
    units,
    -- #NOT_NULL
    line_amount

from placed
