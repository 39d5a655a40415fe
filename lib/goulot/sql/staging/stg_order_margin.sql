-- #VIEW
-- #KEY(order_id)
-- One row per paid order that counts: what it leaves after goods and fees, and what it cost to send.
-- Null where client.yml declares no margin or packing cost, or no parcel of the order tells its cost.
with

orders as (

    select * from staging.stg_orders

),

costed as (

    select
        orders.order_id,
        orders.ordered_on,
        orders.revenue,
        shipping.cost as parcel_cost,

        cast(
            orders.revenue * settings.gross_margin
            - orders.total * coalesce(settings.payment_fee, 0) as decimal(18, 4)
        ) as margin,
        cast(settings.cost_per_order as decimal(18, 4)) as packing_cost

    from orders

    cross join canonical.settings as settings

    left join staging.stg_order_shipping as shipping
        on orders.order_id = shipping.order_id

    where not orders.is_free

)

select
    order_id,
    ordered_on,
    revenue,
    margin,
    packing_cost,
    parcel_cost

from costed
