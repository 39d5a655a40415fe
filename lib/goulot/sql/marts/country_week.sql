-- #KEY(week_starts_on, country)
-- One row per week, from Monday, and country with an order: paid orders, by who placed them.
with

orders as (

    select
        *,

        coalesce(nullif(country, ''), '?') as country_or_unknown,
        cast(date_trunc('week', ordered_on) as date) as week_starts_on

    from marts.customer_orders

    where not is_free

),

counted as (

    select
        week_starts_on,
        country_or_unknown as country,

        count(*) as orders,
        count(case when is_first_order then 1 end) as new_customers,
        count(case when order_number > 1 then 1 end) as returning_orders,
        count(distinct region) as regions,
        sum(revenue) as revenue

    from orders

    group by week_starts_on, country_or_unknown

)

select
    week_starts_on, country,
    -- #NOT_NULL #NOT_NEGATIVE
    orders,
    -- #NOT_NULL #NOT_NEGATIVE
    new_customers,
    -- #NOT_NULL #NOT_NEGATIVE
    returning_orders,
    -- #NOT_NULL #NOT_NEGATIVE
    regions,
    revenue

from counted
