-- #KEY(location, shipped_on)
-- One row per warehouse and day on which parcels left it.
with

parcels as (

    select
        places.location,

        cast(parcels.shipped_at as date) as shipped_on

    from staging.stg_parcels as parcels

    inner join staging.stg_order_location as places
        on parcels.order_id = places.order_id

    where
        places.location is not null
        and parcels.shipped_at is not null

),

counted as (

    select
        location,
        shipped_on,

        count(*) as parcels

    from parcels

    group by location, shipped_on

)

select
    location,
    shipped_on,
    -- #NOT_NULL
    parcels

from counted
