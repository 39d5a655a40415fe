-- #KEY(quarter, location, carrier, country, region)
-- One row per quarter of dispatch, warehouse, carrier and place: parcels, and how many were late.
with

routes as (

    select * from staging.stg_parcel_route

)

select
    quarter,
    location,
    carrier,
    country,
    region,
    parcels,
    judged_parcels,
    late_parcels,
    travel_days,
    arrived_parcels

from routes
