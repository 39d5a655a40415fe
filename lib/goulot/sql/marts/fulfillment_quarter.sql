-- One row per quarter: what its paid orders brought, what sending them cost, how many came late.
-- orders_with_cost are those whose parcels tell their cost; where none does, parcel_cost is what
-- client.yml declares. Lateness counts the orders that can be judged.
with

costed as (

    select
        orders.quarter,
        orders.revenue,
        orders.packing_cost,
        orders.parcel_cost,
        shipping.cost as told_cost,
        shipping.is_late

    from staging.stg_order_margin as orders

    left join staging.stg_order_shipping as shipping
        on orders.order_id = shipping.order_id

    where not orders.is_free

),

summed as (

    select
        quarter,

        count(*) as orders,
        sum(revenue) as revenue,
        avg(packing_cost) as packing_cost,
        count(told_cost) as orders_with_cost,
        sum(parcel_cost) as parcel_cost,
        count(is_late) as orders_judged,
        count(case when is_late then 1 end) as orders_late

    from costed

    group by quarter

)

select
    -- #UNIQUE #NOT_NULL
    quarter,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    -- #NOT_NULL
    revenue,
    packing_cost,  -- null: client.yml declares no cost per order
    -- #NOT_NULL #NOT_NEGATIVE
    orders_with_cost,
    parcel_cost,
    -- #NOT_NULL #NOT_NEGATIVE
    orders_judged,
    -- #NOT_NULL #NOT_NEGATIVE
    orders_late

from summed
