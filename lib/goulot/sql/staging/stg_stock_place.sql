-- One row per SKU that lies in one place only, with that place.
select
    -- #UNIQUE #NOT_NULL
    sku,
    max(location) as location

from canonical.stock_levels

where location <> ''

group by sku

having count(distinct location) = 1
