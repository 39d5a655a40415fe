"""A simulated company's exports, each as its platform writes it."""

from pathlib import Path

from goulot.demo.bills import Bills
from goulot.demo.company import Company
from goulot.demo.people import People
from goulot.demo.writers.calendar import write_calendar
from goulot.demo.writers.ga4 import write_traffic, write_transactions
from goulot.demo.writers.google_ads import write_google
from goulot.demo.writers.gorgias import write_tickets
from goulot.demo.writers.klaviyo import write_klaviyo
from goulot.demo.writers.meta_ads import write_meta
from goulot.demo.writers.purchase_orders import write_purchase_orders
from goulot.demo.writers.sendcloud import write_parcels
from goulot.demo.writers.shop_orders import write_orders
from goulot.demo.writers.shop_stock import write_inventory, write_products

__all__ = ["write_exports"]


def write_exports(folder: Path, company: Company, bills: Bills, people: People) -> dict[str, int]:
    """Write every export into ``folder``; what was planted in them, counted."""
    folder.mkdir(parents=True, exist_ok=True)
    planted = write_orders(folder, company, bills, people)
    write_inventory(folder, company)
    write_products(folder, company)
    planted |= write_google(folder, company)
    write_meta(folder, company)
    write_transactions(folder, company, bills)
    write_traffic(folder, company)
    write_parcels(folder, company)
    write_tickets(folder, company, people)
    write_klaviyo(folder, company, bills)
    write_purchase_orders(folder, company)
    write_calendar(folder, company.world)
    return planted
