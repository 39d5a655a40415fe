"""A shop lived through day by day: orders, parcels, who comes back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.demo.baskets import Shelf
from goulot.demo.catalogue import Catalogue, make_catalogue
from goulot.demo.customers import RETURN_CHANNELS, Customers, Returns, make_customers
from goulot.demo.demand import Demand, make_demand
from goulot.demo.fulfillment import Fulfillment
from goulot.demo.places import CITIES
from goulot.demo.seasons import calendar_days, draw_seconds, lift
from goulot.demo.supply import Stock
from goulot.demo.world import World, stream


@dataclass(frozen=True)
class Company:
    """What happened. Hours count from the first midnight; places are row numbers.

    ``orders``: customer, channel, day, hour, returning, promised, delivered, is_late, is_split
    ``lines``: order, sku, quantity
    ``parcels``: order, location, carrier, shipped, delivered, grams
    """

    world: World
    seed: int
    catalogue: Catalogue
    demand: Demand
    customers: Customers
    orders: pd.DataFrame
    lines: pd.DataFrame
    parcels: pd.DataFrame


def live(world: World, seed: int) -> Company:
    """Two years of the shop of ``world``."""
    suppliers = tuple(s.name for s in world.suppliers)
    catalogue = make_catalogue(stream(world, seed, "catalogue"), suppliers)
    demand = make_demand(world, seed)
    customers = make_customers(world, demand.drawn, stream(world, seed, "customers"))
    life = _Life(world, seed, catalogue, customers)
    for day in range(world.days):
        life.live_day(day)
    return Company(world, seed, catalogue, demand, customers, *life.frames())


class _Life:
    def __init__(self, world: World, seed: int, catalogue: Catalogue, customers: Customers) -> None:
        self.world, self.customers, self.catalogue = world, customers, catalogue
        self.rng = stream(world, seed, "life")
        self.shelf, self.stock = Shelf(world, catalogue), Stock(world, catalogue)
        self.fulfillment, self.returns = Fulfillment(world), Returns(world)
        self.grams = catalogue.array("grams")
        self.months = calendar_days(world).month.to_numpy()
        self.weekdays = calendar_days(world).dayofweek.to_numpy()
        self.new_from = np.searchsorted(customers.first_day, np.arange(world.days + 1))
        self.due: list[list[np.ndarray]] = [[] for _ in range(world.days)]
        self.hero = self._hero_share()
        names = [channel.name for channel in world.channels]
        back = {names.index(n): p for n, p in RETURN_CHANNELS.items() if n in names}
        self.back_channels = np.array(list(back)), np.array(list(back.values()))
        self.kept: dict[str, list[dict[str, np.ndarray]]] = {
            "orders": [],
            "lines": [],
            "parcels": [],
        }
        self.count = 0
        self._schedule_prior()

    def _schedule_prior(self) -> None:
        prior = np.flatnonzero(self.customers.is_prior)
        if len(prior):
            probability = self.customers.comes_back[prior]
            who, day = self.returns.draw(self.rng, 0, probability)
            self._remember(prior[who], day)

    def _hero_share(self) -> np.ndarray:
        """By day, the share of the influencer channel's lines that are the shown product."""
        share = np.zeros(self.world.days)
        for promotion in self.world.promotions:
            if promotion.kind == "influencer" and promotion.multiplier > 50:
                raised = lift(self.world, promotion)
                share = np.maximum(share, 0.6 * (1 - 1 / raised))
        return share

    def _remember(self, who: np.ndarray, days: np.ndarray) -> None:
        order = np.argsort(days, kind="stable")
        who, days = who[order], days[order]
        for day, start in zip(*np.unique(days, return_index=True), strict=True):
            stop = np.searchsorted(days, day, side="right")
            self.due[day].append(who[start:stop])

    def live_day(self, day: int) -> None:
        new = np.arange(self.new_from[day], self.new_from[day + 1])
        who = np.concatenate([new, *self.due[day]])
        if not len(who):
            return
        returning = np.arange(len(who)) >= len(new)
        seconds = draw_seconds(self.rng, np.full(len(who), self.weekdays[day]))
        turn = np.argsort(seconds, kind="stable")
        who, returning, seconds = who[turn], returning[turn], seconds[turn]
        orders = {
            "customer": who,
            "channel": self._channels(who, returning),
            "day": np.full(len(who), day),
            "hour": day * 24 + seconds / 3600,
            "returning": returning,
        }
        self._fulfill(day, orders)

    def _channels(self, who: np.ndarray, returning: np.ndarray) -> np.ndarray:
        places, shares = self.back_channels
        again = self.rng.choice(places, size=len(who), p=shares / shares.sum())
        return np.where(returning, again, self.customers.channel[who])

    def _fulfill(self, day: int, orders: dict[str, np.ndarray]) -> None:
        rng, month = self.rng, int(self.months[day])
        influencer = [c.name for c in self.world.channels].index("Influencer")
        hero = np.where(orders["channel"] == influencer, self.hero[day], 0.0)
        lines = self.shelf.draw(rng, orders["channel"], month, orders["returning"], hero)
        region = CITIES.region[self.customers.city[orders["customer"]]]
        given = self.stock.allocate(lines, self.fulfillment.home(region)[lines.order], day)
        parcel, place = np.unique(
            np.stack([lines.order, given.location, given.from_day]), axis=1, return_inverse=True
        )
        of_order = parcel[0]
        grams = np.bincount(place, weights=self.grams[lines.sku] * lines.quantity)
        carrier = rng.choice(3, size=len(region), p=(0.55, 0.36, 0.09))[of_order]
        ready = np.maximum(
            orders["hour"][of_order] + rng.gamma(4, 0.6, len(of_order)), parcel[2] * 24
        )
        trip = self.fulfillment.send(rng, ready, parcel[1], region[of_order], carrier, month)
        delivered = np.zeros(len(region))
        np.maximum.at(delivered, of_order, trip.delivered)
        orders |= {
            "promised": self.fulfillment.promise(day, region),
            "delivered": delivered,
            "is_split": np.bincount(of_order, minlength=len(region)) > 1,
        }
        orders["is_late"] = delivered > orders["promised"]
        self._keep("orders", orders)
        self._keep("lines", {"order": lines.order + self.count, "sku": lines.sku,
                             "quantity": lines.quantity})  # fmt: skip
        self._keep("parcels", {"order": of_order + self.count, "location": parcel[1],
                               "carrier": carrier, "shipped": trip.shipped,
                               "delivered": trip.delivered, "grams": grams})  # fmt: skip
        self.count += len(region)
        self._decide_returns(day, orders)

    def _decide_returns(self, day: int, orders: dict[str, np.ndarray]) -> None:
        customers, traits = self.customers, self.world.customers
        who = orders["customer"]
        probability = customers.comes_back[who]
        probability = probability - orders["is_late"] * customers.late_effect[who]
        probability = probability - orders["is_split"] * traits.split_effect
        back, days = self.returns.draw(self.rng, day, probability)
        self._remember(who[back], days)

    def _keep(self, table: str, columns: dict[str, np.ndarray]) -> None:
        self.kept[table].append(columns)

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return tuple(
            pd.DataFrame({name: np.concatenate([p[name] for p in parts]) for name in parts[0]})
            for parts in self.kept.values()
        )
