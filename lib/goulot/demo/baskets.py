"""What is in an order."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.catalogue import CATEGORIES, HERO, Catalogue
from goulot.demo.world import World

# How much more often a channel's customers pick a category (1: as everybody).
AFFINITY = {
    "Paid Search": {"Coffrets cadeaux": 1.6, "Diffuseurs": 1.3},
    "Paid Social": {"Bougies parfumées": 1.3, "Céramiques": 1.5},
    "Affiliates": {"Coffrets cadeaux": 1.4, "Bougeoirs & photophores": 1.5},
    "Influencer": {"Bougies parfumées": 1.8, "Céramiques": 0.5},
    "Referral": {"Céramiques": 2.2, "Bougeoirs & photophores": 1.6},
    "Email": {"Recharges": 2.2, "Savons & soins": 1.3},
}
HERO_SHARE = 0.55  # of the lines that a followed influencer brings


@dataclass(frozen=True)
class Lines:
    """Lines of a day's orders: order (place in the day), sku (place in catalogue), quantity."""

    order: np.ndarray
    sku: np.ndarray
    quantity: np.ndarray


class Shelf:
    """Draws baskets: one cumulated table of SKU probabilities per channel and month."""

    def __init__(self, world: World, catalogue: Catalogue) -> None:
        frame = catalogue.frame
        category = frame["category"].to_numpy()
        self.hero = int(np.flatnonzero(frame["sku"].to_numpy() == HERO)[0])
        self.lines = np.array([c.basket_lines for c in world.channels])
        self.lines_back = self.lines + 0.25
        self.units_per_order = float(self.lines.mean()) * 1.2
        factors = np.array(
            [
                [AFFINITY.get(channel.name, {}).get(name, 1.0) for name in category]
                for channel in world.channels
            ]
        )
        dark = np.array([0.5, 0.3, 0, 0, -0.2, -0.3, -0.4, -0.4, 0.0, 0.6, 1.2, 1.6])
        winter = np.clip(1 + dark[:, None] * frame["winter"].to_numpy(), 0.05, None)
        table = frame["weight"].to_numpy() * factors[:, None, :] * winter[None, :, :]
        advent = frame["title"].str.contains("Avent").to_numpy()
        table[:, 0:9, advent] = 0  # the calendar is sold from October
        self.probability = table / table.sum(axis=2, keepdims=True)
        self.cumulated = self.probability.cumsum(axis=2)
        self.cheap = np.isin(category, ["Savons & soins", "Recharges", "Accessoires"])

    def draw(
        self, rng: np.random.Generator, channel: np.ndarray, month: int, returning: np.ndarray,
        hero_share: np.ndarray,
    ) -> Lines:  # fmt: skip
        """Baskets of orders from these channels in ``month`` (1 to 12)."""
        mean = np.where(returning, self.lines_back[channel], self.lines[channel])
        count = 1 + np.minimum(rng.negative_binomial(1.4, 1.4 / (1.4 + mean - 1)), 9)
        order = np.repeat(np.arange(len(channel)), count)
        table = self.cumulated[channel[order], month - 1]
        sku = (rng.random(len(order))[:, None] > table).sum(axis=1).clip(max=table.shape[1] - 1)
        sku = np.where(rng.random(len(order)) < hero_share[order], self.hero, sku)
        extra = rng.random(len(order))
        quantity = (
            1 + (extra < 0.12) + (extra < 0.03) + (extra < 0.01) * rng.integers(1, 8, len(order))
        )
        quantity += self.cheap[sku] & (rng.random(len(order)) < 0.25)
        merged, place = np.unique(order * 10_000 + sku, return_inverse=True)
        total = np.bincount(place, weights=quantity).astype(int)
        return Lines(merged // 10_000, merged % 10_000, total)


def category_names() -> list[str]:
    return list(CATEGORIES)
