-- One row per canonical table: how many rows it holds and which days they speak of.
select
    -- #UNIQUE #NOT_NULL
    table_name,
    -- #NOT_NULL #NOT_NEGATIVE
    row_count,
    first_on,  -- null: the table has no rows, or they have no day
    last_on

from staging.stg_coverage
