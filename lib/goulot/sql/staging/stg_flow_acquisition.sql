-- One row per day: paid orders won. Acquisition is no queue: nothing waits.
-- In every stg_flow_*: loaded_on is the day items came to the stage, done_on the day they left it;
-- from waits_from_on to waits_until_on they stood.
with

orders as (

    select * from staging.stg_orders

    where not is_free

),

flow as (

    select
        'acquisition' as stage,
        ordered_on as loaded_on,
        ordered_on as done_on,
        cast(null as date) as waits_from_on,
        cast(null as date) as waits_until_on,
        count(*) as items

    from orders

    group by ordered_on

)

select
    stage,
    -- #UNIQUE #NOT_NULL
    loaded_on,
    done_on,
    waits_from_on,
    waits_until_on,
    items

from flow
