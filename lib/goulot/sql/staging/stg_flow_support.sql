-- One row per set of days: tickets opened and first answered between them.
-- A ticket waits until its first answer. One that nobody had answered 28 days before the last
-- answer was closed some other way: it no longer waits.
with

tickets as (

    select
        cast(created_at as date) as created_on,
        -- a clock that runs behind cannot answer before the question
        case
            when coalesce(first_reply_at, solved_at) is not null
                then cast(greatest(coalesce(first_reply_at, solved_at), created_at) as date)
        end as answered_on

    from canonical.tickets

),

known_until as (

    select max(answered_on) as last_on from tickets

),

waited as (

    select
        tickets.*,

        tickets.answered_on is not null
        or date_diff('day', cast(tickets.created_on as date), cast(known_until.last_on as date)) < 28
            as has_stood

    from tickets

    cross join known_until

),

flow as (

    select
        'support' as stage,
        created_on as loaded_on,
        answered_on as done_on,
        case when has_stood then created_on end as waits_from_on,
        answered_on as waits_until_on,
        count(*) as items

    from waited

    group by created_on, answered_on, has_stood

)

select
    stage,
    -- #NOT_NULL
    loaded_on,
    done_on,
    waits_from_on,
    waits_until_on,
    items

from flow
