-- #KEY(quarter, channel, campaign, category)
-- One row per quarter, channel, campaign named by the order, and category of the first basket: customers
-- who bought for the first time. An order that names no campaign, or no category, has null there.
with

firsts as (

    select
        firsts.quarter,
        firsts.channel,
        categories.category,

        nullif(trim(orders.campaign), '') as campaign

    from marts.customer_orders as firsts

    inner join staging.stg_orders as orders
        on firsts.order_id = orders.order_id

    left join staging.stg_order_category as categories
        on firsts.order_id = categories.order_id

    where firsts.is_first_order and not firsts.is_free

),

counted as (

    select
        quarter,
        channel,
        campaign,
        category,

        count(*) as new_customers

    from firsts

    group by quarter, channel, campaign, category

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    campaign,
    category,
    -- #NOT_NULL
    new_customers

from counted
