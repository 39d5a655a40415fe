"""Stripe's exports: unified payments (all columns) and subscriptions; newest first, in UTC."""

from pathlib import Path

import numpy as np
import pandas as pd

from goulot.demo.saas.company import SaasCompany, add_months
from goulot.demo.saas.contacts import Contacts, stripe_ids
from goulot.demo.saas.world import PLANS, YEARLY
from goulot.demo.sheets import (
    header_of,
    heading,
    lines_of,
    localized,
    money,
    quoted,
    whole,
    write_lines,
)
from goulot.demo.world import stream

ZONE = "Europe/Paris"
PAYMENT_HEADER = heading(
    """id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,
Converted Amount Refunded,Converted Currency,Description,Fee,Is Link,Mode,PaymentIntent ID,
Payment Source Type,Refunded date (UTC),Statement Descriptor,Status,Seller Message,Taxes On Fee,
Card ID,Card Name,Card Address Line1,Card Address Line2,Card Address City,Card Address State,
Card Address Country,Card Address Zip,Card AVS Line1 Status,Card AVS Zip Status,Card Brand,
Card CVC Status,Card Exp Month,Card Exp Year,Card Fingerprint,Card Funding,Card Issue Country,
Card Last4,Card Tokenization Method,Customer ID,Customer Description,Customer Email,Customer Phone,
Shipping Name,Shipping Address Line1,Shipping Address Line2,Shipping Address City,
Shipping Address State,Shipping Address Country,Shipping Address Postal Code,Disputed Amount,
Dispute Date (UTC),Dispute Evidence Due (UTC),Dispute Reason,Dispute Status,Invoice ID,
Invoice Number,Checkout Session ID,Checkout Custom Field 1 Key,Checkout Custom Field 1 Value,
Checkout Custom Field 2 Key,Checkout Custom Field 2 Value,Checkout Custom Field 3 Key,
Checkout Custom Field 3 Value,Checkout Line Item Summary,Checkout Promotional Consent,
Checkout Terms of Service Consent,Client Reference ID,Payment Link ID,UTM Campaign,UTM Content,
UTM Medium,UTM Source,UTM Term,Application Fee,Application ID,Destination,Transfer,Transfer Group,
account_id (metadata),utm_medium (metadata),utm_source (metadata)"""
)
SUBSCRIPTION_HEADER = heading(
    """id,Customer ID,Customer Name,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,
Cancellation Reason,Created (UTC),Start (UTC),Start Date (UTC),Current Period Start (UTC),
Current Period End (UTC),Trial Start (UTC),Trial End (UTC),Canceled At (UTC),Ended At (UTC),Coupon,
account_id (metadata),utm_medium (metadata),utm_source (metadata)"""
)
DECLINES = (
    "The bank did not return any further details with this decline.",
    "The card has insufficient funds to complete the purchase.",
    "The bank returned the decline code `do_not_honor`.",
)
DECLINE_SHARES = (0.42, 0.41, 0.17)
CARD_FEE, CARD_FEE_FIXED = 0.015, 0.25


def write_payments(folder: Path, company: SaasCompany, contacts: Contacts) -> None:
    """One file a year."""
    columns, day = _payment_columns(company, contacts)
    last = company.world.days
    middle = (company.from_day + last) // 2
    for name, (low, high) in {
        "unified_payments.csv": (company.from_day, middle),
        "unified_payments (1).csv": (middle, last),
    }.items():
        mine = np.flatnonzero((day >= low) & (day < high))[::-1]
        cells = {k: v if isinstance(v, str) else np.asarray(v, object)[mine].tolist()
                 for k, v in columns.items()}  # fmt: skip
        lines = [header_of(PAYMENT_HEADER), *lines_of(cells, len(mine))]
        write_lines(folder / name, lines)


def _payment_columns(company: SaasCompany, contacts: Contacts):
    """Every column by payment, oldest first, and the day of each payment."""
    rng = stream(company.world, company.seed, "payments")
    frame, start = company.payments, company.world.start
    who, hour = frame["account"].to_numpy(), frame["hour"].to_numpy()
    yes = frame["is_paid"].to_numpy().astype(bool)
    decline = rng.choice(np.array(DECLINES, dtype=object), len(who), p=DECLINE_SHARES)
    created = frame["period"].to_numpy() == 0
    invoice, number = _invoices(company, rng)
    cells = {
        "id": stripe_ids(rng, "ch", hour, start),
        "Created date (UTC)": utc(company, hour),
        "Captured": np.where(yes, "true", "false"),
        "Description": np.where(created, "Subscription creation", "Subscription update"),
        "Is Link": "false",
        "PaymentIntent ID": stripe_ids(rng, "pi", hour, start),
        "Payment Source Type": "card",
        "Statement Descriptor": "ROULEMO",
        "Seller Message": np.where(yes, "Payment complete.", decline),
        "Taxes On Fee": "0.00",
        "Card CVC Status": np.where(created, "pass", ""),
        "Invoice ID": invoice,
        "Invoice Number": number,
    }
    cells |= _amounts(company, yes, rng) | _payers(company, contacts, who, rng)
    return dict.fromkeys(PAYMENT_HEADER, "") | cells, (hour // 24).astype(int)


def _amounts(company: SaasCompany, paid: np.ndarray, rng: np.random.Generator):
    """What was asked, taken, kept as a fee and given back."""
    frame = company.payments
    hour, amount = frame["hour"].to_numpy(), frame["amount"].to_numpy()
    refunded = np.where(frame["refunded"], amount, 0.0)
    refund_hour = np.minimum(hour + 24 + rng.exponential(120, len(hour)), company.last_hour - 1)
    fee = np.where(paid, np.round(amount * CARD_FEE + CARD_FEE_FIXED, 2), 0.0)
    return {
        "Amount": money(amount),
        "Amount Refunded": money(refunded),
        "Currency": "eur",
        "Converted Amount": _where(paid, money(amount)),
        "Converted Amount Refunded": _where(paid, money(refunded)),
        "Converted Currency": np.where(paid, "eur", ""),
        "Fee": money(fee),
        "Refunded date (UTC)": _where(refunded > 0, utc(company, refund_hour)),
        "Status": np.where(refunded > 0, "Refunded", np.where(paid, "Paid", "Failed")),
    }


def _payers(company: SaasCompany, contacts: Contacts, who: np.ndarray, rng: np.random.Generator):
    """Card and customer of each payment."""
    return {
        "Card Name": quoted(contacts.name[who]),
        "Card Address Line1": quoted(contacts.street[who]),
        "Card Address Country": "FR",
        "Card Address Zip": contacts.postcode[who],
        "Card AVS Line1 Status": "unavailable",
        "Card AVS Zip Status": "unavailable",
        "Card Funding": "debit",
        "Card Issue Country": "FR",
        "Customer ID": contacts.customer_id[who],
        "Customer Description": quoted(contacts.business[who]),
        "Customer Email": contacts.email[who],
        "Customer Phone": contacts.phone[who],
        **_metadata(contacts, who),
        **{name: values[who] for name, values in _cards(company, rng).items()},
    }


def _metadata(contacts: Contacts, who: np.ndarray) -> dict[str, np.ndarray]:
    """What the product writes beside each payment and subscription."""
    return {
        "account_id (metadata)": contacts.user_id[who],
        "utm_medium (metadata)": contacts.medium[who],
        "utm_source (metadata)": contacts.source[who],
    }


def _where(condition: np.ndarray, texts) -> np.ndarray:
    return np.where(condition, np.asarray(texts, dtype=object), "")


def _cards(company: SaasCompany, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """By account."""
    count = len(company.accounts)
    brands = np.array(["Visa", "MasterCard", "Cartes Bancaires", "American Express"], object)
    letters = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
    prints = letters[rng.integers(0, 62, (count, 16))].tolist()
    return {
        "Card ID": stripe_ids(
            rng, "pm", company.accounts["trial_ends"].to_numpy(), company.world.start
        ),
        "Card Brand": rng.choice(brands, count, p=(0.48, 0.36, 0.13, 0.03)),
        "Card Exp Month": rng.integers(1, 13, count).astype(str).astype(object),
        "Card Exp Year": rng.integers(2026, 2031, count).astype(str).astype(object),
        "Card Fingerprint": np.array(["".join(p) for p in prints], object),
        "Card Last4": np.array([f"{n:04d}" for n in rng.integers(0, 10_000, count)], object),
    }


def _invoices(company: SaasCompany, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Identifier and number of each payment's invoice: one of a period, however often tried."""
    frame = company.payments
    key = frame["account"].to_numpy() * 1000 + frame["period"].to_numpy()
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    ids = stripe_ids(rng, "in", frame["hour"].to_numpy()[first] - 1, company.world.start)
    series = np.array([
        f"{n:08X}"[-8:] for n in (np.arange(len(company.accounts)) * 2_654_435_761 + 97) % 2**32
    ], object)  # fmt: skip
    number = [f"{a}-{p + 1:04d}" for a, p in
              zip(series[frame["account"]], frame["period"], strict=True)]  # fmt: skip
    return ids[place], np.array(number, dtype=object)


def write_subscriptions(folder: Path, company: SaasCompany, contacts: Contacts) -> None:
    """Everyone who gave a card; times by the minute."""
    rng = stream(company.world, company.seed, "subscriptions")
    accounts = company.accounts
    gave = rng.random(len(accounts)) ** 2 * 9 * 24
    started = np.minimum(accounts["hour"] + 0.05 + gave, accounts["trial_ends"] - 1).to_numpy()
    shown = accounts["has_card"].to_numpy() & (started < company.last_hour)
    who = np.flatnonzero(shown)[np.argsort(-started[shown], kind="stable")]
    rows = accounts.iloc[who].assign(started=started[who])
    status, reason = _statuses(company, rows)
    columns = dict.fromkeys(SUBSCRIPTION_HEADER, "") | {
        "id": stripe_ids(rng, "sub", rows["started"].to_numpy(), company.world.start).tolist(),
        "Customer ID": contacts.customer_id[who].tolist(),
        "Customer Name": quoted(contacts.business[who]),
        "Customer Email": contacts.email[who].tolist(),
        "Plan": _by_plan(rows, "name"),
        "Quantity": whole(rows["seats_now"]),
        "Currency": "eur",
        "Interval": _by_plan(rows, "interval"),
        "Amount": money(_by_plan(rows, "price")),
        "Status": status.tolist(),
        "Cancellation Reason": reason.tolist(),
        **_times(company, rows, rng),
        **{name: values.tolist() for name, values in _metadata(contacts, who).items()},
    }
    lines = [header_of(SUBSCRIPTION_HEADER), *lines_of(columns, len(who))]
    write_lines(folder / "subscriptions.csv", lines)


def _by_plan(rows: pd.DataFrame, what: str) -> list:
    return np.array([getattr(p, what) for p in PLANS], dtype=object)[rows["plan_now"]].tolist()


def _times(company: SaasCompany, rows: pd.DataFrame, rng: np.random.Generator):
    """When each subscription began, was asked to end, and ended."""
    first, last = _periods(company, rows)
    in_trial = rows["started"] + rng.random(len(rows)) * (rows["trial_ends"] - rows["started"])
    asked = rows["asked_to_end"].fillna(in_trial).where(rows["ended"].notna())
    begins = minutes(company, rows["started"])
    return {
        "Created (UTC)": begins,
        "Start (UTC)": begins,
        "Start Date (UTC)": begins,
        "Current Period Start (UTC)": minutes(company, first),
        "Current Period End (UTC)": minutes(company, last),
        "Trial Start (UTC)": begins,
        "Trial End (UTC)": minutes(company, rows["trial_ends"]),
        "Canceled At (UTC)": minutes(company, asked),
        "Ended At (UTC)": minutes(company, rows["ended"]),
    }


def _statuses(company: SaasCompany, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    ended = rows["ended"].notna().to_numpy()
    trial = ~ended & (rows["trial_ends"] >= company.last_hour).to_numpy()
    status = np.where(ended, "canceled", np.where(trial, "trialing", "active"))
    unpaid = rows["is_unpaid"].to_numpy()
    reason = np.where(ended, np.where(unpaid, "payment_failed", "cancellation_requested"), "")
    return status, reason


def _periods(company: SaasCompany, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The last period that was paid for; before that, the trial."""
    step = np.where(rows["plan_now"] == YEARLY, 12, 1)
    trial = rows["trial_ends"].to_numpy()
    count = rows["renewals"].to_numpy()
    begins = add_months(company.world, trial, step * np.maximum(count - 1, 0))
    ends = add_months(company.world, trial, step * count)
    return np.where(count > 0, begins, rows["started"]), ends


def utc(company: SaasCompany, hours: np.ndarray) -> np.ndarray:
    """Wall-clock hours of Paris as ``2026-09-30 21:04:11`` in UTC."""
    seconds = (np.asarray(hours, dtype=float) * 3600).astype("timedelta64[s]")
    wall = pd.DatetimeIndex(company.world.start.astype("datetime64[s]") + seconds)
    aware = localized(wall, ZONE).tz_convert("UTC").tz_localize(None)
    text = np.datetime_as_string(aware.to_numpy().astype("datetime64[s]"))
    return np.char.replace(text, "T", " ").astype(object)


def minutes(company: SaasCompany, hours) -> list[str]:
    """The same without seconds; NaN is an empty cell."""
    hours = np.asarray(hours, dtype=float)
    known = np.isfinite(hours)
    text = np.full(len(hours), "", dtype=object)
    text[known] = [t[:16] for t in utc(company, hours[known])]
    return text.tolist()
