-- One row per known customer: what came after the first day on which they bought, by day of age.
-- A customer is seen until the last day with an order of anybody. The basket is what was bought, later
-- refunds not deducted: they come of how it was delivered.
with

ends as (

    select max(ordered_on) as seen_until from marts.purchase_day

),

later as (

    select
        purchases.customer_key,
        purchases.contribution,

        purchases.revenue + purchases.refunded as bought,
        date_diff(
            'day', cast(purchases.first_ordered_on as date), cast(purchases.ordered_on as date)
        ) as age_days,
        date_diff(
            'day', cast(purchases.first_ordered_on as date), cast(ends.seen_until as date)
        ) as seen_days

    from marts.purchase_day as purchases

    cross join ends

),

summed as (

    select
        customer_key,

        min(seen_days) as seen_days,
        min(case when age_days > 0 then age_days end) as second_after_days,
        sum(case when age_days = 0 then bought else 0 end) as basket,
        sum(case when age_days between 1 and 90 then contribution else 0 end) as later_90,
        sum(case when age_days between 1 and 180 then contribution else 0 end) as later_180,
        sum(case when age_days between 1 and 365 then contribution else 0 end) as later_365

    from later

    group by customer_key

)

select
    -- #UNIQUE #NOT_NULL
    customer_key,
    -- #NOT_NULL #NOT_NEGATIVE
    seen_days,
    -- #NOT_NULL
    basket,
    second_after_days,
    later_90,  -- null: client.yml declares no gross margin
    later_180,
    later_365

from summed
