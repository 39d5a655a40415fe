-- One row per set of days: units that customers wanted, to be replaced, and units that suppliers sent.
-- A late supplier holds nothing up while the goods last: what stands on a day is a usual week of the
-- products that are gone while their purchase order is overdue.
with

shortages as (

    select
        *,

        day + 1 as next_day

    from staging.stg_shortage

),

flow as (

    select
        'supply' as stage,
        ordered_on as loaded_on,
        cast(null as date) as done_on,
        cast(null as date) as waits_from_on,
        cast(null as date) as waits_until_on,
        sum(units) as items
    from staging.stg_line_day
    where sku is not null
    group by ordered_on

    union all

    select 'supply', day, cast(null as date), cast(null as date), cast(null as date), lost_units
    from shortages

    union all

    select
        'supply', cast(null as date), received_on, cast(null as date), cast(null as date), quantity
    from canonical.purchase_orders
    where
        quantity > 0
        and received_on is not null

    union all

    select 'supply', cast(null as date), cast(null as date), day, next_day, supply_units
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
