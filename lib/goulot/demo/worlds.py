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
    name="fulfillment", constraint="fulfillment", declares=("support",), locations=_packing(58, 51)
)
STAGES = (
    _FULFILLMENT,
    _FULFILLMENT.with_(
        name="overstated", declares=("fulfillment", "support"), declared_times=2.0
    ),
    GROWING.with_(
        name="delivery", constraint="delivery", delivery=Delivery(parcels_per_day=111)
    ),
    GROWING.with_(
        name="support", constraint="support", support=BUSY_DESK, declares=("fulfillment",)
    ),
    GROWING.with_(name="supply", constraint="supply", supply=Supply(units_per_week=1250)),
    GROWING.with_(
        name="stock",
        constraint="stock",
        supply=Supply(cover_weeks=1.5, safety_weeks=-1.0, anticipation=0.5),
    ),
    GROWING.with_(
        name="tie",
        constraint="fulfillment",
        close_second="support",
        locations=_packing(58, 53),
        support=replace(BUSY_DESK, tickets_per_late_order=0.06, tickets_per_agent_hour=5.5),
    ),
)  # fmt: skip

SPEND = (
    SHOP.with_(name="saturated", channels=_spending(1900, 1500, spend_trend=0.1)),
    SHOP.with_(name="linear", channels=_paid(response="linear", slope=1 / 38)),
    SHOP.with_(name="logarithmic", channels=_paid(response="log", slope=1 / 22, half_spend=300.0)),
    SHOP.with_(name="threshold", channels=_paid(response="threshold")),
    SHOP.with_(
        name="unmoving",
        channels=_paid(spend_sd=0.0, spend_trend=0.0, spend_follows_season=0.0),
    ),
    SHOP.with_(
        name="seasonal_spend",
        channels=_paid(spend_sd=0.04, spend_trend=0.0, spend_follows_season=1.3),
    ),
    SHOP.with_(name="spend_test", channels=_paid(test_weeks=14)),
)

EFFECTS = (
    SHOP.with_(
        name="no_late_effect",
        customers=Customers(late_effect=0.0, split_effect=0.0),
        support=replace(SHOP.support, slow_reply_effect=0.0),
    ),
    SHOP.with_(
        name="confounded",
        customers=Customers(late_effect=0.0, split_effect=0.0, remote_factor=0.5),
        delivery=Delivery(remote_extra_days=1.8),
    ),
    SHOP.with_(name="fragile", customers=Customers(late_effect=0.22)),
    SHOP.with_(name="varied", customers=Customers(effect_sd=1.0)),
)

NOISE = (
    SHOP.with_(name="heavy_tails", heavy_tails=True),
    SHOP.with_(name="noisy", noise_shape=6.0),
)

THIN = SHOP.with_(name="thin", first_day=date(2026, 8, 6), size=0.062, promotions=())
DIRTY = SHOP.with_(
    name="dirty",
    dirt=Dirt(
        gap_days=17,
        test_orders=12,
        zone_change_on=date(2025, 3, 17),
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
