-- One row per set of days: units wanted and sold, or wanted and not there.
-- What stands on a day is a usual week of the products that are gone (their supplier not overdue).
with

shortages as (

    select
        *,

        day + 1 as next_day

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

    select 'stock', day, cast(null as date), cast(null as date), cast(null as date), lost_units
    from shortages

    union all

    select 'stock', cast(null as date), cast(null as date), day, next_day, stock_units
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
