"""Where the next currency unit of spend goes: concave curves, a budget, and what can be served."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from goulot.methods.response import Segments


@dataclass(frozen=True)
class Allocation:
    """Spend by channel [currency/week], customers it adds, contribution after spend, what binds.

    ``budget_price`` is what one more unit of budget adds [currency/currency], ``order_price`` one
    more order of room [currency/order]; 0 where they do not bind.
    """

    spend: Mapping[str, float]
    added: Mapping[str, float]
    contribution: float
    budget_price: float
    order_price: float


def allocate(
    curves: Mapping[str, Segments],
    worth: Mapping[str, float],
    *,
    budget: float | None = None,
    orders_per_customer: float = 1.0,
    room: float | None = None,
    allowed_cac: float | None = None,
    floors: Mapping[str, float] | None = None,
) -> Allocation:
    r"""Spend that maximises contribution: :math:`\max \sum_c (v_c n_c(x_c) - x_c)`.

    Parameters
    ----------
    curves : channel → what spend adds, in concave segments
    worth : channel → contribution of a customer, before acquisition [currency], :math:`v_c`
    budget : most that may be spent [currency/week]; None: no limit
    orders_per_customer, room : orders a week that a weekly customer makes, and most orders that
        bought customers may make [orders/week]
    allowed_cac : most that the next customer may cost [currency]; dearer segments are left out
    floors : channel → least to be spent, whatever it costs [currency/week]; given up where the
        limits forbid them

    Notes
    -----
    A linear program over the segments (Dantzig 1963), whose solution meets the equal-margin rule:
    every channel is bought until its next customer costs the same, in proportion to its worth. The
    segments of a concave curve are filled in order without being told to. Where one limit alone
    binds, no program has to be solved: the segments are filled in the order of merit.
    """
    names = sorted(curves)
    owner = [name for name in names for _ in curves[name].widths]
    if not owner:
        return Allocation({}, {}, 0.0, 0.0, 0.0)
    width, slope = (np.concatenate([getattr(curves[n], part) for n in names])
                    for part in ("widths", "slopes"))  # fmt: skip
    least = _filled(curves, names, floors or {})
    if allowed_cac is not None:
        width = np.maximum(np.where(slope * allowed_cac >= 1, width, 0.0), least)
    gain = np.array([worth[name] for name in owner]) * slope - 1
    limits = []
    if budget is not None:
        limits.append(_Limit(np.ones(len(width)), max(budget, 0.0)))
    if room is not None:
        limits.append(_Limit(slope * orders_per_customer, max(room, 0.0)))
    spent, prices = _filled_best(gain, least, width, limits)
    of = np.array([names.index(name) for name in owner])
    spend, added = (np.bincount(of, weights=part, minlength=len(names))
                    for part in (spent, spent * slope))  # fmt: skip
    return Allocation(
        spend={name: float(x) for name, x in zip(names, spend, strict=True)},
        added={name: float(x) for name, x in zip(names, added, strict=True)},
        contribution=float(gain @ spent),
        budget_price=float(prices[0]) if budget is not None else 0.0,
        order_price=float(prices[-1]) if room is not None else 0.0,
    )


class _Limit(NamedTuple):
    """What a unit of spend on each segment uses up of something, and how much of it there is."""

    use: np.ndarray
    most: float


def _filled_best(
    gain: np.ndarray, least: np.ndarray, width: np.ndarray, limits: list[_Limit]
) -> tuple[np.ndarray, list[float]]:
    """The best spend on each segment, and what one more unit of each limit is worth.

    What is best under one limit alone is best under all of them if it keeps the others.
    """
    if not limits:
        return np.where(gain > 0, width, least), []
    for limit in limits:
        spent, price = _by_merit(gain, least, width, limit)
        if all(use @ spent <= most * (1 + 1e-9) for use, most in limits):
            return spent, [price if limit is one else 0.0 for one in limits]
    for low in (least, np.zeros(len(width))):
        solved = linprog(
            -gain,
            A_ub=np.array([limit.use for limit in limits]),
            b_ub=[limit.most for limit in limits],
            bounds=np.column_stack([low, width]),
            method="highs",
        )
        if solved.x is not None:
            break
    return np.asarray(solved.x), (-np.asarray(solved.ineqlin.marginals)).tolist()


def _by_merit(
    gain: np.ndarray, least: np.ndarray, width: np.ndarray, limit: _Limit
) -> tuple[np.ndarray, float]:
    """Segments filled in the order of what they gain for what they use of one limit (Dantzig 1957),
    and what one more unit of it is worth."""
    pays = np.flatnonzero((gain > 0) & (width > least))
    merit = gain[pays] / limit.use[pays]
    order = np.argsort(-merit, kind="stable")
    pays, merit = pays[order], merit[order]
    wanted = (width - least)[pays] * limit.use[pays]
    left = limit.most - limit.use @ least
    given = np.clip(left - (np.cumsum(wanted) - wanted), 0, wanted)
    spent = least.copy()
    spent[pays] += given / limit.use[pays]
    short = np.flatnonzero(given < wanted)
    return spent, float(merit[short[0]]) if len(short) else 0.0


def _filled(
    curves: Mapping[str, Segments], names: list[str], floors: Mapping[str, float]
) -> np.ndarray:
    """How far each segment is filled by the least that its channel gets, the first ones first."""
    parts = []
    for name in names:
        starts = np.cumsum(curves[name].widths) - curves[name].widths
        parts.append(np.clip(floors.get(name, 0.0) - starts, 0, curves[name].widths))
    return np.concatenate(parts)
