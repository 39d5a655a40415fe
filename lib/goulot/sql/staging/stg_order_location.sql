-- One row per order of which a parcel names its warehouse: that of the first one.
with

parcels as (

    select
        order_id,
        location,

        row_number() over (partition by order_id order by shipped_at, shipment_id) as place

    from canonical.shipments

    where
        order_id is not null
        and location <> ''
        and coalesce(lower(status), '') not in ('voided', 'cancelled', 'canceled')

)

select
    -- #UNIQUE #NOT_NULL
    order_id,
    -- #NOT_NULL
    location

from parcels

where place = 1
