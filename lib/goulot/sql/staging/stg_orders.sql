-- #VIEW
-- One row per order that counts. marts.customer_orders holds its promises.
with

judged as (

    select * from staging.stg_judged_orders

),

counted as (

    select * from judged

    where left_out_because is null

)

select
    order_id,
    customer_key,
    ordered_at,
    ordered_on,
    week_starts_on,
    quarter,
    channel,
    channel_rule,
    campaign,
    country,
    region,
    is_free,
    subtotal,
    tax,
    total,
    refunded,
    revenue

from counted
