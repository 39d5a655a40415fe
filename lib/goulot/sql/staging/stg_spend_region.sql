-- #KEY(quarter, channel, country, region)
-- One row per quarter, channel and place with advertising; spend without a place has null there.
-- Platforms may correct themselves with a negative amount: spend promises no sign.
with

campaigns as (

    select * from staging.stg_spend_campaign

),

summed as (

    select
        quarter,
        channel,
        country,
        region,

        sum(spend) as spend

    from campaigns

    group by quarter, channel, country, region

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    channel,
    country,
    region,
    -- #NOT_NULL
    spend

from summed
