-- One row per day on which the website's analytics counted visits, channels together.
with

visits as (

    select
        day,

        sum(sessions) as sessions

    from canonical.traffic

    group by day

)

select
    -- #UNIQUE #NOT_NULL
    day,
    -- #NOT_NULL
    sessions

from visits
