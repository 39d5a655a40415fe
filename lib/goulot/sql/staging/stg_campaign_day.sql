-- #VIEW
-- #KEY(day, platform, campaign, sku)
-- One row per day and campaign with advertising (and SKU, where the export names it), all places.
-- Platforms may correct themselves with a negative amount: spend promises no sign.
with

ads as (

    select
        day,
        platform,
        spend,

        coalesce(nullif(channel, ''), 'Unattributed') as channel,
        coalesce(nullif(trim(campaign), ''), platform) as campaign,
        upper(nullif(trim(sku), '')) as sku

    from canonical.ad_spend

),

summed as (

    select
        day,
        platform,
        campaign,
        sku,

        min(channel) as channel,
        sum(spend) as spend

    from ads

    group by day, platform, campaign, sku

)

select
    -- #NOT_NULL
    day,
    -- #NOT_NULL
    platform,
    -- #NOT_NULL
    campaign,
    sku,
    -- #NOT_NULL
    channel,
    -- #NOT_NULL
    spend

from summed
