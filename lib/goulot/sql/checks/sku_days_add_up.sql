-- Stock beside sales adds no unit and loses none: sku_day sells what the lines of SKUs sell.
with

by_line as (

    select coalesce(sum(units), 0) as units from staging.stg_line_day where sku is not null

),

by_day as (

    select coalesce(sum(units), 0) as units from marts.sku_day

)

select
    by_line.units as units_in_lines,
    by_day.units as units_in_sku_day

from by_line

cross join by_day

where by_line.units <> by_day.units
