-- #VIEW
-- #KEY(order_id)
-- One row per order that counts: how fast it left and arrived, and what went wrong.
-- Where the exports say nothing (no promise, no parcel) nothing is said.
with

orders as (

    select * from marts.customer_orders

),

joined as (

    select
        orders.*,
        shipping.parcels,
        shipping.is_split,
        shipping.shipped_at,
        shipping.promised_at,
        shipping.delivered_at,
        shipping.is_late,
        shipping.cost,

        case
            when shipping.shipped_at >= orders.ordered_at
                then (epoch(shipping.shipped_at) - epoch(orders.ordered_at)) / 3600.0
        end as hours_to_ship,
        date_diff('day', cast(orders.ordered_at as date), cast(shipping.delivered_at as date))
            as days_to_deliver,
        orders.refunded > 0 as is_refunded,
        ticketed.order_id is not null as is_ticketed

    from orders

    left join staging.stg_order_shipping as shipping
        on orders.order_id = shipping.order_id

    left join staging.stg_ticketed_orders as ticketed
        on orders.order_id = ticketed.order_id

)

select
    order_id,
    ordered_on,
    quarter,
    channel,
    country,
    region,
    is_first_order,
    is_free,
    revenue,
    refunded,
    parcels,
    is_split,
    shipped_at,
    promised_at,
    delivered_at,
    hours_to_ship,
    days_to_deliver,
    is_late,
    is_refunded,
    is_ticketed,
    cost

from joined
