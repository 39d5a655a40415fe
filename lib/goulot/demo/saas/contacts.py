"""Who opens an account: a person, a place of business, and the identifiers systems give them."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.people import LAST_NAMES, invent_people
from goulot.demo.saas.company import SaasCompany
from goulot.demo.world import stream

TRADES = {
    "Bistrot": 0.16, "Brasserie": 0.13, "Restaurant": 0.20, "Boulangerie": 0.14, "Café": 0.12,
    "Pizzeria": 0.07, "Pharmacie": 0.06, "Fleuriste": 0.04, "Salon": 0.05, "Épicerie": 0.03,
}  # fmt: skip
PLACES = (
    "du Port", "de la Gare", "des Halles", "du Marché", "de la Place", "du Théâtre", "Saint-Michel",
    "du Parc", "des Arts", "de l’Horloge", "du Canal", "des Quais", "du Centre", "Victor-Hugo",
    "des Lilas", "de la Poste", "du Moulin", "du Vieux Pont", "Gambetta", "Jean-Jaurès",
)  # fmt: skip
BASE62 = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
STRIPE_ACCOUNT = "LrQ8pKfWmY2vTz"  # the part that all identifiers of one Stripe account share


@dataclass(frozen=True)
class Contacts:
    """One row per account, as arrays of text."""

    name: np.ndarray
    email: np.ndarray
    phone: np.ndarray
    street: np.ndarray
    postcode: np.ndarray
    business: np.ndarray
    user_id: np.ndarray
    customer_id: np.ndarray  # Stripe's
    source: np.ndarray  # as product and Stripe keep it from the first visit; "" where it was lost
    medium: np.ndarray
    campaign: np.ndarray


def invent_contacts(
    company: SaasCompany, campaigns: dict[str, tuple[list[str], list[float]]]
) -> Contacts:
    """``campaigns`` are names and shares by channel: the ones its visitors come through."""
    rng = stream(company.world, company.seed, "contacts")
    accounts, channels = company.accounts, company.world.channels
    people = invent_people(rng, len(accounts))
    channel = accounts["channel"].to_numpy()
    tracked = rng.random(len(accounts)) > company.world.extra.untracked_share
    campaign = np.full(len(accounts), "", dtype=object)
    for place, of in enumerate(channels):
        if of.name in campaigns:
            names, shares = campaigns[of.name]
            mine = channel == place
            campaign[mine] = rng.choice(np.array(names, dtype=object), mine.sum(), p=shares)
    return Contacts(
        name=people.name,
        email=people.email,
        phone=people.phone,
        street=people.street,
        postcode=np.array([f"{n:05d}" for n in rng.integers(1, 96, len(accounts)) * 1000], object),
        business=_businesses(rng, len(accounts)),
        user_id=(20_000 + np.arange(len(accounts))).astype(str).astype(object),
        customer_id=random_ids(rng, "cus_", len(accounts), 14),
        source=_where(tracked, [c.source for c in channels], channel),
        medium=_where(tracked, [c.medium for c in channels], channel),
        campaign=np.where(tracked, campaign, ""),
    )


def _where(tracked: np.ndarray, names: list[str], channel: np.ndarray) -> np.ndarray:
    return np.where(tracked, np.array(names, dtype=object)[channel], "")


def _businesses(rng: np.random.Generator, count: int) -> np.ndarray:
    trade = rng.choice(np.array(list(TRADES), dtype=object), count, p=list(TRADES.values()))
    family = rng.choice(np.array(LAST_NAMES, dtype=object), count)
    place = rng.choice(np.array(PLACES, dtype=object), count)
    named = np.where(rng.random(count) < 0.45, family, place)
    return np.array([f"{a} {b}" for a, b in zip(trade, named, strict=True)], dtype=object)


def random_ids(rng: np.random.Generator, prefix: str, count: int, length: int) -> np.ndarray:
    letters = BASE62[rng.integers(0, 62, (count, length))]
    return np.array([prefix + "".join(row) for row in letters.tolist()], dtype=object)


def stripe_ids(
    rng: np.random.Generator, prefix: str, hours: np.ndarray, world_start: np.datetime64
) -> np.ndarray:
    """Identifiers as Stripe makes them: a time that grows, the account, eight random letters."""
    epoch = world_start.astype("datetime64[s]").astype(np.int64)
    seconds = (epoch + np.asarray(hours) * 3600).astype(np.int64)
    places = (seconds[:, None] // 62 ** np.arange(5, -1, -1)) % 62
    times = BASE62[places]
    ends = BASE62[rng.integers(0, 62, (len(seconds), 8))]
    return np.array(
        [
            f"{prefix}_1{''.join(a)}{STRIPE_ACCOUNT}{''.join(b)}"
            for a, b in zip(times.tolist(), ends.tolist(), strict=True)
        ],
        dtype=object,
    )
