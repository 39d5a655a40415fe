-- #VIEW
-- One row per order: what decided its channel.
select
    order_id,
    channel_rule

from canonical.orders
