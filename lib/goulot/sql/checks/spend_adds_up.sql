-- Advertising spend of the exports is the spend of the channels, to the cent.
with

exported as (

    select coalesce(sum(spend), 0) as spend from canonical.ad_spend

),

told as (

    select coalesce(sum(spend), 0) as spend from marts.channel_week

)

select
    exported.spend as spend_in_exports,
    told.spend as spend_in_channels

from exported

cross join told

where exported.spend <> told.spend
