-- #KEY(po_id, sku)
-- One row per SKU of a purchase order, with its lead time.
with

purchases as (

    select * from canonical.purchase_orders

),

timed as (

    select
        po_id,
        sku,
        quantity,
        ordered_on,
        promised_on,
        received_on,

        coalesce(nullif(supplier, ''), 'unknown') as supplier,
        -- received before it was ordered: a date is wrong, so it says nothing
        case
            when received_on >= ordered_on
                then date_diff('day', cast(ordered_on as date), cast(received_on as date))
        end as lead_days,
        case when promised_on is not null then received_on > promised_on end as is_late

    from purchases

)

select
    po_id,
    sku,
    -- #NOT_NULL
    supplier,
    quantity,
    ordered_on,
    promised_on,
    received_on,
    -- #NOT_NEGATIVE
    lead_days,
    is_late

from timed
