-- #KEY(week_starts_on, stage)
-- One row per week, from Monday, and stage that an export says something about.
-- A stage without an export has no row: unknown, not idle. Weeks with fewer than seven days are cut
-- by the ends of the exports.
with

days as (

    select * from marts.stage_day

),

weeks as (

    select
        week_starts_on,
        stage,

        count(*) as days,
        sum(load) as load,
        case when count(throughput) = count(*) then sum(throughput) end as throughput,
        max(
            case
                when date_diff('day', cast(week_starts_on as date), cast(day as date)) = 6
                    then backlog
            end
        ) as backlog,
        case when count(backlog) = count(*) then min(backlog) end as least_backlog,
        case when count(backlog) = count(*) then avg(1.0 * backlog) end as mean_backlog,
        case when count(backlog) = count(*) then sum(released) end as released,
        case when count(backlog) = count(*) then sum(waited_days) end as waited_days

    from days

    group by week_starts_on, stage

),

named as (

    select
        *,

        case stage
            when 'acquisition' then 'orders'
            when 'fulfillment' then 'orders'
            when 'delivery' then 'parcels'
            when 'support' then 'tickets'
            when 'onboarding' then 'accounts'
            else 'units'
        end as unit

    from weeks

)

select
    week_starts_on,
    stage,
    -- #NOT_NULL
    unit,
    -- #NOT_NULL
    days,
    -- #NOT_NULL #NOT_NEGATIVE
    load,
    throughput,
    backlog,
    least_backlog,
    mean_backlog,
    released,
    waited_days

from named
