"""Shopify's inventory and products exports."""

from datetime import timedelta
from pathlib import Path

import numpy as np

from goulot.demo.catalogue import FRAGILE
from goulot.demo.company import Company
from goulot.demo.sheets import header_of, heading, lines_of, money, quoted, whole, write_lines
from goulot.demo.world import stream

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
OPTION_NAMES = {
    "Bougies parfumées": "Poids", "Diffuseurs": "Contenance", "Recharges": "Contenance",
    "Brumes d’intérieur": "Contenance", "Savons & soins": "Format", "Céramiques": "Émail",
    "Bougeoirs & photophores": "Finition",
}  # fmt: skip


def write_inventory(folder: Path, company: Company) -> None:
    world = company.world
    for back in (92, 61, 30, 0):
        day = world.days - 1 - back
        if day < 0:
            continue
        name = f"inventory_export_{(world.first_day + timedelta(days=day)).isoformat()}.csv"
        _inventory_file(folder / name, company, day)


def _inventory_file(path: Path, company: Company, day: int) -> None:
    frame, places = company.catalogue.frame, [loc.name for loc in company.world.locations]
    rng = stream(company.world, company.seed, f"inventory {day}")
    count, wide = len(frame), len(places)
    recent = company.lines[company.orders["day"].to_numpy()[company.lines["order"]] >= day - 60]
    weekly = np.bincount(recent["sku"], weights=recent["quantity"], minlength=count) / 60 * 7
    on_hand = rng.poisson(np.repeat(weekly * 3.2 + 2, wide) * rng.gamma(1.6, 1 / 1.6, count * wide))
    committed = np.minimum(on_hand, rng.poisson(np.repeat(weekly / 14, wide)))
    incoming = np.where(rng.random(count * wide) < 0.2, np.repeat(np.ceil(weekly / 2) * 6, wide), 0)
    fragile = np.repeat(frame["category"].isin(FRAGILE).to_numpy(), wide)
    absent = fragile & (np.arange(count * wide) % wide != wide - 1)

    def cells(values: np.ndarray) -> list[str]:
        return np.where(absent, "not stocked", whole(values)).tolist()

    repeat_ = lambda texts: [t for t in texts for _ in range(wide)]  # noqa: E731
    columns = dict.fromkeys(INVENTORY_HEADER, "") | {
        "Handle": repeat_(frame["handle"]),
        "Title": repeat_(quoted(frame["title"])),
        "Option1 Name": repeat_(option_names(frame)),
        "Option1 Value": repeat_([o or "Default Title" for o in frame["option"]]),
        "SKU": repeat_(frame["sku"]),
        "COO": "FR",
        "Location": places * count,
        "Incoming (not editable)": cells(incoming),
        "Unavailable (not editable)": cells(np.zeros(count * wide)),
        "Committed (not editable)": cells(committed),
        "Available (not editable)": cells(on_hand - committed),
        "On hand (current)": cells(on_hand),
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
