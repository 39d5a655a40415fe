"""Hourly simulation of a spike: the same worlds at every setting, all of them at once.

Arrays have one row per hour (T) and one column per scenario (S). What is random is drawn once
(``draw_worlds``); a setting moves the same worlds (common random numbers), so curves are smooth and
more orders in one world are more orders in that world, never another world's luck.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import gamma

from goulot.errors import ParameterError

HOURS = 24
MANY_ORDERS = 4096.0  # an hour; beyond it cutting at zero moves no mean


@dataclass(frozen=True)
class Worlds:
    """Scenarios, drawn once.

    ``gain`` [T, S]: what a day makes of its expected orders, mean 1; ``noise`` [T, S]: the square
    root of it times a standard normal; ``asked`` and ``given``: the rate to ask for so that the
    mean of what comes out is ``given`` (cutting at zero would otherwise add orders at night).
    """

    gain: np.ndarray
    noise: np.ndarray
    asked: np.ndarray
    given: np.ndarray

    @property
    def scenarios(self) -> int:
        return self.gain.shape[1]

    @property
    def hours(self) -> int:
        return self.gain.shape[0]


def draw_worlds(hours: int, scenarios: int, dispersion: float, seed: int) -> Worlds:
    r"""Draw the scenarios.

    Parameters
    ----------
    dispersion : variance of a day's orders beyond Poisson's, as a share of the mean squared: a day
        has variance :math:`\mu + \alpha \mu^2`, as a negative binomial's (Cameron & Trivedi 2013,
        *Regression Analysis of Count Data*, 2nd ed., sec. 3.3). 0: Poisson.

    Notes
    -----
    A day is multiplied by a gamma of mean 1 and variance :math:`\alpha`; within it an hour of rate
    :math:`\lambda` has :math:`\max(0, \lambda + \sqrt\lambda z)` orders, z a standard normal that
    stays what it is: rising in :math:`\lambda` wherever it is not zero.
    """
    if dispersion < 0:
        raise ParameterError(f"dispersion={dispersion} is below 0: write 0 for Poisson arrivals.")
    rng = np.random.default_rng(seed)
    days = -(-hours // HOURS)
    gains = np.ones((days, scenarios))
    if dispersion > 1e-9:
        shares = (np.arange(scenarios) + 0.5) / scenarios  # every day has the whole distribution
        gains = gamma.ppf(rng.permuted(np.tile(shares, (days, 1)), axis=1), 1 / dispersion)
        gains *= dispersion
        gains /= gains.mean(axis=1, keepdims=True)
    gain = np.repeat(gains, HOURS, axis=0)[:hours].astype(np.float32)
    noise = rng.standard_normal((hours, scenarios), dtype=np.float32)
    noise -= noise.mean(axis=1, keepdims=True) * (scenarios > 1)
    return _balanced(gain, noise * np.sqrt(gain))


def still_worlds(hours: int) -> Worlds:
    """One scenario in which everything happens exactly as expected: the fluid limit."""
    return _balanced(np.ones((hours, 1)), np.zeros((hours, 1)))


def _balanced(gain: np.ndarray, noise: np.ndarray) -> Worlds:
    sample = slice(None, None, max(1, gain.size // 20_000))
    some_gain, some_noise = gain.ravel()[sample], noise.ravel()[sample]
    asked = np.concatenate([[0.0], np.geomspace(1e-4, MANY_ORDERS, 120)])
    given = [np.maximum(a * some_gain + np.sqrt(a) * some_noise, 0).mean() for a in asked]
    return Worlds(gain, noise, asked, np.maximum.accumulate(given))


def arrivals(worlds: Worlds, expected: np.ndarray) -> np.ndarray:
    """Orders by hour and scenario [T, S] whose means are ``expected`` [T]."""
    rate = np.interp(expected, worlds.given, worlds.asked)
    many = expected > worlds.given[-1]
    rate[many] = expected[many] * worlds.asked[-1] / worlds.given[-1]
    kind = worlds.gain.dtype
    orders = worlds.gain * rate.astype(kind)[:, None]
    orders += worlds.noise * np.sqrt(rate).astype(kind)[:, None]
    return np.maximum(orders, 0, out=orders)


@dataclass(frozen=True)
class Shelves:
    """Stock by group of SKUs, in orders that it serves: ``share`` of the orders that are for the
    group, and how many of them its ``stock`` serves."""

    share: np.ndarray
    stock: np.ndarray


def serve_from_stock(orders: np.ndarray, shelves: Shelves | None) -> tuple[np.ndarray, np.ndarray]:
    """``(orders that find their goods [T, S], orders that do not [S])``, first come first served.

    Nothing is received within the horizon. ``orders`` is left as it is.
    """
    unmet = np.zeros(orders.shape[1])
    if shelves is None:
        return orders, unmet
    wanted = np.cumsum(orders, axis=0)
    short = None
    for share, stock in zip(shelves.share, shelves.stock, strict=True):
        if share <= 0 or wanted[-1].max() * share <= stock:
            continue
        beyond = wanted * orders.dtype.type(share)
        beyond -= orders.dtype.type(stock)
        np.maximum(beyond, 0, out=beyond)
        short = beyond if short is None else np.add(short, beyond, out=short)
    if short is None:
        return orders, unmet
    met = orders.copy()
    met[0] -= short[0]
    met[1:] -= np.diff(short, axis=0)
    return np.maximum(met, 0, out=met), short[-1]


@dataclass(frozen=True)
class Packed:
    """What a warehouse made of the orders: ``backlog`` at the end of each hour and what was
    ``shipped`` in it [T, S]; who waits stays from hour to hour with probability ``keep``."""

    backlog: np.ndarray
    shipped: np.ndarray
    keep: float

    @property
    def cancelled(self) -> np.ndarray:
        """Orders cancelled while they waited [S]."""
        return self.backlog.sum(axis=0) * (1 / self.keep - 1)


def pack(
    orders: np.ndarray,
    capacity: np.ndarray,
    keep: float = 1.0,
    *,
    relief: np.ndarray | None = None,
    beyond: np.ndarray | None = None,
    rank: np.ndarray | None = None,
) -> Packed:
    r"""Pick and pack what waits, up to the capacity of each hour.

    .. math:: Q_t = \max(q - C_t - \min(H_t, (q - B_t)^+), 0) \cdot k, \quad q = Q_{t-1} + A_t

    Parameters
    ----------
    orders : what comes [T, S]
    capacity : what can be packed [T], or by scenario [T, S]
    keep : probability that who waits an hour is still a customer after it; patience is exponential,
        as in Erlang A
    relief, beyond : capacity that packs only what stands beyond so many orders [T], :math:`H, B`; B
        is not below C. More orders never leave fewer waiting, nor does less capacity.
    rank : orders that must be there, above which the capacity has something to do [T, S]. Server
        number k of c idles while at most k wait: with capacities that are the ticks of c servers
        this is an M/M/c (uniformised; Grassmann 1977). None: all of it can work on any order.
    """
    backlog = np.empty_like(orders)
    before = np.zeros_like(orders[0])
    for hour, row in enumerate(backlog):
        np.add(before, orders[hour], out=row)
        room = capacity[hour] if rank is None else capacity[hour] * (row > rank[hour])
        if relief is not None and relief[hour] > 0:
            np.clip(row - beyond[hour], 0, relief[hour], out=before)
            np.subtract(row, before, out=row)
        np.subtract(row, room, out=row)
        np.maximum(row, 0, out=row)
        if keep != 1:
            row *= keep
        np.copyto(before, row)
    shipped = orders - backlog * (1 / keep)
    shipped[1:] += backlog[:-1]
    return Packed(backlog, np.maximum(shipped, 0, out=shipped), keep)


def shipped_on_time(
    orders: np.ndarray, packed: Packed, due: np.ndarray, since: int
) -> tuple[np.ndarray, np.ndarray]:
    """``(orders shipped on time, orders placed)`` [S], first in first out, of those judged.

    Judged are the orders placed from hour ``since`` on whose last hour to be shipped, ``due`` [T]
    (never falling), lies within the horizon. Exact with customers who cancel: attrition thins all
    that waits alike, so in units that grow as the customers shrink the queue is a plain one, and
    its curves of arrivals and departures tell the age of whatever leaves.
    """
    hours = len(orders)
    judged = int(np.searchsorted(due, hours - 1, side="right"))
    if judged <= since:
        return np.zeros(orders.shape[1]), np.zeros(orders.shape[1])
    grown = packed.keep ** -np.arange(hours, dtype=float)
    scale = grown.astype(orders.dtype)[:, None]
    came = np.cumsum(np.vstack([np.zeros_like(orders[:1]), orders * scale]), axis=0)
    left = np.cumsum(packed.shipped * scale, axis=0)
    # What is late at hour t was placed before ``late[t]``; ``since`` bounds what is judged.
    late = np.maximum(np.searchsorted(due, np.arange(hours), side="left"), since)
    first = came[np.minimum(late, judged)]
    np.maximum(first[1:], left[:-1], out=first[1:])
    in_time = np.minimum(left, came[judged]) - first
    np.maximum(in_time, 0, out=in_time)
    return (in_time / scale).sum(axis=0), orders[since:judged].sum(axis=0)
