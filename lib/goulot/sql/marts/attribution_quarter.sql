-- #KEY(quarter, channel, channel_rule)
-- One row per quarter, channel and what decided the channel: orders that count, free ones included.
with

counted as (

    select
        quarter,
        channel,
        channel_rule,

        count(*) as orders,
        sum(total) as total

    from staging.stg_orders

    group by quarter, channel, channel_rule

)

select
    quarter, channel, channel_rule,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    -- #NOT_NULL
    total

from counted
