-- #KEY(quarter, weekday, hour)
-- One row per quarter and hour of the week in which an order was placed, free ones too.
with

orders as (

    select * from staging.stg_orders

),

placed as (

    select
        quarter,

        date_diff('day', cast(week_starts_on as date), cast(ordered_on as date)) as weekday,
        hour(ordered_at) as hour

    from orders

),

counted as (

    select
        quarter,
        weekday,
        hour,

        count(*) as orders

    from placed

    group by quarter, weekday, hour

)

select
    quarter,
    weekday,
    hour,
    -- #NOT_NULL
    orders

from counted
