"""The client.yml of the simulated subscription business."""

from goulot.demo.saas.world import Saas
from goulot.demo.settings_text import TEMPLATES
from goulot.demo.world import World


def settings_text(world: World) -> str:
    """client.yml, with comments, for this world."""
    saas: Saas = world.extra
    return (
        (TEMPLATES / "saas.yml")
        .read_text(encoding="utf-8")
        .format(
            gross_margin=world.gross_margin,
            payment_fee=world.payment_fee,
            discount_rate=world.discount_rate,
            horizon_months=world.horizon_months,
            slots=saas.onboarding.slots_per_week * world.size,
            agents=round(saas.desk.agents * world.size, 2),
            rate=saas.desk.tickets_per_agent_hour,
            opens=saas.desk.opens_hour,
            closes=saas.desk.closes_hour,
        )
    )
