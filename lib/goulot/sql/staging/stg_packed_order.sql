-- #VIEW
-- #KEY(order_id)
-- One row per order that came to the warehouse, with the day it left or was cancelled.
-- has_stood: the exports would know if it had left. A payment for access is no parcel.
with

orders as (

    select judged.* from staging.stg_judged_orders as judged

    cross join canonical.settings as settings

    where
        coalesce(judged.left_out_because, 'cancelled') = 'cancelled'
        and not coalesce(settings.sells_access, false)

),

shipping as (

    select
        order_id,
        cast(shipped_at as date) as parcel_left_on

    from staging.stg_order_shipping

),

known_until as (

    select max(parcel_left_on) as last_on from shipping

),

joined as (

    select
        orders.order_id,
        orders.ordered_on,
        orders.left_out_because,

        -- a parcel cannot leave before its order: two programs, two clocks
        case
            when shipping.parcel_left_on is not null
                then greatest(shipping.parcel_left_on, orders.ordered_on)
        end as shipped_on,
        greatest(orders.cancelled_on, orders.ordered_on) as cancelled_on,
        shipping.parcel_left_on is not null
        or known_until.last_on is not null
        and (
            orders.cancelled_on is not null
            or date_diff('day', cast(orders.ordered_on as date), cast(known_until.last_on as date))
            < 28
        ) as has_stood

    from orders

    cross join known_until

    left join shipping
        on orders.order_id = shipping.order_id

),

told as (

    select
        order_id,
        ordered_on,
        shipped_on,

        coalesce(shipped_on, case when left_out_because is not null then cancelled_on end)
            as left_on,
        coalesce(has_stood, false) as has_stood

    from joined

)

select
    order_id,
    ordered_on,
    shipped_on,
    left_on,
    has_stood

from told
