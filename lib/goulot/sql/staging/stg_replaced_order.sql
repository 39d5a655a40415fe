-- One row per paid order that a free order of the same customer followed within 60 days.
-- A free order may be a sample or a gift: the export does not say why it was free.
with

orders as (

    select * from staging.stg_orders

    where customer_key is not null

),

replaced as (

    select distinct orders.order_id

    from orders

    inner join orders as free_orders
        on orders.customer_key = free_orders.customer_key
        and date_diff('day', cast(orders.ordered_on as date), cast(free_orders.ordered_on as date))
        between 1 and 60

    where not orders.is_free and free_orders.is_free

)

select
    -- #UNIQUE #NOT_NULL
    order_id

from replaced
