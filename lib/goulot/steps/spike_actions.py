"""What to do about spikes: what to arm, what to keep, whom to tell."""

from datetime import timedelta

from goulot.findings import Recommendation
from goulot.steps.spike_study import SpikeStudy

DUE_DAYS = 30  # after the quarter's last day
LEAST_SAVING = 1.0  # currency a year, below which nothing is recommended

ARM = "Agree the levers of the cheapest plan now, with who calls them and at what backlog"
STOCK = "Keep the safety stock of the cheapest plan for the products that a spike empties first"
TELL = "Tell operations of every campaign, post and newsletter at least 48 hours before it runs"
ACTIONS = (ARM, STOCK, TELL)


def recommendations(study: SpikeStudy) -> tuple[Recommendation, ...]:
    """Actions that save money a year; none where no plan could be tried."""
    planning = study.planning
    if planning is None:
        return ()
    found = []
    if planning.regret >= LEAST_SAVING and planning.best.plan.levers:
        found.append(_action(study, "arm", "operations", ARM, planning.regret))
    elif planning.regret >= LEAST_SAVING and planning.best.service_level:
        found.append(_action(study, "stock", "operations", STOCK, planning.regret))
    if planning.saved_by(48.0) >= LEAST_SAVING:
        found.append(_action(study, "tell", "marketing", TELL, planning.saved_by(48.0)))
    return tuple(found)


def _action(study: SpikeStudy, name: str, owner, text: str, effect: float) -> Recommendation:
    """The interval is that of the number of spikes: none at all, or twice as many."""
    due = (study.quarter.last_day + timedelta(days=DUE_DAYS)).isoformat()
    return Recommendation(
        id=f"spikes.{name}", step="spikes", owner=owner, action=text, effect=effect,
        low=min(0.0, effect), high=2 * effect, due=due,
        unit=f"{study.operations.money.currency}/year",
    )  # fmt: skip
