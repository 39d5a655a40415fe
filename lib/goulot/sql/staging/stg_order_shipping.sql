-- One row per order of which at least one parcel is known.
-- An order has left with its first parcel and has arrived with its last. Late is decided by days:
-- arrived on the promised day is on time, still missing after it is late; missing and not yet due, or
-- without a promise, nothing is said. Nor is it of an order with a parcel that nobody follows.
with

parcels as (

    select * from staging.stg_parcels

    where order_id is not null

),

known_until as (

    select max(delivered_at) as last_at from parcels

),

summed as (

    select
        order_id,

        count(*) as parcels,
        min(shipped_at) as shipped_at,
        max(promised_at) as promised_at,
        case when count(delivered_at) = count(*) then max(delivered_at) end as delivered_at,
        count(case when is_followed then 1 end) = count(*) as is_followed,
        sum(cost) as cost

    from parcels

    group by order_id

),

judged as (

    select
        summed.*,

        summed.parcels > 1 as is_split,
        case
            when
                summed.delivered_at is not null
                or summed.is_followed
                and cast(known_until.last_at as date) > cast(summed.promised_at as date)
                then
                    cast(coalesce(summed.delivered_at, known_until.last_at) as date)
                    > cast(summed.promised_at as date)
        end as is_late

    from summed

    cross join known_until

)

select
    -- #UNIQUE #NOT_NULL
    order_id,
    -- #NOT_NULL
    parcels,
    -- #NOT_NULL
    is_split,
    shipped_at,
    promised_at,
    delivered_at,
    is_late,
    cost

from judged
