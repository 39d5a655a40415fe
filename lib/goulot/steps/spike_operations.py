"""What a spike meets: the usual orders by hour, the warehouse, its levers, the promise, the money.

Week arrays have 168 values, one per hour from Monday midnight on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import log

import numpy as np

from goulot.errors import ParameterError
from goulot.findings import Basis, Figure, Missing
from goulot.methods.spike_stock import Shelves

WEEK = 168


@dataclass(frozen=True, kw_only=True)
class SpikePolicy:
    """What the consultant chooses about the spike and about being ready for it.

    ``multiplier``: orders at the peak as a multiple of the usual; ``notice_hours`` between knowing
    and the peak; ``rise_hours``, ``plateau_hours`` and ``decay_hours`` are its shape, in straight
    lines; ``paid_share`` of the orders it adds comes through paid channels (None: as usual);
    ``concentration`` is the share of them that is for one product, ``sku`` (empty: the one that
    sells most); ``starts_hour`` of the week (33: Tuesday at nine). A multiplier is survived where
    at least ``target_share`` of the orders ship on time in ``sure_share`` of the scenarios.
    ``lost_share`` of the demand that meets no stock is lost, the rest waits. ``times_per_year``:
    how often such a spike comes (None: as often as in the client's own history). ``holding_share``
    of its cost is what a unit of stock costs a year; ``cost_per_ticket`` in currency.
    """

    multiplier: float = 10.0
    notice_hours: float = 48.0
    rise_hours: float = 6.0
    plateau_hours: float = 48.0
    decay_hours: float = 24.0
    paid_share: float | None = None
    concentration: float = 0.0
    sku: str = ""
    promised_days: int | None = None
    target_share: float = 0.95
    sure_share: float = 0.90
    times_per_year: float | None = None
    starts_hour: int = 33
    horizon_days: int = 14
    lost_share: float = 0.75
    holding_share: float = 0.25
    cost_per_ticket: float = 4.0
    scenarios: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("target_share", "sure_share"):
            if not 0 < getattr(self, name) < 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a share between 0 and 1: "
                    "write 0.95 for 95 %."
                )
        for name in ("lost_share", "paid_share", "concentration"):
            if not 0 <= (getattr(self, name) or 0) <= 1:
                raise ParameterError(f"{name}={getattr(self, name)} is not a share: write 0.8.")
        for name in ("notice_hours", "rise_hours", "plateau_hours", "decay_hours"):
            if getattr(self, name) < 0:
                raise ParameterError(f"{name}={getattr(self, name)} is below 0: write hours.")
        if self.multiplier <= 0:
            raise ParameterError(f"multiplier={self.multiplier} is not above 0: write 5 for 5×.")
        if not 7 <= self.horizon_days <= 400:
            raise ParameterError(f"horizon_days={self.horizon_days}: write 7 to 400 days.")
        if self.scenarios < 1:
            raise ParameterError(f"scenarios={self.scenarios} is not a count: write 1,000.")

    @property
    def hours(self) -> int:
        return 24 * self.horizon_days

    @property
    def peak_hour(self) -> float:
        """When the plateau begins, on the clock of the simulation."""
        return self.starts_hour + self.rise_hours

    @property
    def end_hour(self) -> float:
        """When the plateau ends."""
        return self.peak_hour + self.plateau_hours


@dataclass(frozen=True, kw_only=True)
class Lever:
    """Something that could be had: more packing, more goods, or less demand, at a lead time and a
    price.

    ``adds_per_day``: orders packed a working day or, where it ``brings_goods``, units that come
    each morning; ``removes_share`` of paid demand; ``lead_hours`` from the decision on, then
    ``ramp_hours`` until it does all it can; ``lasts_days`` at most (None: as long as need be);
    ``cost_per_order``, in full, of an order that it packs, or on top, of one whose goods it brings;
    ``standby_per_month``: to have it at all [currency].
    """

    name: str
    brings_goods: bool = False
    adds_per_day: float = 0.0
    removes_share: float = 0.0
    lead_hours: float = 0.0
    ramp_hours: float = 0.0
    lasts_days: float | None = None
    cost_per_order: float = 0.0
    standby_per_month: float = 0.0

    @property
    def moves_orders(self) -> bool:
        """Whether it changes the orders that come to the warehouse, not only what it packs."""
        return self.brings_goods or self.removes_share > 0


@dataclass(frozen=True)
class Place:
    """A warehouse: its share of the orders, and of what all can pack together."""

    of_orders: float
    of_capacity: float

    @property
    def room(self) -> float:
        """What it can pack for each of its orders, where all of them together can pack 1."""
        return self.of_capacity / self.of_orders


@dataclass(frozen=True, kw_only=True)
class Promise:
    """``ship_days``: working days from the order until it has left; by ``closes`` [hour]."""

    ship_days: int
    working_days: tuple[int, ...]
    closes: int
    basis: Basis

    @cache  # noqa: B019 - a promise is a handful of numbers
    def due(self, hours: int) -> np.ndarray:
        """Last hour by which an order of each hour is on time [hours], from a Monday on."""
        days = -(-hours // 24) + 2 * (self.ship_days + 7)
        worked = np.flatnonzero(np.isin(np.arange(days) % 7, self.working_days))
        today = np.searchsorted(worked, np.arange(-(-hours // 24)), side="right")
        last = worked[today + self.ship_days - 1]
        return np.repeat(last * 24 + self.closes - 1, 24)[:hours]


@dataclass(frozen=True, kw_only=True)
class Money:
    """Per order [currency]: ``contribution`` before advertising, ``ad_cost`` of a paid order,
    ``packing`` in house; ``goods`` that are in it. None: not known."""

    currency: str = "EUR"
    contribution: float | None = None
    ad_cost: float = 0.0
    packing: float | None = None
    goods: float | None = None


@dataclass(frozen=True, kw_only=True)
class Operations:
    """All that the simulation needs to know of a client.

    ``baseline`` and ``capacity`` [orders/hour, by hour of the week], of all ``places`` together,
    each of which packs what belongs to it; ``baseline_error``: relative
    standard error of the first; ``dispersion`` as in ``draw_worlds``; ``shelves`` in orders (None:
    stock is taken as endless); ``patience_days``: mean time until who waits cancels;
    ``restock_hours`` until goods come that are out; ticket rates per order that is on time and per
    late one. ``left_out``: levers that are not simulated, as name and stage. ``bases`` says of each
    part where it comes from.
    """

    baseline: np.ndarray
    capacity: np.ndarray
    promise: Promise
    levers: tuple[Lever, ...] = ()
    money: Money = Money()
    places: tuple[Place, ...] = (Place(1.0, 1.0),)
    baseline_error: float = 0.0
    dispersion: float = 0.0
    shelves: Shelves | None = None
    group_names: tuple[str, ...] = ()
    units_per_order: float = 1.0
    patience_days: float | None = None
    restock_hours: float = 24.0 * 30
    paid_share: float = 0.0
    tickets_per_order: float = 0.0
    tickets_per_late_order: float = 0.0
    capacity_is_least: bool = False
    left_out: tuple[tuple[str, str], ...] = ()
    bases: Mapping[str, Basis] = field(default_factory=dict)
    facts: Mapping[str, Figure] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()

    @property
    def keep(self) -> float:
        """Probability that who waits an hour is still a customer after it."""
        return 1.0 if self.patience_days is None else float(np.exp(-1 / (24 * self.patience_days)))

    @property
    def leaving_rate(self) -> float:
        """Cancellations an hour of those who wait."""
        return -log(self.keep)

    @cached_property
    def usual_backlog(self) -> np.ndarray:
        """What stands at the end of each hour without a spike and without luck [168], in the
        pattern that returns every week; what an overloaded warehouse piles up is not usual."""
        return sum(self._usual_backlog(place) for place in self.places)

    def _usual_backlog(self, place: Place) -> np.ndarray:
        orders = (self.baseline * place.of_orders).tolist()
        room = (self.capacity * place.of_capacity).tolist()
        stands, found = 0.0, []
        for came, can in 3 * list(zip(orders, room, strict=True)):
            stands = max(stands + came - can, 0.0) * self.keep
            found.append(stands)
        return np.minimum(found[WEEK : 2 * WEEK], found[2 * WEEK :])

    @property
    def busy_places(self) -> tuple[Place, ...]:
        """The warehouses that have orders to pack."""
        return tuple(place for place in self.places if place.of_orders > 0)

    @property
    def has_orders(self) -> bool:
        return bool(self.baseline.sum() > 0)

    @property
    def orders_per_year(self) -> float:
        return float(self.baseline.sum() * 365.25 / 7)

    @property
    def working_hours_per_day(self) -> float:
        """Hours of a working day in which the warehouse packs."""
        return float((self.capacity > 0).sum() / max(1, len(self.promise.working_days)))
