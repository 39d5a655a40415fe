-- #KEY(stage, day)
-- One row per stage and day on which something came, left, began to wait or ceased to.
-- Null: nothing of the kind was told on that day; zero: it was told that there was none.
with

flows as (

    select * from staging.stg_flow_acquisition
    union all
    select * from staging.stg_flow_stock
    union all
    select * from staging.stg_flow_supply
    union all
    select * from staging.stg_flow_fulfillment
    union all
    select * from staging.stg_flow_delivery
    union all
    select * from staging.stg_flow_support
    union all
    select * from staging.stg_flow_onboarding

),

moves as (

    select
        stage, loaded_on as day, items as came, null as went, null as joined, null as released,
        null as waited_days
    from flows
    union all
    select stage, done_on, null, items, null, null, null from flows
    union all
    select stage, waits_from_on, null, null, items, null, null from flows
    union all
    select
        stage, waits_until_on, null, null, null, items,
        items * date_diff('day', cast(waits_from_on as date), cast(waits_until_on as date))
    from flows
    where waits_from_on is not null

),

summed as (

    select
        stage,
        day,

        sum(came) as came,
        sum(went) as went,
        sum(joined) as joined,
        sum(released) as released,
        sum(waited_days) as waited_days

    from moves

    where day is not null

    group by stage, day

)

select
    -- #NOT_NULL
    stage,
    -- #NOT_NULL
    day,
    came,
    went,
    joined,
    released,
    -- #NOT_NEGATIVE
    waited_days

from summed
