-- One row per calendar day: what contribution is made of, from visits to advertising.
-- Paid orders that count, by the day they were placed, later refunds deducted. A cost that no export
-- or setting tells is null, not nought; so are the visits of a day that no analytics covers.
with

orders as (

    select
        ordered_on,

        count(*) as orders,
        sum(revenue) as revenue,
        sum(margin) as margin,
        sum(packing_cost) as packing_cost,
        sum(parcel_cost) as parcel_cost

    from staging.stg_order_margin

    where not is_free

    group by ordered_on

),

spend as (

    select
        day,

        sum(spend) as spend

    from staging.stg_spend_day

    group by day

),

joined as (

    select
        days.day,
        days.week_starts_on,
        days.quarter,
        visits.sessions,
        orders.margin,
        orders.packing_cost,
        orders.parcel_cost,
        spend.spend,

        coalesce(orders.orders, 0) as orders,
        coalesce(orders.revenue, 0) as revenue

    from staging.stg_days as days

    left join orders
        on days.day = orders.ordered_on

    left join staging.stg_visit_day as visits
        on days.day = visits.day

    left join spend
        on days.day = spend.day

)

select
    -- #UNIQUE #NOT_NULL
    day,
    -- #NOT_NULL
    week_starts_on,
    -- #NOT_NULL
    quarter,
    sessions,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    -- #NOT_NULL
    revenue,
    margin,
    packing_cost,
    parcel_cost,
    spend

from joined
