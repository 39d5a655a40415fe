-- One row per SKU of the catalogue.
with

products as (

    select * from canonical.products

)

select
    -- #UNIQUE #NOT_NULL
    sku,
    title,
    category,
    unit_cost,
    supplier,
    is_backordered

from products
