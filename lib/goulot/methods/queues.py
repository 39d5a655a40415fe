"""Queues in closed form: how long work waits for a given number of servers, patient or not."""

from dataclasses import dataclass
from itertools import pairwise
from math import exp, expm1, inf, log

import numpy as np
from scipy.integrate import quad
from scipy.special import gammaln, logsumexp

from goulot.errors import ParameterError


@dataclass(frozen=True)
class Queue:
    """The steady state of a queue. Times are in the unit of the rates' denominator.

    ``probability_of_waiting`` [share], ``queue_length`` waiting [items], ``queue_wait`` [time],
    ``sojourn`` wait and service together [time], ``in_system`` [items], ``occupancy`` of a server
    [share], ``abandonment`` [share of arrivals]; infinite waits where the load is more than the
    servers can do.
    """

    probability_of_waiting: float
    queue_length: float
    queue_wait: float
    sojourn: float
    in_system: float
    occupancy: float
    abandonment: float = 0.0


def mmc(arrival_rate: float, service_rate: float, servers: int) -> Queue:
    r"""M/M/c: Poisson arrivals, exponential service, everybody waits for their turn.

    Parameters
    ----------
    arrival_rate : items that come in a unit of time.  :math:`\lambda`
    service_rate : items that one server finishes in a unit of time.  :math:`\mu`
    servers : :math:`c`

    Raises
    ------
    ParameterError
        A rate that is not positive, or less than one server.

    References
    ----------
    Erlang (1917); Gross et al. (2008), *Fundamentals of Queueing Theory*, 4th ed., sec. 2.3.

    Examples
    --------
    >>> round(mmc(0.2, 0.1, 3).sojourn, 3)
    14.444
    """
    _refuse_odd(arrival_rate, service_rate, servers)
    offered = arrival_rate / service_rate
    occupancy = offered / servers
    if occupancy >= 1:
        return Queue(1.0, inf, inf, inf, inf, 1.0)
    waiting = erlang_c(offered, servers)
    wait = waiting / (servers * service_rate - arrival_rate)
    sojourn = wait + 1 / service_rate
    return Queue(
        probability_of_waiting=waiting,
        queue_length=arrival_rate * wait,
        queue_wait=wait,
        sojourn=sojourn,
        in_system=arrival_rate * sojourn,
        occupancy=occupancy,
    )


def erlang_c(offered: float, servers: int) -> float:
    """Probability that an arrival has to wait, for ``offered`` load [Erlang] below ``servers``."""
    terms = np.arange(servers) * log(offered) - gammaln(np.arange(servers) + 1)
    full = servers * log(offered) - gammaln(servers + 1) - log(1 - offered / servers)
    return exp(full - logsumexp([*terms, full]))


def served_within(arrival_rate: float, service_rate: float, servers: int, target: float) -> float:
    r"""Share of arrivals of an M/M/c whose wait is at most ``target``.

    .. math:: 1 - C \, e^{-(c\mu - \lambda) t}

    The "service level" of a call centre: it counts arrivals, not hours in which a target was met.
    """
    queue = mmc(arrival_rate, service_rate, servers)
    if queue.occupancy >= 1:
        return 0.0
    spare = servers * service_rate - arrival_rate
    return 1 - queue.probability_of_waiting * exp(-spare * target)


def mmc_impatient(arrival_rate: float, service_rate: float, servers: int, patience: float) -> Queue:
    r"""Erlang A (M/M/n + M): who waits leaves after an exponential time of mean ``patience``.

    With :math:`H(x) = (1 - e^{-\theta x})/\theta`, :math:`\theta` = 1/patience and
    :math:`J = \int_0^\infty e^{\lambda H(x) - n\mu x} dx`. Never unstable: impatience sheds what
    the servers cannot do.

    References
    ----------
    Baccelli & Hebuterne (1981); Zeltyn & Mandelbaum (2005), Call centers with impatient customers:
    many-server asymptotics of the M/M/n+G queue, Queueing Systems 51, sec. 2.
    """
    law = _Impatient(arrival_rate, service_rate, servers, patience)
    served = arrival_rate * (1 - law.abandonment)
    wait = law.abandonment * patience
    return Queue(
        probability_of_waiting=law.waiting,
        queue_length=arrival_rate * wait,
        queue_wait=wait,
        sojourn=wait + (1 - law.abandonment) / service_rate,
        in_system=arrival_rate * wait + served / service_rate,
        occupancy=served / (servers * service_rate),
        abandonment=law.abandonment,
    )


def served_within_impatient(
    arrival_rate: float, service_rate: float, servers: int, patience: float, target: float
) -> float:
    """Share of arrivals of an Erlang A that are served after at most ``target``."""
    law = _Impatient(arrival_rate, service_rate, servers, patience)
    return 1 - law.waiting + law.served_after_waiting(target)


class _Impatient:
    """The virtual wait of an Erlang A: the wait of somebody with endless patience."""

    def __init__(
        self, arrival_rate: float, service_rate: float, servers: int, patience: float
    ) -> None:
        _refuse_odd(arrival_rate, service_rate, servers)
        if patience <= 0:
            raise ParameterError(f"patience={patience} is not above 0: write a mean time to leave.")
        self.arrivals, self.patience = arrival_rate, patience
        self.capacity = servers * service_rate
        # Where the exponent is largest; scaling by it keeps overload from overflowing.
        overload = max(1.0, arrival_rate / self.capacity)
        self.mode = patience * log(overload)
        self.peak = self._exponent(self.mode)
        places = np.arange(servers)
        idle = places * log(arrival_rate / service_rate) - gammaln(places + 1)
        epsilon = exp(logsumexp(idle) - idle[-1] - self.peak)
        area = self._area()
        self.total = epsilon + arrival_rate * area
        self.waiting = arrival_rate * area / self.total
        lost = exp(-self.peak) + (arrival_rate - self.capacity) * area
        self.abandonment = min(max(lost / self.total, 0.0), 1.0)

    def _exponent(self, x: float) -> float:
        return -self.arrivals * self.patience * expm1(-x / self.patience) - self.capacity * x

    def _area(self) -> float:
        integrand = lambda x: exp(self._exponent(x) - self.peak)  # noqa: E731
        before, _ = quad(integrand, 0, self.mode, limit=200) if self.mode else (0.0, 0.0)
        after, _ = quad(integrand, self.mode, inf, limit=200)
        return before + after

    def served_after_waiting(self, target: float) -> float:
        """Share of arrivals that wait, at most ``target``, and are still there when served."""

        def density(x: float) -> float:
            stays = exp(-x / self.patience)
            return self.arrivals * exp(self._exponent(x) - self.peak) / self.total * stays

        # Cut where the density changes most, so that the quadrature does not step over it.
        cuts = [self.mode, self.mode + 3 / self.capacity, self.mode + 30 / self.capacity]
        edges = [0.0, *(cut for cut in cuts if 0 < cut < target), target]
        return sum(quad(density, *edge, epsabs=1e-12, limit=200)[0] for edge in pairwise(edges))


def servers_needed(
    arrival_rate: float,
    service_rate: float,
    target: float,
    share: float,
    patience: float | None = None,
) -> int:
    """Fewest servers with which at least ``share`` of arrivals are served within ``target``.

    With ``patience`` (mean time until who waits gives up) by Erlang A, otherwise by Erlang C. The
    search begins at the least stable number, from which on the share only rises.
    """
    if not 0 < share < 1:
        raise ParameterError(f"share={share} is not between 0 and 1: write 0.9 for 90 %.")
    if arrival_rate <= 0:
        return 0

    def reached(servers: int) -> float:
        if patience is None:
            return served_within(arrival_rate, service_rate, servers, target)
        return served_within_impatient(arrival_rate, service_rate, servers, patience, target)

    servers = 1 if patience else int(arrival_rate / service_rate) + 1
    while reached(servers) < share:
        servers += 1
    return servers


def _refuse_odd(arrival_rate: float, service_rate: float, servers: int) -> None:
    if arrival_rate <= 0 or service_rate <= 0:
        raise ParameterError(
            f"arrival_rate={arrival_rate} and service_rate={service_rate}: both are items in a "
            "unit of time, above 0."
        )
    if servers < 1 or servers != int(servers):
        raise ParameterError(f"servers={servers} is not a count: write 1 or more.")
