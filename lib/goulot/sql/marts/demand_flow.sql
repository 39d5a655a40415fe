-- #KEY(quarter, channel, category, location, supplier)
-- One row per path of demand: from a channel through a category and a warehouse to a supplier.
-- What an export does not say is 'unknown'. Cover and risk are those of the latest count of the stock.
-- The contribution of a channel's orders in a quarter is divided over its paths by line amounts.
with

earned as (

    select
        quarter,
        channel,

        sum(contribution) as contribution

    from marts.customer_orders

    group by quarter, channel

),

walked as (

    select
        demand.quarter,
        demand.channel,
        demand.units,
        demand.line_amount,
        paths.lead_time_days,
        paths.cover_days,
        paths.is_at_risk,

        cast(earned.contribution as double) * cast(demand.line_amount as double)
        / nullif(
            cast(sum(demand.line_amount) over (partition by demand.quarter, demand.channel) as double), 0
        ) as contribution,
        coalesce(nullif(paths.category, ''), 'unknown') as category,
        coalesce(demand.location, paths.location, 'unknown') as location,
        coalesce(paths.supplier, 'unknown') as supplier

    from staging.stg_demand_line as demand

    inner join earned
        on demand.quarter = earned.quarter
        and demand.channel = earned.channel

    left join marts.sku_path as paths
        on demand.sku = paths.sku

),

summed as (

    select
        quarter,
        channel,
        category,
        location,
        supplier,

        sum(units) as units,
        sum(line_amount) as line_amount,
        sum(contribution) as contribution,
        max(lead_time_days) as lead_time_days,
        sum(case when cover_days is not null then units * cover_days end)
        / nullif(sum(case when cover_days is not null then units end), 0) as cover_days,
        1.0 * sum(case when is_at_risk then units when is_at_risk = false then 0 end)
        / nullif(sum(case when is_at_risk is not null then units end), 0) as at_risk_share

    from walked

    group by quarter, channel, category, location, supplier

)

select
    quarter, channel, category, location, supplier,
    -- #NOT_NULL #NOT_NEGATIVE
    units,
    -- #NOT_NULL
    line_amount,
    contribution,  -- null: client.yml declares no gross margin
    lead_time_days,
    cover_days,
    -- #NOT_NEGATIVE
    at_risk_share  -- null: no count of the stock, or no lead time

from summed
