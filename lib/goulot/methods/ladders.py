"""The ladder: widen the constraint, see what binds next and at what contribution, and again."""

from dataclasses import dataclass

from goulot.methods.programs import DEMAND, Plan, WeeklyProgram, solve


@dataclass(frozen=True)
class Rung:
    """What binds now, at how many orders and which contribution a week.

    ``gain`` is what widening it to the next constraint brings [currency/week]; None: no other
    stage is known that would ever bind. ``is_bought``: the best spend is chosen from here on,
    instead of today's.
    """

    stage: str
    orders: float
    contribution: float
    gain: float | None
    is_bought: bool = False


def ladder(
    today: WeeklyProgram, buying: WeeklyProgram | None = None, rungs: int = 5
) -> tuple[Rung, ...]:
    """Widen what binds until the next stage does, and again: at most ``rungs`` steps.

    A constraint is widened, not abolished: what a rung gains is the profit at the next constraint.

    Parameters
    ----------
    today : the weeks with today's spend
    buying : the same weeks with spend as a choice: what acquisition is widened to first. Where it
        is None, or has been used up, more demand comes by itself, and what finding it costs is
        left out.
    """
    found: list[Rung] = []
    current, is_bought = today, False
    plan = solve(current)
    while len(found) < rungs:
        stage = binding_stage(plan)
        wider, now_bought = current.without(stage), is_bought
        if stage == DEMAND and buying is not None and not is_bought:
            wider, now_bought = _same_stages(buying, current), True
        if not wider.is_limited:
            return (*found, Rung(stage, plan.orders, plan.contribution, None, is_bought))
        after = solve(wider)
        gain = max(0.0, after.contribution - plan.contribution)
        found.append(Rung(stage, plan.orders, plan.contribution, gain, is_bought))
        current, plan, is_bought = wider, after, now_bought
    return tuple(found)


def binding_stage(plan: Plan) -> str:
    """The stage whose next order is worth most, the budget apart."""
    stages = {name: dual for name, dual in plan.dual.items() if name != "budget"}
    return max(stages, key=lambda name: (round(stages[name], 9), name == DEMAND, name))


def _same_stages(buying: WeeklyProgram, current: WeeklyProgram) -> WeeklyProgram:
    for stage in [s for s in buying.capacity if s not in current.capacity]:
        buying = buying.without(stage)
    return buying
