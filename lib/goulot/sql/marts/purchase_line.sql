-- #KEY(po_id, sku)
-- One row per SKU of a purchase order: promised, received, and how long it took.
with

lines as (

    select * from staging.stg_supplier_line

)

select
    po_id,
    sku,
    supplier,
    quantity,
    ordered_on,
    promised_on,
    received_on,
    lead_days

from lines
