-- One row per order about which a customer wrote to support.
with

ticketed as (

    select distinct order_id

    from canonical.tickets

    where order_id is not null

)

select
    -- #UNIQUE #NOT_NULL
    order_id

from ticketed
