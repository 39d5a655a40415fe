-- One row per set of days: orders placed and sent between them, free and cancelled ones too.
-- An order stands until half of the orders of its day have left (or were cancelled): what stands
-- longer waits for goods or an answer, not for hands. An order without a parcel 28 days before the
-- last parcel is a gap in the exports (digital goods, another warehouse), not one that still waits.
with

orders as (

    select * from staging.stg_packed_order

),

left_by as (

    select
        ordered_on,
        left_on,

        sum(count(*)) over (
            partition by ordered_on
            order by coalesce(left_on, cast('9999-12-31' as date))
            rows between unbounded preceding and current row
        ) as left_so_far,
        sum(count(*)) over (partition by ordered_on) as came

    from orders

    where has_stood

    group by ordered_on, left_on

),

reached as (

    select
        ordered_on,

        min(left_on) as reached_on

    from left_by

    where
        left_on is not null
        and 2 * left_so_far >= came

    group by ordered_on

),

flow as (

    select
        'fulfillment' as stage,
        orders.ordered_on as loaded_on,
        orders.shipped_on as done_on,
        case when orders.has_stood then orders.ordered_on end as waits_from_on,
        case when orders.has_stood then least(orders.left_on, reached.reached_on) end
            as waits_until_on,
        count(*) as items

    from orders

    left join reached
        on orders.ordered_on = reached.ordered_on

    group by
        orders.ordered_on,
        orders.shipped_on,
        case when orders.has_stood then orders.ordered_on end,
        case when orders.has_stood then least(orders.left_on, reached.reached_on) end

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
