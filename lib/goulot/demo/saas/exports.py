"""All exports of the simulated subscription business."""

from pathlib import Path

from goulot.demo.saas.ads import campaigns_by_channel, write_ads
from goulot.demo.saas.company import SaasCompany
from goulot.demo.saas.contacts import invent_contacts
from goulot.demo.saas.ga4 import write_traffic
from goulot.demo.saas.signups import write_signups
from goulot.demo.saas.stripe import write_payments, write_subscriptions
from goulot.demo.saas.zendesk import write_tickets
from goulot.demo.world import World
from goulot.demo.writers.calendar import write_calendar


def write_exports(folder: Path, company: SaasCompany, exported: World) -> None:
    """``exported`` is the world whose days the exports cover."""
    folder.mkdir(parents=True, exist_ok=True)
    contacts = invent_contacts(company, campaigns_by_channel())
    write_payments(folder, company, contacts)
    write_subscriptions(folder, company, contacts)
    write_signups(folder, company, contacts)
    write_tickets(folder, company, contacts)
    write_ads(folder, company, exported)
    write_traffic(folder, company, exported)
    write_calendar(folder, exported)
