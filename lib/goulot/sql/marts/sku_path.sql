-- One row per SKU that was sold: what it is, who supplies it, where it lies, and whether it lasts.
-- Supplier: of the latest purchase order, or as the catalogue says. Where it lies: if in one place only.
-- At risk: what is available ends before the next goods can come: those of the open purchase order that
-- is due first by the supplier's mean lead time (90 days overdue: dead), or else of one placed now.
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
        cover.snapshot_on,
        cover.cover_days

    from named

    left join marts.sku_cover as cover
        on named.sku = cover.sku

    left join marts.supplier_lead_time as leads
        on named.supplier = leads.supplier

),

due as (

    select
        timed.sku,

        min(
            timed.lead_time_days
            - date_diff('day', cast(open.ordered_on as date), cast(timed.snapshot_on as date))
        ) as days_until

    from timed

    inner join staging.stg_supplier_line as open
        on timed.sku = open.sku
        and open.ordered_on <= timed.snapshot_on
        and (open.received_on is null or open.received_on > timed.snapshot_on)

    where
        timed.lead_time_days
        - date_diff('day', cast(open.ordered_on as date), cast(timed.snapshot_on as date)) > -90

    group by timed.sku

),

judged as (

    select
        timed.*,

        -- null: no stock count, no sales before it, or no lead time
        timed.cover_days
        < case
            when due.days_until is null then timed.lead_time_days
            when due.days_until > 0 then due.days_until
            else 0
        end as is_at_risk

    from timed

    left join due
        on timed.sku = due.sku

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
