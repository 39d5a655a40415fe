-- #KEY(sku, snapshot_on)
-- One row per SKU and count of its stock: the days until the next count, what sold in them, and what
-- usually does, by its other counts before (the 56 days before, where there are none).
-- A count says nothing of more than 35 days.
with

counts as (

    select
        stock.*,
        known_until.last_on,

        lead(stock.snapshot_on) over later as next_on,
        lead(stock.available) over later as next_available

    from staging.stg_stock_day as stock

    cross join (select max(ordered_on) as last_on from staging.stg_orders) as known_until

    window later as (partition by stock.sku order by stock.snapshot_on)

),

spans as (

    select
        sku,
        snapshot_on,
        available,
        window_days,

        available <= 0 or coalesce(next_available, 1) <= 0 as was_gone,
        least(
            35,
            date_diff('day', cast(snapshot_on as date), cast(coalesce(next_on, last_on) as date))
            + case when next_on is null then 1 else 0 end
        ) as days

    from counts

    where snapshot_on <= last_on

),

sold as (

    select
        spans.sku,
        spans.snapshot_on,

        sum(
            case when sales.ordered_on >= spans.snapshot_on then sales.units else 0 end
        ) as units,
        sum(
            case when sales.ordered_on < spans.snapshot_on then sales.units else 0 end
        ) as units_before

    from spans

    inner join staging.stg_line_day as sales
        on spans.sku = sales.sku
        and date_diff('day', cast(spans.snapshot_on as date), cast(sales.ordered_on as date))
        between -56 and spans.days - 1

    group by spans.sku, spans.snapshot_on

),

rated as (

    select
        spans.*,
        coalesce(sold.units, 0) as units,
        1.0 * sold.units_before / spans.window_days as rate_before,

        sum(case when spans.was_gone then 0 else coalesce(sold.units, 0) end) over earlier as usual,
        sum(case when spans.was_gone then 0 else spans.days end) over earlier as usual_days

    from spans

    left join sold
        on spans.sku = sold.sku
        and spans.snapshot_on = sold.snapshot_on

    window earlier as (
        partition by spans.sku
        order by spans.snapshot_on
        rows between 91 preceding and 1 preceding
    )

)

select
    -- #NOT_NULL
    sku,
    -- #NOT_NULL
    snapshot_on,
    -- #NOT_NULL
    days,
    available,
    -- #NOT_NULL
    units,
    coalesce(1.0 * usual / nullif(usual_days, 0), rate_before, 0) as daily_units

from rated
