-- #KEY(quarter, platform, campaign, country, region)
-- One row per quarter, campaign and place with advertising; spend without a place has null there.
with

ads as (

    select
        platform,
        country,
        region,
        spend,

        coalesce(nullif(trim(campaign), ''), platform) as campaign,
        coalesce(nullif(channel, ''), 'Unattributed') as channel,
        cast(year(day) as varchar) || 'Q' || cast(quarter(day) as varchar) as quarter

    from canonical.ad_spend

),

summed as (

    select
        quarter,
        platform,
        campaign,
        country,
        region,

        min(channel) as channel,
        sum(spend) as spend

    from ads

    group by quarter, platform, campaign, country, region

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

from summed
