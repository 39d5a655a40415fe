"""A change divided among what caused it, so that the parts add up and no order is favored."""

from collections.abc import Callable, Mapping
from itertools import combinations
from math import factorial


def shapley(
    before: Mapping[str, float],
    after: Mapping[str, float],
    total: Callable[[Mapping[str, float]], float],
) -> dict[str, float]:
    r"""Part of each driver in the change of ``total`` from ``before`` to ``after``.

    A driver's part is the mean, over all orders in which the drivers could have moved one after the
    other, of what its own move changed. The parts add up to the whole change exactly, and a driver
    that did not move has none.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!}
              \left[f(S \cup i) - f(S)\right]

    Parameters
    ----------
    before, after : value of each driver; the same names
    total : the quantity, as a function of all drivers; it is called :math:`2^n` times

    References
    ----------
    Shapley (1953), A value for n-person games; Shorrocks (2013), Decomposition procedures for
    distributional analysis, Journal of Economic Inequality 11.

    Examples
    --------
    Orders 100 → 120 at a basket of 50 → 45: 950 from more orders, −550 from smaller baskets.

    >>> parts = shapley({"orders": 100, "basket": 50}, {"orders": 120, "basket": 45},
    ...                 lambda v: v["orders"] * v["basket"])
    >>> parts
    {'orders': 950.0, 'basket': -550.0}
    """
    names = list(before)
    moved = {
        frozenset(chosen): total({n: (after if n in chosen else before)[n] for n in names})
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
    }
    return {name: _part(name, names, moved) for name in names}


def _part(name: str, names: list[str], moved: Mapping[frozenset[str], float]) -> float:
    others = [other for other in names if other != name]
    part = 0.0
    for size in range(len(others) + 1):
        weight = factorial(size) * factorial(len(others) - size) / factorial(len(names))
        for chosen in combinations(others, size):
            without = frozenset(chosen)
            part += weight * (moved[without | {name}] - moved[without])
    return part
