"""The client.yml of a simulated client."""

from importlib.resources import files

from goulot.demo.bills import OWN_CODES
from goulot.demo.world import Promotion, World

WHOLE_SHOP_GUESS = 2.5  # what is expected of an event that lifts one channel
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
        codes=", ".join(f"{code}: {channel}" for code, channel in _codes(world).items()),
        promised_days=world.delivery.promise_days,
    )


def _capacity(world: World) -> str:
    """What the company says it can do; what it does not say is left to the exports."""
    rules = world.support
    stated = f"orders_per_day: {world.parcels_per_day * world.declared_times:g}, "
    said = "fulfillment" in world.declares
    lines = [
        f"  fulfillment: {{{stated if said else ''}cost_per_order: {world.cost_per_order:.2f}, "
        "days: mon-sat}"
    ]
    if "support" in world.declares:
        lines.append(
            f"  support: {{agents: {rules.agents:g}, "
            f"tickets_per_agent_hour: {rules.tickets_per_agent_hour * world.size:g}, "
            f'hours: "{rules.opens_hour:02.0f}:00-{rules.closes_hour:02.0f}:00", '
            "target_minutes: 240}"
        )
    if "supply" in world.declares:
        lines.append(f"  supply: {{units_per_week: {world.supply.units_per_week * world.size:g}}}")
    return "\n".join(lines) + "\n"


def _codes(world: World) -> dict[str, str]:
    """Discount codes that belong to one channel."""
    own = {code: channel for channel, (code, *_) in OWN_CODES.items()}
    return own | {p.code: p.channel for p in world.promotions if p.code and p.channel}


def event_text(event: Promotion) -> str:
    """One event of the marketing calendar, as YAML."""
    parts = [
        f'event: "{event.name}"',
        f"kind: {event.kind}",
        f"starts_on: {event.starts_on}",
        f"ends_on: {event.ends_on}",
    ]
    if event.channel:
        parts.append(f"channel: {event.channel}")
    if event.category:
        parts.append(f"category: {event.category}")
    return ", ".join([*parts, f"expected_multiplier: {expected_multiplier(event):g}"])


def expected_multiplier(event: Promotion) -> float:
    """What marketing writes down: the lift of the whole shop on the event's best day."""
    return WHOLE_SHOP_GUESS if event.channel else event.multiplier
