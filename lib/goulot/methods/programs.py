"""The weekly program: how much to spend and how many orders to serve, and what one more is worth.

A week is a linear program: demand comes by itself or is bought along concave response curves, each
order served brings its contribution and uses up some of every stage. The duals of its constraints
are the shadow prices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from scipy.optimize import linprog

from goulot.errors import ParameterError
from goulot.methods.response import Segments

DEMAND = "acquisition"
BUDGET = "budget"
_NUDGE = 1e-4  # of a right-hand side, for marginal values to its left and right
_SLACK = 1e-6  # of a right-hand side: a constraint closer than that is held to bind


def customers(curve: Segments, spend: float) -> float:
    """New customers a week at ``spend`` [currency/week]; flat beyond the last segment."""
    starts = np.cumsum(curve.widths) - curve.widths
    return float(np.clip(spend - starts, 0, curve.widths) @ np.asarray(curve.slopes))


def profitable_spend(curve: Segments, worth_per_customer: float) -> float:
    """Spend at which the next customer costs what one is worth [currency/week]."""
    pays = np.asarray(curve.slopes) * worth_per_customer > 1
    return float(np.asarray(curve.widths)[pays].sum())


@dataclass(frozen=True, kw_only=True)
class WeeklyProgram:
    r"""A week of one company, in steady state.

    .. math:: \max_{x, y}\; m y - \sum x_{ck} \quad\text{s.t.}\quad
              y \le d_0 + o \sum s_{ck} x_{ck},\; a_s y \le C_s,\; \sum x_{ck} \le B,\;
              0 \le x_{ck} \le w_{ck}

    Parameters
    ----------
    worth_per_order : contribution of one order served, before acquisition [currency], :math:`m`
    free_orders : orders that come without spend [orders/week], :math:`d_0`
    orders_per_customer : orders that a new customer brings over the horizon, :math:`o`
    curves : channel → response curve in pieces, :math:`w, s`
    capacity : stage → what it can do [items/week], :math:`C`; a stage that is not named is free
    use_per_order : stage → items of it that one order takes, :math:`a`
    budget : most that may be spent [currency/week], :math:`B`; None: no limit

    Notes
    -----
    Each customer won this week is held to bring its later orders at the same weekly rate (steady
    state), so that an order is worth the same whoever places it. A week without curves serves what
    comes.

    References
    ----------
    Dantzig (1963), *Linear Programming and Extensions*, ch. 12 (prices); Goldratt & Cox (1984) for
    the reading of the constraint; HiGHS through ``scipy.optimize.linprog``.
    """

    worth_per_order: float
    free_orders: float
    orders_per_customer: float = 1.0
    curves: Mapping[str, Segments] = field(default_factory=lambda: MappingProxyType({}))
    capacity: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    use_per_order: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    budget: float | None = None

    def __post_init__(self) -> None:
        for channel, curve in self.curves.items():
            _must_be_concave(channel, curve)
        unused = [s for s in self.capacity if not self.use_per_order.get(s, 0) > 0]
        if unused:
            raise ParameterError(
                f"{', '.join(unused)} has a capacity, but use_per_order does not say how much of "
                "it an order takes: give a number above 0."
            )

    def orders_at_limit(self, stage: str) -> float:
        """Orders a week at which ``stage`` is full; for acquisition, what pays to be had."""
        if stage != DEMAND:
            return self.capacity[stage] / self.use_per_order[stage]
        worth = self.worth_per_order * self.orders_per_customer
        bought = (customers(c, profitable_spend(c, worth)) for c in self.curves.values())
        return self.free_orders + self.orders_per_customer * sum(bought)

    def with_capacity(self, stage: str, orders: float) -> "WeeklyProgram":
        """The same week with room for ``orders`` at ``stage`` [orders/week].

        More demand than pays to be had comes by itself here: what finding it costs is left out.
        """
        if stage == DEMAND:
            missing = orders - self.orders_at_limit(DEMAND)
            return replace(self, free_orders=self.free_orders + missing)
        room = dict(self.capacity) | {stage: orders * self.use_per_order[stage]}
        return replace(self, capacity=room)


def _must_be_concave(channel: str, curve: Segments) -> None:
    widths, slopes = np.asarray(curve.widths), np.asarray(curve.slopes)
    if widths.shape != slopes.shape or (widths < 0).any() or (np.diff(slopes) > _SLACK).any():
        raise ParameterError(
            f"The response curve of {channel} cannot be used: it needs one slope for each width, "
            "widths that are not negative, and slopes that never rise. Make it with "
            "concave_segments, from spend 0 on."
        )


@dataclass(frozen=True)
class Price:
    """What one more and one less is worth [currency a week per order of weekly capacity].

    The two differ where several constraints bind at once (a degenerate optimum): one more order of
    only one of them is then worth nothing, one less costs the full price.
    """

    one_more: float
    one_less: float


@dataclass(frozen=True)
class Plan:
    """The best week: orders served, spend by channel, contribution after spend, what binds."""

    orders: float
    spend: Mapping[str, float]
    contribution: float
    dual: Mapping[str, float]
    binding: tuple[str, ...]


def solve(program: WeeklyProgram) -> Plan:
    """The best week, with the dual of each constraint [currency a week per order].

    Raises ParameterError if nothing limits the orders (no demand is finite): cannot happen for a
    program whose numbers are finite.

    Examples
    --------
    A hundred orders come, the warehouse packs eighty, an order brings 20:

    >>> plan = solve(WeeklyProgram(worth_per_order=20, free_orders=100,
    ...     capacity={"fulfillment": 80}, use_per_order={"fulfillment": 1}))
    >>> plan.contribution, plan.binding, round(plan.dual["fulfillment"], 6)
    (1600.0, ('fulfillment',), 20.0)
    """
    costs, upper, names, rows, limits = _matrices(program)
    answer = linprog(
        costs,
        A_ub=rows,
        b_ub=limits,
        bounds=[(0, top) for top in upper],
        method="highs",
    )
    if answer.status != 0:
        raise ParameterError(f"the weekly program has no answer: {answer.message}")
    x, room = answer.x, answer.slack
    scale = _orders_per_unit(program, names)
    spend, start = {}, 0
    for channel, curve in program.curves.items():
        spend[channel] = float(x[start : start + len(curve.widths)].sum())
        start += len(curve.widths)
    binding = tuple(
        name
        for name, left, limit in zip(names, room, limits, strict=True)
        if left <= _SLACK * max(abs(limit), 1)
    )
    duals = {n: float(-d * scale[n]) for n, d in zip(names, answer.ineqlin.marginals, strict=True)}
    return Plan(float(x[-1]), spend, float(-answer.fun) + 0.0, duals, binding)


def price(program: WeeklyProgram, stage: str) -> Price:
    """What one more and one less order of weekly room at ``stage`` is worth, by perturbation.

    HiGHS gives one dual of the many that a degenerate optimum has; the marginal values to the right
    and to the left are unique (Bertsimas & Tsitsiklis 1997, *Introduction to Linear Optimization*,
    sec. 5.2: the optimal value is concave and piecewise linear in the right-hand side).
    """
    if stage != DEMAND and stage not in program.capacity:
        return Price(0.0, 0.0)
    before = solve(program).contribution
    limit = program.free_orders if stage == DEMAND else program.orders_at_limit(stage)
    step = _NUDGE * max(limit, 1.0)
    more, less = (_nudged(program, stage, way * step) for way in (1, -1))
    return Price(
        one_more=max(0.0, (solve(more).contribution - before) / step),
        one_less=max(0.0, (before - solve(less).contribution) / step),
    )


def _nudged(program: WeeklyProgram, stage: str, orders: float) -> WeeklyProgram:
    if stage == DEMAND:
        return replace(program, free_orders=program.free_orders + orders)
    return program.with_capacity(stage, program.orders_at_limit(stage) + orders)


def _matrices(program: WeeklyProgram):
    """Costs, upper bounds, and the constraints' names, rows and limits; the last column is y."""
    widths = np.concatenate([np.zeros(0), *(c.widths for c in program.curves.values())])
    slopes = np.concatenate([np.zeros(0), *(c.slopes for c in program.curves.values())])
    count = len(widths)
    names, rows = [DEMAND], [np.append(-program.orders_per_customer * slopes, 1.0)]
    limits = [program.free_orders]
    for stage in program.capacity:
        names.append(stage)
        rows.append(np.append(np.zeros(count), program.use_per_order[stage]))
        limits.append(program.capacity[stage])
    if program.budget is not None:
        names.append(BUDGET)
        rows.append(np.append(np.ones(count), 0.0))
        limits.append(program.budget)
    costs = np.append(np.ones(count), -program.worth_per_order)
    return costs, [*widths, None], names, np.array(rows), np.array(limits, dtype=float)


def _orders_per_unit(program: WeeklyProgram, names: list[str]) -> dict[str, float]:
    """Items of a stage that an order takes; for demand and budget one."""
    return {name: program.use_per_order.get(name, 1.0) for name in names}


@dataclass(frozen=True)
class Rung:
    """What binds at this width, at how many orders and which contribution a week.

    ``gain`` is what widening it to the next constraint brings [currency/week]; None: no other stage
    is known that would ever bind.
    """

    stage: str
    orders: float
    contribution: float
    gain: float | None


def ladder(program: WeeklyProgram, rungs: int = 5) -> tuple[Rung, ...]:
    """Widen what binds until the next stage does, and again: at most ``rungs`` steps.

    The first rung is the week as it is. A constraint is widened, not abolished: each rung is the
    profit at the next constraint. Stages that bind together follow one another with a gain of 0.
    """
    order = sorted([DEMAND, *program.capacity], key=program.orders_at_limit)
    limits = [program.orders_at_limit(stage) for stage in order]
    plans = []
    for place in range(min(rungs + 1, len(order))):
        widened = program
        for stage in order[:place]:
            widened = widened.with_capacity(stage, limits[place])
        plans.append(solve(widened))
    gains = [after.contribution - now.contribution for now, after in pairwise(plans)]
    gains = [max(0.0, gain) for gain in gains] + [None] * (len(plans) == len(order))
    return tuple(
        Rung(stage, plan.orders, plan.contribution, gain)
        for stage, plan, gain in list(zip(order, plans, gains, strict=False))[:rungs]
    )
