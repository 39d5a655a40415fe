-- #KEY(sku, out_from)
-- One row per SKU and count that found nothing to sell: the days until the next count (35 at most).
with

spans as (

    select * from staging.stg_stock_span

    where available <= 0

),

dated as (

    select
        sku,
        snapshot_on as out_from,
        days,
        daily_units

    from spans

    where days > 0

)

select
    -- #NOT_NULL
    sku,
    -- #NOT_NULL
    out_from,
    -- #NOT_NULL
    days,
    -- #NOT_NULL
    daily_units

from dated
