"""The client.yml of a simulated client."""

from importlib.resources import files

from goulot.demo.world import World

TEMPLATES = files("goulot.demo") / "templates"


def settings_text(world: World) -> str:
    """client.yml, with comments, for this world."""
    template = (TEMPLATES / "shop.yml").read_text(encoding="utf-8")
    return template.format(
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
