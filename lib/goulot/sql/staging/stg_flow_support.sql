-- One row per set of days: tickets opened and first answered between them.
-- A ticket stands until half of the tickets of its day are answered: what stands longer is a hard
-- question, not a lack of hands. One that nobody had answered 28 days before the last answer was
-- closed some other way: it never stood.
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

counted as (

    select
        tickets.created_on,
        tickets.answered_on,

        tickets.answered_on is not null
        or date_diff('day', cast(tickets.created_on as date), cast(known_until.last_on as date)) < 28
            as has_stood,
        count(*) as items

    from tickets

    cross join known_until

    group by
        tickets.created_on,
        tickets.answered_on,
        known_until.last_on

),

so_far as (

    select
        *,

        sum(items) over (
            partition by created_on
            order by coalesce(answered_on, cast('9999-12-31' as date))
            rows between unbounded preceding and current row
        ) as answered_so_far,
        sum(items) over (partition by created_on) as came

    from counted

    where has_stood

),

reached as (

    select
        created_on,

        min(answered_on) as reached_on

    from so_far

    where
        answered_on is not null
        and 2 * answered_so_far >= came

    group by created_on

),

flow as (

    select
        'support' as stage,
        counted.created_on as loaded_on,
        counted.answered_on as done_on,
        case when counted.has_stood then counted.created_on end as waits_from_on,
        case when counted.has_stood then least(counted.answered_on, reached.reached_on) end
            as waits_until_on,
        counted.items

    from counted

    left join reached
        on counted.created_on = reached.created_on

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
