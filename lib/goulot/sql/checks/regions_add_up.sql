-- By place and category, no spend, new customer or paid order is lost or counted twice.
with

by_place as (

    select
        coalesce(sum(spend), 0) as spend,
        coalesce(sum(new_customers), 0) as new_customers,
        coalesce(sum(orders), 0) as orders

    from marts.channel_region_quarter

),

exported as (

    select coalesce(sum(spend), 0) as spend from canonical.ad_spend

),

counted as (

    select
        count(case when is_first_order then 1 end) as new_customers,
        count(*) as orders

    from marts.customer_orders

    where not is_free

)

select
    by_place.spend,
    exported.spend as spend_in_exports,
    by_place.new_customers,
    counted.new_customers as new_customers_in_orders,
    by_place.orders,
    counted.orders as orders_in_orders

from by_place

cross join exported

cross join counted

where
    by_place.spend <> exported.spend
    or by_place.new_customers <> counted.new_customers
    or by_place.orders <> counted.orders
