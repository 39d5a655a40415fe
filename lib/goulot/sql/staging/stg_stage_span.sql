-- One row per stage: the days between which the exports tell what came, left and waited.
-- The last day on which something ceased to wait is the last one that the export of it knows.
with

moves as (

    select * from staging.stg_stage_move

),

spans as (

    select
        stage,

        min(case when came is not null then day end) as first_came_on,
        max(case when came is not null then day end) as last_came_on,
        min(case when went is not null then day end) as first_went_on,
        max(case when went is not null then day end) as last_went_on,
        min(case when coalesce(joined, released) is not null then day end) as first_waited_on,
        max(case when released is not null then day end) as last_waited_on

    from moves

    group by stage

)

select
    -- #UNIQUE #NOT_NULL
    stage,
    first_came_on,
    last_came_on,
    first_went_on,
    last_went_on,
    first_waited_on,
    last_waited_on

from spans
