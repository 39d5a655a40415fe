-- #KEY(week_starts_on, channel)
-- One row per week, from Monday, and channel with advertising.
with

weeks as (

    select
        channel,
        cast(date_trunc('week', day) as date) as week_starts_on,

        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(spend) as spend,
        sum(conversions) as conversions

    from staging.stg_spend_day

    group by channel, cast(date_trunc('week', day) as date)

)

select
    week_starts_on,
    channel,
    impressions,
    clicks,
    -- #NOT_NULL
    spend,
    conversions

from weeks
