-- #KEY(week_starts_on, channel, location)
-- One row per week of order, channel and warehouse that sent it; not yet sent: no warehouse.
with

orders as (

    select * from staging.stg_orders

),

placed as (

    select
        orders.week_starts_on,
        orders.channel,
        places.location,

        count(*) as orders

    from orders

    left join staging.stg_order_location as places
        on orders.order_id = places.order_id

    group by orders.week_starts_on, orders.channel, places.location

)

select
    -- #NOT_NULL
    week_starts_on,
    -- #NOT_NULL
    channel,
    location,
    -- #NOT_NULL
    orders

from placed
