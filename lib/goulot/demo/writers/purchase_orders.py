"""Purchase orders, as the buyer keeps them in Goulot's template: a French Excel's CSV."""

from pathlib import Path

import numpy as np

from goulot.demo.company import Company
from goulot.demo.sheets import header_of, lines_of, quoted, whole, write_lines

HEADER = ("Commande fournisseur", "Référence", "Fournisseur", "Commandé le", "Promis le",
          "Reçu le", "Quantité", "Coût unitaire")  # fmt: skip


def write_purchase_orders(folder: Path, company: Company) -> None:
    """One row per SKU of an order; what has not come by the last day has no date of receipt."""
    rows, world = company.purchases, company.world
    year = (world.start + rows["ordered"].to_numpy()).astype("datetime64[Y]").astype(str)
    number = rows["po"].to_numpy() + 1
    came = rows["received"].to_numpy() < world.days
    names = np.array(quoted([s.name for s in world.suppliers], ";"), dtype=object)
    columns = (
        [f"BC-{y}-{n:04d}" for y, n in zip(year, number, strict=True)],
        company.catalogue.array("sku")[rows["sku"]].tolist(),
        names[rows["supplier"]].tolist(),
        french_days(world.start + rows["ordered"].to_numpy()),
        french_days(world.start + rows["promised"].to_numpy()),
        np.where(came, french_days(world.start + rows["received"].to_numpy()), "").tolist(),
        whole(rows["units"]),
        [f"{cost:.2f}".replace(".", ",") for cost in rows["cost"]],
    )
    lines = lines_of(dict(enumerate(columns)), len(rows), ";")
    path = folder / "commandes_fournisseurs.csv"
    write_lines(path, [header_of(HEADER, ";"), *lines], newline="\r\n", encoding="cp1252")


def french_days(days: np.ndarray) -> list[str]:
    """Days as ``30/09/2026``."""
    return [f"{d[8:10]}/{d[5:7]}/{d[:4]}" for d in days.astype("datetime64[D]").astype(str)]
