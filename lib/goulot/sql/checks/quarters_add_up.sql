-- The quarters hold every counted order, new customer and cent once.
with

by_order as (

    select
        quarter,

        count(*) as orders,
        sum(total) as total

    from staging.stg_orders

    group by quarter

),

by_customer as (

    select
        quarter,

        count(*) as new_customers

    from marts.customer_first_order

    group by quarter

),

joined as (

    select
        by_order.quarter,
        by_order.orders as orders_in_orders,
        kpi.orders + kpi.free_orders as orders_in_quarters,
        by_order.total as total_in_orders,
        kpi.total as total_in_quarters,
        coalesce(by_customer.new_customers, 0) as new_customers_in_customers,
        kpi.new_customers as new_customers_in_quarters

    from by_order

    left join marts.quarter_kpi as kpi
        on by_order.quarter = kpi.quarter

    left join by_customer
        on by_order.quarter = by_customer.quarter

)

select * from joined

where
    orders_in_orders is distinct from orders_in_quarters
    or total_in_orders is distinct from total_in_quarters
    or new_customers_in_customers is distinct from new_customers_in_quarters
