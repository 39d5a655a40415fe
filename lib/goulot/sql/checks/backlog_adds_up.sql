-- Orders that stand in the warehouse on a day came no later and left after it.
-- The backlog is summed from moves; here it is counted from the orders, on the last known day.
with

backlog as (

    select
        day,
        backlog

    from marts.stage_day

    where
        stage = 'fulfillment'
        and backlog is not null

),

last_day as (

    select max(day) as day from backlog

),

sent_until as (

    select cast(max(shipped_at) as date) as last_on from staging.stg_order_shipping

),

standing as (

    select count(*) as orders

    from marts.order_delivery as orders

    cross join last_day

    cross join sent_until

    where
        orders.ordered_on <= last_day.day
        and (
            cast(orders.shipped_at as date) > last_day.day
            or (
                orders.shipped_at is null
                and date_diff('day', cast(orders.ordered_on as date), cast(sent_until.last_on as date))
                < 28
            )
        )

)

select
    backlog.day,
    backlog.backlog as backlog_in_weeks,
    standing.orders as orders_standing

from backlog

inner join last_day
    on backlog.day = last_day.day

cross join standing

where backlog.backlog <> standing.orders
