-- Every order of the exports is either counted or left out for a stated reason, to the cent.
with

exported as (

    select
        count(*) as orders,
        sum(total) as total

    from canonical.orders

),

told as (

    select
        sum(orders) as orders,
        sum(total) as total

    from (
        select count(*) as orders, sum(total) as total from marts.customer_orders
        union all
        select sum(left_out_orders) as orders, sum(total) as total from marts.left_out_orders
    ) as parts

)

select
    exported.orders as orders_in_exports,
    told.orders as orders_in_marts,
    exported.total as total_in_exports,
    told.total as total_in_marts

from exported

cross join told

where
    exported.orders is distinct from told.orders
    or coalesce(exported.total, 0) <> coalesce(told.total, 0)
