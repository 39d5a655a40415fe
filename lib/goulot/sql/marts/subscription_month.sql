-- #KEY(cohort_month, channel, billed_months, tenure_months)
-- One row per month in which paying began, channel, months that a payment covers, and months of paid
-- tenure at the last renewal that is decided: who was last seen there, and of these who left at it.
-- Tenure 0: no renewal is decided yet. Who is last seen at a renewal has faced all before it.
with

renewals as (

    select
        subscription_id,
        channel,
        billed_months,
        mrr,

        cast(date_trunc('month', paid_on) as date) as cohort_month,
        cast(floor(greatest(months_decided, 0) / billed_months) as integer) as decided,
        case
            when months_renewed is not null
                then cast(floor(greatest(months_renewed, 0) / billed_months) as integer) + 1
        end as left_at

    from staging.stg_subscriber

),

seen as (

    select
        *,

        left_at is not null and left_at <= decided as is_lost,
        case
            when left_at is not null and left_at <= decided then left_at else decided
        end * billed_months as tenure_months

    from renewals

),

summed as (

    select
        cohort_month,
        channel,
        billed_months,
        tenure_months,

        count(*) as subscribers_last_seen,
        count(case when is_lost then 1 end) as subscribers_lost,
        sum(mrr) as mrr

    from seen

    group by cohort_month, channel, billed_months, tenure_months

)

select
    cohort_month,
    channel,
    billed_months,
    tenure_months,
    -- #NOT_NULL #NOT_NEGATIVE
    subscribers_last_seen,
    -- #NOT_NULL #NOT_NEGATIVE
    subscribers_lost,
    mrr  -- null: the plans' prices are not known

from summed
