-- One row per day that some count of the stock speaks of.
with

spans as (

    select
        snapshot_on,

        max(days) as days

    from staging.stg_stock_span

    group by snapshot_on

),

told as (

    select distinct days.day

    from staging.stg_days as days

    inner join spans
        on date_diff('day', cast(spans.snapshot_on as date), cast(days.day as date))
        between 0 and spans.days - 1

)

select
    -- #UNIQUE #NOT_NULL
    day

from told
