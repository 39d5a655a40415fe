-- #KEY(customer_key, ordered_on)
-- One row per known customer and day on which they bought: several orders of a day are one purchase.
with

bought as (

    select
        customer_key,
        ordered_on,

        count(*) as orders,
        sum(refunded) as refunded,
        sum(revenue) as revenue,
        sum(contribution) as contribution

    from marts.customer_orders

    where order_number is not null

    group by customer_key, ordered_on

),

won as (

    select
        customer_key,
        channel,
        first_ordered_on

    from marts.customer_first_order

),

joined as (

    select
        bought.customer_key,
        bought.ordered_on,
        won.channel,
        won.first_ordered_on,
        bought.orders,
        bought.refunded,
        bought.revenue,
        bought.contribution

    from bought

    inner join won
        on bought.customer_key = won.customer_key

)

select
    customer_key,
    ordered_on,
    -- #NOT_NULL
    channel,
    -- #NOT_NULL
    first_ordered_on,
    -- #NOT_NULL
    orders,
    -- #NOT_NULL
    refunded,
    -- #NOT_NULL
    revenue,
    contribution

from joined
