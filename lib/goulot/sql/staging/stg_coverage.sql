-- One row per canonical table: how many rows it holds and which days they speak of.
with

counted as (

    select
        'orders' as table_name, count(*) as row_count,
        cast(min(ordered_at) as date) as first_on, cast(max(ordered_at) as date) as last_on
    from canonical.orders
    union all
    select 'order_lines', count(*), cast(null as date), cast(null as date)
    from canonical.order_lines
    union all
    select 'shipments', count(*), cast(min(shipped_at) as date), cast(max(shipped_at) as date)
    from canonical.shipments
    union all
    select 'returns', count(*), cast(min(returned_on) as date), cast(max(returned_on) as date)
    from canonical.returns
    union all
    select 'products', count(*), cast(null as date), cast(null as date)
    from canonical.products
    union all
    select 'stock_levels', count(*), cast(min(snapshot_on) as date), cast(max(snapshot_on) as date)
    from canonical.stock_levels
    union all
    select 'purchase_orders', count(*), cast(min(ordered_on) as date), cast(max(ordered_on) as date)
    from canonical.purchase_orders
    union all
    select 'ad_spend', count(*), cast(min(day) as date), cast(max(day) as date)
    from canonical.ad_spend
    union all
    select 'traffic', count(*), cast(min(day) as date), cast(max(day) as date)
    from canonical.traffic
    union all
    select 'order_sources', count(*), cast(null as date), cast(null as date)
    from canonical.order_sources
    union all
    select 'sends', count(*), cast(min(sent_at) as date), cast(max(sent_at) as date)
    from canonical.sends
    union all
    select 'tickets', count(*), cast(min(created_at) as date), cast(max(created_at) as date)
    from canonical.tickets
    union all
    select 'subscriptions', count(*), cast(min(started_on) as date), cast(max(started_on) as date)
    from canonical.subscriptions
    union all
    select 'signups', count(*), cast(min(signed_up_at) as date), cast(max(signed_up_at) as date)
    from canonical.signups
    union all
    select 'calendar', count(*), cast(min(starts_on) as date), cast(max(ends_on) as date)
    from canonical.calendar

)

select
    table_name,
    row_count,
    first_on,
    last_on

from counted
