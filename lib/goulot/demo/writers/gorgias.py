"""Gorgias tickets: what customers wrote about which order, and how long they waited."""

from pathlib import Path

import numpy as np

from goulot.demo.clock import wall_time
from goulot.demo.company import Company
from goulot.demo.people import People
from goulot.demo.sheets import header_of, heading, lines_of, quoted, whole, write_lines
from goulot.demo.support import CONTACT_SHARES, CONTACTS, REASONS
from goulot.demo.world import stream
from goulot.demo.writers.shop_orders import order_names

HEADER = heading(
    """Ticket id,Tags,Initial channel,Priority,Last used integration name,
Last used integration type,Created by an agent,Subject,Creation date,Closed date,Survey score,
Survey replied date,Assignee name,Assignee email,Customer email,Customer name,
First response time (s),Resolution time (s),Number of agent messages,Number of customer messages,
Ticket URL,Ticket Field: Contact reason,Ticket Field: Numéro de commande"""
)
TAGS = {"late": "livraison,retard", "question": "question", "damaged": "casse,urgent",
        "change": "modification", "return": "retour", "product": "produit"}  # fmt: skip
FIELDS = {"late": "Livraison::Retard", "question": "Commande::Suivi", "damaged": "Produit::Casse",
          "change": "Commande::Modification", "return": "Retour::Demande",
          "product": "Produit::Conseil"}  # fmt: skip
SUBJECTS = {
    "late": ("Où est ma commande {} ?", "Colis toujours pas reçu ({})", "Retard de livraison {}",
             "Ma commande {} n’est pas arrivée"),
    "question": ("Question sur ma commande {}", "Commande {}", "Re: Confirmation de commande {}"),
    "damaged": ("Article cassé - commande {}", "Bougie arrivée brisée {}", "Problème colis {}"),
    "change": ("Changer l’adresse de la commande {}", "Modification commande {}"),
    "return": ("Retour commande {}", "Je souhaite retourner un article ({})", "Échange {}"),
    "product": ("Conseil pour un diffuseur", "Durée de combustion ?", "Question produit"),
}  # fmt: skip
AGENTS = ("Inès", "Théo", "Maëlle")
INTEGRATIONS = {"email": "gmail", "chat": "gorgias_chat", "contact_form": "email",
                "instagram-direct-message": "facebook", "phone": "aircall"}  # fmt: skip


def write_tickets(folder: Path, company: Company, people: People) -> None:
    """One export of all tickets, newest first, as Gorgias sorts them."""
    tickets = company.tickets.iloc[::-1]
    rng = stream(company.world, company.seed, "gorgias")
    count, hour = len(tickets), tickets["hour"].to_numpy()
    reason = np.array(REASONS, dtype=object)[tickets["reason"]]
    contact = rng.choice(np.array(CONTACTS, dtype=object), count, p=CONTACT_SHARES)
    customer = company.orders["customer"].to_numpy()[tickets["order"]]
    reference = order_names(len(company.orders))[tickets["order"]]
    agent = rng.choice(np.array(AGENTS, dtype=object), count)
    number = 48_210_000 + (np.arange(count)[::-1] + 1) * 3
    columns = dict.fromkeys(HEADER, "") | {
        "Ticket id": whole(number),
        "Tags": quoted([TAGS[r] for r in reason]),
        "Initial channel": contact.tolist(),
        "Priority": np.where(reason == "damaged", "high", "normal").tolist(),
        "Last used integration name": "Atelier Brume",
        "Last used integration type": [INTEGRATIONS[c] for c in contact],
        "Created by an agent": np.where(contact == "phone", "True", "False").tolist(),
        "Subject": quoted(_subjects(rng, reason, reference)),
        "Creation date": _times(company, hour),
        "Customer email": people.email[customer].tolist(),
        "Customer name": people.name[customer].tolist(),
        "Number of customer messages": whole(1 + rng.poisson(0.7, count)),
        "Ticket URL": [f"https://example.com/app/ticket/{n}" for n in number],
        "Ticket Field: Contact reason": [FIELDS[r] for r in reason],
        "Ticket Field: Numéro de commande": np.where(
            (rng.random(count) < 0.62) & (reason != "product"), reference, ""
        ).tolist(),
    }
    columns |= _answers(company, rng, tickets, agent)
    write_lines(folder / "tickets.csv", [header_of(HEADER), *lines_of(columns, count)])


def _answers(company: Company, rng: np.random.Generator, tickets, agent) -> dict[str, list[str]]:
    """First reply, closing and survey, as far as they had happened by the last day."""
    hour, replied = tickets["hour"].to_numpy(), tickets["replied"].to_numpy()
    end = company.world.days * 24
    known = np.nan_to_num(replied, nan=np.inf) < end
    closed = np.where(known, replied + rng.gamma(0.6, 14.0, len(hour)), hour + 24 * 21)
    done = closed < end
    score = np.where(
        closed - hour < 24,
        rng.choice((3, 4, 5), len(hour), p=(0.1, 0.25, 0.65)),
        rng.choice((1, 2, 3, 4, 5), len(hour), p=(0.3, 0.15, 0.15, 0.2, 0.2)),
    )
    rated = done & known & (rng.random(len(hour)) < 0.19)
    seconds = np.where(known, (replied - hour) * 3600, 0)
    return {
        "First response time (s)": np.where(known, whole(seconds), "").tolist(),
        "Resolution time (s)": np.where(done, whole((closed - hour) * 3600), "").tolist(),
        "Closed date": np.where(done, _times(company, closed), "").tolist(),
        "Survey score": np.where(rated, whole(score), "").tolist(),
        "Survey replied date": np.where(rated, _times(company, closed + 5), "").tolist(),
        "Assignee name": np.where(known, agent, "").tolist(),
        "Assignee email": np.where(
            known, [f"{name.lower().replace('è', 'e').replace('é', 'e').replace('ë', 'e')}"
                    "@example.com" for name in agent], "").tolist(),
        "Number of agent messages": np.where(
            known, whole(1 + rng.poisson(0.5, len(hour))), "0").tolist(),
    }  # fmt: skip


def _subjects(rng: np.random.Generator, reason, reference) -> list[str]:
    """Most name the order, as customers do; some forget the number."""
    place = rng.integers(0, 12, len(reason)).tolist()
    named = (rng.random(len(reason)) < 0.8).tolist()
    texts = []
    for why, number, turn, is_named in zip(reason, reference, place, named, strict=True):
        choice = SUBJECTS[why][turn % len(SUBJECTS[why])]
        text = choice.format(number if is_named else "")
        texts.append(" ".join(text.replace("()", "").split()))
    return texts


def _times(company: Company, hours: np.ndarray) -> list[str]:
    """Wall-clock times as Gorgias writes them: no zone; empty after the last day."""
    times = wall_time(company, hours).astype("datetime64[s]")
    texts = np.datetime_as_string(times)
    return ["" if t == "NaT" else t.replace("T", " ") for t in texts.tolist()]
