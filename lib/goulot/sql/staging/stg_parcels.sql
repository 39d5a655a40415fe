-- One row per parcel, voided labels left out, with the day by which the customer was to have it.
-- Where the export has no promise, the one that client.yml declares counts from the day of the order,
-- in delivery days: the week has the first 5, 6 or 7 days from Monday, and an order placed on another
-- day counts as placed on the next Monday. An export without a single arrival (Amazon, Flexport) never
-- tells arrivals: its parcels are not followed.
with

shipments as (

    select
        *,

        count(delivered_at) over (partition by source_file) > 0 as is_followed

    from canonical.shipments

    where coalesce(lower(status), '') not in ('voided', 'cancelled', 'canceled')

),

settings as (

    select * from canonical.settings

),

ordered as (

    select
        order_id,
        cast(ordered_at as date) as ordered_on,
        -- 1970-01-05 was a Monday
        date_diff('day', cast('1970-01-05' as date), cast(ordered_at as date)) % 7 as weekday

    from canonical.orders

),

counted as (

    select
        ordered.order_id,
        ordered.ordered_on,

        case
            when ordered.weekday < settings.delivery_week_days then 0 else 7 - ordered.weekday
        end as days_until_start,
        case
            when ordered.weekday < settings.delivery_week_days then ordered.weekday else 0
        end + settings.promised_days as days_from_monday,
        settings.promised_days,
        settings.delivery_week_days

    from ordered

    cross join settings

),

declared as (

    select
        order_id,

        ordered_on + cast(
            days_until_start
            + promised_days
            + (7 - delivery_week_days) * floor(days_from_monday / delivery_week_days) as integer
        ) as promised_on

    from counted

)

select
    -- #UNIQUE #NOT_NULL
    shipments.shipment_id,
    shipments.order_id,
    shipments.shipped_at,
    coalesce(shipments.promised_at, cast(declared.promised_on as timestamp)) as promised_at,
    shipments.delivered_at,
    shipments.is_followed,
    shipments.cost

from shipments

left join declared
    on shipments.order_id = declared.order_id
