-- One row per subscription that was ever paid for: since when, how long, and through which channel.
-- Paying starts when the trial ends; one that ended with its trial was never paid for.
-- An end counts for the renewal before it if that was at most 15 days ago, because a card that fails
-- ends a subscription days later; else for the next one. So a renewal is decided after 15 days.
with

known_until as (

    select max(day) as seen_until from staging.stg_days

),

accounts as (

    select
        user_key,

        max(channel) as channel

    from canonical.signups

    group by user_key

),

paid as (

    select
        subscriptions.subscription_id,
        subscriptions.mrr,

        coalesce(subscriptions.trial_ends_on, subscriptions.started_on) as paid_on,
        greatest(coalesce(subscriptions.billed_months, 1), 1) as billed_months,
        case
            when coalesce(subscriptions.channel, 'Unattributed') <> 'Unattributed'
                then subscriptions.channel
            else coalesce(accounts.channel, 'Unattributed')
        end as channel,
        cast(known_until.seen_until as date) - 15 as decided_until,
        cast(subscriptions.ended_on as date) - 16 as renewed_until

    from canonical.subscriptions as subscriptions

    cross join known_until

    left join accounts
        on subscriptions.customer_key = accounts.user_key

    where
        coalesce(subscriptions.trial_ends_on, subscriptions.started_on) <= known_until.seen_until
        and (
            subscriptions.ended_on is null
            or subscriptions.trial_ends_on is null
            or subscriptions.ended_on > subscriptions.trial_ends_on
        )

),

-- Months are whole once the day of the month has come round, or the month has no such day.
counted as (

    select
        *,

        12 * (year(decided_until) - year(paid_on)) + month(decided_until) - month(paid_on)
        - case
            when day(decided_until) >= day(paid_on) or day(decided_until + 1) = 1 then 0 else 1
        end as months_decided,
        12 * (year(renewed_until) - year(paid_on)) + month(renewed_until) - month(paid_on)
        - case
            when day(renewed_until) >= day(paid_on) or day(renewed_until + 1) = 1 then 0 else 1
        end as months_renewed

    from paid

)

select
    -- #UNIQUE #NOT_NULL
    subscription_id,
    -- #NOT_NULL
    paid_on,
    -- #NOT_NULL
    channel,
    -- #NOT_NULL #NOT_NEGATIVE
    billed_months,
    mrr,
    -- months of tenure decided, below 0: not even the first
    months_decided,
    months_renewed  -- null: it runs

from counted
