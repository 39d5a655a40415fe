-- #KEY(campaign, sku, category)
-- One row per campaign and what the client says it advertises: a SKU, or a whole category.
with

links as (

    select * from staging.stg_ad_links

)

select
    campaign,
    sku,
    category

from links
