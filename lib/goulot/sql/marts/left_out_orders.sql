-- #KEY(quarter, left_out_because)
-- One row per quarter and reason for leaving orders out of every count.
with

judged as (

    select * from staging.stg_judged_orders

    where left_out_because is not null

),

counted as (

    select
        quarter,
        left_out_because,

        count(*) as left_out_orders,
        sum(total) as total

    from judged

    group by quarter, left_out_because

)

select
    quarter,
    left_out_because,
    -- #NOT_NULL
    left_out_orders,
    -- #NOT_NULL
    total

from counted
