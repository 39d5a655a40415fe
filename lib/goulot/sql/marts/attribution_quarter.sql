-- #KEY(quarter, channel, channel_rule)
-- One row per quarter, channel and what decided the channel: orders that count, free ones included.
with

orders as (

    select * from staging.stg_orders

),

rules as (

    select * from staging.stg_channel_rules

),

counted as (

    select
        orders.quarter,
        orders.channel,
        rules.channel_rule,

        count(*) as orders,
        sum(orders.total) as total

    from orders

    inner join rules
        on orders.order_id = rules.order_id

    group by orders.quarter, orders.channel, rules.channel_rule

)

select
    quarter, channel, channel_rule,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    -- #NOT_NULL
    total

from counted
