"""The named worlds: the shop, and what happens to it where something else is true."""

from dataclasses import replace
from datetime import date

from goulot.demo.saas.worlds import SAAS_WORLDS
from goulot.demo.shop import CHANNELS, LOCATIONS, SHOP
from goulot.demo.world import Channel, Customers, Delivery, Dirt, Supply, Support, World
from goulot.errors import ParameterError, closest


def _paid(**changes) -> tuple[Channel, ...]:
    """The channels, those with spend changed."""
    return tuple(replace(c, **changes) if c.spend_per_day else c for c in CHANNELS)


def _spending(search: float, social: float, **changes) -> tuple[Channel, ...]:
    """The channels, with this much spent a day on search and on social."""
    spend = {"Paid Search": search, "Paid Social": social}
    return tuple(
        replace(c, spend_per_day=spend[c.name], **changes) if c.name in spend else c
        for c in CHANNELS
    )


def _packing(nantes: float, lyon: float):
    """The two warehouses, with so many parcels a working day."""
    pace = {"Nantes": nantes, "Lyon": lyon}
    return tuple(replace(place, parcels_per_day=pace[place.name]) for place in LOCATIONS)


# A company in which something behind acquisition is short grows fast, with a mild season and no big
# events, so that it is short in the last quarter too, by a little.
GROWING = SHOP.with_(
    season_strength=0.2,
    growth=0.6,
    promotions=tuple(p for p in SHOP.promotions if p.multiplier < 2),
    support=Support(agents=2),
)
BUSY_DESK = Support(agents=1, tickets_per_agent_hour=5.2, tickets_per_order=0.36)

_FULFILLMENT = GROWING.with_(
    name="fulfillment",
    about="the warehouses pack less than is ordered; capacity is not declared",
    constraint="fulfillment",
    declares=("support",),
    locations=_packing(58, 51),
)
STAGES = (
    _FULFILLMENT,
    _FULFILLMENT.with_(
        name="overstated",
        about="the same, and client.yml declares twice what they can pack",
        declares=("fulfillment", "support"),
        declared_times=2.0,
    ),
    GROWING.with_(
        name="delivery",
        about="the carriers move less than is packed",
        constraint="delivery",
        delivery=Delivery(parcels_per_day=111),
    ),
    GROWING.with_(
        name="support",
        about="one agent cannot answer all that is written",
        constraint="support",
        support=BUSY_DESK,
        declares=("fulfillment",),
    ),
    GROWING.with_(
        name="supply",
        about="suppliers make less than is wanted: purchase orders come late, shelves are empty",
        constraint="supply",
        supply=Supply(units_per_week=1250),
    ),
    GROWING.with_(
        name="stock",
        about="the buyer orders too late and too little: shelves are empty, suppliers are not busy",
        constraint="stock",
        supply=Supply(cover_weeks=1.5, safety_weeks=-1.0, anticipation=0.5),
    ),
    GROWING.with_(
        name="tie",
        about="packing and support are about equally short",
        constraint="fulfillment",
        close_second="support",
        locations=_packing(58, 53),
        support=replace(BUSY_DESK, tickets_per_late_order=0.06, tickets_per_agent_hour=5.5),
    ),
)

SPEND = (
    SHOP.with_(
        name="saturated",
        about="so much is spent that the next customer costs many times the average",
        channels=_spending(1900, 1500, spend_trend=0.1),
    ),
    SHOP.with_(
        name="linear",
        about="spend brings customers in a straight line",
        channels=_paid(response="linear", slope=1 / 38),
    ),
    SHOP.with_(
        name="logarithmic",
        about="spend brings customers as its logarithm",
        channels=_paid(response="log", slope=1 / 22, half_spend=300.0),
    ),
    SHOP.with_(
        name="threshold",
        about="below a threshold spend brings nobody",
        channels=_paid(response="threshold"),
    ),
    SHOP.with_(
        name="unmoving",
        about="spend never varies: no curve can be told",
        channels=_paid(spend_sd=0.0, spend_trend=0.0, spend_follows_season=0.0),
    ),
    SHOP.with_(
        name="seasonal_spend",
        about="spend moves with the season only",
        channels=_paid(spend_sd=0.04, spend_trend=0.0, spend_follows_season=1.3),
    ),
    SHOP.with_(
        name="spend_test",
        about="in 14 weeks spend was cut or raised on purpose",
        channels=_paid(test_weeks=14),
    ),
)

EFFECTS = (
    SHOP.with_(
        name="no_late_effect",
        about="late deliveries cost no repeat purchase; remote regions buy less anyway",
        customers=Customers(late_effect=0.0, split_effect=0.0),
        support=replace(SHOP.support, slow_reply_effect=0.0),
    ),
    SHOP.with_(
        name="confounded",
        about="the same, with a strong confounder: remote regions are slow and hardly buy again",
        customers=Customers(late_effect=0.0, split_effect=0.0, remote_factor=0.5),
        support=replace(SHOP.support, slow_reply_effect=0.0),
        delivery=Delivery(remote_extra_days=1.8),
    ),
    SHOP.with_(
        name="fragile",
        about="a late delivery costs nearly twice the usual repeat purchases",
        customers=Customers(late_effect=0.22),
    ),
    SHOP.with_(
        name="varied",
        about="what a late delivery costs varies widely from customer to customer",
        customers=Customers(effect_sd=1.0),
    ),
)

NOISE = (
    SHOP.with_(
        name="heavy_tails",
        about="days are far noisier than any model of counts expects",
        heavy_tails=True,
    ),
    SHOP.with_(name="noisy", about="channels are noisy from day to day", noise_shape=6.0),
)

THIN = SHOP.with_(
    name="thin",
    about="eight weeks, some 200 orders",
    first_day=date(2026, 8, 6),
    size=0.074,
    promotions=(),
)
DIRTY = SHOP.with_(
    name="dirty",
    about="overlapping files, a gap, test orders, another time zone, rows that cannot be read",
    first_day=date(2025, 10, 1),
    size=0.4,
    dirt=Dirt(
        gap_days=17,
        test_orders=12,
        zone_change_on=date(2026, 2, 17),
        duplicate_files=2,
        bad_rows=24,
    ),
)

WORLDS: dict[str, World] = {
    world.name: world
    for world in (SHOP, *STAGES, *SPEND, *EFFECTS, *NOISE, THIN, DIRTY, *SAAS_WORLDS)
}


def find_world(name: str) -> World:
    """The world of that name. Raises ParameterError, naming the closest."""
    if name not in WORLDS:
        guess = closest(name, WORLDS)
        hint = f"Did you mean {guess!r}? " if guess else ""
        raise ParameterError(
            f"There is no world {name!r}. {hint}There are: {', '.join(sorted(WORLDS))}."
        )
    return WORLDS[name]
