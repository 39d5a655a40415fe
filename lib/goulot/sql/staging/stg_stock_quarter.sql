-- #KEY(quarter, sku)
-- One row per quarter and SKU: its stock at the last count by the quarter's end (or the last day known),
-- else at the first one after it. A count says nothing of more than 35 days, before or after.
with

ends as (

    select
        quarter,

        max(day) as last_on

    from staging.stg_days

    group by quarter

),

near as (

    select
        ends.quarter,
        counts.sku,
        counts.snapshot_on,
        counts.available,
        counts.window_days,

        row_number() over (
            partition by ends.quarter, counts.sku
            order by
                case when counts.snapshot_on <= ends.last_on then 0 else 1 end,
                abs(date_diff('day', cast(counts.snapshot_on as date), cast(ends.last_on as date)))
        ) as nearest

    from ends

    inner join staging.stg_stock_day as counts
        on date_diff('day', cast(counts.snapshot_on as date), cast(ends.last_on as date))
        between -35 and 35

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    sku,
    -- #NOT_NULL
    snapshot_on,
    available,
    window_days

from near

where nearest = 1
