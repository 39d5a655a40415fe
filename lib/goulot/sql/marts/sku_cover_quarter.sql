-- #KEY(quarter, sku)
-- One row per quarter and SKU: its stock at the quarter's end, as the nearest count has it, and what
-- it sold in the 56 days before that count, or in as many of them as the exports cover.
with

stock as (

    select * from staging.stg_stock_quarter

),

sold as (

    select
        stock.quarter,
        stock.sku,

        sum(sales.units) as recent_units,
        sum(sales.units * sales.units) as recent_squares

    from stock

    inner join staging.stg_line_day as sales
        on stock.sku = sales.sku
        and date_diff('day', cast(sales.ordered_on as date), cast(stock.snapshot_on as date))
        between 1 and 56

    group by stock.quarter, stock.sku

),

joined as (

    select
        stock.*,
        products.title,
        products.category,
        products.supplier,
        products.is_backordered,

        coalesce(sold.recent_units, 0) as recent_units,
        coalesce(sold.recent_squares, 0) as recent_squares

    from stock

    left join sold
        on stock.quarter = sold.quarter
        and stock.sku = sold.sku

    left join staging.stg_products as products
        on stock.sku = products.sku

)

select
    -- #NOT_NULL
    quarter,
    -- #NOT_NULL
    sku,
    title,
    category,
    supplier,
    is_backordered,
    -- #NOT_NULL
    snapshot_on,
    available,
    window_days,  -- null: no order came before
    -- #NOT_NULL #NOT_NEGATIVE
    recent_units,
    -- #NOT_NULL #NOT_NEGATIVE
    recent_squares

from joined
