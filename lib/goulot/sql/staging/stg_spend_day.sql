-- #KEY(day, channel)
-- One row per day and channel with advertising, campaigns and platforms together.
-- Platforms may correct themselves with a negative amount: spend promises no sign.
with

ads as (

    select * from canonical.ad_spend

),

named as (

    select
        day,
        impressions,
        clicks,
        spend,

        coalesce(nullif(channel, ''), 'Unattributed') as channel,
        -- exact, so that the sum does not depend on the order of the rows
        cast(conversions as decimal(18, 4)) as conversions

    from ads

),

summed as (

    select
        day,
        channel,

        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions

    from named

    group by day, channel

)

select
    -- #NOT_NULL
    day,
    -- #NOT_NULL
    channel,
    impressions,
    clicks,
    -- #NOT_NULL
    spend,
    conversions

from summed
