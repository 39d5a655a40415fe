-- #KEY(event, starts_on)
-- One row per event of the marketing calendar, past and planned; a yearly event returns.
with

events as (

    select * from staging.stg_events

)

select
    -- #NOT_NULL
    event,
    kind,
    -- #NOT_NULL
    starts_on,
    ends_on,
    channel,
    category,
    expected_multiplier

from events
