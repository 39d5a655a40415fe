-- One row per known customer: how the first paid order was delivered, and what came after it.
-- Null where no parcel, promise or category is known.
with

firsts as (

    select
        customers.*,
        deliveries.is_late,
        deliveries.is_split,
        deliveries.days_to_deliver,
        categories.category,

        date_diff(
            'day',
            cast(deliveries.promised_at as date),
            cast(deliveries.delivered_at as date)
        ) as days_late

    from marts.customer_first_order as customers

    left join marts.order_delivery as deliveries
        on customers.first_order_id = deliveries.order_id

    left join staging.stg_order_category as categories
        on customers.first_order_id = categories.order_id

),

joined as (

    select
        firsts.*,
        later.second_after_days,
        later.basket,
        later.seen_days,
        later.later_90,
        later.later_180,
        later.later_365

    from firsts

    inner join marts.customer_later as later
        on firsts.customer_key = later.customer_key

)

select
    -- #UNIQUE #NOT_NULL
    customer_key,
    -- #NOT_NULL
    first_ordered_on,
    -- #NOT_NULL
    channel,
    country, region, category, is_late, is_split, days_late, days_to_deliver,
    -- #NOT_NULL
    basket,
    -- #NOT_NULL #NOT_NEGATIVE
    seen_days,
    second_after_days, later_90, later_180, later_365

from joined
