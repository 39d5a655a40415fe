-- #KEY(quarter, channel, country, region, category)
-- One row per quarter, channel, place and category of the basket: orders, and what went wrong.
-- Spend is told by place at most, never by category: it stands on rows without a category. Free
-- orders are in no column; a place or a category that no export names is null.
with

orders as (

    select
        orders.quarter,
        orders.channel,
        orders.country,
        orders.region,
        categories.category,

        count(*) as orders,
        count(case when orders.is_first_order then 1 end) as new_customers,
        count(orders.is_late) as judged_orders,
        count(case when orders.is_late then 1 end) as late_orders,
        count(case when orders.is_refunded then 1 end) as refunded_orders,
        count(case when orders.is_ticketed then 1 end) as ticketed_orders,
        count(case when orders.is_late and orders.is_ticketed then 1 end)
            as late_ticketed_orders,
        count(replaced.order_id) as replaced_orders,
        sum(orders.revenue) as revenue,
        sum(orders.refunded) as refunded_revenue,
        sum(orders.cost) as parcel_cost,
        count(orders.cost) as priced_orders

    from marts.order_delivery as orders

    left join staging.stg_order_category as categories
        on orders.order_id = categories.order_id

    left join staging.stg_replaced_order as replaced
        on orders.order_id = replaced.order_id

    where not orders.is_free

    group by
        orders.quarter, orders.channel, orders.country, orders.region, categories.category

),

told as (

    select *, cast(null as decimal(18, 4)) as spend from orders

    union all

    select
        quarter, channel, country, region, cast(null as varchar), 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, cast(null as decimal(18, 4)), 0, spend

    from staging.stg_spend_region

),

summed as (

    select
        quarter, channel, country, region, category,
        sum(orders) as orders,
        sum(new_customers) as new_customers,
        sum(judged_orders) as judged_orders,
        sum(late_orders) as late_orders,
        sum(refunded_orders) as refunded_orders,
        sum(ticketed_orders) as ticketed_orders,
        sum(late_ticketed_orders) as late_ticketed_orders,
        sum(replaced_orders) as replaced_orders,
        sum(revenue) as revenue,
        sum(refunded_revenue) as refunded_revenue,
        sum(parcel_cost) as parcel_cost,
        sum(priced_orders) as priced_orders,
        sum(spend) as spend

    from told

    group by quarter, channel, country, region, category

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    country, region, category, orders, new_customers, judged_orders, late_orders, refunded_orders,
    ticketed_orders, late_ticketed_orders, replaced_orders, revenue, refunded_revenue, parcel_cost,
    priced_orders,
    spend  -- null: no export of advertising names this channel and place

from summed
