"""The settings of a simulated company: everything that is true of it, in one frozen object.

Steps never read this module: what they say is held against it (see ``truth.py``).
"""

import zlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self

import numpy as np

from goulot.errors import ParameterError

Stage = Literal[
    "acquisition", "stock", "supply", "fulfillment", "delivery", "support", "onboarding"
]
Response = Literal["none", "hill", "linear", "log", "threshold"]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """How a channel brings new customers.

    A day's expected new customers are ``index · (base_per_day + response(adstock))``, the index
    being season × weekday × promotion, and the adstock a mean of recent daily spend in which a
    day weighs ``carryover`` times the day after it (so constant spend is its own adstock).
    """

    name: str
    base_per_day: float = 0.0  # new customers a day without spend
    response: Response = "none"
    top_per_day: float = 0.0  # hill, threshold: new customers a day at endless spend
    half_spend: float = 1.0  # hill, threshold: spend a day that brings half of top; log: scale
    shape: float = 1.0  # hill: 1 is concave, above 1 S-shaped
    slope: float = 0.0  # linear, log: new customers per currency unit of spend near 0
    carryover: float = 0.0  # share of a day's effect that remains on the next, [0, 1)
    spend_per_day: float = 0.0  # mean, currency a day
    spend_sd: float = 0.0  # standard deviation of log weekly spend
    spend_trend: float = 0.0  # growth of spend from the first day to the last, share
    spend_follows_season: float = 0.0  # exponent of the season in spend: 0 none, 1 in step
    test_weeks: int = 0  # weeks in which spend was cut or doubled on purpose
    repeat_probability: float = 0.40  # mean probability of another order after each order
    basket_lines: float = 1.8  # mean lines of an order
    source: str = ""  # as in utm_source
    medium: str = ""  # as in utm_medium


@dataclass(frozen=True, kw_only=True)
class Location:
    """A warehouse: parcels a working day, and how the working week looks."""

    name: str
    parcels_per_day: float
    share_of_stock: float  # of the units that suppliers deliver
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4, 5)  # Monday is 0
    opens_hour: float = 8.0
    closes_hour: float = 18.0


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """Who makes what: quoted lead time, and how the true one spreads around it."""

    name: str
    lead_days: float  # mean true lead time
    lead_sd_days: float
    quoted_days: int  # what the purchase order promises
    pack_units: int = 6  # ordered in multiples of


@dataclass(frozen=True, kw_only=True)
class Supply:
    """How the company buys."""

    cover_weeks: float = 5.0  # demand that an order should last, beyond lead time and review
    safety_weeks: float = 3.0  # demand kept as safety stock
    anticipation: float = 0.85  # share of the coming season that the buyer sees, 0 to 1
    units_per_week: float = float("inf")  # what all suppliers together can make
    lost_share: float = 0.55  # of shoppers who meet an empty shelf: leave without the line
    wait_share: float = 0.15  # … accept to wait for the next delivery; the rest substitute


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How parcels travel. Days are working days of the carrier (Monday to Saturday)."""

    promise_days: int = 4  # promised at checkout, working days from order to door
    transit_days: float = 1.9  # mean for a near region
    transit_sd_days: float = 0.8
    remote_extra_days: float = 1.1  # more in remote regions
    slow_share: float = 0.03  # parcels that go astray for some days
    parcels_per_day: float = float("inf")  # what the carriers collect and move


@dataclass(frozen=True, kw_only=True)
class Support:
    """Customer service: tickets come from orders, and are answered first in, first out."""

    agents: float = 1.0
    tickets_per_agent_hour: float = 5.0
    opens_hour: float = 9.0
    closes_hour: float = 18.0
    tickets_per_order: float = 0.09  # whatever happened to it
    tickets_per_late_order: float = 0.42
    slow_reply_hours: float = 48.0  # from here on a slow reply costs repeat purchases
    slow_reply_effect: float = 0.08  # … by this much, probability


@dataclass(frozen=True, kw_only=True)
class Customers:
    """What makes customers come back. Effects are differences of probabilities."""

    late_effect: float = 0.12  # lower probability of another order after a late delivery
    split_effect: float = 0.03  # … after an order that came in two parcels
    effect_sd: float = 0.0  # how the late effect varies from customer to customer
    remote_factor: float = 0.78  # repeat probability in remote regions, whatever the delivery
    concentration: float = 6.0  # of the Beta that spreads repeat probability over customers
    gap_days: float = 75.0  # mean days between orders
    gap_shape: float = 1.5  # 1: exponential; above: more regular
    prior_customers: int = 0  # who bought before the first day, and come back
    cancel_share: float = 0.012
    refund_share: float = 0.030  # of orders, whatever happened to them
    refund_late_share: float = 0.06  # more, if late


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """An event that lifts demand while it lasts."""

    name: str
    kind: Literal["promotion", "season", "influencer", "launch"]
    starts_on: date
    ends_on: date
    multiplier: float  # of the demand of a normal day
    discount: float = 0.0  # share off
    code: str = ""
    channel: str = ""  # lifted alone; empty: the shop
    category: str = ""  # lifted alone; empty: all
    used_share: float = 0.7  # of orders in the event that use the code
    decay: float = 1.0  # each day of the event has this share of the lift of the day before


@dataclass(frozen=True, kw_only=True)
class Dirt:
    """What is planted in the exports of a dirty world, counted in truth.json."""

    gap_days: int = 0  # days of one ad platform that are missing
    test_orders: int = 0
    zone_change_on: date | None = None  # before it the store stood in New York's time zone
    duplicate_files: int = 0  # files that hold rows of other files again
    bad_rows: int = 0  # rows with a price that is no number


@dataclass(frozen=True, kw_only=True)
class World:
    """A simulated company and its two years; ``constraint`` is the stage that holds it up."""

    name: str
    about: str = ""  # what is true of it, in half a sentence
    constraint: Stage
    close_second: Stage | None = None  # a stage that is nearly as short as the constraint
    kind: Literal["ecommerce", "saas"] = "ecommerce"
    first_day: date = date(2024, 10, 1)
    last_day: date = date(2026, 9, 30)
    channels: tuple[Channel, ...] = ()
    locations: tuple[Location, ...] = ()
    suppliers: tuple[Supplier, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    supply: Supply = Supply()
    delivery: Delivery = Delivery()
    support: Support = Support()
    customers: Customers = Customers()
    dirt: Dirt = Dirt()
    size: float = 1.0  # all of demand and spend, as a multiple
    growth: float = 0.22  # of demand from the first day to the last, share
    season_strength: float = 1.0  # exponent of the yearly season
    noise_shape: float = 40.0  # of the gamma that multiplies a channel's day; small: noisy
    heavy_tails: bool = False  # days are multiplied by a Student t's exponential instead
    gross_margin: float = 0.62  # of revenue without tax
    payment_fee: float = 0.015
    discount_rate: float = 0.10  # a year
    horizon_months: int = 12
    declares: tuple[Stage, ...] = ("fulfillment", "support")  # capacities that client.yml states
    declared_times: float = 1.0  # what is stated of fulfillment, as a multiple of the truth
    cost_per_order: float = 4.10  # of pick and pack
    extra: Any = None  # what only one kind of company has (see saas/world.py)

    def __post_init__(self) -> None:
        if self.last_day <= self.first_day:
            raise ParameterError(f"world {self.name}: last_day is not after first_day.")
        for channel in self.channels:
            if not 0 <= channel.carryover < 1:
                raise ParameterError(
                    f"world {self.name}: carryover of {channel.name} not in [0, 1)"
                )

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def parcels_per_day(self) -> float:
        """What all warehouses together can pack on a working day."""
        return self.size * sum(location.parcels_per_day for location in self.locations)

    @property
    def start(self) -> np.datetime64:
        return np.datetime64(self.first_day, "D")

    def with_(self, **changes: Any) -> Self:
        """The same world with other settings, as in ``world.with_(size=0.1)``."""
        return replace(self, **changes)


def stream(world: World, seed: int, part: str) -> np.random.Generator:
    """The random numbers of one part of a world, which no other part disturbs."""
    return np.random.default_rng([seed, zlib.crc32(part.encode())])
