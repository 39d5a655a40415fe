-- #KEY(quarter, channel, age_days)
-- One row per quarter and channel in which customers were won, and day of their age on which they
-- ordered or were last seen. Age 0 is the day of the first order; a customer is last seen on the
-- last day with an order of anybody.
with

customers as (

    select * from marts.customer_first_order

),

ends as (

    select max(last_ordered_on) as seen_until from customers

),

ordered as (

    select
        customers.quarter,
        customers.channel,
        date_diff(
            'day', cast(customers.first_ordered_on as date), cast(orders.ordered_on as date)
        ) as age_days,
        1 as orders,
        orders.contribution,
        0 as customers_last_seen

    from marts.customer_orders as orders
    inner join customers
        on orders.customer_key = customers.customer_key

    where orders.order_number is not null

),

left_alone as (

    select
        customers.quarter,
        customers.channel,
        date_diff(
            'day', cast(customers.first_ordered_on as date), cast(ends.seen_until as date)
        ) as age_days,
        0 as orders,
        cast(null as decimal(18, 4)) as contribution,
        1 as customers_last_seen

    from customers
    cross join ends

),

summed as (

    select
        quarter,
        channel,
        age_days,
        sum(orders) as orders,
        sum(contribution) as contribution,
        sum(customers_last_seen) as customers_last_seen

    from (select * from ordered union all select * from left_alone) as both_kinds

    group by quarter, channel, age_days

)

select
    quarter, channel, age_days,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    contribution,
    -- #NOT_NULL #NOT_NEGATIVE
    customers_last_seen

from summed
