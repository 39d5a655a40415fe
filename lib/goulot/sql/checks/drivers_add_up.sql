-- The drivers of the days have the orders, revenue and spend of the quarters.
with

days as (

    select
        quarter,

        sum(orders) as orders,
        sum(revenue) as revenue,
        sum(spend) as spend

    from marts.driver_day

    group by quarter

),

quarters as (

    select
        quarter,
        orders,
        revenue,
        spend

    from marts.quarter_kpi

)

select
    quarters.quarter,
    quarters.orders,
    days.orders as orders_by_day,
    quarters.revenue,
    days.revenue as revenue_by_day

from quarters

left join days
    on quarters.quarter = days.quarter

where
    quarters.orders is distinct from days.orders
    or quarters.revenue is distinct from days.revenue
    and quarters.orders > 0
    or quarters.spend is distinct from days.spend
