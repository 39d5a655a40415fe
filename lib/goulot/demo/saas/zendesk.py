"""Zendesk's account export: what customers wrote about, and how long they waited."""

from pathlib import Path

import numpy as np

from goulot.demo.saas.company import SaasCompany
from goulot.demo.saas.contacts import Contacts
from goulot.demo.saas.signups import wall
from goulot.demo.sheets import header_of, heading, lines_of, quoted, whole, write_lines
from goulot.demo.world import stream

HEADER = heading(
    """Summation column,Id,Requester,Requester id,Requester external id,Requester email,
Requester domain,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,
Updated at,Assigned at,Organization,Due date,Initially assigned at,Solved at,Resolution time,
Satisfaction Score,Group stations,Assignee stations,Reopens,Replies,First reply time in minutes,
First reply time in minutes within business hours,First resolution time in minutes,
First resolution time in minutes within business hours,Full resolution time in minutes,
Full resolution time in minutes within business hours,Agent wait time in minutes,
Agent wait time in minutes within business hours,Requester wait time in minutes,
Requester wait time in minutes within business hours,On hold time in minutes,
On hold time in minutes within business hours,Sujet [list]"""
)
# Topic, tag, share of young accounts' tickets, of others', subjects.
TOPICS = (
    ("Import", "import_planning", 0.30, 0.05,
     ("Import de mon planning Excel", "Erreur à l’import", "Importer mes salariés")),
    ("Prise en main", "prise_en_main", 0.34, 0.10,
     ("Comment créer une équipe ?", "Dupliquer une semaine", "Rendez-vous de démarrage")),
    ("Application mobile", "appli_mobile", 0.12, 0.22,
     ("Mes salariés ne voient pas le planning", "Notifications non reçues", "Appli bloquée")),
    ("Export paie", "export_paie", 0.05, 0.26,
     ("Export des heures pour la paie", "Heures supplémentaires fausses", "Format comptable")),
    ("Facturation", "facturation", 0.11, 0.20,
     ("Ma facture", "Changer de carte bancaire", "Ajouter un salarié : quel prix ?")),
    ("Anomalie", "bug", 0.08, 0.17,
     ("Page blanche", "Le planning ne s’enregistre pas", "Très lent ce matin")),
)  # fmt: skip
YOUNG_WEEKS = 4
VIA = {"Mail": 0.46, "Chat": 0.31, "Web form": 0.17, "Phone call (inbound)": 0.06}
AGENT_SHARES = (0.32, 0.29, 0.22, 0.17)
FIRST_ID = 18_200
AGENTS = ("Lou Marceau", "Yanis Brochet", "Élodie Vannier", "Sami Kerbrat")


def write_tickets(folder: Path, company: SaasCompany, contacts: Contacts) -> None:
    """One file a year, oldest first."""
    columns, day = _columns(company, contacts)
    middle = (company.from_day + company.world.days) // 2
    spans = {"tickets-export-1.csv": (company.from_day, middle),
             "tickets-export-2.csv": (middle, company.world.days)}  # fmt: skip
    for name, (low, high) in spans.items():
        mine = np.flatnonzero((day >= low) & (day < high))
        cells = {k: v if isinstance(v, str) else np.asarray(v, object)[mine].tolist()
                 for k, v in columns.items()}  # fmt: skip
        write_lines(folder / name, [header_of(HEADER), *lines_of(cells, len(mine))])


def _columns(company: SaasCompany, contacts: Contacts):
    """Every column by ticket, and the day each was written."""
    rng = stream(company.world, company.seed, "zendesk")
    who, hour = company.tickets["account"].to_numpy(), company.tickets["hour"].to_numpy()
    topic = _topics(company, rng)
    is_bug = topic == len(TOPICS) - 1
    before = int((hour < company.from_day * 24).sum())
    cells = {
        "Summation column": "1",
        "Id": whole(FIRST_ID + (np.arange(len(who)) - before) * 2),
        "Requester": quoted(contacts.name[who]),
        "Requester id": whole(370_000_000_000 + who * 1_009),
        "Requester external id": contacts.user_id[who],
        "Requester email": contacts.email[who],
        "Requester domain": "example.com",
        "Submitter": quoted(contacts.name[who]),
        "Group": "Support",
        "Subject": quoted(_subjects(rng, topic)),
        "Tags": _tags(company, topic),
        "Priority": np.where(is_bug, "High", "-"),
        "Via": rng.choice(np.array(list(VIA), dtype=object), len(who), p=list(VIA.values())),
        "Ticket type": np.where(is_bug, "Incident", "Question"),
        "Organization": quoted(contacts.business[who]),
        "Group stations": "1",
        "Assignee stations": "1",
        "Reopens": rng.choice(np.array(["0", "1"], object), len(who), p=(0.93, 0.07)),
        "On hold time in minutes": "0",
        "Sujet [list]": np.array([t[0] for t in TOPICS], dtype=object)[topic],
    }
    cells |= _answers(company, rng)
    return dict.fromkeys(HEADER, "") | cells, (hour // 24).astype(int)


def _answers(company: SaasCompany, rng: np.random.Generator):
    """Who answered each ticket and when; empty or "-" where nobody has yet."""
    hour, replied = company.tickets["hour"].to_numpy(), company.tickets["replied"].to_numpy()
    replied = np.where(replied < company.last_hour, replied, np.nan)
    solved = _solved(rng, replied)
    solved = np.where(solved < company.last_hour, solved, np.nan)
    answered = np.isfinite(replied)
    agent = rng.choice(np.array(AGENTS, dtype=object), len(hour), p=AGENT_SHARES)
    created, done = wall(company, hour, seconds=False), wall(company, solved, seconds=False)
    first, full = (replied - hour) * 60, (solved - hour) * 60
    waiting = np.where(answered, "Pending", "Open")
    return {
        "Assignee": np.where(answered, agent, ""),
        "Status": np.where(np.isfinite(solved), "Closed", waiting),
        "Created at": created,
        "Updated at": [b or a for a, b in zip(created, done, strict=True)],
        "Assigned at": created,
        "Initially assigned at": created,
        "Solved at": done,
        "Resolution time": _numbers(full / 60),
        "Satisfaction Score": _scores(rng, first),
        "Replies": whole(np.where(answered, 1 + rng.poisson(0.8, len(hour)), 0)),
        "First reply time in minutes": _numbers(first),
        "First resolution time in minutes": _numbers(full),
        "Full resolution time in minutes": _numbers(full),
        "Requester wait time in minutes": _numbers(full * 0.8),
        "Agent wait time in minutes": _numbers((full - first) * 0.2),
    }


def _solved(rng: np.random.Generator, replied: np.ndarray) -> np.ndarray:
    """More than half by the first reply; the others later, while somebody is at work."""
    later = replied + rng.lognormal(2.6, 1.1, len(replied))
    of_day = later % 24
    asleep = (of_day < 9) | (of_day > 18)
    morning = later - of_day + np.where(of_day > 18, 24, 0) + 9 + rng.gamma(1.5, 1.4, len(later))
    return np.where(
        rng.random(len(replied)) < 0.55, replied + 0.02, np.where(asleep, morning, later)
    )


def _topics(company: SaasCompany, rng: np.random.Generator) -> np.ndarray:
    tickets = company.tickets
    age = tickets["hour"].to_numpy() - company.accounts["hour"].to_numpy()[tickets["account"]]
    young, old = (np.array([topic[n] for topic in TOPICS]).cumsum() for n in (2, 3))
    until = np.where((age < YOUNG_WEEKS * 168)[:, None], young, old)
    return np.minimum((rng.random(len(age))[:, None] > until).sum(axis=1), len(TOPICS) - 1)


def _subjects(rng: np.random.Generator, topic: np.ndarray) -> list[str]:
    place = rng.integers(0, 3, len(topic))
    return [TOPICS[t][4][p] for t, p in zip(topic.tolist(), place.tolist(), strict=True)]


def _tags(company: SaasCompany, topic: np.ndarray) -> list[str]:
    tickets, accounts = company.tickets, company.accounts
    trial = tickets["hour"].to_numpy() < accounts["trial_ends"].to_numpy()[tickets["account"]]
    return [
        TOPICS[t][1] + (" essai" if young else "") for t, young in zip(topic, trial, strict=True)
    ]


def _numbers(values: np.ndarray) -> list[str]:
    return [f"{v:.0f}" if np.isfinite(v) else "-" for v in values.tolist()]


def _scores(rng: np.random.Generator, first: np.ndarray) -> np.ndarray:
    """One in eight answers; those who waited are less pleased."""
    answers = rng.random(len(first)) < 0.12
    good = rng.random(len(first)) < 0.95 - 0.25 * (np.nan_to_num(first, nan=9_999) > 1_440)
    return np.where(answers, np.where(good, "Good", "Bad"), "Offered")
