-- One row per set of days: units that customers took, to be replaced, and units that suppliers sent.
-- A purchase order waits from its promised day; if nothing came for 90 days after that it is dead.
with

sold as (

    select
        ordered_on,

        sum(units) as units

    from staging.stg_line_day

    where sku is not null

    group by ordered_on

),

bought as (

    select
        received_on,
        quantity,

        case
            -- on time: from the day of receipt, so not at all
            when promised_on is not null
                then least(greatest(promised_on, ordered_on), received_on)
        end as due_on,
        max(received_on) over () as last_on

    from canonical.purchase_orders

    where quantity > 0

),

flow as (

    select
        'supply' as stage,
        ordered_on as loaded_on,
        cast(null as date) as done_on,
        cast(null as date) as waits_from_on,
        cast(null as date) as waits_until_on,
        units as items
    from sold

    union all

    select
        'supply' as stage,
        cast(null as date) as loaded_on,
        received_on as done_on,
        due_on as waits_from_on,
        received_on as waits_until_on,
        quantity as items
    from bought
    where
        received_on is not null
        or date_diff('day', cast(due_on as date), cast(last_on as date)) between 0 and 89

)

select
    stage,
    loaded_on,
    done_on,
    waits_from_on,
    waits_until_on,
    items

from flow
