"""What to do about spikes: what to arm, what to keep, whom to tell."""

from datetime import timedelta

from goulot.findings import Prediction, Recommendation
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
        told = _stocked(study)
        found.append(_action(study, "stock", "operations", STOCK, planning.regret, told))
    if planning.saved_by(48.0) >= LEAST_SAVING:
        found.append(_action(study, "tell", "marketing", TELL, planning.saved_by(48.0)))
    return tuple(found)


def _stocked(study: SpikeStudy) -> Prediction:
    """What ships on time at five times the usual orders, simulated with that stock today."""
    rows = study.by_multiplier
    (at,) = rows[(rows["plan"] == "best") & (rows["multiplier"] == 5.0)].itertuples()
    name = "spikes.share_on_time.x5"
    now = study.figures[name].value
    return Prediction(finding=name, now=now, low=at.on_time_low, high=at.on_time_high)


def _action(
    study: SpikeStudy, name: str, owner, text: str, effect: float, told: Prediction | None = None
) -> Recommendation:
    """The interval is that of the number of spikes: none at all, or twice as many."""
    due = (study.quarter.last_day + timedelta(days=DUE_DAYS)).isoformat()
    return Recommendation(
        id=f"spikes.{name}", step="spikes", owner=owner, action=text, effect=effect,
        low=min(0.0, effect), high=2 * effect, due=due,
        unit=f"{study.operations.money.currency}/year", prediction=told,
    )  # fmt: skip
