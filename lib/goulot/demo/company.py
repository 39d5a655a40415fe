"""A shop lived through day by day: orders, stock, parcels, tickets, who comes back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.demo.baskets import Lines, Shelf
from goulot.demo.catalogue import Catalogue, make_catalogue
from goulot.demo.customers import RETURN_CHANNELS, Customers, Returns, make_customers
from goulot.demo.demand import Demand, make_demand
from goulot.demo.fulfillment import CARRIER_SHARES, Fulfillment
from goulot.demo.places import CITIES
from goulot.demo.seasons import calendar_days, draw_seconds, lift
from goulot.demo.supply import NOWHERE, Stock
from goulot.demo.support import Desk
from goulot.demo.world import World, stream

RETRY_SHARE = 0.25  # of customers who found nothing in stock: try again within three weeks
WAIT_PATIENCE_DAYS = 3.0  # working days of backlog from which customers begin to cancel
WAIT_HAZARD = 0.035  # … this share a day more


@dataclass(frozen=True)
class Company:
    """What happened. Hours and days count from the first midnight; places are row numbers.

    ``orders``: customer, channel, day, hour, returning, cancelled_hours, promised, delivered,
    is_late, is_split (NaN: never shipped)
    ``lines``: order, sku, quantity, location, from_day (the first day on which they can be packed)
    ``parcels``: order, location, from_day, carrier, shipped, delivered, grams
    ``tickets``: order, hour, reason, replied
    ``purchases``: po, sku, supplier, ordered, promised, received, units, cost
    ``stock``: units free to sell at the end of each day, by day, SKU and location
    ``sold``, ``lost``: units by day and SKU; lost are those that nobody could be given
    """

    world: World
    seed: int
    catalogue: Catalogue
    demand: Demand
    customers: Customers
    orders: pd.DataFrame
    lines: pd.DataFrame
    parcels: pd.DataFrame
    tickets: pd.DataFrame
    purchases: pd.DataFrame
    stock: np.ndarray
    sold: np.ndarray
    lost: np.ndarray


def live(world: World, seed: int) -> Company:
    """The days of the shop of ``world``, from the first to the last."""
    suppliers = tuple(s.name for s in world.suppliers)
    catalogue = make_catalogue(stream(world, seed, "catalogue"), suppliers)
    demand = make_demand(world, seed)
    customers = make_customers(world, demand.drawn, stream(world, seed, "customers"))
    life = _Life(world, seed, catalogue, customers)
    for day in range(world.days):
        life.live_day(day)
    stock = life.stock
    return Company(
        world, seed, catalogue, demand, customers,
        *(life.frame(table) for table in ("orders", "lines", "parcels")),
        life.desk.tickets(), pd.concat(stock.purchases, ignore_index=True),
        stock.history, stock.sold, stock.lost,
    )  # fmt: skip


class _Life:
    """The state of the shop from one day to the next."""

    def __init__(self, world: World, seed: int, catalogue: Catalogue, customers: Customers) -> None:
        self.world, self.customers = world, customers
        self.rng = stream(world, seed, "life")
        self.shelf = Shelf(world, catalogue)
        self.stock = Stock(world, catalogue, stream(world, seed, "stock"))
        self.desk = Desk(world, stream(world, seed, "desk"))
        self.fulfillment, self.returns = Fulfillment(world), Returns(world)
        self.grams = catalogue.array("grams")
        self.months = calendar_days(world).month.to_numpy()
        self.weekdays = calendar_days(world).day_of_week.to_numpy()
        self.new_from = np.searchsorted(customers.first_day, np.arange(world.days + 1))
        self.due: list[list[np.ndarray]] = [[] for _ in range(world.days)]
        self.bought = customers.is_prior.copy()
        self.gives_up = np.zeros(len(customers.channel), dtype=bool)
        self.hero = _hero_share(world)
        self.names = [channel.name for channel in world.channels]
        back = {self.names.index(n): p for n, p in RETURN_CHANNELS.items() if n in self.names}
        self.back_channels = np.array(list(back)), np.array(list(back.values()))
        self.kept: dict[str, list[dict[str, np.ndarray]]] = {
            "orders": [], "lines": [], "parcels": [],
        }  # fmt: skip
        self.buyers: list[np.ndarray] = []
        self.starts = [0]
        wanted = len(customers.channel) / world.days
        self.stock.open_with(wanted * self.shelf.units_per_order * 1.1)
        prior = np.flatnonzero(customers.is_prior)
        self._schedule_returns(prior, 0, customers.comes_back[prior])

    def live_day(self, day: int) -> None:
        self.stock.start_day(day)
        self._answer_tickets(day)
        self._sell(day)
        self.stock.end_day(day)

    def _sell(self, day: int) -> None:
        new = np.arange(self.new_from[day], self.new_from[day + 1])
        who = self._who_comes(np.concatenate([new, *self.due[day]]))
        if not len(who):
            return
        seconds = draw_seconds(self.rng, np.full(len(who), self.weekdays[day]))
        turn = np.argsort(seconds, kind="stable")
        who, seconds = who[turn], seconds[turn]
        returning = self.bought[who]
        orders = {
            "customer": who,
            "channel": self._channels(who, returning),
            "day": np.full(len(who), day),
            "hour": day * 24 + seconds / 3600,
            "returning": returning,
            "carrier": self.rng.choice(3, size=len(who), p=CARRIER_SHARES),
        }
        self._take_orders(day, orders)

    def _who_comes(self, who: np.ndarray) -> np.ndarray:
        """Those of ``who`` that support has not lost; each of them once."""
        stays = ~self.gives_up[who]
        self.gives_up[who] = False
        return np.unique(who[stays])

    def _channels(self, who: np.ndarray, returning: np.ndarray) -> np.ndarray:
        places, shares = self.back_channels
        again = self.rng.choice(places, size=len(who), p=shares / shares.sum())
        return np.where(returning, again, self.customers.channel[who])

    def _take_orders(self, day: int, orders: dict[str, np.ndarray]) -> None:
        hero = np.zeros(len(orders["channel"]))
        if self.hero[day]:
            shown = orders["channel"] == self.names.index("Influencer")
            hero = np.where(shown & ~orders["returning"], self.hero[day], 0.0)
        wanted = self.shelf.draw(
            self.rng, orders["channel"], int(self.months[day]), orders["returning"], hero
        )
        region = CITIES.region[self.customers.city[orders["customer"]]]
        home = self.fulfillment.home(region)
        given = self.stock.allocate(wanted, home, day)
        kept = given.location != NOWHERE
        has_lines = np.bincount(wanted.order[kept], minlength=len(home)) > 0
        self._lose(day, orders["customer"][~has_lines])
        if not has_lines.any():
            return
        renumber = np.cumsum(has_lines) - 1
        orders = {name: values[has_lines] for name, values in orders.items()}
        lines = Lines(renumber[wanted.order[kept]], given.sku[kept], wanted.quantity[kept])
        self.bought[orders["customer"]] = True
        orders["cancelled_hours"] = self._cancellations(orders["hour"], home[has_lines])
        place, from_day = given.location[kept], given.from_day[kept]
        self._fulfill(day, orders, lines, place, from_day, region[has_lines])

    def _lose(self, day: int, who: np.ndarray) -> None:
        """Customers who found nothing: some try again."""
        again = who[self.rng.random(len(who)) < RETRY_SHARE]
        days = day + self.rng.integers(3, 22, len(again))
        inside = days < self.world.days
        self._remember(again[inside], days[inside])

    def _cancellations(self, hours: np.ndarray, home: np.ndarray) -> np.ndarray:
        """Hours after the order at which it is cancelled; NaN: it stands."""
        wait = np.array([self.fulfillment.wait_days(place, hours[0]) for place in (0, home.max())])
        wait = wait[np.minimum(home, 1)]
        tired = 1 - np.exp(-WAIT_HAZARD * np.maximum(0.0, wait - WAIT_PATIENCE_DAYS))
        base = self.world.customers.cancel_share
        soon = 0.1 + self.rng.gamma(1.2, 9.0, len(hours))
        later = 24 * (WAIT_PATIENCE_DAYS + self.rng.random(len(hours)) * wait)
        draw = self.rng.random(len(hours))
        after = np.where(draw < base, soon, later)
        return np.where(draw < base + (1 - base) * tired, after, np.nan)

    def _fulfill(self, day, orders, lines: Lines, place, from_day, region) -> None:
        stands = np.isnan(orders["cancelled_hours"])
        sent = stands[lines.order]
        self.stock.put_back(lines.sku[~sent], place[~sent], lines.quantity[~sent],
                            from_day[~sent], day)  # fmt: skip
        key = np.stack([lines.order, place, from_day])[:, sent]
        parcel, of_line = np.unique(key, axis=1, return_inverse=True)
        order, location = parcel[0], parcel[1]
        weight = self.grams[lines.sku[sent]] * lines.quantity[sent]
        grams = np.bincount(of_line.ravel(), weights=weight, minlength=len(order))
        ready = orders["hour"][order] + self.rng.gamma(4, 0.6, len(order))
        ready = np.maximum(ready, parcel[2] * 24 + 10.0 * (parcel[2] > day))
        trip = self.fulfillment.send(self.rng, ready, location, region[order],
                                     orders["carrier"][order], int(self.months[day]),
                                     parcel[2] > day)  # fmt: skip
        parcels = {"order": order + self.starts[-1], "location": location, "from_day": parcel[2],
                   "carrier": orders["carrier"][order], "shipped": trip.shipped,
                   "delivered": trip.delivered, "grams": grams}  # fmt: skip
        delivered = np.where(stands, 0.0, np.nan)
        np.maximum.at(delivered, order, trip.delivered)
        orders["promised"] = np.full(len(stands), self.fulfillment.promise(day))
        orders["delivered"] = delivered
        orders["is_late"] = np.nan_to_num(delivered) // 24 > orders["promised"] // 24
        orders["is_split"] = np.bincount(order, minlength=len(stands)) > 1
        number = self.starts[-1] + np.arange(len(stands))
        self._keep("orders", orders)
        self._keep("parcels", parcels)
        self._keep("lines", {"order": lines.order + self.starts[-1], "sku": lines.sku,
                             "quantity": lines.quantity, "location": place,
                             "from_day": from_day})  # fmt: skip
        self.starts.append(self.starts[-1] + len(stands))
        self.buyers.append(orders["customer"])
        self.desk.expect(number, orders)
        who = orders["customer"]
        self._schedule_returns(who, day, self._probability(who, orders))

    def _probability(self, who: np.ndarray, orders: dict[str, np.ndarray]) -> np.ndarray:
        """Of another order: the customer's own, less what this delivery took off."""
        late = orders["is_late"] * self.customers.late_effect[who]
        split = orders["is_split"] * self.world.customers.split_effect
        return self.customers.comes_back[who] - late - split

    def _schedule_returns(self, who: np.ndarray, day: int, probability: np.ndarray) -> None:
        back, days = self.returns.draw(self.rng, day, probability)
        self._remember(who[back], days)

    def _answer_tickets(self, day: int) -> None:
        """Answer today's tickets; a slow answer loses some of those who would have come back."""
        tickets = self.desk.work_day(day)
        if not len(tickets):
            return
        rules, chance = self.world.support, self.customers.comes_back
        slow = ~(tickets[:, 3] - tickets[:, 1] <= rules.slow_reply_hours)
        order = tickets[slow, 0].astype(int)
        block = np.searchsorted(self.starts, order, side="right") - 1
        who = np.array(
            [self.buyers[b][n - self.starts[b]] for b, n in zip(block, order, strict=True)],
            dtype=int,
        )
        leaves = self.rng.random(len(who)) < rules.slow_reply_effect / np.maximum(chance[who], 0.01)
        self.gives_up[who[leaves]] = True

    def _remember(self, who: np.ndarray, days: np.ndarray) -> None:
        order = np.argsort(days, kind="stable")
        who, days = who[order], days[order]
        for day, start in zip(*np.unique(days, return_index=True), strict=True):
            stop = np.searchsorted(days, day, side="right")
            self.due[day].append(who[start:stop])

    def _keep(self, table: str, columns: dict[str, np.ndarray]) -> None:
        self.kept[table].append(columns)

    def frame(self, table: str) -> pd.DataFrame:
        parts = self.kept[table]
        return pd.DataFrame({name: np.concatenate([p[name] for p in parts]) for name in parts[0]})


def _hero_share(world: World) -> np.ndarray:
    """By day, the share of the influencer channel's lines that are the product shown."""
    share = np.zeros(world.days)
    for promotion in world.promotions:
        if promotion.kind == "influencer":
            share = np.maximum(share, 0.6 * (1 - 1 / lift(world, promotion)))
    return share
