-- One row per day that a count of the stock speaks of: units wanted that were not there.
-- Those of products whose purchase order was overdue are the supplier's, the others the buyer's.
-- What stands is a usual week of them, and what is owed on orders (negative availability).
with

told as (

    select
        days.day,
        short.is_overdue,
        short.owed,
        short.lost_per_day

    from staging.stg_stock_told as days

    left join staging.stg_short_span as short
        on date_diff('day', cast(short.snapshot_on as date), cast(days.day as date))
        between 0 and short.days - 1

),

summed as (

    select
        day,

        cast(round(coalesce(sum(lost_per_day), 0)) as bigint) as lost_units,
        cast(round(
            sum(case when is_overdue then 0 else coalesce(7 * lost_per_day + owed, 0) end)
        ) as bigint) as stock_units,
        cast(round(
            sum(case when is_overdue then coalesce(7 * lost_per_day + owed, 0) else 0 end)
        ) as bigint) as supply_units

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
