-- One row per set of days: parcels handed over and delivered between them.
-- Parcels on their way are no queue; those past their day are. The carrier has as many days from
-- handing over as the customer was promised from ordering: a parcel that left late is not late twice.
-- A parcel still missing 28 days after its day is lost: it no longer waits. One without a promise, or
-- that nobody follows, is never known to wait.
with

parcels as (

    select
        cast(shipments.shipped_at as date) as shipped_on,
        cast(shipments.delivered_at as date) as delivered_on,

        -- without its order, a promise counts from handing over
        case when shipments.is_followed then date_diff(
            'day',
            cast(coalesce(orders.ordered_on, cast(shipments.shipped_at as date)) as date),
            cast(shipments.promised_at as date)
        ) end as promised_days

    from staging.stg_parcels as shipments

    left join staging.stg_judged_orders as orders
        on shipments.order_id = orders.order_id

    where shipments.shipped_at is not null

),

due as (

    select
        shipped_on,
        delivered_on,

        -- greatest() passes over an empty promise
        case
            when promised_days is not null
                then shipped_on + cast(greatest(promised_days, 0) as integer)
        end as due_on,
        max(delivered_on) over () as last_on

    from parcels

),

waited as (

    select
        shipped_on,
        delivered_on,

        case
            when
                due_on is not null
                and delivered_on is not null
                or date_diff('day', cast(due_on as date), cast(last_on as date)) between 0 and 27
                -- on time: from the day of delivery, so not at all
                then least(due_on, delivered_on)
        end as waits_from_on

    from due

),

flow as (

    select
        'delivery' as stage,
        shipped_on as loaded_on,
        delivered_on as done_on,
        waits_from_on,
        delivered_on as waits_until_on,
        count(*) as items

    from waited

    group by shipped_on, delivered_on, waits_from_on

)

select
    stage,
    -- #NOT_NULL
    loaded_on,
    done_on,
    waits_from_on,
    waits_until_on,
    items

from flow
