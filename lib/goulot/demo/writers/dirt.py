"""What a dirty world's exports suffer from, planted so that it can be counted again."""

from collections.abc import Sequence

import numpy as np

from goulot.demo.company import Company
from goulot.demo.world import World, stream

OLD_ZONE = "America/New_York"
NO_NUMBERS = ("#REF!", "n/a", "1O,90", "#N/A")


def bad_lines(company: Company) -> np.ndarray:
    """Lines whose price is spoilt: of orders that only the first file holds.

    Half are second lines of an order, which is read without them; half are an order's only line.
    """
    count = company.world.dirt.bad_rows
    rng = stream(company.world, company.seed, "bad rows")
    order = company.lines["order"].to_numpy()
    early = company.orders["day"].to_numpy()[order] < company.world.days // 4
    first = np.diff(order, prepend=-1) > 0
    alone = first & np.append(first[1:], True)
    chosen = [
        rng.choice(np.flatnonzero(early & kind), size=share, replace=False)
        for kind, share in ((~first, count // 2), (alone, count - count // 2))
    ]
    return np.sort(np.concatenate(chosen)).astype(int)


def spoil(company: Company, texts: Sequence[str]) -> tuple[list[str], int]:
    """Prices with some that are no number, as a spreadsheet leaves them; and how many."""
    lines = bad_lines(company) if company.world.dirt.bad_rows else np.zeros(0, dtype=int)
    spoilt = list(texts)
    for turn, line in enumerate(lines.tolist()):
        text = NO_NUMBERS[turn % len(NO_NUMBERS)]
        spoilt[line] = f'"{text}"' if "," in text else text
    return spoilt, len(lines)


def is_old_zone(world: World, days: np.ndarray) -> np.ndarray:
    """Days on which the store still stood in another time zone."""
    change = world.dirt.zone_change_on
    if change is None:
        return np.zeros(len(days), dtype=bool)
    return days < (change - world.first_day).days


def own_orders(world: World, header: Sequence[str]) -> list[str]:
    """Rows of orders that the shop placed itself, tagged as such."""
    cells = dict.fromkeys(header, "") | {
        "Email": "test@example.com", "Financial Status": "paid",
        "Fulfillment Status": "unfulfilled", "Accepts Marketing": "no",
        "Currency": "EUR", "Subtotal": "1.00", "Shipping": "0.00",
        "Taxes": "0.17", "Total": "1.00", "Discount Amount": "0.00", "Lineitem quantity": "1",
        "Lineitem name": "Commande test", "Lineitem price": "1.00", "Lineitem sku": "TEST",
        "Lineitem requires shipping": "false", "Lineitem taxable": "true",
        "Lineitem fulfillment status": "pending", "Shipping Country": "FR",
        "Refunded Amount": "0.00", "Outstanding Balance": "0.00", "Tags": "test",
        "Risk Level": "Low", "Source": "shopify_draft_order", "Lineitem discount": "0.00",
        "Vendor": "Atelier Brume",
    }  # fmt: skip
    rows = []
    for number in range(world.dirt.test_orders):
        day = f"{world.last_day.replace(day=1 + number % 28)} 11:{number % 60:02d}:00 +0200"
        own = {"Name": f"#D{number + 1}", "Created at": day, "Paid at": day}
        rows.append(",".join((cells | own).values()))
    return rows
