-- One row per set of days: accounts opened and activated between them.
-- An account that is not active yet waits for its owner, not for the company: no queue.
with

accounts as (

    select
        cast(signed_up_at as date) as signed_up_on,
        cast(activated_at as date) as activated_on

    from canonical.signups

),

flow as (

    select
        'onboarding' as stage,
        signed_up_on as loaded_on,
        activated_on as done_on,
        cast(null as date) as waits_from_on,
        cast(null as date) as waits_until_on,
        count(*) as items

    from accounts

    group by signed_up_on, activated_on

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
