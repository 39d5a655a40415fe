-- #KEY(quarter, channel, country, region)
-- One row per quarter, channel and place with advertising; spend without a place has null there.
-- Platforms may correct themselves with a negative amount: spend promises no sign.
with

ads as (

    select
        country,
        region,
        spend,

        coalesce(nullif(channel, ''), 'Unattributed') as channel,
        cast(year(day) as varchar) || 'Q' || cast(quarter(day) as varchar) as quarter

    from canonical.ad_spend

),

summed as (

    select
        quarter,
        channel,
        country,
        region,

        sum(spend) as spend

    from ads

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
