-- #VIEW
-- #KEY(order_id)
-- One row per order that counts, with what it leaves after goods and fees, what it cost to send, and
-- its contribution, which is what is left of all that. Null where client.yml declares no margin or packing
-- cost, or no parcel of the order tells its cost (where none of any order does: nor client.yml); in
-- contribution the mean of the orders that tell it stands for it.
with

orders as (

    select * from staging.stg_orders

),

sent as (

    select
        cast(sum(cost) as double) / nullif(count(cost), 0) as usual_cost

    from staging.stg_order_shipping

),

costed as (

    select
        orders.*,
        sent.usual_cost,

        cast(
            orders.revenue * settings.gross_margin
            - orders.total * coalesce(settings.payment_fee, 0) as decimal(18, 4)
        ) as margin,
        cast(settings.cost_per_order as decimal(18, 4)) as packing_cost,
        case
            when sent.usual_cost is null then cast(settings.parcel_cost as decimal(18, 4))
            else shipping.cost
        end as parcel_cost

    from orders

    cross join canonical.settings as settings
    cross join sent

    left join staging.stg_order_shipping as shipping
        on orders.order_id = shipping.order_id

),

valued as (

    select
        *,

        cast(
            margin
            - coalesce(packing_cost, 0)
            - coalesce(parcel_cost, usual_cost, 0) as decimal(18, 4)
        ) as contribution

    from costed

)

select
    order_id,
    customer_key,
    ordered_at,
    ordered_on,
    quarter,
    channel,
    country,
    region,
    is_free,
    total,
    refunded,
    revenue,
    margin,
    packing_cost,
    parcel_cost,
    contribution

from valued
