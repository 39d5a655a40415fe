-- #KEY(sku, snapshot_on)
-- One row per SKU and day on which its stock was counted, all locations together.
-- window_days: how many of the 56 days before it the exports cover; usual demand is taken over them.
with

levels as (

    select
        sku,
        snapshot_on,
        on_hand,
        incoming,

        -- some exports say only what is in the building and what is promised
        coalesce(available, on_hand - coalesce(committed, 0)) as available

    from canonical.stock_levels

),

known_from as (

    select min(ordered_on) as first_on from staging.stg_orders

),

summed as (

    select
        sku,
        snapshot_on,

        sum(on_hand) as on_hand,
        sum(available) as available,
        sum(incoming) as incoming

    from levels

    group by sku, snapshot_on

),

windowed as (

    select
        summed.*,

        case
            when known_from.first_on < summed.snapshot_on
                then least(
                    56,
                    date_diff(
                        'day', cast(known_from.first_on as date), cast(summed.snapshot_on as date)
                    )
                )
        end as window_days

    from summed

    cross join known_from

)

select
    -- #NOT_NULL
    sku,
    -- #NOT_NULL
    snapshot_on,
    on_hand,
    available,
    incoming,
    window_days  -- null: no order came before

from windowed
