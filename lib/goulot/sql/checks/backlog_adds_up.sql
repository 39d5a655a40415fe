-- Orders that stand in the warehouse on a day came no later, left after it, and fewer than half of
-- the orders of their day had left by then.
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

by_day as (

    select
        orders.ordered_on,

        count(*) as came,
        count(case when orders.left_on <= last_day.day then 1 end) as went

    from staging.stg_packed_order as orders

    cross join last_day

    where
        orders.has_stood
        and orders.ordered_on <= last_day.day

    group by orders.ordered_on

),

standing as (

    select coalesce(sum(came - went), 0) as orders

    from by_day

    where 2 * went < came

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
