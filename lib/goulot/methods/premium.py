"""What a customer is worth when some come back each period, and what better service may cost."""

import numpy as np

from goulot.errors import ParameterError


def retained_value(margin: float, retention: float, discount: float) -> float:
    r"""Value of a customer who brings ``margin`` now and, while they come back, every period.

    .. math:: m \frac{1+d}{1+d-r}

    Parameters
    ----------
    margin : contribution of a period after fulfillment [currency].  :math:`m`
    retention : probability of coming back for the next period [0 to 1].  :math:`r`
    discount : rate of a period [share].  :math:`d`

    References
    ----------
    Gupta & Lehmann (2003), Customers as assets, Journal of Interactive Marketing 17(1).

    Examples
    --------
    >>> round(retained_value(30, 0.6, 0.01), 4)
    73.9024
    """
    if not 0 <= retention <= 1 or discount <= -1 or 1 + discount - retention <= 0:
        raise ParameterError(
            f"retention={retention} and discount={discount}: retention is a share of 0 to 1, and "
            "with a retention of 1 the discount must be above 0."
        )
    return margin * (1 + discount) / (1 + discount - retention)


def retention_for(value: float, margin: float, discount: float) -> float:
    r"""Retention at which a customer with that ``margin`` a period is worth ``value``.

    .. math:: r = (1+d)\left(1 - \frac{m}{V}\right)

    It may be above 1: then no retention is enough.

    Examples
    --------
    The playbook's premium: 20 % more on a fulfillment cost of 8 leaves 28.40 a period. To be worth
    as much as before, and three times as much:

    >>> worth = retained_value(30, 0.6, 0.01)
    >>> round(retention_for(worth, 28.4, 0.01), 6), round(retention_for(3 * worth, 28.4, 0.01), 6)
    (0.621867, 0.880622)
    """
    if value <= 0:
        raise ParameterError(f"value={value} is not above 0: there is nothing to be worth.")
    return (1 + discount) * (1 - margin / value)


def break_even_change(first, repeat, repeats, premium) -> np.ndarray:
    r"""LTV change, before the premium is paid, at which paying it on every order leaves nothing.

    What a customer brings is :math:`V = f + vR`. With a premium :math:`p` on every order, the
    repeat orders needed are :math:`R' = (vR + p) / (v - p)`, as they carry the premium too; the
    change is :math:`v(R' - R) / V`.

    Parameters
    ----------
    first, repeat : contribution of the first order and of a repeat order [currency].  :math:`f, v`
    repeats : discounted repeat orders of a customer over the horizon.  :math:`R`
    premium : paid more on every order [currency].  :math:`p`

    All of them numbers or arrays that go together.

    Returns
    -------
    A share of LTV; infinite where a repeat order brings no more than the premium, or a customer
    nothing at all.

    Examples
    --------
    The playbook's premium again: 5.6 % more LTV, all from coming back.

    >>> float(break_even_change(30, 30, 73.9024 / 30 - 1, 1.6).round(4))
    0.0563
    """
    worth = np.asarray(first + repeat * repeats, dtype=float)
    pays = (repeat > premium) & (worth > 0)
    kept = np.where(pays, repeat - premium, 1.0)
    more = (repeat * repeats + premium) / kept - repeats
    change = repeat * more / np.where(pays, worth, 1.0)
    return np.where(pays, change, np.where(np.asarray(premium) <= 0, 0.0, np.inf))
