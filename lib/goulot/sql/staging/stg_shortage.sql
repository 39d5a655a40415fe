-- One row per day that a count of the stock speaks of: units wanted that were not there.
-- lost_units is what products that are gone would usually have sold, less what they did sell.
-- Those of them whose purchase order was overdue are the supplier's.
-- What stands is a usual week of them, and what is owed on orders (negative availability).
with

gone as (

    select
        spans.sku,
        spans.snapshot_on,
        spans.days,
        max(case when overdue.po_id is not null then 1 else 0 end) as is_overdue,
        max(-spans.available) as owed,

        max(
            greatest(0.0, spans.daily_units - 1.0 * spans.units / spans.days)
        ) as lost_per_day

    from staging.stg_stock_span as spans

    left join canonical.purchase_orders as overdue
        on spans.sku = overdue.sku
        and overdue.promised_on < spans.snapshot_on
        and (overdue.received_on > spans.snapshot_on or overdue.received_on is null)
        and date_diff('day', cast(overdue.promised_on as date), cast(spans.snapshot_on as date)) < 90

    where spans.available <= 0

    group by spans.sku, spans.snapshot_on, spans.days

),

told as (

    select
        days.day,
        gone.is_overdue,
        gone.owed,
        gone.lost_per_day

    from staging.stg_stock_told as days

    left join gone
        on date_diff('day', cast(gone.snapshot_on as date), cast(days.day as date))
        between 0 and gone.days - 1

),

summed as (

    select
        day,

        cast(round(coalesce(sum(lost_per_day), 0)) as bigint) as lost_units,
        cast(round(7 * coalesce(sum(case when is_overdue = 0 then lost_per_day end), 0)) as bigint)
        + coalesce(sum(case when is_overdue = 0 then owed end), 0) as stock_units,
        cast(round(7 * coalesce(sum(case when is_overdue = 1 then lost_per_day end), 0)) as bigint)
        + coalesce(sum(case when is_overdue = 1 then owed end), 0) as supply_units

    from told

    group by day

)

select
    -- #UNIQUE #NOT_NULL
    day,
    -- #NOT_NULL #NOT_NEGATIVE
    lost_units,
    -- #NOT_NULL #NOT_NEGATIVE
    stock_units,
    -- #NOT_NULL #NOT_NEGATIVE
    supply_units

from summed
