"""Shopify's inventory and products exports."""

from datetime import timedelta
from pathlib import Path

import numpy as np

from goulot.demo.catalogue import FRAGILE
from goulot.demo.company import Company
from goulot.demo.sheets import header_of, heading, lines_of, money, quoted, whole, write_lines
from goulot.demo.stock_levels import stock_levels
from goulot.demo.world import World

INVENTORY_HEADER = heading(
    """Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,
Option3 Value,SKU,HS Code,COO,Location,Bin name,Incoming (not editable),Unavailable (not editable),
Committed (not editable),Available (not editable),On hand (current),On hand (new)"""
)
PRODUCT_HEADER = heading(
    """Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,
Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,
Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,
Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,
Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,
SEO Description,Variant Image,Variant Weight Unit,Variant Tax Code,Cost per item,Status"""
)
SNAPSHOTS = 4  # month's ends
OPTION_NAMES = {
    "Bougies parfumées": "Poids", "Diffuseurs": "Contenance", "Recharges": "Contenance",
    "Brumes d’intérieur": "Contenance", "Savons & soins": "Format", "Céramiques": "Émail",
    "Bougeoirs & photophores": "Finition",
}  # fmt: skip


def write_inventory(folder: Path, company: Company) -> None:
    """A snapshot of every month's end, and of the last evening, as bookkeeping keeps them."""
    for day in snapshot_days(company.world):
        name = f"inventory_export_{(company.world.first_day + timedelta(days=day)).isoformat()}.csv"
        _inventory_file(folder / name, company, day)


def snapshot_days(world: World) -> list[int]:
    """Days on whose evening stock was exported: the last of each month, and the last of all."""
    days = [world.first_day + timedelta(days=n) for n in range(world.days)]
    ends = [n for n, day in enumerate(days) if (day + timedelta(days=1)).day == 1]
    return sorted({*ends[-SNAPSHOTS:], world.days - 1})


def _inventory_file(path: Path, company: Company, day: int) -> None:
    frame, places = company.catalogue.frame, [loc.name for loc in company.world.locations]
    levels = stock_levels(company, day)
    count, wide = len(frame), len(places)
    absent = np.repeat(frame["category"].isin(FRAGILE).to_numpy(), wide)
    absent &= np.arange(count * wide) % wide != wide - 1

    def cells(values: np.ndarray) -> list[str]:
        return np.where(absent, "not stocked", whole(values.ravel())).tolist()

    def each(texts) -> list[str]:
        return np.repeat(np.asarray(texts, dtype=object), wide).tolist()

    columns = dict.fromkeys(INVENTORY_HEADER, "") | {
        "Handle": each(frame["handle"]),
        "Title": each(quoted(frame["title"])),
        "Option1 Name": each(option_names(frame)),
        "Option1 Value": each([o or "Default Title" for o in frame["option"]]),
        "SKU": each(frame["sku"]),
        "COO": "FR",
        "Location": places * count,
        "Incoming (not editable)": cells(levels.incoming),
        "Unavailable (not editable)": cells(np.zeros(count * wide)),
        "Committed (not editable)": cells(levels.committed),
        "Available (not editable)": cells(levels.on_hand - levels.committed),
        "On hand (current)": cells(levels.on_hand),
    }
    write_lines(path, [header_of(INVENTORY_HEADER), *lines_of(columns, count * wide)])


def option_names(frame) -> list[str]:
    return [
        OPTION_NAMES.get(category, "Titre") if option else "Title"
        for category, option in zip(frame["category"], frame["option"], strict=True)
    ]


def write_products(folder: Path, company: Company) -> None:
    """One row per variant; product-level columns on the first row of a handle only."""
    frame = company.catalogue.frame
    first = ~frame["handle"].duplicated().to_numpy()

    def once(texts) -> list[str]:
        return np.where(first, np.asarray(texts, dtype=object), "").tolist()

    columns = dict.fromkeys(PRODUCT_HEADER, "") | {
        "Handle": frame["handle"].tolist(),
        "Title": once(quoted(frame["title"])),
        "Body (HTML)": once([f"<p>{t}. Fabriqué en petites séries.</p>" for t in frame["title"]]),
        "Vendor": once(quoted(frame["supplier"])),
        "Type": once(quoted(frame["category"])),
        "Tags": once([c.split()[0].lower() for c in frame["category"]]),
        "Published": once(["true"] * len(frame)),
        "Option1 Name": once(option_names(frame)),
        "Option1 Value": [o or "Default Title" for o in frame["option"]],
        "Variant SKU": frame["sku"].tolist(),
        "Variant Grams": whole(frame["grams"]),
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": money(frame["price"]),
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
        "Gift Card": once(["false"] * len(frame)),
        "Variant Weight Unit": "g",
        "Cost per item": money(frame["cost"]),
        "Status": once(["active"] * len(frame)),
    }
    write_lines(
        folder / "products_export_1.csv",
        [header_of(PRODUCT_HEADER), *lines_of(columns, len(frame))],
    )
