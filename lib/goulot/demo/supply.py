"""Stock by SKU and location."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.baskets import Lines
from goulot.demo.catalogue import FRAGILE, Catalogue
from goulot.demo.world import World


@dataclass(frozen=True)
class Allocation:
    """Of lines: the location that ships each, and the day from which it can."""

    location: np.ndarray
    from_day: np.ndarray


class Stock:
    """Units by SKU and location; fragile goods are kept in the last location alone."""

    def __init__(self, world: World, catalogue: Catalogue) -> None:
        self.is_fragile = np.isin(catalogue.array("category"), sorted(FRAGILE))
        self.last = len(world.locations) - 1

    def allocate(self, lines: Lines, home: np.ndarray, day: int) -> Allocation:
        """``home`` is the location that serves each line's region."""
        location = np.where(self.is_fragile[lines.sku], self.last, home)
        return Allocation(location, np.full(len(location), day))
