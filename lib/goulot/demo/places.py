"""Where customers live: cities with their postcodes and regions, and which regions are remote."""

import numpy as np

# region: share of customers; cities (name, postcode, weight)
REGIONS: dict[str, tuple[float, tuple[tuple[str, str, float], ...]]] = {
    "Île-de-France": (0.25, (
        ("Paris", "75011", 5), ("Paris", "75018", 4), ("Paris", "75015", 4),
        ("Paris", "75004", 2),
        ("Boulogne-Billancourt", "92100", 2), ("Montreuil", "93100", 2),
        ("Versailles", "78000", 2),
        ("Vincennes", "94300", 1), ("Saint-Germain-en-Laye", "78100", 1), ("Melun", "77000", 1),
        ("Évry-Courcouronnes", "91000", 1), ("Cergy", "95000", 1))),
    "Auvergne-Rhône-Alpes": (0.13, (
        ("Lyon", "69003", 4), ("Lyon", "69007", 3), ("Villeurbanne", "69100", 2),
        ("Grenoble", "38000", 2),
        ("Annecy", "74000", 2), ("Clermont-Ferrand", "63000", 2), ("Valence", "26000", 1),
        ("Chambéry", "73000", 1), ("Saint-Étienne", "42000", 1),
        ("Bourg-en-Bresse", "01000", 1))),
    "Pays de la Loire": (0.10, (
        ("Nantes", "44000", 4), ("Saint-Nazaire", "44600", 1), ("Angers", "49000", 2),
        ("Le Mans", "72000", 2), ("La Roche-sur-Yon", "85000", 1), ("Laval", "53000", 1))),
    "Nouvelle-Aquitaine": (0.08, (
        ("Bordeaux", "33000", 4), ("Mérignac", "33700", 1), ("La Rochelle", "17000", 2),
        ("Poitiers", "86000", 1), ("Limoges", "87000", 1), ("Pau", "64000", 1),
        ("Bayonne", "64100", 1))),
    "Occitanie": (0.08, (
        ("Toulouse", "31000", 4), ("Montpellier", "34000", 3), ("Nîmes", "30000", 1),
        ("Perpignan", "66000", 1), ("Albi", "81000", 1), ("Rodez", "12000", 1))),
    "Hauts-de-France": (0.08, (
        ("Lille", "59000", 4), ("Roubaix", "59100", 1), ("Amiens", "80000", 2),
        ("Arras", "62000", 1),
        ("Compiègne", "60200", 1), ("Laon", "02000", 1))),
    "Bretagne": (0.07, (
        ("Rennes", "35000", 4), ("Brest", "29200", 2), ("Vannes", "56000", 2),
        ("Saint-Brieuc", "22000", 1), ("Quimper", "29000", 1))),
    "Provence-Alpes-Côte d’Azur": (0.07, (
        ("Marseille", "13008", 3), ("Aix-en-Provence", "13100", 2), ("Nice", "06000", 3),
        ("Toulon", "83000", 1), ("Avignon", "84000", 1))),
    "Grand Est": (0.05, (
        ("Strasbourg", "67000", 4), ("Nancy", "54000", 2), ("Metz", "57000", 2),
        ("Reims", "51100", 2),
        ("Colmar", "68000", 1))),
    "Normandie": (0.03, (
        ("Rouen", "76000", 3), ("Caen", "14000", 2), ("Le Havre", "76600", 1),
        ("Évreux", "27000", 1))),
    "Centre-Val de Loire": (0.02, (
        ("Tours", "37000", 3), ("Orléans", "45000", 3), ("Chartres", "28000", 1),
        ("Blois", "41000", 1))),
    "Bourgogne-Franche-Comté": (0.015, (
        ("Dijon", "21000", 3), ("Besançon", "25000", 2), ("Auxerre", "89000", 1))),
    "Corse": (0.007, (("Ajaccio", "20000", 1), ("Bastia", "20200", 1))),
    "Bruxelles-Capitale": (0.025, (
        ("Bruxelles", "1000", 3), ("Ixelles", "1050", 1), ("Uccle", "1180", 1))),
    "Wallonie": (0.013, (("Liège", "4000", 1), ("Namur", "5000", 1))),
}  # fmt: skip
BELGIAN = ("Bruxelles-Capitale", "Wallonie")
REMOTE = ("Occitanie", "Hauts-de-France", "Corse", *BELGIAN)
# Served by the first location.
WEST = ("Pays de la Loire", "Bretagne", "Nouvelle-Aquitaine", "Normandie", "Centre-Val de Loire",
        "Île-de-France", "Hauts-de-France", *BELGIAN)  # fmt: skip
REGION_NAMES = tuple(REGIONS)
IS_BELGIAN = np.array([name in BELGIAN for name in REGION_NAMES])


class Cities:
    """One row per city, as arrays: name, postcode, region (its place in ``REGION_NAMES``)."""

    def __init__(self) -> None:
        rows = [
            (city, code, place, share * weight / sum(w for *_, w in cities))
            for place, (share, cities) in enumerate(REGIONS.values())
            for city, code, weight in cities
        ]
        names, codes, regions, weights = zip(*rows, strict=True)
        self.name = np.array(names, dtype=object)
        self.postcode = np.array(codes, dtype=object)
        self.region = np.array(regions)
        self.share = np.array(weights) / sum(weights)
        self.country = np.where(IS_BELGIAN[self.region], "BE", "FR")

    def draw(self, rng: np.random.Generator, count: int) -> np.ndarray:
        return rng.choice(len(self.name), size=count, p=self.share)


CITIES = Cities()
REGION_SHARE = np.bincount(CITIES.region, weights=CITIES.share)
IS_REMOTE = np.array([name in REMOTE for name in REGION_NAMES])
IS_WEST = np.array([name in WEST for name in REGION_NAMES])
