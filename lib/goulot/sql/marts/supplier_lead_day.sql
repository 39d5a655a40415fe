-- #KEY(supplier, lead_days)
-- One row per supplier and number of days that a purchase-order line took: the whole distribution.
with

lines as (

    select * from staging.stg_supplier_line

    where lead_days is not null

),

counted as (

    select
        supplier,
        lead_days,

        count(*) as timed_lines

    from lines

    group by supplier, lead_days

)

select
    supplier,
    lead_days,
    -- #NOT_NULL
    timed_lines

from counted
