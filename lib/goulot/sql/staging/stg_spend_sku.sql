-- #KEY(quarter, channel, sku)
-- One row per quarter, channel and SKU that an export of advertising names.
with

ads as (

    select
        spend,

        coalesce(nullif(channel, ''), 'Unattributed') as channel,
        upper(nullif(trim(sku), '')) as sku,
        cast(year(day) as varchar) || 'Q' || cast(quarter(day) as varchar) as quarter

    from canonical.ad_spend

),

summed as (

    select
        quarter,
        channel,
        sku,

        sum(spend) as spend

    from ads

    where sku is not null

    group by quarter, channel, sku

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    -- #NOT_NULL
    sku,
    -- #NOT_NULL
    spend

from summed
