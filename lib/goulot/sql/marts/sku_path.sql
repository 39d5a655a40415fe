-- One row per SKU that was sold: what it is, who supplies it, where it lies, and whether it lasts.
-- Supplier: of the latest purchase order, or as the catalogue says. Where it lies: if in one place only.
-- At risk: what is available and on its way ends before an order placed now would arrive.
with

bought as (

    select
        sku,
        supplier,

        row_number() over (partition by sku order by ordered_on desc, po_id desc) as newest

    from staging.stg_supplier_line

    where supplier <> 'unknown'

),

named as (

    select
        sold.sku,
        products.category,
        places.location,

        coalesce(bought.supplier, nullif(products.supplier, '')) as supplier

    from (select distinct sku from staging.stg_line_day where sku is not null) as sold

    left join staging.stg_products as products
        on sold.sku = products.sku

    left join bought
        on sold.sku = bought.sku
        and bought.newest = 1

    left join staging.stg_stock_place as places
        on sold.sku = places.sku

),

timed as (

    select
        named.*,
        leads.lead_time_days,

        case when cover.available > 0 then cover.available else 0 end
        / nullif(cover.daily_units, 0) as cover_days,
        (case when cover.available > 0 then cover.available else 0 end + coalesce(cover.incoming, 0))
        / nullif(cover.daily_units, 0) as reach_days

    from named

    left join marts.sku_cover as cover
        on named.sku = cover.sku

    left join marts.supplier_lead_time as leads
        on named.supplier = leads.supplier

),

judged as (

    select
        *,

        -- null: no stock count, no sales before it, or no lead time
        reach_days < lead_time_days as is_at_risk

    from timed

)

select
    -- #UNIQUE #NOT_NULL
    sku,
    category,
    supplier,
    location,
    lead_time_days,
    cover_days,
    is_at_risk

from judged
