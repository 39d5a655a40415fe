"""Google Analytics 4: visits by channel and day, and which visit an order came from."""

from pathlib import Path

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.campaigns import order_campaigns
from goulot.demo.clock import halves
from goulot.demo.company import Company
from goulot.demo.seasons import weekday_index
from goulot.demo.sheets import header_of, lines_of, quoted, whole, write_lines
from goulot.demo.world import stream
from goulot.demo.writers.shop_orders import order_names

TRAFFIC_HEADER = (
    "Session primary channel group (Default channel group)", "Date", "Users", "Sessions",
    "Engaged sessions", "Average engagement time per session", "Engaged sessions per user",
    "Events per session", "Engagement rate", "Event count", "Key events",
)  # fmt: skip
TRANSACTION_HEADER = ("Transaction ID", "Session source / medium", "Session campaign",
                      "Transactions", "Purchase revenue")  # fmt: skip
GROUPS = {"Influencer": "Unassigned"}  # Google has no group for it
ORDERS_PER_SESSION = {"Paid Search": 0.026, "Paid Social": 0.0095, "Organic Search": 0.021,
                      "Direct": 0.024, "Email": 0.036, "Affiliates": 0.029, "Influencer": 0.011,
                      "Referral": 0.016}  # fmt: skip
ENGAGED = {"Paid Social": 0.41, "Influencer": 0.44, "Email": 0.68}
CONSENT = 0.86  # of buyers who let themselves be counted


def is_counted(company: Company) -> np.ndarray:
    """By order, whether Google Analytics saw it."""
    rng = stream(company.world, company.seed, "consent")
    return rng.random(len(company.orders)) < CONSENT


def write_transactions(folder: Path, company: Company, bills: Bills) -> None:
    """An exploration of transactions by source, one a year, dearest first as Google sorts them."""
    orders, seen = company.orders, is_counted(company)
    total = bills.orders["total"].to_numpy()
    source = np.array([f"{c.source} / {c.medium}" for c in company.world.channels], dtype=object)
    campaign = _campaigns(company)
    names = np.array([n.lstrip("#") for n in order_names(len(orders))], dtype=object)
    for turn, (first, last) in enumerate(halves(company.world)):
        low, high = ((day - company.world.first_day).days for day in (first, last))
        mine = np.flatnonzero(seen & orders["day"].between(low, high).to_numpy())
        mine = mine[np.argsort(-total[mine], kind="stable")]
        channel = orders["channel"].to_numpy()[mine]
        columns = (
            names[mine].tolist(), source[channel].tolist(), quoted(campaign[mine]),
            "1", [f"{v:.12g}" for v in total[mine]],
        )  # fmt: skip
        lines = [
            *_preamble("Free form: Transactions par source", first, last),
            header_of(TRANSACTION_HEADER),
            *lines_of(dict(enumerate(columns)), len(mine)),
        ]
        name = f"data-export{f' ({turn})' if turn else ''}.csv"
        write_lines(folder / name, lines, newline="\r\n")


def _campaigns(company: Company) -> np.ndarray:
    """By order, the session's campaign; without a tag Google writes the medium in brackets."""
    untagged = [
        "(direct)" if c.medium == "(none)" else f"({c.medium})" for c in company.world.channels
    ]
    found = order_campaigns(company)
    without = np.array(untagged, dtype=object)[company.orders["channel"]]
    return np.where(found == "", without, found)


def write_traffic(folder: Path, company: Company) -> None:
    """The report "Traffic acquisition" with the date beside the channel group."""
    world = company.world
    sessions, engaged, sold = traffic(company)
    rng = stream(world, company.seed, "traffic details")
    groups = [GROUPS.get(c.name, c.name) for c in world.channels]
    channel, day = np.nonzero(sessions)
    order = np.lexsort((day, -sessions[channel, day]))
    channel, day = channel[order], day[order]
    count, good = sessions[channel, day], engaged[channel, day]
    users = np.maximum(1, (count * rng.uniform(0.80, 0.88, len(count))).astype(int))
    events = (count * rng.uniform(5.2, 7.6, len(count))).astype(int)
    dates = (world.start + day).astype("datetime64[D]").astype(str)
    columns = (
        [groups[c] for c in channel], [date.replace("-", "") for date in dates], whole(users),
        whole(count), whole(good), [f"{v:.8g}" for v in rng.gamma(30, 1.6, len(count))],
        rates(good, users), rates(events, count), rates(good, count), whole(events),
        whole(sold[channel, day]),
    )  # fmt: skip
    lines = [
        *_preamble(
            "Traffic acquisition: Session primary channel group", world.first_day, world.last_day
        ),
        header_of(TRAFFIC_HEADER),
        *lines_of(dict(enumerate(columns)), len(count)),
    ]
    write_lines(folder / "traffic-acquisition.csv", lines, newline="\r\n")


def traffic(company: Company) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sessions, engaged sessions and counted orders, by channel and day."""
    world, orders = company.world, company.orders
    rng = stream(world, company.seed, "traffic")
    shape = (len(world.channels), world.days)
    seen = is_counted(company)
    place = orders["channel"].to_numpy() * world.days + orders["day"].to_numpy()
    all_orders = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)
    sold = np.bincount(place[seen], minlength=shape[0] * shape[1]).reshape(shape)
    rate = np.array([ORDERS_PER_SESSION[c.name] for c in world.channels])[:, None]
    usual = _smooth(all_orders / weekday_index(world)) * weekday_index(world)
    wanted = np.maximum(0.6 * usual + 0.4 * all_orders, 0.4) / rate * CONSENT
    sessions = np.maximum(rng.poisson(wanted * rng.gamma(60, 1 / 60, shape)), sold)
    share = np.array([ENGAGED.get(c.name, 0.57) for c in world.channels])[:, None]
    engaged = np.maximum(rng.binomial(sessions, share * rng.uniform(0.95, 1.05, shape)), sold)
    return sessions, np.minimum(engaged, sessions), sold


def _smooth(rows: np.ndarray) -> np.ndarray:
    """Means over a week around each day."""
    kernel = np.ones(7)
    weight = np.convolve(np.ones(rows.shape[1]), kernel, mode="same")
    return np.array([np.convolve(row, kernel, mode="same") for row in rows]) / weight


def _preamble(title: str, first, last) -> list[str]:
    rule = "# ----------------------------------------"
    return [
        rule,
        f"# {title}",
        "# Account: Atelier Brume",
        "# Property: atelier-brume.example - GA4",
        rule,
        "# ",
        "# All Users",
        f"# Start date: {first:%Y%m%d}",
        f"# End date: {last:%Y%m%d}",
    ]


def rates(part: np.ndarray, whole_: np.ndarray) -> list[str]:
    return [f"{a / b:.10g}" for a, b in zip(part.tolist(), whole_.tolist(), strict=True)]
