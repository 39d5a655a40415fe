-- One row per known customer: what won the first paid order, and what came of it so far.
with

orders as (

    select * from marts.customer_orders

    where order_number is not null

),

histories as (

    select
        customer_key,

        max(ordered_on) as last_ordered_on,
        count(*) as orders,
        sum(revenue) as revenue,
        sum(contribution) as contribution

    from orders

    group by customer_key

),

won as (

    select
        first_orders.customer_key,
        first_orders.order_id as first_order_id,
        first_orders.ordered_on as first_ordered_on,
        first_orders.quarter,
        first_orders.channel,
        first_orders.country,
        first_orders.region,
        histories.last_ordered_on,
        histories.orders,
        histories.revenue,
        histories.contribution

    from orders as first_orders

    inner join histories
        on first_orders.customer_key = histories.customer_key

    where first_orders.is_first_order

)

select
    -- #UNIQUE #NOT_NULL
    customer_key,
    -- #NOT_NULL
    first_order_id,
    -- #NOT_NULL
    first_ordered_on,
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    country,
    region,
    -- #NOT_NULL
    last_ordered_on,
    -- #NOT_NULL
    orders,
    -- #NOT_NULL
    revenue,
    contribution

from won
