-- One row per day and fate: orders placed, and of them those that count. Acquisition is no queue.
-- An order that was cancelled was demand all the same: it came, and left nothing.
-- In every stg_flow_*: loaded_on is the day items came to the stage, done_on the day they left it;
-- from waits_from_on to waits_until_on they stood.
with

orders as (

    select
        ordered_on,

        case when left_out_because is null then ordered_on end as done_on

    from staging.stg_judged_orders

    where
        total > 0
        and coalesce(left_out_because, 'cancelled') = 'cancelled'

),

flow as (

    select
        'acquisition' as stage,
        ordered_on as loaded_on,
        done_on,
        cast(null as date) as waits_from_on,
        cast(null as date) as waits_until_on,
        count(*) as items

    from orders

    group by ordered_on, done_on

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
