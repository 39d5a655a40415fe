"""Where the next currency unit of spend goes: concave curves, a budget, and what can be served."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    segments of a concave curve are filled in order without being told to.
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
    rows, limits = [], []
    if budget is not None:
        rows.append(np.ones(len(width)))
        limits.append(max(budget, 0.0))
    if room is not None:
        rows.append(slope * orders_per_customer)
        limits.append(max(room, 0.0))
    for low in (least, np.zeros(len(width))):
        solved = linprog(
            -gain,
            A_ub=np.array(rows) if rows else None,
            b_ub=limits or None,
            bounds=np.column_stack([low, width]),
            method="highs",
        )
        if solved.x is not None:
            break
    spent = np.asarray(solved.x)
    prices = -np.asarray(solved.ineqlin.marginals) if rows else np.zeros(0)
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


def _filled(
    curves: Mapping[str, Segments], names: list[str], floors: Mapping[str, float]
) -> np.ndarray:
    """How far each segment is filled by the least that its channel gets, the first ones first."""
    parts = []
    for name in names:
        starts = np.cumsum(curves[name].widths) - curves[name].widths
        parts.append(np.clip(floors.get(name, 0.0) - starts, 0, curves[name].widths))
    return np.concatenate(parts)
