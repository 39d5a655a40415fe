"""Google Ads: campaigns by day, and in the last year where the ads were shown."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from goulot.demo.campaigns import by_region, campaign_days
from goulot.demo.clock import halves
from goulot.demo.company import Company
from goulot.demo.places import IS_BELGIAN, REGION_NAMES
from goulot.demo.sheets import (
    header_of,
    heading,
    iso_days,
    lines_of,
    money,
    quoted,
    write_lines,
)
from goulot.demo.world import World

CAMPAIGN_HEADER = heading(
    """Day,Campaign status,Campaign,Campaign type,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,
Conversions,Cost / conv.,Conv. rate,Conv. value"""
)
LOCATION_HEADER = heading(
    """Day,Location,Campaign,Impr.,Clicks,CTR,Currency code,Avg. CPC,Cost,Conv. rate,Conversions,
Cost / conv."""
)
ENGLISH_PLACES = {"Bretagne": "Brittany", "Normandie": "Normandy", "Corse": "Corsica",
                  "Bourgogne-Franche-Comté": "Bourgogne-Franche-Comte",
                  "Île-de-France": "Ile-de-France", "Bruxelles-Capitale": "Brussels",
                  "Wallonie": "Wallonia", "Auvergne-Rhône-Alpes": "Auvergne-Rhone-Alpes",
                  "Provence-Alpes-Côte d’Azur": "Provence-Alpes-Cote d'Azur"}  # fmt: skip


def write_google(folder: Path, company: Company) -> dict[str, int]:
    """The older year as "Excel .csv" (UTF-16, tabs), the newer as plain CSV with its locations.

    Where a dirty world has a gap, the newest report lacks its first days.
    """
    world, frame = company.world, campaign_days(company, "Paid Search")
    gap = world.dirt.gap_days
    *older, newest = halves(world)
    for span in older:
        campaign_file(folder / "Campaign report.csv", frame, world, span, excel=True)
    first = (newest[0] - world.first_day).days
    frame = frame[~frame["day"].between(first, first + gap - 1)] if gap else frame
    name = "Campaign report (1).csv" if older else "Campaign report.csv"
    campaign_file(folder / name, frame, world, newest, excel=False)
    parts = by_region(company, between(frame, world, newest))
    _location_file(folder / "Location report.csv", parts, world, newest)
    return {"days_without_google": gap}


def campaign_file(path: Path, frame: pd.DataFrame, world: World, span, *, excel: bool) -> None:
    rows = between(frame, world, span)
    delimiter = "\t" if excel else ","
    columns = _campaign_columns(rows, world, delimiter)
    lines = [
        "Campaign report",
        period(span) if excel else f'"{period(span)}"',
        header_of(CAMPAIGN_HEADER, delimiter),
        *lines_of(columns, len(rows), delimiter),
        *_totals(rows, CAMPAIGN_HEADER, delimiter),
    ]
    write_lines(path, lines, encoding="utf-16-le" if excel else "utf-8")


def _campaign_columns(
    rows: pd.DataFrame, world: World, delimiter: str
) -> dict[str, list[str] | str]:
    clicks, spend = rows["clicks"].to_numpy(), rows["spend"].to_numpy()
    conversions = rows["conversions"].to_numpy()
    ended = rows["campaign"].str.contains("Diffuseurs")
    return {
        "Day": iso_days(world.start + rows["day"].to_numpy()),
        "Campaign status": np.where(ended, "Paused", "Enabled").tolist(),
        "Campaign": quoted(rows["campaign"], delimiter),
        "Campaign type": rows["kind"].tolist(),
        "Currency code": "EUR",
        "Impr.": thousands(rows["impressions"], delimiter),
        "Clicks": thousands(clicks, delimiter),
        "CTR": percent(clicks, rows["impressions"].to_numpy()),
        "Avg. CPC": ratio(spend, clicks),
        "Cost": money(spend),
        "Conversions": money(conversions),
        "Cost / conv.": ratio(spend, conversions),
        "Conv. rate": percent(conversions, clicks),
        "Conv. value": quoted([f"{v:,.2f}" for v in rows["value"]], delimiter),
    }


def _totals(rows: pd.DataFrame, header: tuple[str, ...], delimiter: str) -> list[str]:
    """The lines below the table: all, and by type of campaign."""
    kinds = sorted(rows["kind"].unique())
    parts = {"Total: Campaigns": rows, "Total: Account": rows}
    parts |= {f"Total: {kind}": rows[rows["kind"] == kind] for kind in kinds}
    lines = []
    for label, part in parts.items():
        sums = part[["impressions", "clicks", "spend", "conversions", "value"]].sum()
        cells = {
            "Day": label, "Campaign status": " --", "Campaign": " --", "Campaign type": " --",
            "Location": " --",
            "Currency code": "EUR",
            "Impr.": thousands([sums["impressions"]], delimiter)[0],
            "Clicks": thousands([sums["clicks"]], delimiter)[0],
            "CTR": percent(np.array([sums["clicks"]]), np.array([sums["impressions"]]))[0],
            "Avg. CPC": ratio(np.array([sums["spend"]]), np.array([sums["clicks"]]))[0],
            "Cost": f"{sums['spend']:.2f}",
            "Conversions": quoted([f"{sums['conversions']:,.2f}"], delimiter)[0],
            "Cost / conv.": ratio(np.array([sums["spend"]]), np.array([sums["conversions"]]))[0],
            "Conv. rate": percent(np.array([sums["conversions"]]), np.array([sums["clicks"]]))[0],
            "Conv. value": quoted([f"{sums['value']:,.2f}"], delimiter)[0],
        }  # fmt: skip
        lines.append(delimiter.join(cells[name] for name in header))
    return lines


def _location_file(path: Path, parts: pd.DataFrame, world: World, span: tuple[date, date]) -> None:
    clicks, spend = parts["clicks"].to_numpy(), parts["spend"].to_numpy()
    conversions = parts["conversions"].to_numpy()
    places = np.array([f'"{name}"' for name in location_names()], dtype=object)
    columns = {
        "Day": iso_days(world.start + parts["day"].to_numpy()),
        "Location": places[parts["region"]].tolist(),
        "Campaign": quoted(parts["campaign"]),
        "Impr.": thousands(parts["impressions"], ","),
        "Clicks": thousands(clicks, ","),
        "CTR": percent(clicks, parts["impressions"].to_numpy()),
        "Currency code": "EUR",
        "Avg. CPC": ratio(spend, clicks),
        "Cost": money(spend),
        "Conv. rate": percent(conversions, clicks),
        "Conversions": money(conversions),
        "Cost / conv.": ratio(spend, conversions),
    }
    lines = [
        "Location report",
        f'"{period(span)}"',
        header_of(LOCATION_HEADER),
        *lines_of(columns, len(parts)),
        *_totals(parts, LOCATION_HEADER, ","),
    ]
    write_lines(path, lines)


def location_names() -> list[str]:
    """The regions as Google names them."""
    return [
        f"{ENGLISH_PLACES.get(name, name)}, {'Belgium' if belgian else 'France'}"
        for name, belgian in zip(REGION_NAMES, IS_BELGIAN, strict=True)
    ]


def period(span: tuple[date, date]) -> str:
    return " - ".join(f"{day:%B} {day.day}, {day.year}" for day in span)


def between(frame: pd.DataFrame, world: World, span: tuple[date, date]) -> pd.DataFrame:
    """The rows of these days, both included."""
    first, last = ((day - world.first_day).days for day in span)
    return frame[frame["day"].between(first, last)]


def thousands(values, delimiter: str) -> list[str]:
    """Counts as Google writes them: ``"25,881"``, in quotes even where tabs divide."""
    texts = [f"{int(v):,}" for v in values]
    return [f'"{t}"' if "," in t else t for t in texts]


def percent(part: np.ndarray, whole_: np.ndarray) -> list[str]:
    pairs = zip(part.tolist(), whole_.tolist(), strict=True)
    return [f"{100 * a / b:.2f}%" if b else " --" for a, b in pairs]


def ratio(part: np.ndarray, whole_: np.ndarray) -> list[str]:
    pairs = zip(part.tolist(), whole_.tolist(), strict=True)
    return [f"{a / b:.2f}" if b else " --" for a, b in pairs]
