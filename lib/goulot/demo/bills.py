"""What customers pay: prices, markdowns, codes, shipping, taxes, refunds, cancellations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.demo.company import Company
from goulot.demo.places import CITIES
from goulot.demo.world import stream

FREE_SHIPPING_FROM = 60.0
SHIPPING = {"Colissimo": 5.9, "Mondial Relay": 4.5, "Chronopost": 11.9}
SHIPPING_ABROAD = 9.9
TAX = {"FR": 0.20, "BE": 0.21}
WELCOME, WELCOME_SHARE = "BIENVENUE10", 0.16
OWN_CODES = {"Affiliates": ("CLUB5", 0.05, 0.35), "Email": ("MERCI10", 0.10, 0.18)}
MARKED_DOWN = 0.38  # share of products in the sales


@dataclass(frozen=True)
class Bills:
    """``orders``: one row per order, in the order of ``Company.orders``; money in currency.

    subtotal, discount, shipping, tax, total, refunded, code.
    ``lines``: price, compare_at (0: none).
    """

    orders: pd.DataFrame
    lines: pd.DataFrame


def make_bills(company: Company) -> Bills:
    rng = stream(company.world, company.seed, "bills")
    orders, lines = company.orders, company.lines
    lines_paid = _line_prices(company, rng)
    gross = np.bincount(
        lines["order"], weights=lines_paid["price"] * lines["quantity"], minlength=len(orders)
    )
    code, share = _codes(company, rng)
    discount = np.round(gross * share, 2)
    subtotal = np.round(gross - discount, 2)
    country = CITIES.country[company.customers.city[orders["customer"]]]
    shipping = _shipping(company, subtotal, country)
    total = np.round(subtotal + shipping, 2)
    rate = np.where(country == "BE", TAX["BE"], TAX["FR"])
    late = orders["is_late"].to_numpy()
    frame = {
        "subtotal": subtotal,
        "discount": discount,
        "shipping": shipping,
        "total": total,
        "tax": np.round(total - total / (1 + rate), 2),
        "code": code,
    }
    cancelled = orders["cancelled_hours"].notna().to_numpy()
    frame["refunded"] = _refunds(company, rng, total, subtotal, late, cancelled)
    return Bills(pd.DataFrame(frame), lines_paid)


def _line_prices(company: Company, rng: np.random.Generator) -> pd.DataFrame:
    """Shelf prices; in the sales, part of the catalogue is marked down."""
    shelf = company.catalogue.array("price")
    sku = company.lines["sku"].to_numpy()
    day = company.orders["day"].to_numpy()[company.lines["order"]]
    price, compare = shelf[sku], np.zeros(len(sku))
    for promotion in company.world.promotions:
        if promotion.discount and not promotion.code:
            marked = rng.random(len(shelf)) < MARKED_DOWN
            since = day - (promotion.starts_on - company.world.first_day).days
            length = (promotion.ends_on - promotion.starts_on).days
            on = (since >= 0) & (since <= length) & marked[sku]
            compare = np.where(on, price, compare)
            price = np.where(on, np.round(price * (1 - promotion.discount) * 2) / 2, price)
    return pd.DataFrame({"price": price, "compare_at": compare})


def _codes(company: Company, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The discount code of each order and the share it takes off."""
    orders, world = company.orders, company.world
    channel = np.array([c.name for c in world.channels], dtype=object)[orders["channel"]]
    code = np.full(len(orders), "", dtype=object)
    share = np.zeros(len(orders))
    draw = rng.random(len(orders))

    def give(condition: np.ndarray, name: str, off: float) -> None:
        open_ = condition & (code == "")
        code[open_], share[open_] = name, off

    day = orders["day"].to_numpy()
    for promotion in world.promotions:
        if promotion.code:
            first = (promotion.starts_on - world.first_day).days
            last = (promotion.ends_on - world.first_day).days
            on = (day >= first) & (day <= last) & (draw < promotion.used_share)
            if promotion.channel:
                on &= channel == promotion.channel
            give(on, promotion.code, promotion.discount)
    draw = rng.random(len(orders))
    for name, (own, off, used) in OWN_CODES.items():
        give((channel == name) & (draw < used), own, off)
    give(~orders["returning"].to_numpy() & (draw < WELCOME_SHARE), WELCOME, 0.10)
    return code, share


def _shipping(company: Company, subtotal: np.ndarray, country: np.ndarray) -> np.ndarray:
    carrier = company.orders["carrier"].to_numpy()
    charged = np.array(list(SHIPPING.values()))[carrier]
    charged = np.where(country == "BE", SHIPPING_ABROAD, charged)
    free = (subtotal >= FREE_SHIPPING_FROM) & (carrier != 2)
    return np.where(free, 0.0, charged)


def _refunds(company, rng, total, subtotal, late, cancelled) -> np.ndarray:
    """All of a cancelled order; else a third of refunds in full, the rest a line or a gesture."""
    traits = company.world.customers
    refunds = rng.random(len(total)) < traits.refund_share + late * traits.refund_late_share
    part = np.where(
        rng.random(len(total)) < 0.35, 1.0, rng.choice([0.2, 0.33, 0.5, 0.6], len(total))
    )
    amount = np.where(part == 1.0, total, np.round(subtotal * part * 2) / 2)
    return np.where(cancelled, total, np.where(refunds, amount, 0.0))
