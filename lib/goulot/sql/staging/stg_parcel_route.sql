-- #VIEW
-- #KEY(quarter, location, carrier, country, region)
-- One row per quarter of dispatch, warehouse, carrier and place: parcels, and how many were late.
-- A parcel is late if its order is: the promise is made for the order.
with

shipments as (

    select * from canonical.shipments

    where
        shipped_at is not null
        and coalesce(lower(status), '') not in ('voided', 'cancelled', 'canceled')

),

parcels as (

    select
        shipments.location,
        shipments.carrier,
        shipments.country,
        shipments.region,
        shipping.is_late,

        cast(year(shipments.shipped_at) as varchar)
        || 'Q' || cast(quarter(shipments.shipped_at) as varchar) as quarter,
        date_diff(
            'day', cast(shipments.shipped_at as date), cast(shipments.delivered_at as date)
        ) as days

    from shipments

    left join staging.stg_order_shipping as shipping
        on shipments.order_id = shipping.order_id

),

summed as (

    select
        quarter,
        location,
        carrier,
        country,
        region,

        count(*) as parcels,
        count(is_late) as judged_parcels,
        count(case when is_late then 1 end) as late_parcels,
        sum(days) as travel_days,
        count(days) as arrived_parcels

    from parcels

    group by quarter, location, carrier, country, region

)

select
    -- #NOT_NULL
    quarter,
    location,
    carrier,
    country,
    region,
    -- #NOT_NULL
    parcels,
    -- #NOT_NULL
    judged_parcels,
    -- #NOT_NULL
    late_parcels,
    travel_days,
    -- #NOT_NULL
    arrived_parcels

from summed
