"""The weekly program: how much to spend and how many orders to serve, and what one more is worth.

The weeks of a quarter are one linear program: demand comes by itself or is bought along concave
response curves, each order served brings its contribution and uses up some of every stage. The
duals of its constraints are the shadow prices.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from goulot.errors import ParameterError
from goulot.methods.response import Segments

DEMAND = "acquisition"
BUDGET = "budget"
_NUDGE = 1e-4  # of a capacity, for marginal values to its left and right
_SLACK = 1e-6  # of a limit: a constraint closer than that is held to bind
_NONE = MappingProxyType({})


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
    r"""The weeks of one company, each as good as any other to repeat (steady state).

    .. math:: \max_{x, y}\; \frac{m}{W} \sum_w y_w - \sum x_{ck} - F \quad\text{s.t.}\quad
              y_w \le d_w + o \sum s_{ck} x_{ck},\; a_s y_w \le C_{sw},\; \sum x_{ck} \le B,\;
              0 \le x_{ck} \le v_{ck}

    Parameters
    ----------
    worth_per_order : contribution of one order served, before acquisition [currency], :math:`m`
    free_orders : by week, orders that come without the spend that is chosen, :math:`d`; infinite:
        demand is no limit
    orders_per_customer : orders that a new customer brings over the horizon, :math:`o`
    curves : channel → response curve in segments, :math:`v, s`; spend is the same in all weeks
    capacity : stage → what it can do by week [items/week], :math:`C`; infinite: no limit
    use_per_order : stage → items of it that one order takes, :math:`a`
    budget : most that may be spent [currency/week], :math:`B`; None: no limit
    fixed_spend : spent whatever is chosen [currency/week], :math:`F`

    Notes
    -----
    A customer won this week is held to bring its later orders at the same weekly rate, so that an
    order is worth the same whoever places it. What is not served in its week is lost.

    References
    ----------
    Dantzig (1963), *Linear Programming and Extensions*, ch. 12 (prices); Goldratt & Cox (1984),
    *The Goal*, for the reading of the constraint; HiGHS through ``scipy.optimize.linprog``.
    """

    worth_per_order: float
    free_orders: np.ndarray | float
    orders_per_customer: float = 1.0
    curves: Mapping[str, Segments] = field(default_factory=lambda: _NONE)
    capacity: Mapping[str, np.ndarray | float] = field(default_factory=lambda: _NONE)
    use_per_order: Mapping[str, float] = field(default_factory=lambda: _NONE)
    budget: float | None = None
    fixed_spend: float = 0.0

    def __post_init__(self) -> None:
        for channel, curve in self.curves.items():
            _must_be_concave(channel, curve)
        unused = [s for s in self.capacity if not self.use_per_order.get(s, 0) > 0]
        if unused:
            raise ParameterError(
                f"{', '.join(unused)} has a capacity, but use_per_order does not say how much of "
                "it an order takes: give a number above 0."
            )

    @property
    def demand(self) -> np.ndarray:
        """Orders that come by week."""
        return np.atleast_1d(np.asarray(self.free_orders, dtype=float))

    def orders_at_limit(self, stage: str) -> np.ndarray:
        """By week, the orders at which ``stage`` is full; of acquisition, what pays to be had."""
        if stage != DEMAND:
            limit = np.asarray(self.capacity[stage], dtype=float) / self.use_per_order[stage]
            return np.broadcast_to(limit, self.demand.shape)
        worth = self.worth_per_order * self.orders_per_customer
        bought = (customers(c, profitable_spend(c, worth)) for c in self.curves.values())
        return self.demand + self.orders_per_customer * sum(bought)

    @cached_property
    def limits(self) -> dict[str, np.ndarray]:
        """Stage → ``orders_at_limit``, acquisition first."""
        return {stage: self.orders_at_limit(stage) for stage in (DEMAND, *self.capacity)}

    def with_capacity(self, stage: str, orders: np.ndarray | float) -> "WeeklyProgram":
        """The same weeks with room for ``orders`` at a stage behind acquisition [orders/week]."""
        room = dict(self.capacity) | {stage: np.asarray(orders) * self.use_per_order[stage]}
        return replace(self, capacity=room)

    def without(self, stage: str) -> "WeeklyProgram":
        """The same weeks with ``stage`` as wide as need be.

        Demand comes by itself then, beside what the best plan buys: what finding it costs is left
        out.
        """
        if stage != DEMAND:
            return replace(self, capacity={s: c for s, c in self.capacity.items() if s != stage})
        bought = sum(solve(self).spend.values()) if self.curves else 0.0
        spend = bought + self.fixed_spend
        return replace(self, free_orders=self.demand + np.inf, curves=_NONE, fixed_spend=spend)

    @cached_property
    def is_limited(self) -> bool:
        """Whether in every week something limits the orders."""
        return bool(np.isfinite(np.min(list(self.limits.values()), axis=0)).all())


def _must_be_limited(program: WeeklyProgram) -> None:
    if not program.is_limited:
        raise ParameterError(
            "In some week nothing limits the orders: give demand or a stage a finite capacity."
        )


def _must_be_concave(channel: str, curve: Segments) -> None:
    widths, slopes = np.asarray(curve.widths), np.asarray(curve.slopes)
    if widths.shape != slopes.shape or (widths < 0).any() or (np.diff(slopes) > _SLACK).any():
        raise ParameterError(
            f"The response curve of {channel} cannot be used: it needs one slope for each width, "
            "widths that are not negative, and slopes that never rise. Make it with "
            "concave_segments, from spend 0 on."
        )


@dataclass(frozen=True)
class Plan:
    """The best plan: mean orders served and contribution after spend [a week], spend by channel.

    ``dual`` has what one more order of weekly room is worth [currency a week] at each constraint;
    of the budget, what one more unit of it is worth. ``binding`` names the constraints without
    slack in some week.
    """

    orders: float
    spend: Mapping[str, float]
    contribution: float
    dual: Mapping[str, float]
    binding: tuple[str, ...]


def solve(program: WeeklyProgram) -> Plan:
    """The best plan for the weeks.

    Raises ParameterError where nothing limits the orders of some week.

    Examples
    --------
    A hundred orders come, the warehouse packs eighty, an order brings 20:

    >>> plan = solve(WeeklyProgram(worth_per_order=20, free_orders=100,
    ...     capacity={"fulfillment": 80}, use_per_order={"fulfillment": 1}))
    >>> plan.contribution, plan.binding, round(plan.dual["fulfillment"], 6)
    (1600.0, ('fulfillment',), 20.0)
    """
    _must_be_limited(program)
    if not program.curves and program.budget is None:
        return _served(program)
    costs, upper, rows, limits, owners = _matrices(program)
    answer = linprog(costs, rows, limits, bounds=upper, method="highs")
    if answer.status != 0:
        raise ParameterError(f"the weekly program has no answer: {answer.message}")
    count = len(costs) - len(program.demand)
    sizes = [len(curve.widths) for curve in program.curves.values()]
    parts = np.split(answer.x[:count], np.cumsum(sizes)[:-1]) if sizes else []
    tight = answer.slack <= _SLACK * np.maximum(np.abs(limits), 1)
    names = dict.fromkeys(owners.tolist())
    prices = {n: -answer.ineqlin.marginals[owners == n].sum() for n in names}
    return Plan(
        orders=float(answer.x[count:].mean()),
        spend={c: float(part.sum()) for c, part in zip(program.curves, parts, strict=True)},
        contribution=float(-answer.fun) - program.fixed_spend,
        dual={n: float(p * program.use_per_order.get(n, 1.0)) for n, p in prices.items()},
        binding=tuple(n for n in names if tight[owners == n].any()),
    )


def _served(program: WeeklyProgram) -> Plan:
    """The plan where nothing is bought: each week serves what its tightest constraint allows."""
    names, rooms = list(program.limits), np.array(list(program.limits.values()))
    orders = rooms.min(axis=0)
    tight = rooms <= orders + _SLACK * np.maximum(np.abs(orders), 1)
    first = np.bincount(tight.argmax(axis=0), minlength=len(names))
    mean, worth = float(orders.mean()), program.worth_per_order * first / len(orders)
    return Plan(
        orders=mean,
        spend={},
        contribution=program.worth_per_order * mean - program.fixed_spend,
        dual=dict(zip(names, worth.tolist(), strict=True)),
        binding=tuple(n for n, at in zip(names, tight.any(axis=1), strict=True) if at),
    )


def best_contribution(program: WeeklyProgram) -> float:
    """The contribution of :func:`solve`, without its plan and many times as fast.

    Together the curves are one, the cheapest customers first (merit order). What the weeks earn is
    concave and piecewise linear in the orders bought, so that the best lies where a segment ends,
    where the budget does, or where some week is full.
    """
    _must_be_limited(program)
    widths, slopes = (
        np.concatenate([np.zeros(0), *(getattr(c, part) for c in program.curves.values())])
        for part in ("widths", "slopes")
    )
    merit = np.argsort(-slopes)[: np.count_nonzero(slopes > 0)]
    spent = np.append(0.0, np.cumsum(widths[merit]))
    bought = np.append(0.0, np.cumsum((widths * slopes)[merit])) * program.orders_per_customer
    limits = [limit for name, limit in program.limits.items() if name != DEMAND]
    room = np.min([np.full(len(program.demand), np.inf), *limits], axis=0)
    most = bought[-1] if program.budget is None else np.interp(program.budget, spent, bought)
    tried = np.concatenate([bought, [most], room - program.demand]).clip(0, most)
    served = np.minimum(program.demand + tried[:, None], room).mean(axis=1)
    earned = program.worth_per_order * served - np.interp(tried, bought, spent)
    return float(earned.max()) - program.fixed_spend


def _matrices(program: WeeklyProgram):
    """Costs and bounds (spend on each segment, then orders by week); rows, limits, whose row."""
    widths = np.concatenate([np.zeros(0), *(c.widths for c in program.curves.values())])
    slopes = np.concatenate([np.zeros(0), *(c.slopes for c in program.curves.values())])
    weeks = len(program.demand)
    bought = np.tile(-program.orders_per_customer * slopes, (weeks, 1))
    blocks = [(DEMAND, np.hstack([bought, np.eye(weeks)]), program.demand)]
    for stage in program.capacity:
        used = np.eye(weeks) * program.use_per_order[stage]
        room = np.broadcast_to(np.asarray(program.capacity[stage], dtype=float), weeks)
        blocks.append((stage, np.hstack([np.zeros((weeks, len(widths))), used]), room))
    if program.budget is not None:
        spent = np.append(np.ones(len(widths)), np.zeros(weeks))
        blocks.append((BUDGET, spent[None, :], np.array([program.budget])))
    owners = np.concatenate([np.repeat(name, len(limit)) for name, _, limit in blocks])
    rows, limits = np.vstack([b[1] for b in blocks]), np.concatenate([b[2] for b in blocks])
    known = np.isfinite(limits)
    costs = np.append(np.ones(len(widths)), np.full(weeks, -program.worth_per_order / weeks))
    upper = [(0, width) for width in widths] + [(0, None)] * weeks
    return costs, upper, csr_array(rows[known]), limits[known], owners[known]


@dataclass(frozen=True)
class Price:
    """What one more and one less is worth [currency a week per order of weekly room].

    The two differ where several constraints bind at once (a degenerate optimum): one more order of
    only one of them is then worth nothing, one less costs the full price.
    """

    one_more: float
    one_less: float


def price(program: WeeklyProgram, stage: str) -> Price:
    """What one more and one less order of weekly room at ``stage`` is worth, by perturbation.

    HiGHS gives one dual of the many that a degenerate optimum has; the marginal values to the right
    and to the left are unique (Bertsimas & Tsitsiklis 1997, *Introduction to Linear Optimization*,
    sec. 5.2: the optimal value is concave and piecewise linear in the right-hand side).
    """
    if stage != DEMAND and stage not in program.capacity:
        return Price(0.0, 0.0)
    limit = program.demand if stage == DEMAND else program.orders_at_limit(stage)
    finite = limit[np.isfinite(limit)]
    if not len(finite):
        return Price(0.0, 0.0)
    step = _NUDGE * max(float(finite.mean()), 1.0)
    before = best_contribution(program)
    more, less = (
        replace(program, free_orders=limit + nudge)
        if stage == DEMAND
        else program.with_capacity(stage, limit + nudge)
        for nudge in (step, -step)
    )
    return Price(
        one_more=max(0.0, (best_contribution(more) - before) / step),
        one_less=max(0.0, (before - best_contribution(less)) / step),
    )
