-- #KEY(day, platform, campaign, sku)
-- One row per day and campaign with advertising (and SKU, where the export names it), all places.
-- Platforms may correct themselves with a negative amount: spend promises no sign.
with

days as (

    select * from staging.stg_campaign_day

)

select
    day,
    platform,
    campaign,
    sku,
    channel,
    spend

from days
