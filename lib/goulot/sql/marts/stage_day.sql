-- #KEY(stage, day)
-- One row per stage and day between the first and the last on which something came to it.
-- What the exports do not cover is unknown (null), not zero: throughput outside the days on which
-- something left, backlog outside those on which something waited.
with

calendar as (

    select
        spans.*,
        days.day,
        days.week_starts_on

    from staging.stg_stage_span as spans

    inner join staging.stg_days as days
        on days.day <= spans.last_came_on

),

stood as (

    select
        calendar.*,

        coalesce(moves.came, 0) as load,
        coalesce(moves.went, 0) as went,
        coalesce(moves.released, 0) as released,
        coalesce(moves.waited_days, 0) as waited_days,
        sum(coalesce(moves.joined, 0) - coalesce(moves.released, 0)) over (
            partition by calendar.stage
            order by calendar.day
            rows between unbounded preceding and current row
        ) as standing

    from calendar

    left join staging.stg_stage_move as moves
        on calendar.stage = moves.stage
        and calendar.day = moves.day

),

told as (

    select
        stage,
        day,
        week_starts_on,
        load,

        case when day between first_went_on and last_went_on then went end as throughput,
        case when day between first_waited_on and last_waited_on then standing end as backlog,
        case when day between first_waited_on and last_waited_on then released end as released,
        case when day between first_waited_on and last_waited_on then waited_days end as waited_days

    from stood

    where day >= first_came_on

)

select
    stage,
    day,
    -- #NOT_NULL
    week_starts_on,
    -- #NOT_NULL #NOT_NEGATIVE
    load,
    -- #NOT_NEGATIVE
    throughput,
    -- #NOT_NEGATIVE
    backlog,
    -- #NOT_NEGATIVE
    released,
    -- #NOT_NEGATIVE
    waited_days

from told
