-- What came to a stage over all weeks is what the orders, parcels, tickets and accounts say.
with

counted as (

    select 'acquisition' as stage, count(*) as load from staging.stg_orders where not is_free
    union all
    select 'fulfillment', count(*) from staging.stg_orders
    union all
    select 'support', count(*) from canonical.tickets
    union all
    select 'onboarding', count(*) from canonical.signups
    union all
    select 'supply', sum(units) from staging.stg_line_day where sku is not null

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
