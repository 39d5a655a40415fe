-- One row per day on which an order was placed: how fast its orders left and arrived, what went wrong.
-- Whole days, summed: a mean over any period is a sum of these over a sum of their orders.
with

timed as (

    select
        ordered_on,
        quarter,
        is_late,
        is_ticketed,
        is_refunded,

        date_diff('day', cast(ordered_on as date), cast(shipped_at as date)) as ship_days,
        date_diff('day', cast(shipped_at as date), cast(delivered_at as date)) as transit_days,
        date_diff('day', cast(ordered_on as date), cast(promised_at as date)) as promise_days

    from marts.order_delivery

),

summed as (

    select
        ordered_on,
        quarter,

        count(*) as orders,
        count(is_late) as judged_orders,
        count(case when is_late then 1 end) as late_orders,
        count(case when is_ticketed then 1 end) as ticketed_orders,
        count(case when is_late and is_ticketed then 1 end) as late_ticketed_orders,
        count(case when is_refunded then 1 end) as refunded_orders,
        count(ship_days) as shipped_orders,
        coalesce(sum(ship_days), 0) as ship_days,
        count(transit_days) as delivered_orders,
        coalesce(sum(transit_days), 0) as transit_days,
        count(promise_days) as promised_orders,
        coalesce(sum(promise_days), 0) as promise_days

    from timed

    group by ordered_on, quarter

),

waited as (

    select
        ordered_on,

        count(case when shipped_on is null and left_on is not null then 1 end) as cancelled_orders,
        coalesce(
            sum(date_diff('day', cast(ordered_on as date), cast(left_on as date))), 0
        ) as waited_days

    from staging.stg_packed_order

    where has_stood

    group by ordered_on

)

select
    -- #UNIQUE #NOT_NULL
    summed.ordered_on,
    -- #NOT_NULL
    summed.quarter,
    summed.orders, summed.judged_orders, summed.late_orders, summed.ticketed_orders,
    summed.late_ticketed_orders, summed.refunded_orders, summed.shipped_orders, summed.ship_days,
    summed.delivered_orders, summed.transit_days, summed.promised_orders, summed.promise_days,
    waited.cancelled_orders,  -- null: no export tells what waited
    waited.waited_days

from summed

left join waited
    on summed.ordered_on = waited.ordered_on
