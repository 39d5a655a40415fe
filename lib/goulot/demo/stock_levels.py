"""What stood in the warehouses on an evening, as the shop's own books say it."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.company import Company


@dataclass(frozen=True)
class StockLevels:
    """Units by SKU (row) and location (column)."""

    on_hand: np.ndarray  # in the building
    committed: np.ndarray  # promised to orders that have not left, wherever the goods are
    incoming: np.ndarray  # ordered from suppliers and not there yet


def stock_levels(company: Company, day: int) -> StockLevels:
    """Levels at the end of ``day``; what is free to sell is on hand less committed."""
    waiting, packed = _open_lines(company, day)
    free = company.stock[day]
    shape, names = free.shape, ["sku", "location", "quantity"]
    there, owed = (_units(rows[names].to_numpy().astype(int), shape) for rows in (packed, waiting))
    return StockLevels(free + there, there + owed, _incoming(company, day, shape))


def _open_lines(company: Company, day: int):
    """Lines placed and not yet sent: those that wait for goods, and those that can be packed."""
    lines, orders = company.lines, company.orders
    placed = orders["day"].to_numpy()[lines["order"]]
    stands = orders["cancelled_hours"].isna().to_numpy()[lines["order"]]
    recent = lines[(placed <= day) & stands]
    keys = ["order", "location", "from_day"]
    sent = recent.merge(company.parcels[[*keys, "shipped"]], on=keys, how="left")
    still = sent[~(sent["shipped"] < (day + 1) * 24)]
    waits = still["from_day"] > day
    return still[waits], still[~waits]


def _units(rows: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    units = np.zeros(shape, dtype=int)
    np.add.at(units, (rows[:, 0], rows[:, 1]), rows[:, 2])
    return units


def _incoming(company: Company, day: int, shape: tuple[int, int]) -> np.ndarray:
    """On purchase orders; the buyer enters them for the location that receives most of them."""
    bought = company.purchases
    open_ = bought[(bought["ordered"] <= day) & (bought["received"] > day)]
    units = np.zeros(shape, dtype=int)
    np.add.at(units, (open_["sku"].to_numpy(), shape[1] - 1), open_["units"].to_numpy())
    return units
