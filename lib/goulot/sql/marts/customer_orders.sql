-- One row per order that counts, with its place in its customer's history.
-- Only paid orders are numbered; where the customer is not known nothing is said of the place.
with

orders as (

    select * from staging.stg_order_margin

),

ranked as (

    select
        *,

        customer_key is not null and not is_free as has_place,
        row_number() over history as place,
        lag(ordered_on) over history as previous_on

    from orders

    window history as (partition by customer_key, is_free order by ordered_at, order_id)

),

placed as (

    select
        *,

        case when has_place then place end as order_number,
        case when has_place then place = 1 end as is_first_order,
        case
            when has_place
                then date_diff('day', cast(previous_on as date), cast(ordered_on as date))
        end as days_since_previous

    from ranked

)

select
    -- #UNIQUE #NOT_NULL
    order_id,
    customer_key,
    -- #NOT_NULL
    ordered_at,
    -- #NOT_NULL
    ordered_on,
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    country,
    region,
    order_number,
    is_first_order,
    -- #NOT_NEGATIVE
    days_since_previous,
    -- #NOT_NULL
    is_free,
    -- #NOT_NULL #NOT_NEGATIVE
    total,
    -- #NOT_NULL
    refunded,
    -- #NOT_NULL
    revenue,
    contribution  -- null: client.yml declares no gross margin

from placed
