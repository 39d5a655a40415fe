-- One row per calendar day: orders that count, free ones included. A day without one has zero.
with

orders as (

    select
        ordered_on,

        count(*) as orders,
        sum(total) as total

    from staging.stg_orders

    group by ordered_on

),

joined as (

    select
        days.day,
        days.quarter,

        coalesce(orders.orders, 0) as orders,
        coalesce(orders.total, 0) as total

    from staging.stg_days as days

    left join orders
        on days.day = orders.ordered_on

)

select
    -- #UNIQUE #NOT_NULL
    day,
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    -- #NOT_NULL
    total

from joined
