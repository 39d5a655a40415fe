"""Meta Ads reports: campaigns by day, and in the last year where the ads were shown."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from goulot.demo.campaigns import by_region, campaign_days
from goulot.demo.clock import halves
from goulot.demo.company import Company
from goulot.demo.places import REGION_NAMES
from goulot.demo.sheets import iso_days, lines_of, money, quoted, whole, write_lines
from goulot.demo.world import World
from goulot.demo.writers.google_ads import between

COLUMNS = ("campaign", "day", "region", "delivery", "level", "reach", "impressions", "frequency",
           "clicks", "price", "purchases", "value", "kind", "results", "spend", "starts",
           "ends")  # fmt: skip
ENGLISH = dict(zip(COLUMNS, (
    "Campaign name", "Day", "Region", "Delivery status", "Delivery level", "Reach", "Impressions",
    "Frequency", "Link clicks", "CPC (cost per link click)", "Purchases",
    "Purchases conversion value", "Result type", "Results", "Amount spent (EUR)",
    "Reporting starts", "Reporting ends"), strict=True))  # fmt: skip
FRENCH = dict(zip(COLUMNS, (
    "Nom de la campagne", "Jour", "Région", "Diffusion", "Niveau de diffusion", "Couverture",
    "Impressions", "Répétition", "Clics sur un lien", "CPC (coût par clic sur un lien) (EUR)",
    "Achats", "Valeur de conversion des achats", "Type de résultat", "Résultats",
    "Montant dépensé (EUR)", "Début des rapports", "Fin des rapports"), strict=True))  # fmt: skip
WORDS = {
    "English": ("archived", "campaign", "Website purchases", "mixed"),
    "French": ("active", "campagne", "Achats sur le site web", "mixte"),
}
META_PLACES = {"Bruxelles-Capitale": "Brussels Region", "Wallonie": "Wallonia",
               "Provence-Alpes-Côte d’Azur": "Provence-Alpes-Côte d'Azur"}  # fmt: skip


def write_meta(folder: Path, company: Company) -> None:
    """The older year by an English account manager, the newer by a French one, who adds regions."""
    frame, world = campaign_days(company, "Paid Social"), company.world
    *older, newest = halves(world)
    for span in older:
        campaigns_file(
            folder / "Atelier-Brume-Campaigns.csv", between(frame, world, span), world, span
        )
    rows = between(frame, world, newest)
    campaigns_file(folder / "Atelier-Brume-Campagnes.csv", rows, world, newest, "French")
    parts = by_region(company, rows)
    campaigns_file(folder / "Atelier-Brume-Campagnes-Régions.csv", parts, world, newest, "French")


def campaigns_file(
    path: Path, rows: pd.DataFrame, world: World, span: tuple[date, date],
    language: str = "English",
) -> None:  # fmt: skip
    """With a breakdown by region Meta reports no purchases: those cells are blank."""
    rows = rows[rows["spend"] > 0]
    rows = rows.sort_values(["campaign", "day"], kind="stable", ignore_index=True)
    heading = ENGLISH if language == "English" else FRENCH
    wanted = [name for name in COLUMNS if name != "region" or "region" in rows]
    cells = _cells(rows, world, language)
    total = _total(rows, span, language)
    names = [heading[name] for name in wanted]
    lines = [
        ",".join(f'"{name}"' if " " in name else name for name in names),
        ",".join(total.get(name, "") for name in wanted),
        *lines_of({name: cells[name] for name in wanted}, len(rows)),
    ]
    write_lines(path, lines, encoding="utf-8-sig")


def _cells(rows: pd.DataFrame, world: World, language: str) -> dict[str, list[str] | str]:
    delivery, level, kind, _ = WORDS[language]
    days = iso_days(world.start + rows["day"].to_numpy())
    impressions, clicks = rows["impressions"].to_numpy(), rows["clicks"].to_numpy()
    reach = (impressions / (1.12 + 0.25 * (rows["day"].to_numpy() % 7) / 7)).astype(int)
    known = (rows["conversions"] > 0).to_numpy() & ("region" not in rows)
    bought = np.where(known, whole(rows["conversions"]), "").tolist()
    places = np.array([META_PLACES.get(name, name) for name in REGION_NAMES], dtype=object)
    return {
        "campaign": quoted(rows["campaign"]),
        "day": days,
        "region": places[rows["region"]].tolist() if "region" in rows else "",
        "delivery": delivery,
        "level": level,
        "reach": whole(reach),
        "impressions": whole(impressions),
        "frequency": [f"{v:.6f}" for v in impressions / np.maximum(reach, 1)],
        "clicks": whole(clicks),
        "price": [f"{a / b:.6f}" if b else "" for a, b in zip(rows["spend"], clicks, strict=True)],
        "purchases": bought,
        "value": np.where(known, money(rows["value"]), "").tolist(),
        "kind": kind,
        "results": bought,
        "spend": money(rows["spend"]),
        "starts": days,
        "ends": days,
    }


def _total(rows: pd.DataFrame, span: tuple[date, date], language: str) -> Mapping[str, str]:
    """The grand total that Ads Reporting puts into the first row."""
    sums = rows[["impressions", "clicks", "spend", "conversions", "value"]].sum()
    reach = int(sums["impressions"] * 0.31)
    cells = {
        "reach": str(reach),
        "impressions": f"{sums['impressions']:.0f}",
        "frequency": f"{sums['impressions'] / max(reach, 1):.6f}",
        "clicks": f"{sums['clicks']:.0f}",
        "price": f"{sums['spend'] / max(sums['clicks'], 1):.6f}",
        "kind": WORDS[language][-1],
        "spend": f"{sums['spend']:.2f}",
        "starts": span[0].isoformat(),
        "ends": span[1].isoformat(),
    }
    if "region" not in rows:
        cells["purchases"] = cells["results"] = f"{sums['conversions']:.0f}"
        cells["value"] = f"{sums['value']:.2f}"
    return cells
