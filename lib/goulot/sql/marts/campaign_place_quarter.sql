-- #KEY(quarter, platform, campaign, country, region)
-- One row per quarter, campaign and place with advertising; spend without a place has null there.
with

campaigns as (

    select * from staging.stg_spend_campaign

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    platform,
    -- #NOT_NULL
    campaign,
    country,
    region,
    -- #NOT_NULL
    channel,
    -- #NOT_NULL
    spend

from campaigns
