"""Hourly simulation of a spike: the same worlds at every setting, all of them at once.

Arrays have one row per hour (T) and one column per scenario (S). What is random is drawn once
(``draw_worlds``); a setting moves the same worlds (common random numbers), so curves are smooth and
more orders in one world are more orders in that world, never another world's luck.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.stats import gamma

from goulot.errors import ParameterError

HOURS = 24
FAR = 1e24  # growth from which on single precision would overflow
MANY_ORDERS = 4096.0  # an hour; beyond it cutting at zero moves no mean


@dataclass(frozen=True)
class Worlds:
    """Scenarios, drawn once.

    ``gain`` [T, S]: what a day makes of its expected orders, mean 1; ``noise`` [T, S]: the square
    root of it times a standard normal; ``asked`` and ``given``: the rate to ask for so that the
    mean of what comes out is ``given`` (cutting at zero would otherwise add orders at night).
    ``seed`` None: nothing is left to chance. ``goods`` [days, G, S]: what comes of the open
    purchase orders on each morning, by SKU group (None: nothing; see ``spike_stock``).
    """

    gain: np.ndarray
    noise: np.ndarray
    asked: np.ndarray
    given: np.ndarray
    seed: int | None = None
    goods: np.ndarray | None = None

    @cached_property
    def apart(self) -> "Worlds":
        """The same days for orders that are drawn apart from the others, with their own luck."""
        if self.seed is None:
            return self
        noise = _centred(np.random.default_rng([self.seed, 1]), self.gain.shape)
        return _balanced(self.gain, noise * np.sqrt(self.gain), self.seed)

    def luck(self, rows: int) -> np.ndarray:
        """Standard normals [rows, S] of whatever else is left to chance."""
        if self.seed is None:
            return np.zeros((rows, self.scenarios))
        rng = np.random.default_rng([self.seed, 2])
        return rng.standard_normal((rows, self.scenarios), dtype=np.float32)

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
    return _balanced(gain, _centred(rng, gain.shape) * np.sqrt(gain), seed)


def _centred(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Standard normals whose mean over the scenarios is zero in every hour."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    noise -= noise.mean(axis=1, keepdims=True) * (shape[1] > 1)
    return noise


def still_worlds(hours: int) -> Worlds:
    """One scenario in which everything happens exactly as expected: the fluid limit."""
    return _balanced(np.ones((hours, 1)), np.zeros((hours, 1)))


def _balanced(gain: np.ndarray, noise: np.ndarray, seed: int | None = None) -> Worlds:
    sample = slice(None, None, max(1, gain.size // 20_000))
    some_gain, some_noise = gain.ravel()[sample], noise.ravel()[sample]
    asked = np.concatenate([[0.0], np.geomspace(1e-4, MANY_ORDERS, 120)])
    given = [np.maximum(a * some_gain + np.sqrt(a) * some_noise, 0).mean() for a in asked]
    return Worlds(gain, noise, asked, np.maximum.accumulate(given), seed)


def arrivals(worlds: Worlds, expected: np.ndarray) -> np.ndarray:
    """Orders by hour and scenario [T, S] whose means are ``expected`` [T]."""
    rate = np.interp(expected, worlds.given, worlds.asked)
    many = expected > worlds.given[-1]
    rate[many] = expected[many] * worlds.asked[-1] / worlds.given[-1]
    kind = worlds.gain.dtype
    orders = worlds.gain * rate.astype(kind)[:, None]
    orders += worlds.noise * np.sqrt(rate).astype(kind)[:, None]
    return np.maximum(orders, 0, out=orders)


def running_sum(rows: np.ndarray) -> np.ndarray:
    """``numpy.cumsum(rows, axis=0)``, row by row: several times faster on wide rows."""
    found = np.empty_like(rows)
    before = found[0]
    np.copyto(before, rows[0])
    for row, here in zip(rows[1:], found[1:], strict=True):
        np.add(before, row, out=here)
        before = here
    return found


@dataclass(frozen=True)
class Packed:
    """What a warehouse made of the orders.

    Who waits stays from hour to hour with probability ``keep``. ``came`` [T, ..., S] and ``left``
    are the orders that came and that were packed so far, in units that grow as the customers shrink
    (an order of hour t counts ``keep ** -t``): in these the queue is a plain one, since attrition
    thins all that waits alike. ``left`` has a row for each hour in which there is work, ``works``.
    """

    came: np.ndarray
    left: np.ndarray
    works: np.ndarray
    keep: float

    @cached_property
    def backlog(self) -> np.ndarray:
        """What waits at the end of each hour [T, ..., S]."""
        hours = np.arange(len(self.came))
        row = np.searchsorted(self.works, hours, side="right")
        waits = self.came - _from_nothing(self.left)[row]
        np.maximum(waits, 0, out=waits)
        return waits if self.keep == 1 else self._shrunk(waits, hours + 1)

    @property
    def at_the_end(self) -> np.ndarray:
        """What still waits when the hours end [..., S]."""
        waits = self.came[-1] - _from_nothing(self.left)[-1]
        return np.maximum(waits, 0) * self.keep ** len(self.came)

    @cached_property
    def shipped(self) -> np.ndarray:
        """What is packed in each hour of ``works`` [W, ..., S]."""
        return self._shrunk(np.diff(self.left, axis=0, prepend=0), self.works)

    @property
    def cancelled(self) -> np.ndarray:
        """Orders cancelled while they waited [..., S]."""
        return self.backlog.sum(axis=0) * (1 / self.keep - 1)

    def _shrunk(self, grown: np.ndarray, hours: np.ndarray) -> np.ndarray:
        """Rows of grown units at ``hours``, in orders; in place."""
        grown *= _by_hour(self.keep ** hours.astype(float), grown)
        return grown


def _from_nothing(left: np.ndarray) -> np.ndarray:
    """What has left so far, with a row of zeros before the first."""
    return np.concatenate([np.zeros((1, *left.shape[1:]), dtype=left.dtype), left])


def _by_hour(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """One value an hour, as rows of the kind and the axes of ``like``."""
    return values.astype(like.dtype).reshape(-1, *(1,) * (like.ndim - 1))


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
    orders : what comes [T, ..., S]
    capacity : what can be packed [T], or with the axes of ``orders``; an axis along which only the
        capacity differs has length 1 there: warehouses packing the same orders side by side
    keep : probability that who waits an hour is still a customer after it; patience is exponential,
        as in Erlang A
    relief, beyond : capacity that packs only what stands beyond so many orders, :math:`H, B`, with
        the axes of ``capacity``, in hours in which C is not zero; B is not below C. More orders
        never leave fewer waiting, nor does less capacity.
    rank : orders that must be there, above which the capacity has something to do [T, S]. Server
        number k of c idles while at most k wait: with capacities that are the ticks of c servers
        this is an M/M/c (uniformised; Grassmann 1977). None: all of it can work on any order.

    Notes
    -----
    Followed in the growing units of ``Packed``, and only through the hours in which there is work.
    """
    growth = keep ** -np.arange(len(orders), dtype=float)
    orders = orders.astype(float) if growth[-1] > FAR else orders
    came = running_sum(orders if keep == 1 else orders * _by_hour(growth, orders))
    room = _grown(capacity, growth, orders)
    works = np.flatnonzero((room > 0).any(axis=tuple(range(1, room.ndim))))
    rows = (came, room)
    if relief is not None:
        rows += tuple(_grown(part, growth, orders) for part in (relief, beyond))
    sides = np.broadcast_shapes(*(row.shape[1:] for row in rows))
    left = np.empty((len(works), *sides), dtype=orders.dtype)
    if relief is not None:
        _follow_with_relief(left, *(row[works] for row in rows))
        return Packed(came, left, works, keep)
    before = np.zeros(sides, dtype=orders.dtype)
    for row, hour in zip(left, works.tolist(), strict=True):
        can = room[hour]
        if rank is not None:
            can = can * (came[hour] - before > rank[hour])
        np.add(before, can, out=row)
        np.minimum(row, came[hour], out=row)
        before = row
    return Packed(came, left, works, keep)


def _grown(capacity: np.ndarray, growth: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """A capacity in growing units, with the axes of ``orders``."""
    wide = capacity.reshape(*capacity.shape, *(1,) * (orders.ndim - capacity.ndim))
    return (wide * _by_hour(growth, wide.astype(float))).astype(orders.dtype)


def _follow_with_relief(left, came, room, relief, beyond) -> None:
    """Fill ``left``: after each hour all has left but what stands beyond, yet no less than our own
    capacity packs of what came and no more than own and relief together pack."""
    before, most = np.zeros_like(left[0]), np.empty_like(left[0])
    for row, here, own, more, least in zip(left, came, room, relief, beyond - room, strict=True):
        np.add(before, own, out=row)
        np.add(row, more, out=most)
        np.minimum(most, here - least, out=most)
        np.maximum(row, most, out=row)
        np.minimum(row, here, out=row)
        before = row


def shipped_on_time(
    packed: Packed, due: np.ndarray, since: int, first: Packed | None = None
) -> np.ndarray:
    """Orders shipped on time [..., S], first in first out, of those judged.

    Judged are the orders placed from hour ``since`` on whose last hour to be shipped, ``due`` [T]
    (never falling), lies within the horizon: ``judged_hours``. The curves of arrivals and
    departures tell the age of whatever leaves. ``first``: orders among them that are packed before
    all others, in the same hours of work, and are not judged.
    """
    left, works = packed.left, packed.works
    judged = judged_hours(due, since)
    if judged.stop <= since or not len(works):
        return np.zeros(left.shape[1:])
    # What is late at hour t was placed before ``late[t]``; ``since`` bounds what is judged.
    late = np.clip(np.searchsorted(due, works, side="left"), since, judged.stop)
    hours = np.append(late, judged.stop) - 1
    came = packed.came[hours]
    if first is not None:
        came, left = came - first.came[hours], left - first.left
    came[hours < 0] = 0
    begun = _from_nothing(left[:-1])
    np.maximum(begun, came[:-1], out=begun)
    in_time = np.minimum(left, came[-1])
    in_time -= begun
    np.maximum(in_time, 0, out=in_time)
    shrink = packed.keep ** works.astype(float)
    return np.einsum("w...,w->...", in_time, shrink.astype(in_time.dtype))


def judged_hours(due: np.ndarray, since: int) -> slice:
    """Hours from ``since`` on whose orders are due within the horizon; ``due`` never falls."""
    return slice(since, max(since, int(np.searchsorted(due, len(due) - 1, side="right"))))
