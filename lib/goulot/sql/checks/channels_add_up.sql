-- The paid orders of a week are the sum of its channels, to the cent, and so are its new customers.
with

by_order as (

    select
        week_starts_on,

        count(*) as orders,
        sum(total) as total

    from staging.stg_orders

    where not is_free

    group by week_starts_on

),

by_customer as (

    select
        cast(date_trunc('week', first_ordered_on) as date) as week_starts_on,

        count(*) as new_customers

    from marts.customer_first_order

    group by cast(date_trunc('week', first_ordered_on) as date)

),

by_channel as (

    select
        week_starts_on,

        sum(orders) as orders,
        sum(total) as total,
        sum(new_customers) as new_customers

    from marts.channel_week

    group by week_starts_on

),

joined as (

    select
        coalesce(by_order.week_starts_on, by_channel.week_starts_on) as week_starts_on,
        coalesce(by_order.orders, 0) as orders_in_orders,
        coalesce(by_channel.orders, 0) as orders_in_channels,
        coalesce(by_order.total, 0) as total_in_orders,
        coalesce(by_channel.total, 0) as total_in_channels,
        coalesce(by_customer.new_customers, 0) as new_customers_in_customers,
        coalesce(by_channel.new_customers, 0) as new_customers_in_channels

    from by_order

    full outer join by_channel
        on by_order.week_starts_on = by_channel.week_starts_on

    left join by_customer
        on by_channel.week_starts_on = by_customer.week_starts_on

)

select * from joined

where
    orders_in_orders <> orders_in_channels
    or total_in_orders <> total_in_channels
    or new_customers_in_customers <> new_customers_in_channels
