-- #KEY(channel, age_months)
-- One row per channel that won customers and month of a customer's age: what that month of life brings.
-- A month of age is a twelfth of 365 days, the first one is 0. Only customers count whose whole month
-- lies before the last order: summed over the months, means make a life that is not cut short.
with

won as (

    select
        customer_key,
        channel,
        ordered_on as won_on,

        cast(floor(
            date_diff('day', cast(ordered_on as date), cast(max(ordered_on) over () as date))
            * 12 / 365.0
        ) as integer) as whole_months

    from marts.customer_orders

    where
        customer_key is not null
        and order_number = 1

),

bought as (

    select
        won.channel,
        won.whole_months,
        orders.contribution,

        cast(floor(
            date_diff('day', cast(won.won_on as date), cast(orders.ordered_on as date))
            * 12 / 365.0
        ) as integer) as age_months

    from won

    inner join marts.customer_orders as orders
        on won.customer_key = orders.customer_key

    where not orders.is_free

),

brought as (

    select
        channel,
        age_months,

        count(*) as orders,
        sum(contribution) as contribution

    from bought

    where age_months < whole_months

    group by channel, age_months

),

grid as (

    select
        won.channel,
        ages.age_months,

        count(*) as customers

    from (select distinct age_months from bought) as ages

    inner join won
        on ages.age_months < won.whole_months

    group by won.channel, ages.age_months

),

joined as (

    select
        grid.channel,
        grid.age_months,
        grid.customers,
        coalesce(brought.orders, 0) as orders,
        case when brought.orders is null then 0 else brought.contribution end as contribution

    from grid

    left join brought
        on grid.channel = brought.channel
        and grid.age_months = brought.age_months

)

select
    channel, age_months,
    -- #NOT_NULL
    customers,
    -- #NOT_NULL
    orders,
    contribution  -- null: client.yml declares no gross margin

from joined
