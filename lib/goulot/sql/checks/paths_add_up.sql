-- Units along all paths of demand are the units that orders asked for.
with

walked as (

    select sum(units) as units from marts.demand_flow

),

sold as (

    select sum(units) as units from staging.stg_line_day

)

select
    walked.units as units_on_paths,
    sold.units as units_in_lines

from walked

cross join sold

where coalesce(walked.units, 0) <> coalesce(sold.units, 0)
