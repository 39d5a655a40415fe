-- One row per set of days: units sold from stock, and units wanted that were not there.
-- A shortage stands from one count of the stock to the next.
with

shortages as (

    select
        snapshot_on,
        short_units,

        lead(snapshot_on) over (order by snapshot_on) as next_snapshot_on

    from staging.stg_shortage

),

sold as (

    select
        ordered_on,

        sum(units) as units

    from staging.stg_line_day

    where
        sku is not null
        and exists (select 1 as one from shortages)

    group by ordered_on

),

flow as (

    select
        'stock' as stage,
        ordered_on as loaded_on,
        ordered_on as done_on,
        cast(null as date) as waits_from_on,
        cast(null as date) as waits_until_on,
        units as items
    from sold

    union all

    select
        'stock' as stage,
        cast(null as date) as loaded_on,
        cast(null as date) as done_on,
        snapshot_on as waits_from_on,
        next_snapshot_on as waits_until_on,
        short_units as items
    from shortages

)

select
    stage,
    loaded_on,
    done_on,
    waits_from_on,
    waits_until_on,
    items

from flow
