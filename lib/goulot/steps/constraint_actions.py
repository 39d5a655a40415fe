"""What to do about the constraint: an action for who owns the stage, and what it should bring."""

from datetime import timedelta

from goulot.findings import Owner, Prediction, Recommendation
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.foretelling import at_most, falls
from goulot.steps.week_limits import ACQUISITION

WEEKS_PER_QUARTER = 13
DUE_DAYS = 45  # after the quarter's last day

# Stage → who acts, and the action: messages for ``Language.say``.
ACTIONS: dict[str, tuple[Owner, str]] = {
    "acquisition": (
        "marketing",
        "Give this quarter's project time to finding customers: nothing behind acquisition is full",
    ),
    "stock": (
        "operations",
        "Raise the safety stock of the products that sell out first, and order them earlier",
    ),
    "supply": (
        "operations",
        "Find a second supplier, or a larger contract, for the products whose orders are overdue",
    ),
    "fulfillment": (
        "operations",
        "Widen the warehouse to the next constraint: overtime and temps first, space only if the "
        "load stays",
    ),
    "delivery": (
        "operations",
        "Give part of the parcels to a second carrier until none stands past its day",
    ),
    "support": (
        "customer service",
        "Add agents, or remove reasons to write, until no ticket waits longer than a day",
    ),
    "onboarding": (
        "customer service",
        "Add people to onboarding, or let accounts set themselves up, until no account waits",
    ),
}
HOLD = "Put projects that add capacity on hold where stages idle; look again next quarter"
SETTLE = "Settle which stage binds before spending on either: declare or export what is missing"


def recommendations(audit: ConstraintAudit, currency: str) -> tuple[Recommendation, ...]:
    """The actions that follow from the verdict; none where nothing can be said."""
    if audit.binding.value is None:
        return ()
    due = (audit.quarter.last_day + timedelta(days=DUE_DAYS)).isoformat()
    unit = f"{currency}/quarter"

    def action(name: str, owner: Owner, text: str, effect=(None, None, None), told=None):
        value, low, high = (None if e is None else e * WEEKS_PER_QUARTER for e in effect)
        return Recommendation(id=f"constraint.{name}", step="constraint", owner=owner, action=text,
                              effect=value, low=low, high=high, unit=unit, due=due,
                              prediction=told)  # fmt: skip

    if not audit.is_sure:
        return (action("settle", "operations", SETTLE),)
    owner, text = ACTIONS[str(audit.binding.value)]
    lost = audit.lost
    effect = (lost.value, lost.low, lost.high) if lost and lost.value else (None, None, None)
    found = [action(f"widen.{audit.binding.value}", owner, text, effect, _widened(audit))]
    if audit.premature:
        found.append(action("hold", "operations", HOLD, told=_still_idle(audit)))
    return tuple(found)


def _widened(audit: ConstraintAudit) -> Prediction | None:
    """Of acquisition less is lost to it; of another stage less is used, and never all of it."""
    stage = str(audit.binding.value)
    if stage == ACQUISITION:
        return falls("constraint.contribution_lost_per_week", audit.lost) if audit.lost else None
    audited = audit.stage(stage)
    used = f"constraint.utilization.{stage}"
    return falls(used, audited.utilization, most=1.0) if audited else None


def _still_idle(audit: ConstraintAudit) -> Prediction:
    """The fullest of the stages on hold does not become full without its project."""
    fullest = max(audit.premature, key=lambda one: (one.used, one.stage))
    used = f"constraint.utilization.{fullest.stage}"
    audited = audit.stage(fullest.stage)
    now = audited.utilization.value if audited else None
    return at_most(used, now, audit.policy.binding_utilization)  # type: ignore[arg-type]
