-- Units and money on the lines of counted orders are those of the days and SKUs, to the cent.
-- Here: all lines less those of orders left out. In staging.stg_line_day: lines joined to orders.
with

lines as (

    select
        order_id,
        quantity,
        coalesce(quantity * unit_price, 0) - coalesce(discount, 0) as line_amount

    from canonical.order_lines

),

counted as (

    select
        coalesce(sum(quantity), 0) as net_units,
        coalesce(sum(line_amount), 0) as line_amount

    from lines

    where
        order_id not in (
            select order_id from staging.stg_judged_orders where left_out_because is not null
        )

),

told as (

    select
        coalesce(sum(units - returned_units), 0) as net_units,
        coalesce(sum(line_amount), 0) as line_amount

    from staging.stg_line_day

)

select
    counted.net_units as net_units_in_lines,
    told.net_units as net_units_in_days,
    counted.line_amount as line_amount_in_lines,
    told.line_amount as line_amount_in_days

from counted

cross join told

where
    counted.net_units <> told.net_units
    or counted.line_amount <> told.line_amount
