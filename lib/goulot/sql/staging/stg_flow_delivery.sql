-- One row per set of days: parcels handed over and delivered between them.
-- Parcels on their way are no queue; those past their promised day are. A parcel still missing 28
-- days after that is lost: it no longer waits.
with

parcels as (

    select
        cast(shipped_at as date) as shipped_on,
        cast(promised_at as date) as promised_on,
        cast(delivered_at as date) as delivered_on

    from staging.stg_parcels

    where shipped_at is not null

),

known_until as (

    select max(delivered_on) as last_on from parcels

),

waited as (

    select
        parcels.*,

        case
            when
                parcels.promised_on is not null
                and parcels.delivered_on is not null
                or date_diff(
                    'day', cast(parcels.promised_on as date), cast(known_until.last_on as date)
                ) between 0 and 27
                -- on time: from the day of delivery, so not at all
                then least(greatest(parcels.promised_on, parcels.shipped_on), parcels.delivered_on)
        end as waits_from_on

    from parcels

    cross join known_until

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
