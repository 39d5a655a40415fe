-- #VIEW
-- #KEY(campaign, sku, category)
-- One row per campaign and what the client says it advertises: a SKU, or a whole category.
with

links as (

    select distinct
        campaign,
        sku,
        category

    from canonical.ad_links

    where sku is not null or category is not null

)

select
    -- #NOT_NULL
    campaign,
    sku,
    category

from links
