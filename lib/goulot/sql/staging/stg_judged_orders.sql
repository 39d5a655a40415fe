-- #VIEW
-- One row per order, with the reason why it is left out of every count, decided here only.
--   test       The shop placed it itself.
--   cancelled  Most are cancelled before they are packed and all are paid back: nothing was sold.
--   return     A document with a negative total takes back an earlier order: an amount, not an order.
-- An order with total zero (sample, replacement, full discount) counts as work for the warehouse but
-- sells nothing: is_free, in no count of orders or customers. An order without a customer counts,
-- but is neither a first nor a repeat order.
with

orders as (

    select * from canonical.orders

),

judged as (

    select
        order_id,
        customer_key,
        ordered_at,
        channel_rule,
        campaign,
        country,
        region,
        total,

        coalesce(nullif(channel, ''), 'Unattributed') as channel,
        cast(ordered_at as date) as ordered_on,
        cast(cancelled_at as date) as cancelled_on,
        cast(date_trunc('week', ordered_at) as date) as week_starts_on,
        cast(year(ordered_at) as varchar)
        || 'Q' || cast(quarter(ordered_at) as varchar) as quarter,
        coalesce(subtotal, 0) as subtotal,
        coalesce(tax, 0) as tax,
        coalesce(refunded, 0) as refunded,
        total = 0 as is_free,
        total - coalesce(tax, 0) - coalesce(refunded, 0) as revenue,
        case
            when is_test then 'test'
            when cancelled_at is not null then 'cancelled'
            when total < 0 then 'return'
        end as left_out_because

    from orders

)

select
    order_id,
    customer_key,
    ordered_at,
    ordered_on,
    cancelled_on,
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
    revenue,
    left_out_because

from judged
