-- What came to a stage over all weeks is what the orders, parcels, tickets and accounts say.
with

counted as (

    select 'acquisition' as stage, count(*) as load
    from canonical.orders
    where total > 0 and not coalesce(is_test, false)
    union all
    select 'fulfillment', count(*)
    from canonical.orders
    cross join canonical.settings as settings
    where
        (total >= 0 or cancelled_at is not null) and not coalesce(is_test, false)
        and not coalesce(settings.sells_access, false)
    union all
    select 'support', count(*) from canonical.tickets
    union all
    select 'onboarding', count(*) from canonical.signups
    union all
    select 'supply', (select sum(units) from staging.stg_line_day where sku is not null)
    + (select coalesce(sum(lost_units), 0) from staging.stg_shortage)

),

told as (

    select
        stage,

        sum(load) as load

    from marts.stage_week

    group by stage

),

joined as (

    select
        counted.stage,
        coalesce(counted.load, 0) as load_in_exports,
        coalesce(told.load, 0) as load_in_weeks

    from counted

    left join told
        on counted.stage = told.stage

)

select
    stage,
    load_in_exports,
    load_in_weeks

from joined

where load_in_exports <> load_in_weeks
