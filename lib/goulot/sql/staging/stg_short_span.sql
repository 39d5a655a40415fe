-- #KEY(snapshot_on, is_overdue)
-- One row per count of the stock and whether purchase orders were overdue: units a day that were wanted
-- and not there. Short are the products whose stock did not cover half of the usual sales to the next count;
-- what they sold less than usual was lost. Usual follows the season of the products that had enough.
-- Chosen by the stock before the sales, so that chance in the sales evens out.
with

spans as (

    select
        *,

        daily_units * days as usual_units,
        2 * available < daily_units * days as is_short

    from staging.stg_stock_span

),

seasoned as (

    select
        *,

        coalesce(
            1.0 * sum(case when is_short then 0 else units end) over (partition by snapshot_on)
            / nullif(
                sum(case when is_short then 0 else usual_units end) over (partition by snapshot_on), 0
            ),
            1
        ) as season

    from spans

),

overdue as (

    select distinct
        spans.sku,
        spans.snapshot_on

    from spans

    inner join canonical.purchase_orders as bought
        on spans.sku = bought.sku
        and bought.promised_on < spans.snapshot_on
        and (bought.received_on > spans.snapshot_on or bought.received_on is null)
        and date_diff('day', cast(bought.promised_on as date), cast(spans.snapshot_on as date)) < 90

    where spans.is_short

),

summed as (

    select
        seasoned.snapshot_on,
        overdue.sku is not null as is_overdue,

        max(seasoned.days) as days,
        greatest(
            0.0,
            sum(seasoned.season * seasoned.usual_units - seasoned.units) / max(seasoned.days)
        ) as lost_per_day,
        sum(case when seasoned.available < 0 then -seasoned.available else 0 end) as owed

    from seasoned

    left join overdue
        on seasoned.sku = overdue.sku
        and seasoned.snapshot_on = overdue.snapshot_on

    where seasoned.is_short

    group by seasoned.snapshot_on, overdue.sku is not null

)

select
    -- #NOT_NULL
    snapshot_on,
    -- #NOT_NULL
    is_overdue,
    -- #NOT_NULL
    days,
    -- #NOT_NEGATIVE
    lost_per_day,
    -- #NOT_NEGATIVE
    owed

from summed
