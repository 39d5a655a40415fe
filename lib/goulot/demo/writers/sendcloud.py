"""Sendcloud's parcels report (API v3): when each parcel was announced, shipped and delivered."""

from pathlib import Path

import numpy as np
import pandas as pd

from goulot.demo.clock import ZONE, halves, wall_time
from goulot.demo.company import Company
from goulot.demo.fulfillment import carrier_cost
from goulot.demo.places import CITIES
from goulot.demo.sheets import header_of, heading, lines_of, localized, money, whole, write_lines
from goulot.demo.world import stream
from goulot.demo.writers.shop_orders import order_names

HEADER = heading(
    """parcel_id,direction,carrier_code,carrier_name,from_address_city,from_address_country_code,
to_address_city,to_address_postal_code,to_address_country_code,order_number,tracking_number,
announced_at,shipped_at,first_offer_at,delivered_at,shipping_option_code,total_cost,status,
integration_type,weight"""
)
CODES = ("colissimo", "mondial_relay", "chronopost")
NAMES = ("Colissimo", "Mondial Relay", "Chronopost")
OPTIONS = ("colissimo:home", "mondial_relay:service_point", "chronopost:express")


def write_parcels(folder: Path, company: Company) -> None:
    """One report a year; parcels that left by the last day."""
    rows = _parcels(company)
    for first, last in halves(company.world):
        low, high = ((day - company.world.first_day).days for day in (first, last))
        mine = rows[rows["day"].between(low, high)]
        name = f"parcels-report_{first}_{last}.csv"
        columns = {column: mine[column].tolist() for column in HEADER}
        write_lines(folder / name, [header_of(HEADER), *lines_of(columns, len(mine))])


def _parcels(company: Company) -> pd.DataFrame:
    """Every column of the report as text, in the order in which parcels were announced."""
    parcels = company.parcels
    gone = parcels[parcels["shipped"] < company.world.days * 24]
    gone = gone.sort_values(["shipped", "order"], kind="stable", ignore_index=True)
    rng = stream(company.world, company.seed, "sendcloud")
    carrier = gone["carrier"].to_numpy()
    places = np.array([location.name for location in company.world.locations], dtype=object)
    columns = {
        "day": (gone["shipped"] // 24).astype(int),
        "parcel_id": whole(201_400_000 + np.cumsum(rng.integers(20, 900, len(gone)))),
        "direction": "outgoing",
        "carrier_code": np.array(CODES, dtype=object)[carrier],
        "carrier_name": np.array(NAMES, dtype=object)[carrier],
        "from_address_city": places[gone["location"]],
        "from_address_country_code": "FR",
        "order_number": order_names(len(company.orders))[gone["order"]],
        "tracking_number": _tracking(rng, carrier),
        "shipping_option_code": np.array(OPTIONS, dtype=object)[carrier],
        "integration_type": "shopify_v2",
        "weight": [f"{grams / 1000:.3f}" for grams in gone["grams"] + 120],
    }
    return pd.DataFrame(columns | _address(company, gone) | _journey(company, gone, rng))


def _address(company: Company, gone: pd.DataFrame) -> dict[str, object]:
    """Where the parcels went, and what that cost."""
    city = company.customers.city[company.orders["customer"].to_numpy()[gone["order"]]]
    region, grams = CITIES.region[city], gone["grams"].to_numpy()
    return {
        "to_address_city": CITIES.name[city],
        "to_address_postal_code": CITIES.postcode[city],
        "to_address_country_code": CITIES.country[city],
        "total_cost": money(carrier_cost(gone["carrier"].to_numpy(), region, grams)),
    }


def _journey(
    company: Company, gone: pd.DataFrame, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """When the parcels were announced, shipped, offered and delivered, as far as had happened."""
    shipped, delivered = gone["shipped"].to_numpy(), gone["delivered"].to_numpy()
    offered = np.where(rng.random(len(gone)) < 0.93, delivered, delivered - 23.4)
    arrived = delivered < company.world.days * 24
    return {
        "announced_at": utc_stamps(company, shipped - rng.gamma(2, 0.12, len(gone))),
        "shipped_at": utc_stamps(company, shipped),
        "first_offer_at": np.where(arrived, utc_stamps(company, offered), ""),
        "delivered_at": utc_stamps(company, delivered),
        "status": np.where(arrived, "DELIVERED", "EN_ROUTE"),
    }


def _tracking(rng: np.random.Generator, carrier: np.ndarray) -> np.ndarray:
    """Numbers as each carrier prints them; no two the same."""
    drawn = rng.permutation(len(carrier)) * 83 + rng.integers(0, 83, len(carrier))
    texts = [
        (f"6A{n + 20_413_000_000:011d}", f"{n + 30_000_000:08d}", f"XR{n + 100_000_000:09d}FR")[c]
        for n, c in zip(drawn.tolist(), carrier.tolist(), strict=True)
    ]
    return np.array(texts, dtype=object)


def utc_stamps(company: Company, hours: np.ndarray) -> np.ndarray:
    """Hours since the first midnight as ``2026-09-30T19:04:11Z``; empty after the last day."""
    times = pd.DatetimeIndex(wall_time(company, hours))
    text = np.full(len(times), "", dtype=object)
    known = ~times.isna()
    utc = localized(times[known], ZONE).tz_convert("UTC").tz_localize(None)
    text[known] = [f"{t}Z" for t in np.datetime_as_string(utc.to_numpy().astype("datetime64[s]"))]
    return text
