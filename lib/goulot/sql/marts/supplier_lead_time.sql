-- One row per supplier: how long it takes, how much that varies and how often it is late.
-- Purchase-order lines weigh the same, whatever their quantity.
with

lines as (

    select * from staging.stg_supplier_line

),

summed as (

    select
        supplier,

        count(received_on) as received_lines,
        count(*) - count(received_on) as open_lines,
        count(lead_days) as timed_lines,
        sum(lead_days) as total_days,
        sum(lead_days * lead_days) as total_squares,
        count(case when is_late then 1 end) as late_lines,
        count(is_late) as promised_lines

    from lines

    group by supplier

),

timed as (

    select
        supplier,
        received_lines,
        open_lines,

        cast(total_days as double) / nullif(timed_lines, 0) as lead_time_days,
        -- from sums of whole days: exact, whatever the order of the rows
        sqrt(
            cast(timed_lines * total_squares - total_days * total_days as double)
            / nullif(timed_lines * (timed_lines - 1), 0)
        ) as lead_time_sd_days,
        cast(late_lines as double) / nullif(promised_lines, 0) as late_share

    from summed

)

select
    -- #UNIQUE #NOT_NULL
    supplier,
    -- #NOT_NULL
    received_lines,
    -- #NOT_NULL
    open_lines,
    -- #NOT_NEGATIVE
    lead_time_days,
    -- #NOT_NEGATIVE
    lead_time_sd_days,  -- null: fewer than two
    late_share

from timed
