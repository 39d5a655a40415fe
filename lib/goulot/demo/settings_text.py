"""The client.yml of a simulated client."""

from goulot.demo.world import World

SHOP_SETTINGS = """\
# Atelier Brume does not exist: its exports were simulated by `goulot demo`.
# Every key below but name, currency and timezone may be left out.
name: Atelier Brume
kind: ecommerce            # or saas
currency: EUR
timezone: Europe/Paris
language: fr               # report language: fr or en

consultant:
  name: Camille Exemple
  email: camille@example.com
  accent: "#0b6e4f"

# What an order and a customer are worth.
economics:
  gross_margin: {gross_margin}       # of revenue without tax
  payment_fee: {payment_fee}       # of what the customer pays
  discount_rate: {discount_rate:.2f}      # a year
  horizon_months: {horizon_months}       # over which a customer is valued

# What the client says it can do. Whatever is left out is inferred from the exports.
capacity:
{capacity}
# What could be had, how fast, at what price.
levers:
  - {{name: overtime,     stage: fulfillment, adds_per_day: 120, lead_hours: 4,  cost_per_order: 6.0, standby_per_month: 0}}
  - {{name: temps,        stage: fulfillment, adds_per_day: 300, lead_hours: 36, cost_per_order: 7.2, standby_per_month: 0}}
  - {{name: 3pl overflow, stage: fulfillment, adds_per_day: 2500, lead_hours: 24, cost_per_order: 8.9, standby_per_month: 900}}
  - {{name: ad throttle,  stage: acquisition, removes_share: 0.8, lead_hours: 2}}

# The marketing calendar: what happened, and what is planned.
calendar:
{calendar}
"""


def settings_text(world: World) -> str:
    """client.yml, with comments, for this world."""
    return SHOP_SETTINGS.format(
        gross_margin=world.gross_margin,
        payment_fee=world.payment_fee,
        discount_rate=world.discount_rate,
        horizon_months=world.horizon_months,
        capacity=_capacity(world),
        calendar="\n".join(f"  - {{{_event(p)}}}" for p in world.promotions),
    )


def _capacity(world: World) -> str:
    support = world.support
    lines = []
    if world.declared_orders_per_day:
        lines.append(
            f"  fulfillment: {{orders_per_day: {world.declared_orders_per_day:g}, "
            f"cost_per_order: {world.cost_per_order:.2f}, days: mon-sat}}"
        )
    lines.append(
        f"  support: {{agents: {support.agents:g}, "
        f"tickets_per_agent_hour: {support.tickets_per_agent_hour:g}, "
        f'hours: "{support.opens_hour:02.0f}:00-{support.closes_hour:02.0f}:00", '
        "target_minutes: 240}"
    )
    return "\n".join(lines) + "\n"


def _event(promotion) -> str:
    parts = [f'event: "{promotion.name}"', f"kind: {promotion.kind}",
             f"starts_on: {promotion.starts_on}", f"ends_on: {promotion.ends_on}"]  # fmt: skip
    if promotion.channel:
        parts.append(f"channel: {promotion.channel}")
    if promotion.category:
        parts.append(f"category: {promotion.category}")
    whole_shop = 2.5 if promotion.multiplier > 20 else promotion.multiplier
    return ", ".join([*parts, f"expected_multiplier: {whole_shop:g}"])
