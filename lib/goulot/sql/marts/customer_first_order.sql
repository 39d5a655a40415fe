-- One row per known customer: what won the first paid order, and what came of it so far.
with

won as (

    select
        customer_key,

        max(case when is_first_order then order_id end) as first_order_id,
        max(case when is_first_order then ordered_on end) as first_ordered_on,
        max(case when is_first_order then quarter end) as quarter,
        max(case when is_first_order then channel end) as channel,
        max(case when is_first_order then country end) as country,
        max(case when is_first_order then region end) as region,
        max(ordered_on) as last_ordered_on,
        count(*) as orders,
        sum(revenue) as revenue,
        sum(contribution) as contribution

    from marts.customer_orders

    where order_number is not null

    group by customer_key

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
