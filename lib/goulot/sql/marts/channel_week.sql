-- #KEY(week_starts_on, channel)
-- One row per week, from Monday, and channel: every channel in every week of the calendar.
-- A channel that no export of advertising names has no spend (null); one that is named spent zero
-- in the weeks without a row. Free orders are in no column.
with

orders as (

    select
        channel,
        cast(date_trunc('week', ordered_on) as date) as week_starts_on,

        count(*) as orders,
        count(case when is_first_order then 1 end) as new_customers,
        count(case when customer_key is null then 1 end) as orders_without_customer,
        sum(total) as total,
        sum(revenue) as revenue,
        sum(contribution) as contribution

    from marts.customer_orders

    where not is_free

    group by channel, cast(date_trunc('week', ordered_on) as date)

),

channels as (

    select channel, max(is_paid) as is_paid from (
        select channel, 0 as is_paid from orders
        union all
        select channel, 1 as is_paid from staging.stg_spend_week
    ) as named
    group by channel

),

grid as (

    select
        weeks.week_starts_on,
        weeks.days,
        channels.channel,
        coalesce(orders.orders, 0) as orders,
        coalesce(orders.new_customers, 0) as new_customers,
        coalesce(orders.orders_without_customer, 0) as orders_without_customer,
        coalesce(orders.total, 0) as total,
        coalesce(orders.revenue, 0) as revenue,
        case when orders.orders is null then 0 else orders.contribution end as contribution,
        case when channels.is_paid = 1 then coalesce(spend.spend, 0) end as spend,
        spend.impressions,
        spend.clicks,
        spend.conversions

    from staging.stg_weeks as weeks

    cross join channels

    left join orders
        on weeks.week_starts_on = orders.week_starts_on
        and channels.channel = orders.channel

    left join staging.stg_spend_week as spend
        on weeks.week_starts_on = spend.week_starts_on
        and channels.channel = spend.channel

)

select
    week_starts_on, channel, days,
    -- #NOT_NULL
    orders,
    -- #NOT_NULL
    new_customers,
    orders_without_customer, total, revenue, contribution, spend, impressions, clicks, conversions

from grid
