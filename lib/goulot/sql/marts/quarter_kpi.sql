-- One row per quarter with an order that counts: what it brought, and what winning it cost.
with

orders as (

    select
        quarter,

        count(case when not is_free then 1 end) as orders,
        count(case when is_free then 1 end) as free_orders,
        count(distinct case when not is_free then customer_key end) as customers,
        count(case when is_first_order then 1 end) as new_customers,
        count(case when customer_key is null and not is_free then 1 end) as orders_without_customer,
        sum(total) as total,
        sum(refunded) as refunded,
        sum(revenue) as revenue,
        sum(contribution) as contribution

    from marts.customer_orders

    group by quarter

),

returns as (

    select
        quarter,
        -total as returned

    from marts.left_out_orders

    where left_out_because = 'return'

),

spend as (

    select
        days.quarter,

        sum(ads.spend) as spend

    from staging.stg_days as days

    inner join staging.stg_spend_day as ads
        on days.day = ads.day

    group by days.quarter

),

joined as (

    select
        orders.*,
        spend.spend,

        coalesce(returns.returned, 0) as returned

    from orders

    left join returns
        on orders.quarter = returns.quarter

    left join spend
        on orders.quarter = spend.quarter

)

select
    -- #UNIQUE #NOT_NULL
    quarter,
    orders, free_orders, customers, new_customers, orders_without_customer,
    -- #NOT_NULL
    total,
    refunded, returned, revenue, contribution,
    spend  -- null: no export of advertising says

from joined
