"""What came to each stage in the last quarter, what it could do, and what customers felt of it."""

import numpy as np

from goulot.demo.company import Company
from goulot.demo.workdays import WorkCalendar
from goulot.demo.world import World

CARRIER_DAYS = (0, 1, 2, 3, 4, 5)
DESK_DAYS = (0, 1, 2, 3, 4)


def last_quarter(world: World) -> np.ndarray:
    """By day, whether it belongs to the last quarter of the world (all days, if it is shorter)."""
    month = (world.last_day.month - 1) // 3 * 3 + 1
    first = world.last_day.replace(month=month, day=1)
    return np.arange(world.days) >= (first - world.first_day).days


def true_stages(company: Company, quarter: np.ndarray) -> dict[str, dict[str, float | None]]:
    """Load and capacity a week by stage; a capacity of None is no limit."""
    world, weeks = company.world, quarter.sum() / 7
    sent = quarter[company.orders["day"].to_numpy()[company.parcels["order"]]].sum() / weeks
    units = (company.sold[quarter].sum() + company.lost[quarter].sum()) / weeks
    written = _written(company, quarter)
    rules = world.support
    tickets = rules.agents * rules.tickets_per_agent_hour * (rules.closes_hour - rules.opens_hour)
    pack = sum(
        place.parcels_per_day * _worked(world, place.working_days, quarter)
        for place in world.locations
    )
    carried = world.delivery.parcels_per_day * _worked(world, CARRIER_DAYS, quarter)
    return {
        "fulfillment": _load(sent, pack * world.size / weeks),
        "delivery": _load(sent, carried * world.size / weeks),
        "stock": _load(units, np.inf),
        "supply": _load(units, world.supply.units_per_week * world.size),
        "support": _load(
            written.sum() / weeks, tickets * _worked(world, DESK_DAYS, quarter) * world.size / weeks
        ),
    }


def _worked(world: World, weekdays: tuple[int, ...], quarter: np.ndarray) -> int:
    """Days of the quarter on which a stage with this working week works."""
    return int(
        WorkCalendar(world.first_day, world.days, weekdays).worked[: world.days][quarter].sum()
    )


def true_shares(company: Company, quarter: np.ndarray) -> dict[str, float]:
    """Of the quarter's units, orders and tickets: what was lost, late, split, answered slowly."""
    orders, world = company.orders, company.world
    mine = orders[quarter[orders["day"]]]
    stands = mine[mine["cancelled_hours"].isna()]
    lost, sold = company.lost[quarter].sum(), company.sold[quarter].sum()
    tickets = company.tickets[_written(company, quarter)]
    slow = ~(tickets["replied"] - tickets["hour"] <= world.support.slow_reply_hours)
    return {
        "units_lost": float(lost / max(lost + sold, 1)),
        "cancelled": float(mine["cancelled_hours"].notna().mean()),
        "late": float(stands["is_late"].mean()),
        "split": float(stands["is_split"].mean()),
        "slow_replies": float(slow.mean()) if len(slow) else 0.0,
    }


def _written(company: Company, quarter: np.ndarray) -> np.ndarray:
    return quarter[(company.tickets["hour"].to_numpy() // 24).astype(int)]


def _load(load: float, capacity: float) -> dict[str, float | None]:
    limited = bool(np.isfinite(capacity))
    return {
        "load_per_week": float(load),
        "capacity_per_week": float(capacity) if limited else None,
        "utilization": float(load / capacity) if limited else None,
    }
