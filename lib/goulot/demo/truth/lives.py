"""Futures that customers of a world would live: what lateness costs, what channels bring.

Nothing here is estimated from the exports: futures are drawn from the world's own settings.
"""

from dataclasses import dataclass

import numpy as np

from goulot.demo.company import Company
from goulot.demo.customers import SHORTEST_GAP_DAYS
from goulot.demo.places import CITIES, REGION_NAMES
from goulot.demo.world import stream

MOST_ORDERS = 14
LIVES = 60_000


@dataclass(frozen=True)
class Futures:
    """One row per life: what follows the first order within a horizon."""

    repeats: np.ndarray  # orders after the first, within the horizon
    discounted: np.ndarray  # the same, discounted to the first order
    first_gap_days: np.ndarray  # days to the second order; infinite: never


@dataclass(frozen=True)
class Lives:
    """A sample of the world's customers, with the draws that all their futures share."""

    company: Company
    who: np.ndarray
    draws: dict[str, np.ndarray]

    def futures(self, *, first_is_late: bool | None, horizon_days: float) -> Futures:
        """Futures of all lives, had the first delivery been late (or not; None: as it falls)."""
        world, customers = self.company.world, self.company.customers
        base, effect = customers.comes_back[self.who], customers.late_effect[self.who]
        late_share, split_share = delivery_shares(self.company)
        region = CITIES.region[customers.city[self.who]]
        alive = np.ones(len(self.who), dtype=bool)
        elapsed = np.zeros(len(self.who))
        repeats, discounted = np.zeros(len(self.who)), np.zeros(len(self.who))
        first_gap = np.full(len(self.who), np.inf)
        for turn in range(MOST_ORDERS):
            late = self.draws["late"][turn] < late_share[region]
            if turn == 0 and first_is_late is not None:
                late = np.full(len(late), first_is_late)
            split = self.draws["split"][turn] < split_share
            chance = base - late * effect - split * world.customers.split_effect
            alive &= self.draws["back"][turn] < chance
            elapsed = elapsed + self.draws["gap"][turn]
            if turn == 0:
                first_gap = np.where(alive, elapsed, np.inf)
            counted = alive & (elapsed <= horizon_days)
            repeats += counted
            discounted += counted * (1 + world.discount_rate) ** (-elapsed / 365)
        return Futures(repeats, discounted, first_gap)


def make_lives(company: Company) -> Lives:
    rng = stream(company.world, company.seed, "lives")
    first = company.orders[~company.orders["returning"].to_numpy()]
    who = rng.choice(first["customer"].to_numpy(), size=LIVES)
    traits = company.world.customers
    shape = (MOST_ORDERS, LIVES)
    mean = traits.gap_days - SHORTEST_GAP_DAYS
    gaps = SHORTEST_GAP_DAYS + rng.gamma(traits.gap_shape, mean / traits.gap_shape, shape)
    draws = {name: rng.random(shape) for name in ("late", "split", "back")} | {"gap": gaps}
    return Lives(company, who, draws)


def delivery_shares(company: Company) -> tuple[np.ndarray, float]:
    """The share of orders delivered late, by region, and of those that came in two parcels."""
    orders = company.orders[company.orders["cancelled_hours"].isna()]
    region = CITIES.region[company.customers.city[orders["customer"]]]
    count = np.bincount(region, minlength=len(REGION_NAMES))
    late = np.bincount(region, weights=orders["is_late"], minlength=len(REGION_NAMES))
    return late / np.maximum(count, 1), float(orders["is_split"].mean())
