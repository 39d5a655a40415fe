-- One row per calendar day between the first and the last day on which an export saw anything.
with

days as (

    select * from canonical.days

),

named as (

    select
        day,

        cast(date_trunc('week', day) as date) as week_starts_on,
        cast(year(day) as varchar)
        || 'Q' || cast(quarter(day) as varchar) as quarter

    from days

)

select
    -- #UNIQUE #NOT_NULL
    day,
    -- #NOT_NULL
    week_starts_on,
    -- #NOT_NULL
    quarter

from named
