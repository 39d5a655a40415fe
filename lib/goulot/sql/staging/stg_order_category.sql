-- One row per order with goods of a known category: the category it spent most on, the first by name
-- where two are equal.
with

amounts as (

    select
        lines.order_id,
        products.category,

        sum(coalesce(lines.quantity * lines.unit_price, 0)) as amount

    from canonical.order_lines as lines

    inner join staging.stg_products as products
        on nullif(trim(lines.sku), '') = products.sku

    where products.category is not null

    group by lines.order_id, products.category

),

ranked as (

    select
        order_id,
        category,

        row_number() over (partition by order_id order by amount desc, category) as place

    from amounts

)

select
    -- #UNIQUE #NOT_NULL
    order_id,
    -- #NOT_NULL
    category

from ranked

where place = 1
