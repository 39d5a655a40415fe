"""The list of accounts, as the product's database writes it."""

from pathlib import Path

import numpy as np

from goulot.demo.saas.company import SaasCompany
from goulot.demo.saas.contacts import Contacts
from goulot.demo.sheets import header_of, heading, lines_of, quoted, write_lines

HEADER = heading(
    "user_id,email,company,signed_up_at,activated_at,utm_source,utm_medium,utm_campaign"
)


def write_signups(folder: Path, company: SaasCompany, contacts: Contacts) -> None:
    accounts = company.accounts
    who = np.flatnonzero(accounts["hour"] >= company.from_day * 24)
    columns = (
        contacts.user_id[who].tolist(),
        contacts.email[who].tolist(),
        quoted(contacts.business[who]),
        wall(company, accounts["hour"].to_numpy()[who]),
        wall(company, accounts["activated"].to_numpy()[who]),
        contacts.source[who].tolist(),
        contacts.medium[who].tolist(),
        quoted(contacts.campaign[who]),
    )
    lines = [header_of(HEADER), *lines_of(dict(enumerate(columns)), len(who))]
    write_lines(folder / "accounts.csv", lines)


def wall(company: SaasCompany, hours: np.ndarray, *, seconds: bool = True) -> list[str]:
    """Wall-clock times; empty where there is none yet."""
    known = np.isfinite(hours) & (np.nan_to_num(hours, nan=np.inf) < company.last_hour)
    moments = (np.where(known, hours, 0) * 3600).astype("timedelta64[s]")
    text = np.datetime_as_string(company.world.start.astype("datetime64[s]") + moments)
    text = np.char.replace(text, "T", " ").astype(object)
    return [t[: 19 if seconds else 16] if k else "" for t, k in zip(text, known, strict=True)]
