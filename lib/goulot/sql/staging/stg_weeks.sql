-- One row per week, from Monday, of the calendar that the exports span.
with

weeks as (

    select
        week_starts_on,

        count(*) as days

    from staging.stg_days

    group by week_starts_on

)

select
    -- #UNIQUE #NOT_NULL
    week_starts_on,
    -- #NOT_NULL
    days

from weeks
