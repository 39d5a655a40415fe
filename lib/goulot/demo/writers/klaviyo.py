"""Klaviyo campaigns: newsletters that were sent, and the orders that Klaviyo claims for them."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.company import Company
from goulot.demo.sheets import header_of, heading, lines_of, money, quoted, whole, write_lines
from goulot.demo.world import World, stream

HEADER = heading(
    """Campaign Name,Tags,Subject,List,Send Time,Send Weekday,Total Recipients,Unique Placed Order,
Placed Order Rate,Revenue,Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,
Unsubscribes,Spam Complaints,Spam Complaints Rate,Successful Deliveries,Bounces,Bounce Rate,
Campaign ID,Campaign Channel"""
)
THEMES = (
    "Les nouveautés de la semaine", "Un parfum, une pièce", "Retour en stock : Figuier sauvage",
    "Nos recharges, moins de verre", "Le rituel du soir", "Portrait d’atelier", "Idées cadeaux",
    "Trois bougies pour la saison", "Céramiques : la fournée du mois", "Dans les coulisses",
)  # fmt: skip
WEEKLY_DAYS = (1, 3)  # Tuesday; every other week also Thursday
CLAIMED, CLAIMED_DAYS = 0.6, 3  # of the orders by e-mail from the day of sending on
ALPHABET = np.array(list("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))


def write_klaviyo(folder: Path, company: Company, bills: Bills) -> None:
    """All campaigns of the world's days, newest first."""
    world = company.world
    rng = stream(world, company.seed, "klaviyo")
    sends = _sends(world)
    day = np.array([(when - world.first_day).days for when, _ in sends])
    columns = dict.fromkeys(HEADER, "") | _figures(rng, company, bills, day)
    columns |= {
        "Campaign Name": quoted([f"{when:%Y-%m-%d} {name}" for when, name in sends]),
        "Subject": quoted([name for _, name in sends]),
        "List": "Newsletter - engagés 90 j",
        "Send Time": [
            f"{when} {rng.choice((7, 9, 10, 18)):02d}:{rng.choice((0, 15, 30)):02d}:00"
            for when, _ in sends
        ],
        "Send Weekday": [f"{when:%A}" for when, _ in sends],
        "Campaign ID": [
            "01" + "".join(row) for row in ALPHABET[rng.integers(0, 32, (len(day), 24))].tolist()
        ],
        "Campaign Channel": "email",
    }
    lines = lines_of(columns, len(day))[::-1]
    write_lines(folder / "Campaigns.csv", [header_of(HEADER), *lines], encoding="utf-8-sig")


def _figures(
    rng: np.random.Generator, company: Company, bills: Bills, day: np.ndarray
) -> dict[str, list[str] | str]:
    """Sent, opened, clicked and bought, of the campaigns that were sent on these days."""
    count = len(day)
    reach = 5200 + 16 * day * company.world.size + rng.normal(0, 120, count)
    sent = np.maximum(200, reach).astype(int)
    delivered = sent - rng.binomial(sent, 0.004)
    opened = rng.binomial(delivered, rng.beta(45, 68, count))
    clicked = rng.binomial(opened, rng.beta(9, 320, count) * 2.2)
    orders, revenue = _claimed(company, bills, day)
    orders = np.minimum(orders, clicked)
    return {
        "Total Recipients": whole(sent),
        "Unique Placed Order": whole(orders),
        "Placed Order Rate": _percent(orders, delivered),
        "Revenue": money(np.where(orders > 0, revenue, 0)),
        "Unique Opens": whole(opened),
        "Open Rate": _percent(opened, delivered),
        "Total Opens": whole(opened * 1.6),
        "Unique Clicks": whole(clicked),
        "Click Rate": _percent(clicked, delivered),
        "Total Clicks": whole(clicked * 1.3),
        "Unsubscribes": whole(rng.binomial(delivered, 0.0022)),
        "Spam Complaints": whole(rng.binomial(delivered, 0.00008)),
        "Spam Complaints Rate": "0.01%",
        "Successful Deliveries": whole(delivered),
        "Bounces": whole(sent - delivered),
        "Bounce Rate": _percent(sent - delivered, sent),
    }


def _sends(world: World) -> list[tuple[date, str]]:
    """Newsletters on Tuesdays, every second Thursday, and on the first day of a promotion."""
    sends = []
    for n in range(world.days):
        day = world.first_day + timedelta(days=n)
        weekly = day.weekday() == WEEKLY_DAYS[0]
        if weekly or (day.weekday() == WEEKLY_DAYS[1] and day.isocalendar().week % 2 == 0):
            sends.append((day, THEMES[n // 3 % len(THEMES)]))
    inside = (p for p in world.promotions if world.first_day <= p.starts_on <= world.last_day)
    sends += [(p.starts_on, p.name) for p in inside if p.kind != "influencer"]
    return sorted(sends)


def _claimed(company: Company, bills: Bills, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orders and revenue that came by e-mail in the days after sending, as Klaviyo counts them."""
    names = [c.name for c in company.world.channels]
    orders, days = company.orders, company.world.days
    mail = orders["channel"].to_numpy() == (names.index("Email") if "Email" in names else -1)
    on, total = orders["day"].to_numpy()[mail], bills.orders["total"].to_numpy()[mail]
    window = np.minimum(day[:, None] + np.arange(CLAIMED_DAYS), days - 1)
    count, value = (
        np.bincount(on, weights=weights, minlength=days)[window].sum(axis=1) * CLAIMED
        for weights in (np.ones(len(on)), total)
    )
    return count.astype(int), value


def _percent(part: np.ndarray, whole_: np.ndarray) -> list[str]:
    return [f"{100 * a / max(b, 1):.2f}%" for a, b in zip(part, whole_, strict=True)]
