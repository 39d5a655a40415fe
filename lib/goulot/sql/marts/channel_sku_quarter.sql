-- #KEY(quarter, channel, sku)
-- One row per quarter, channel and SKU: units that it sold, and spend where the export names the SKU.
with

units as (

    select
        quarter,
        channel,
        sku,

        sum(units) as units,
        sum(line_amount) as line_amount

    from staging.stg_demand_line

    where sku is not null

    group by quarter, channel, sku

),

spend as (

    select * from staging.stg_spend_sku

),

joined as (

    select
        coalesce(units.quarter, spend.quarter) as quarter,
        coalesce(units.channel, spend.channel) as channel,
        coalesce(units.sku, spend.sku) as sku,
        coalesce(units.units, 0) as units,
        coalesce(units.line_amount, 0) as line_amount,
        spend.spend

    from units

    full outer join spend
        on units.quarter = spend.quarter
        and units.channel = spend.channel
        and units.sku = spend.sku

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    -- #NOT_NULL
    sku,
    -- #NOT_NULL #NOT_NEGATIVE
    units,
    -- #NOT_NULL
    line_amount,
    spend  -- null: no export names what this channel spent on the SKU

from joined
