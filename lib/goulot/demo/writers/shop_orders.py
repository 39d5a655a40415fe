"""Shopify's orders export, with the headings and the blanks of the real files."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from goulot.demo.bills import Bills
from goulot.demo.campaigns import order_campaigns
from goulot.demo.clock import ZONE, wall_time
from goulot.demo.company import Company
from goulot.demo.people import People
from goulot.demo.places import CITIES
from goulot.demo.sheets import (
    header_of,
    heading,
    lines_of,
    money,
    quoted,
    stamps,
    whole,
    write_lines,
)
from goulot.demo.world import stream
from goulot.demo.writers.dirt import OLD_ZONE, is_old_zone, own_orders, spoil

ORDER_HEADER = heading(
    """Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,
Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,
Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,
Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,
Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,
Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,
Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,
Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,
Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,
Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,
Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,
Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,
Payment Terms Name,Next Payment Due At,Payment References"""
)
FIRST_NUMBER = 1001
UTM_KEPT = 0.8  # of the orders that came with any
METHODS = {"Colissimo": "Colissimo Domicile", "Mondial Relay": "Mondial Relay – Point Relais®",
           "Chronopost": "Chronopost Express"}  # fmt: skip
NOTES = ("", "Merci de laisser le colis au gardien", "Code portail 4582B",
         "C’est un cadeau, merci de ne pas mettre la facture", "Livrer après 18h si possible",
         "Emballage cadeau svp", "Sonner chez Dupuis",
         "Bonjour, pourriez-vous ajouter un petit mot ? Merci !")  # fmt: skip


def order_names(count: int) -> np.ndarray:
    return np.array([f"#{FIRST_NUMBER + n}" for n in range(count)], dtype=object)


def write_orders(folder: Path, company: Company, bills: Bills, people: People) -> dict[str, int]:
    """Several overlapping files, newest order first, as a shop exports them over two years.

    Returns what was planted: rows that stand in a file again, unreadable rows, test orders.
    """
    world = company.world
    columns = order_columns(company, bills, people)
    columns["Lineitem price"], bad = spoil(company, columns["Lineitem price"])
    lines = np.array(lines_of(columns, len(company.lines)), dtype=object)
    first = company.lines["order"].searchsorted(np.arange(len(company.orders) + 1))
    day = company.orders["day"].to_numpy()
    tests = own_orders(world, ORDER_HEADER)
    written, rows = 0, []
    for name, start, stop in order_files(world.first_day, world.last_day):
        low = np.searchsorted(day, (start - world.first_day).days)
        high = np.searchsorted(day, (stop - world.first_day).days, side="right")
        if high > low:
            blocks = [lines[first[n] : first[n + 1]] for n in range(high - 1, low - 1, -1)]
            newest = tests if stop == world.last_day else []
            rows = [*newest, *np.concatenate(blocks).tolist()]
            write_lines(folder / name, [header_of(ORDER_HEADER), *rows])
            written += len(rows)
    for copy in range(world.dirt.duplicate_files):
        write_lines(folder / f"orders_export ({copy + 1}).csv", [header_of(ORDER_HEADER), *rows])
        written += len(rows)
    again = written - len(lines) - len(tests)
    return {"duplicate_rows": again, "quarantined_rows": bad, "test_orders": len(tests)}


def order_files(first: date, last: date) -> list[tuple[str, date, date]]:
    """File names with first and last day: years that are over in one file, then half-years.

    Files begin three days early, as when somebody exports "since last time" to be sure.
    """
    files = []
    start = first
    while start <= last:
        months = 12 if (last - start).days > 400 else 6
        month = start.month - 1 + months
        stop = date(start.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        stop = min(stop, last)
        number = len(files) + 1
        early = start - timedelta(days=3 if files else 0)
        files.append((f"orders_export_{number}.csv", early, stop))
        start = stop + timedelta(days=1)
    return files


def order_columns(company: Company, bills: Bills, people: People) -> dict[str, list[str] | str]:
    """Every column of the export as text, one entry per line item."""
    head = _order_texts(company, bills, people)
    of_line = company.lines["order"].to_numpy()
    starts = np.flatnonzero(np.diff(of_line, prepend=-1))
    everywhere = {"Name", "Email", "Created at", "Phone"}
    columns: dict[str, list[str] | str] = dict.fromkeys(ORDER_HEADER, "")
    for name, texts in head.items():
        texts = np.asarray(texts, dtype=object)
        if name in everywhere:
            columns[name] = texts[of_line].tolist()
        else:
            spread = np.full(len(of_line), "", dtype=object)
            spread[starts] = texts
            columns[name] = spread.tolist()
    return columns | _line_texts(company, bills)


def _order_texts(company: Company, bills: Bills, people: People) -> dict[str, np.ndarray]:
    orders, bill = company.orders, bills.orders
    rng = stream(company.world, company.seed, "shopify")
    customer = orders["customer"].to_numpy()
    city = company.customers.city[customer]
    hour, cancelled = orders["hour"].to_numpy(), orders["cancelled_hours"].notna().to_numpy()
    shipped = np.zeros(len(orders))
    np.maximum.at(
        shipped, company.parcels["order"].to_numpy(), company.parcels["shipped"].to_numpy()
    )
    done = (shipped < company.world.days * 24) & ~cancelled
    street, country = np.array(quoted(people.street), dtype=object)[customer], CITIES.country[city]
    place = {"Name": people.name[customer], "Street": street, "Address1": street,
             "City": CITIES.name[city], "Zip": np.array([f"'{z}" for z in CITIES.postcode])[city],
             "Country": country, "Phone": people.phone[customer]}  # fmt: skip
    old = is_old_zone(company.world, orders["day"].to_numpy())

    def times(hours: np.ndarray) -> np.ndarray:
        now = stamps(wall_time(company, hours), ZONE)
        if not old.any():
            return now
        return np.where(old, stamps(wall_time(company, hours), ZONE, shown_in=OLD_ZONE), now)

    tax_names = np.where(country == "BE", "BE TVA 21%", "FR TVA 20%")
    return {
        "Name": order_names(len(orders)),
        "Email": people.email[customer],
        "Financial Status": _financial_status(bill),
        "Paid at": times(hour + rng.exponential(0.01, len(hour))),
        "Fulfillment Status": np.where(done, "fulfilled", "unfulfilled"),
        "Fulfilled at": np.where(done, times(shipped), ""),
        "Accepts Marketing": np.where(people.newsletter[customer], "yes", "no"),
        "Currency": np.full(len(orders), "EUR"),
        "Subtotal": money(bill["subtotal"]),
        "Shipping": money(bill["shipping"]),
        "Taxes": money(bill["tax"]),
        "Total": money(bill["total"]),
        "Discount Code": bill["code"].to_numpy(),
        "Discount Amount": money(bill["discount"]),
        "Shipping Method": _method(company),
        "Created at": times(hour),
        **{f"Billing {name}": texts for name, texts in place.items()},
        **{f"Shipping {name}": texts for name, texts in place.items()},
        "Notes": _notes(rng, len(orders)),
        "Note Attributes": _note_attributes(company, rng),
        "Cancelled at": np.where(cancelled, times(hour + orders["cancelled_hours"]), ""),
        "Payment Method": rng.choice(
            np.array(["Shopify Payments", "PayPal Express Checkout", "Alma - 3x 4x"], dtype=object),
            len(orders), p=(0.79, 0.17, 0.04)),
        "Payment Reference": _references(rng, len(orders)),
        "Refunded Amount": money(bill["refunded"]),
        "Outstanding Balance": np.full(len(orders), "0.00"),
        "Id": whole(5_600_000_000_000 + np.cumsum(rng.integers(20_000, 90_000, len(orders)) * 32)),
        "Tags": _tags(company, bill, rng),
        "Risk Level": np.where(rng.random(len(orders)) < 0.006, "Medium", "Low"),
        "Source": rng.choice(np.array(["web", "580111", "shopify_draft_order"], dtype=object),
                             len(orders), p=(0.935, 0.055, 0.01)),
        "Tax 1 Name": tax_names,
        "Tax 1 Value": money(bill["tax"]),
        "Phone": people.phone[customer],
    }  # fmt: skip


def _line_texts(company: Company, bills: Bills) -> dict[str, list[str] | str]:
    frame, sku = company.catalogue.frame, company.lines["sku"].to_numpy()
    option = frame["option"]
    full = (frame["title"] + np.where(option == "", "", " - " + option)).tolist()
    pick = {
        "Lineitem name": np.array(quoted(full), dtype=object),
        "Lineitem sku": frame["sku"].to_numpy(object),
        "Vendor": np.array(quoted(frame["supplier"]), dtype=object),
    }
    compare = bills.lines["compare_at"].to_numpy()
    sent = _line_is_sent(company, bills)
    return {name: texts[sku].tolist() for name, texts in pick.items()} | {
        "Lineitem quantity": whole(company.lines["quantity"]),
        "Lineitem price": money(bills.lines["price"]),
        "Lineitem compare at price": np.where(compare > 0, money(compare), "").tolist(),
        "Lineitem requires shipping": "true",
        "Lineitem taxable": "true",
        "Lineitem fulfillment status": np.where(sent, "fulfilled", "pending").tolist(),
        "Lineitem discount": "0.00",
    }


def _line_is_sent(company: Company, bills: Bills) -> np.ndarray:
    shipped = np.zeros(len(company.orders))
    np.maximum.at(
        shipped, company.parcels["order"].to_numpy(), company.parcels["shipped"].to_numpy()
    )
    stands = company.orders["cancelled_hours"].isna().to_numpy()
    return ((shipped < company.world.days * 24) & stands)[company.lines["order"]]


def _financial_status(bill) -> np.ndarray:
    refunded, total = bill["refunded"].to_numpy(), bill["total"].to_numpy()
    part = np.where(refunded > 0, "partially_refunded", "paid")
    return np.where((refunded > 0) & (refunded >= total), "refunded", part)


def _method(company: Company) -> np.ndarray:
    carrier = company.orders["carrier"].to_numpy()
    return np.array(list(METHODS.values()), dtype=object)[carrier]


def _notes(rng: np.random.Generator, count: int) -> np.ndarray:
    texts = np.array(quoted(NOTES), dtype=object)
    return texts[np.where(rng.random(count) < 0.06, rng.integers(1, len(NOTES), count), 0)]


def _note_attributes(company: Company, rng: np.random.Generator) -> np.ndarray:
    """``utm_*`` where the theme's script kept them."""
    channels = company.world.channels
    tags = np.array(
        [f"utm_source: {c.source}\nutm_medium: {c.medium}\nutm_campaign: " for c in channels],
        dtype=object,
    )
    campaign = order_campaigns(company)
    kept = (rng.random(len(campaign)) < UTM_KEPT) & (campaign != "")
    texts = np.array(quoted(tags[company.orders["channel"]] + campaign), dtype=object)
    return np.where(kept, texts, "")


def _references(rng: np.random.Generator, count: int) -> list[str]:
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
    drawn = letters[rng.integers(0, len(letters), (count, 24))]
    return ["r" + "".join(row) for row in drawn.tolist()]


def _tags(company: Company, bill, rng: np.random.Generator) -> np.ndarray:
    gift = np.where(rng.random(len(bill)) < 0.07, "emballage-cadeau", "")
    vip = np.where(company.orders["returning"] & (rng.random(len(bill)) < 0.12), "VIP", "")
    both = (gift != "") & (vip != "")
    return np.where(both, '"VIP, emballage-cadeau"', np.where(gift != "", gift, vip))
