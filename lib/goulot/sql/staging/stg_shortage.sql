-- One row per day on which stock was counted: units that were wanted and not there.
-- A stock-out leaves no queue. What stands there is what is owed on orders (negative availability)
-- and a usual week of the SKUs that cannot be sold, by their sales of the 56 days before.
with

gone as (

    select * from staging.stg_stock_day

    where available <= 0

),

usual as (

    select
        gone.sku,
        gone.snapshot_on,

        7.0 * sum(sales.units) / max(gone.window_days) as weekly_units

    from gone

    inner join staging.stg_line_day as sales
        on gone.sku = sales.sku
        and date_diff('day', cast(sales.ordered_on as date), cast(gone.snapshot_on as date))
        between 1 and 56

    group by gone.sku, gone.snapshot_on

),

short as (

    select
        gone.snapshot_on,

        sum(-gone.available) as owed_units,
        sum(coalesce(usual.weekly_units, 0)) as unsold_units

    from gone

    left join usual
        on gone.sku = usual.sku
        and gone.snapshot_on = usual.snapshot_on

    group by gone.snapshot_on

),

counted as (

    select
        stock.snapshot_on,

        cast(
            coalesce(max(short.owed_units), 0)
            + round(coalesce(max(short.unsold_units), 0)) as bigint
        ) as short_units

    from staging.stg_stock_day as stock

    left join short
        on stock.snapshot_on = short.snapshot_on

    group by stock.snapshot_on

)

select
    -- #UNIQUE #NOT_NULL
    snapshot_on,
    -- #NOT_NULL #NOT_NEGATIVE
    short_units

from counted
