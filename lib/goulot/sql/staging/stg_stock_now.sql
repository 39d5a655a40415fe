-- One row per SKU: its stock at its latest count.
with

counts as (

    select
        *,

        row_number() over (partition by sku order by snapshot_on desc) as newest

    from staging.stg_stock_day

)

select
    -- #UNIQUE #NOT_NULL
    sku,
    -- #NOT_NULL
    snapshot_on,
    on_hand,
    available,
    incoming,
    window_days

from counts

where newest = 1
