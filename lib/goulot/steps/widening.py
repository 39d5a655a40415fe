"""What becomes of the ladder when a stage can do more, or less: the audit at other capacities."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from goulot.errors import ParameterError
from goulot.methods.ladders import Rung, ladder
from goulot.methods.programs import DEMAND, WeeklyProgram, solve
from goulot.steps.constraint import ConstraintAudit
from goulot.steps.weekly_worth import today_program


@dataclass(frozen=True)
class Widened:
    """The ladder at other capacities; ``gained`` is against today [currency/week].

    Contributions are None where an order has no known worth.
    """

    rungs: tuple[Rung, ...]
    orders_today: float
    contribution_today: float | None
    gained: float | None


def widenable(audit: ConstraintAudit) -> tuple[str, ...]:
    """Acquisition, and the stages behind it whose limit is known, in the order of the flow."""
    if audit.limits is None or not audit.rungs:
        return ()
    known = audit.limits.known
    return tuple(s.stage for s in audit.stages if s.stage == DEMAND or s.stage in known)


def widened(audit: ConstraintAudit, times: Mapping[str, float]) -> Widened:
    """Answer what a week would bring if stages could do so many times what they can today.

    Parameters
    ----------
    times : stage → its capacity as a multiple of today's, above 0; of acquisition, the demand

    Notes
    -----
    Spend stays what it is: more demand comes by itself here, and what finding it costs is left out.
    """
    if audit.limits is None:
        raise ParameterError("the audit knows no demand, so there is nothing to widen.")
    for stage, multiple in times.items():
        if not multiple > 0:
            raise ParameterError(f"times={multiple!r} of {stage} is not a multiple above 0.")
    today = audit.worth.today if audit.worth else today_program(audit.limits)
    now, then = solve(today), ladder(_scaled(today, times))
    if audit.worth is None:
        return Widened(then, now.orders, None, None)
    gained = then[0].contribution - now.contribution
    return Widened(then, now.orders, now.contribution, gained)


def _scaled(program: WeeklyProgram, times: Mapping[str, float]) -> WeeklyProgram:
    room = {
        stage: np.asarray(limit) * times.get(stage, 1.0)
        for stage, limit in program.capacity.items()
    }
    return replace(program, free_orders=program.demand * times.get(DEMAND, 1.0), capacity=room)
