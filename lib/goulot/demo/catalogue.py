"""What the shop sells: about 300 products of candles, home fragrance and ceramics."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

SCENTS = (
    ("FIG", "Figuier sauvage"), ("AMB", "Ambre & santal"), ("BRU", "Brume marine"),
    ("CED", "Cèdre fumé"), ("FLE", "Fleur d’oranger"), ("VET", "Vétiver"),
    ("TUB", "Tubéreuse"), ("PAT", "Patchouli blanc"), ("ROS", "Rose ancienne"),
    ("LIN", "Lin frais"), ("THE", "Thé noir & bergamote"), ("MIM", "Mimosa"),
    ("PIN", "Sous-bois de pin"), ("CUI", "Cuir & tabac"), ("MEN", "Menthe & basilic"),
    ("LAV", "Lavande de Sault"), ("VAN", "Vanille Bourbon"), ("CAN", "Cannelle & orange"),
    ("FEU", "Feu de cheminée"), ("MUS", "Musc poudré"), ("PIV", "Pivoine"),
    ("IRI", "Iris gris"), ("ENC", "Encens d’église"), ("CIT", "Citron de Menton"),
    ("GIN", "Gingembre & yuzu"), ("MAR", "Marron glacé"),
)  # fmt: skip
WINTER = {"CAN", "FEU", "MAR", "PIN", "ENC", "AMB", "VAN"}
FORMS = ("Vase Galet", "Bol Écume", "Tasse Lune", "Assiette Sillage", "Pichet Rivage",
         "Coupelle Goutte", "Mug Marée", "Soliflore Aube", "Plateau Dune", "Théière Halo",
         "Ramequin Coque", "Porte-encens Brise")  # fmt: skip
GLAZES = (("ECR", "écru"), ("GRI", "gris brume"), ("SAU", "sauge"), ("TER", "terracotta"))
HOLDERS = ("Bougeoir Arc", "Bougeoir Tige", "Photophore Nuée", "Photophore Strie",
           "Lanterne Phare", "Chandelier Branche", "Photophore Bulle", "Bougeoir Socle",
)  # fmt: skip
METALS = (("LAI", "laiton"), ("NOI", "noir mat"), ("VER", "verre fumé"))
BOXES = ("Coffret Découverte 4 senteurs", "Coffret Cocooning", "Coffret Hygge", "Coffret Naissance",
         "Coffret Fête des Mères", "Coffret Noël en forêt", "Calendrier de l’Avent 24 bougies",
         "Coffret Trio de minis", "Coffret Salle de bain", "Coffret Brume & Bougie",
         "Coffret Thé au coin du feu", "Coffret Crémaillère", "Coffret Entreprise",
         "Carte-cadeau imprimée 50 €")  # fmt: skip
TOOLS = (("Coupe-mèche laiton", 14.9), ("Éteignoir laiton", 16.5), ("Allumettes longues", 6.9),
         ("Bâtonnets de rechange x10", 5.9), ("Plateau miroir rond", 22.0),
         ("Cloche en verre", 24.9), ("Pierre parfumable", 9.9), ("Sachet parfumé armoire", 8.5),
)  # fmt: skip

# category: supplier's place in the world, share of order lines, cost as share of price without tax
CATEGORIES = {
    "Bougies parfumées": (0, 0.40, 0.34),
    "Diffuseurs": (2, 0.14, 0.36),
    "Recharges": (2, 0.08, 0.33),
    "Brumes d’intérieur": (2, 0.09, 0.32),
    "Savons & soins": (3, 0.08, 0.38),
    "Céramiques": (4, 0.08, 0.45),
    "Bougeoirs & photophores": (5, 0.05, 0.40),
    "Coffrets cadeaux": (6, 0.05, 0.42),
    "Accessoires": (7, 0.03, 0.40),
}
FRAGILE = {"Céramiques", "Bougeoirs & photophores"}
HERO = "BOU-FIG-180"  # what the influencer showed


@dataclass(frozen=True)
class Catalogue:
    """One row per SKU: sku, handle, title, option, category, supplier, price, cost, grams, weight.

    ``weight`` is the share of order lines; ``winter`` how much more it sells in the dark months.
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    def array(self, column: str) -> np.ndarray:
        return self.frame[column].to_numpy()


def make_catalogue(rng: np.random.Generator, suppliers: tuple[str, ...]) -> Catalogue:
    """The catalogue; ``suppliers`` are eight names, in the order of ``CATEGORIES``."""
    rows = [*_fragrances(), *_soaps(), *_wares(), *_boxes(), *_tools()]
    frame = pd.DataFrame(rows, columns=["sku", "title", "option", "category", "price", "grams"])
    frame["title"] = frame["title"].astype(object)
    place, share, cost = (frame["category"].map(lambda c, i=i: CATEGORIES[c][i]) for i in range(3))
    glass = (frame["category"] == "Bougies parfumées") & (frame.index % 3 == 1)
    frame["supplier"] = [suppliers[1 if g else p] for g, p in zip(glass, place, strict=True)]
    spread = rng.lognormal(0.0, 0.9, len(frame))
    spread *= np.where(frame["sku"].str.contains("FIG|AMB|FLE|BRU"), 2.2, 1.0)
    spread[frame["sku"] == HERO] *= 2.0
    within = spread / pd.Series(spread).groupby(frame["category"]).transform("sum")
    frame["weight"] = share * within
    jitter = rng.normal(1.0, 0.06, len(frame))
    frame["cost"] = (frame["price"] / 1.2 * cost * jitter).round(2)
    frame["winter"] = _winter(frame)
    frame["handle"] = [slug(title) for title in frame["title"]]
    return Catalogue(frame)


def _winter(frame: pd.DataFrame) -> np.ndarray:
    scented = frame["sku"].str.slice(4, 7).isin(WINTER)
    advent = frame["title"].str.contains("Avent|Noël")
    gift = frame["category"] == "Coffrets cadeaux"
    return np.where(advent, 4.0, np.where(gift, 1.6, np.where(scented, 0.9, 0.0)))


def _fragrances():
    sizes = (("090", "90 g", 19.0, 290), ("180", "180 g", 34.0, 520), ("300", "300 g", 49.9, 860))
    for code, scent in SCENTS:
        for size, text, price, grams in sizes:
            title = f"Bougie parfumée {scent}"
            yield f"BOU-{code}-{size}", title, text, "Bougies parfumées", price, grams
        for size, text, price, grams in (
            ("100", "100 ml", 32.0, 380),
            ("200", "200 ml", 48.5, 640),
        ):
            yield f"DIF-{code}-{size}", f"Diffuseur {scent}", text, "Diffuseurs", price, grams
        recharge = f"Recharge diffuseur {scent}"
        yield f"REC-{code}-200", recharge, "200 ml", "Recharges", 24.9, 260
        mist = f"Brume d’intérieur {scent}"
        yield f"BRM-{code}-100", mist, "100 ml", "Brumes d’intérieur", 21.5, 190


def _soaps():
    for code, scent in SCENTS[:12]:
        yield f"SAV-{code}-100", f"Savon {scent}", "100 g", "Savons & soins", 7.9, 110
        title = f"Gel mains {scent}"
        yield f"GEL-{code}-300", title, "300 ml", "Savons & soins", 18.5, 350


def _wares():
    prices = (42.0, 26.0, 18.5, 24.0, 46.0, 14.9, 19.9, 28.5, 36.0, 58.0, 12.5, 22.0)
    for place, (form, price) in enumerate(zip(FORMS, prices, strict=True)):
        for code, glaze in GLAZES:
            yield f"CER-{place + 1:02d}-{code}", form, glaze, "Céramiques", price, 480
    prices = (24.0, 19.5, 21.0, 26.5, 59.0, 72.0, 23.9, 17.5)
    for place, (form, price) in enumerate(zip(HOLDERS, prices, strict=True)):
        for code, metal in METALS:
            category = "Bougeoirs & photophores"
            yield f"PHO-{place + 1:02d}-{code}", form, metal, category, price, 420


def _boxes():
    prices = (39.0, 62.0, 79.0, 54.5, 68.0, 74.0, 129.0, 45.0, 58.5, 52.0, 64.9, 84.0, 96.0, 50.0)
    for place, (title, price) in enumerate(zip(BOXES, prices, strict=True)):
        yield f"COF-{place + 1:02d}", title, "", "Coffrets cadeaux", price, 900


def _tools():
    for place, (title, price) in enumerate(TOOLS):
        yield f"ACC-{place + 1:02d}", title, "", "Accessoires", price, 120


def slug(text: str) -> str:
    """A title as a Shopify handle.

    >>> slug("Brume d’intérieur Thé noir & bergamote")
    'brume-d-interieur-the-noir-bergamote'
    """
    plain = text.lower().translate(str.maketrans("àâäçéèêëîïôöùûü", "aaaceeeeiioouuu"))
    words = "".join(c if c.isalnum() else " " for c in plain.replace("œ", "oe")).split()
    return "-".join(words)
