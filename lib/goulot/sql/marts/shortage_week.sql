-- One row per week, from Monday, of which the counts of the stock tell: units sold, and units that
-- were wanted and not there. A week without a row is unknown, not fully stocked.
with

counted as (

    select
        cast(date_trunc('week', day) as date) as week_starts_on,

        7.0 * avg(lost_units) as short_units

    from staging.stg_shortage

    group by cast(date_trunc('week', day) as date)

),

sold as (

    select
        cast(date_trunc('week', ordered_on) as date) as week_starts_on,

        sum(units) as units

    from staging.stg_line_day

    where sku is not null

    group by cast(date_trunc('week', ordered_on) as date)

),

joined as (

    select
        counted.week_starts_on,
        coalesce(sold.units, 0) as units,
        counted.short_units

    from counted

    left join sold
        on counted.week_starts_on = sold.week_starts_on

)

select
    -- #UNIQUE #NOT_NULL
    week_starts_on,
    -- #NOT_NULL #NOT_NEGATIVE
    units,
    -- #NOT_NULL #NOT_NEGATIVE
    short_units

from joined
