-- One row per set of days: orders placed and sent between them, free ones too.
-- An order without a parcel 28 days before the last parcel is a gap in the exports (digital goods,
-- another warehouse), not one that still waits.
with

orders as (

    select * from staging.stg_orders

),

shipping as (

    select
        order_id,
        cast(shipped_at as date) as left_on

    from staging.stg_order_shipping

),

known_until as (

    select max(left_on) as last_on from shipping

),

packed as (

    select
        orders.ordered_on,

        case
            -- a parcel cannot leave before its order: two programs, two clocks
            when shipping.left_on is not null
                then greatest(shipping.left_on, orders.ordered_on)
        end as shipped_on,
        shipping.left_on is not null
        or date_diff('day', cast(orders.ordered_on as date), cast(known_until.last_on as date)) < 28
            as has_stood

    from orders

    cross join known_until

    left join shipping
        on orders.order_id = shipping.order_id

),

flow as (

    select
        'fulfillment' as stage,
        ordered_on as loaded_on,
        shipped_on as done_on,
        case when has_stood then ordered_on end as waits_from_on,
        shipped_on as waits_until_on,
        count(*) as items

    from packed

    group by ordered_on, shipped_on, has_stood

)

select
    stage,
    -- #NOT_NULL
    loaded_on,
    done_on,
    waits_from_on,
    waits_until_on,
    items

from flow
