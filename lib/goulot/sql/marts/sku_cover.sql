-- One row per SKU at its latest count: how many days what is available lasts.
-- Demand is the mean over the 56 days before that count, days without a sale included.
with

stock as (

    select * from staging.stg_stock_now

),

demand as (

    select
        stock.sku,

        cast(sum(sales.units) as double) / max(stock.window_days) as daily_units

    from stock

    inner join staging.stg_line_day as sales
        on stock.sku = sales.sku
        and date_diff('day', cast(sales.ordered_on as date), cast(stock.snapshot_on as date))
        between 1 and 56

    group by stock.sku

),

cover as (

    select
        stock.sku,
        products.title,
        products.category,
        products.supplier,
        products.is_backordered,
        stock.snapshot_on,
        stock.on_hand,
        stock.available,
        stock.incoming,

        coalesce(demand.daily_units, 0) as daily_units,
        case when stock.available > 0 then stock.available else 0 end
        / nullif(demand.daily_units, 0) as cover_days

    from stock

    left join demand
        on stock.sku = demand.sku

    left join staging.stg_products as products
        on stock.sku = products.sku

)

select
    -- #UNIQUE #NOT_NULL
    sku,
    title,
    category,
    supplier,
    is_backordered,
    -- #NOT_NULL
    snapshot_on,
    on_hand,
    available,
    incoming,
    -- #NOT_NULL
    daily_units,
    cover_days  -- null: it did not sell in the 56 days

from cover
