"""Who the customers are, and when they come back."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.places import CITIES, IS_REMOTE
from goulot.demo.seasons import shop_index
from goulot.demo.world import World

# Where a customer who comes back is seen to come from.
RETURN_CHANNELS = {
    "Email": 0.37, "Direct": 0.27, "Organic Search": 0.17, "Paid Search": 0.10,
    "Paid Social": 0.05, "Affiliates": 0.02, "Referral": 0.02,
}  # fmt: skip
SHORTEST_GAP_DAYS = 4.0


@dataclass(frozen=True)
class Customers:
    """One row per customer who ever wanted to order, by day of first order."""

    channel: np.ndarray  # place in world.channels
    first_day: np.ndarray
    city: np.ndarray
    comes_back: np.ndarray  # probability of another order after a good delivery
    late_effect: np.ndarray  # how much a late delivery takes off it
    is_prior: np.ndarray  # bought before the exports begin

    @property
    def is_remote(self) -> np.ndarray:
        return IS_REMOTE[CITIES.region[self.city]]


def make_customers(world: World, drawn: np.ndarray, rng: np.random.Generator) -> Customers:
    """``drawn`` are new customers by channel and day; prior customers stand on day -1."""
    channel, day = np.nonzero(drawn)
    counts = drawn[channel, day]
    channel, day = np.repeat(channel, counts), np.repeat(day, counts)
    prior = int(world.customers.prior_customers * world.size)
    channel = np.concatenate([rng.integers(0, len(world.channels), prior), channel])
    day = np.concatenate([np.full(prior, -1), day])
    order = np.lexsort((rng.random(len(day)), day))
    channel, day = channel[order], day[order]
    city = CITIES.draw(rng, len(day))
    traits = world.customers
    mean = np.array([c.repeat_probability for c in world.channels])[channel]
    mean = mean * np.where(IS_REMOTE[CITIES.region[city]], traits.remote_factor, 1.0)
    k = traits.concentration
    comes_back = rng.beta(mean * k, (1 - mean) * k)
    spread = traits.effect_sd**2
    varied = rng.gamma(1 / spread, spread, len(day)) if spread else np.ones(len(day))
    return Customers(channel, day, city, comes_back, traits.late_effect * varied, day < 0)


class Returns:
    """Decides who comes back and when; gaps run on the shop's own clock.

    That clock runs fast in season and in promotions: a day counts as much as the shop's index
    of that day, so that people come back when there is a reason to.
    """

    def __init__(self, world: World) -> None:
        index = shop_index(world)
        self.clock = np.concatenate([[0.0], (index / index.mean()).cumsum()])
        self.traits = world.customers
        self.days = world.days

    def draw(
        self, rng: np.random.Generator, day: int, probability: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which of these customers come back within the world, and on which days."""
        returns = rng.random(len(probability)) < probability
        shape = self.traits.gap_shape
        mean = self.traits.gap_days - SHORTEST_GAP_DAYS
        gaps = SHORTEST_GAP_DAYS + rng.gamma(shape, mean / shape, len(probability))
        back = np.searchsorted(self.clock, self.clock[day] + gaps) - 1
        back = np.maximum(back, day + 1)
        keep = returns & (back < self.days)
        return np.flatnonzero(keep), back[keep]
