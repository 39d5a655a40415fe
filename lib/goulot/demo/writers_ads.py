"""Google Ads and Meta Ads reports by campaign and day."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from goulot.demo.campaigns import campaign_days
from goulot.demo.company import Company
from goulot.demo.sheets import (
    header_of,
    heading,
    iso_days,
    lines_of,
    money,
    quoted,
    whole,
    write_lines,
)
from goulot.demo.world import World

GOOGLE_HEADER = heading(
    """Day,Campaign status,Campaign,Campaign type,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,
Conversions,Cost / conv.,Conv. rate,Conv. value"""
)
META_ENGLISH = ("Campaign name", "Day", "Delivery status", "Delivery level", "Reach", "Impressions",
                "Frequency", "Link clicks", "CPC (cost per link click)", "Purchases",
                "Purchases conversion value", "Result type", "Results", "Amount spent (EUR)",
                "Reporting starts", "Reporting ends")  # fmt: skip
META_FRENCH = ("Nom de la campagne", "Jour", "Diffusion", "Niveau de diffusion", "Couverture",
               "Impressions", "Répétition", "Clics sur un lien",
               "CPC (coût par clic sur un lien) (EUR)", "Achats", "Valeur de conversion des achats",
               "Type de résultat", "Résultats", "Montant dépensé (EUR)", "Début des rapports",
               "Fin des rapports")  # fmt: skip


def halves(world: World) -> tuple[tuple[date, date], tuple[date, date]]:
    """The two years of the world: each is one export."""
    middle = world.first_day + timedelta(days=world.days // 2)
    return (world.first_day, middle - timedelta(days=1)), (middle, world.last_day)


def write_google(folder: Path, company: Company) -> None:
    """The older year as "Excel .csv" (UTF-16, tabs), the newer as plain CSV."""
    frame = campaign_days(company, "Paid Search")
    older, newer = halves(company.world)
    _google_file(folder / "Campaign report.csv", frame, company.world, older, excel=True)
    _google_file(folder / "Campaign report (1).csv", frame, company.world, newer, excel=False)


def _google_file(path: Path, frame: pd.DataFrame, world: World, span, *, excel: bool) -> None:
    rows = between(frame, world, span)
    delimiter = "\t" if excel else ","
    period = " - ".join(f"{day:%B} {day.day}, {day.year}" for day in span)
    columns = _google_columns(rows, world, delimiter)
    lines = [
        "Campaign report",
        period if excel else f'"{period}"',
        header_of(GOOGLE_HEADER, delimiter),
        *lines_of(columns, len(rows), delimiter),
        *_google_totals(rows, delimiter),
    ]
    write_lines(path, lines, encoding="utf-16-le" if excel else "utf-8")


def _google_columns(rows: pd.DataFrame, world: World, delimiter: str) -> dict[str, list[str] | str]:
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


def _google_totals(rows: pd.DataFrame, delimiter: str) -> list[str]:
    kinds = sorted(rows["kind"].unique())
    parts = {"Total: Campaigns": rows, "Total: Account": rows}
    parts |= {f"Total: {kind}": rows[rows["kind"] == kind] for kind in kinds}
    lines = []
    for label, part in parts.items():
        sums = part[["impressions", "clicks", "spend", "conversions", "value"]].sum()
        cells = {
            "Day": label, "Campaign status": " --", "Campaign": " --", "Campaign type": " --",
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
        lines.append(delimiter.join(cells[name] for name in GOOGLE_HEADER))
    return lines


def write_meta(folder: Path, company: Company) -> None:
    """The older year by an English account manager, the newer one by a French one."""
    frame = campaign_days(company, "Paid Social")
    older, newer = halves(company.world)
    _meta_file(folder / "Atelier-Brume-Campaigns.csv", frame, company.world, older, META_ENGLISH)
    _meta_file(folder / "Atelier-Brume-Campagnes.csv", frame, company.world, newer, META_FRENCH)


def _meta_file(
    path: Path, frame: pd.DataFrame, world: World, span, header: tuple[str, ...]
) -> None:
    rows = between(frame, world, span)
    rows = rows[rows["spend"] > 0].sort_values(["campaign", "day"], kind="stable")
    french = header is META_FRENCH
    lines = [
        ",".join(f'"{name}"' if " " in name else name for name in header),
        _meta_total(rows, span, french=french),
        *lines_of(_meta_columns(rows, world, french=french), len(rows)),
    ]
    write_lines(path, lines, encoding="utf-8-sig")


def _meta_columns(rows: pd.DataFrame, world: World, *, french: bool) -> dict[int, list[str] | str]:
    days = iso_days(world.start + rows["day"].to_numpy())
    impressions, clicks = rows["impressions"].to_numpy(), rows["clicks"].to_numpy()
    reach = (impressions / (1.12 + 0.25 * (rows["day"].to_numpy() % 7) / 7)).astype(int)
    bought = np.where(rows["conversions"] > 0, whole(rows["conversions"]), "")
    cells = (
        quoted(rows["campaign"]), days, "archived" if not french else "active",
        "campaign" if not french else "campagne",
        whole(reach), whole(impressions),
        [f"{v:.6f}" for v in impressions / np.maximum(reach, 1)], whole(clicks),
        [f"{a / b:.6f}" if b else "" for a, b in zip(rows["spend"], clicks, strict=True)],
        bought.tolist(), np.where(rows["conversions"] > 0, money(rows["value"]), "").tolist(),
        "Achats sur le site web" if french else "Website purchases",
        bought.tolist(), money(rows["spend"]), days, days,
    )  # fmt: skip
    return dict(enumerate(cells))


def _meta_total(rows: pd.DataFrame, span, *, french: bool) -> str:
    sums = rows[["impressions", "clicks", "spend", "conversions", "value"]].sum()
    reach = int(sums["impressions"] * 0.31)
    cells = (
        "", "", "", "", str(reach), f"{sums['impressions']:.0f}",
        f"{sums['impressions'] / max(reach, 1):.6f}", f"{sums['clicks']:.0f}",
        f"{sums['spend'] / max(sums['clicks'], 1):.6f}", f"{sums['conversions']:.0f}",
        f"{sums['value']:.2f}", "mixte" if french else "mixed", f"{sums['conversions']:.0f}",
        f"{sums['spend']:.2f}", span[0].isoformat(), span[1].isoformat(),
    )  # fmt: skip
    return ",".join(cells)


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
