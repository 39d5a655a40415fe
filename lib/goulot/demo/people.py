"""Invented people: names, e-mails at example.com, phones from the numbers kept for fiction."""

from dataclasses import dataclass

import numpy as np

from goulot.demo.catalogue import slug


def words(text: str) -> list[str]:
    """The words of a text; an underscore stands for a space."""
    return [word.replace("_", " ") for word in text.split()]


FIRST_NAMES = words(
    """
    Marie Camille Léa Julie Sophie Manon Chloé Emma Laura Pauline Céline Élodie Anaïs Claire
    Marion Mathilde Lucie Sarah Charlotte Aurélie Nathalie Isabelle Sandrine Stéphanie Caroline
    Amélie Justine Audrey Virginie Émilie Valérie Delphine Margaux Inès Jeanne Alice Louise
    Juliette Clara Zoé Agathe Catherine Véronique Christine Sylvie Florence Anne Hélène Laurence
    Élise Morgane Laetitia Fanny Noémie Ophélie Solène Coralie Mélanie Jade Lola Nadia Yasmine
    Fatima Aïcha Mei Linh Amandine Clémence Apolline Thomas Nicolas Julien Alexandre Antoine
    Pierre Maxime Romain Guillaume Vincent Hugo Lucas Paul Benjamin Mathieu François Olivier
    Laurent Clément Karim Mehdi Quentin Sébastien Damien Baptiste Adrien
    """
)
LAST_NAMES = words(
    """
    Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre
    Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau
    Vincent Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François
    Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier
    Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard
    Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt
    Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier
    Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez
    Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur
    Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles
    Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le_Gall
    Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Le_Roux Cousin Germain Breton Besson
    Langlois Rémy Le_Goff Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet
    Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin Poulain
    Tessier Chevallier Collin Chauvin Da_Silva Bouchet Gay Lemaître Bénard Maréchal Humbert
    Reynaud Antoine Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy Delaunay Pasquier
    Carlier Laporte Nguyen Benali Diallo Traoré Haddad Cohen Peeters Janssens Claes Ferreira Rossi
    """
)
STREETS = words(
    """
    rue_de_la_République rue_Victor-Hugo rue_des_Lilas avenue_Jean-Jaurès rue_Pasteur
    rue_du_Moulin rue_de_l’Église place_de_la_Mairie rue_Gambetta boulevard_Voltaire
    rue_des_Écoles chemin_des_Vignes rue_Saint-Michel allée_des_Tilleuls rue_du_Faubourg
    impasse_des_Acacias quai_des_Chartrons rue_Émile-Zola avenue_de_la_Gare rue_de_Verdun
    rue_Jules-Ferry rue_du_Port rue_des_Rosiers rue_de_Bretagne rue_Nationale route_de_Paris
    rue_Carnot rue_du_Château cours_Lafayette rue_de_la_Paix rue_Anatole-France rue_Mozart
    rue_Basse rue_du_Stade allée_des_Cerisiers rue_George-Sand rue_Lamartine rue_des_Jardins
    rue_du_Puits
    """
)


@dataclass(frozen=True)
class People:
    """One row per customer, as lists of text."""

    name: np.ndarray
    email: np.ndarray
    street: np.ndarray
    phone: np.ndarray
    newsletter: np.ndarray


def invent_people(rng: np.random.Generator, count: int) -> People:
    """``count`` people, no two with the same e-mail."""
    first = _pick(rng, FIRST_NAMES, count)
    last = _pick(rng, LAST_NAMES, count)
    numbers = rng.integers(1, 140, count)
    numbers[rng.random(count) < 0.7] %= 38
    streets = _pick(rng, STREETS, count, flat=True)
    street = [f"{n + 1} {s}" for n, s in zip(numbers, streets, strict=True)]
    phones = rng.integers(0, 10_000, count)
    landline = rng.random(count) < 0.12
    phone = [
        f"+33 1 99 00 {p // 100:02d} {p % 100:02d}" if fixed
        else f"+33 6 39 98 {p // 100:02d} {p % 100:02d}"
        for p, fixed in zip(phones.tolist(), landline.tolist(), strict=True)
    ]  # fmt: skip
    phone = np.where(rng.random(count) < 0.55, np.array(phone, dtype=object), "")
    name = np.array([f"{a} {b}" for a, b in zip(first, last, strict=True)], dtype=object)
    return People(
        name=name,
        email=np.array(_emails(rng, first, last), dtype=object),
        street=np.array(street, dtype=object),
        phone=phone,
        newsletter=rng.random(count) < 0.46,
    )


def _pick(rng: np.random.Generator, names: list[str], count: int, *, flat: bool = False):
    """Names drawn with the few common ones that real lists have."""
    weights = np.ones(len(names)) if flat else 1 / (np.arange(len(names)) + 12.0) ** 0.7
    return np.array(names, dtype=object)[
        rng.choice(len(names), size=count, p=weights / weights.sum())
    ].tolist()


def _emails(rng: np.random.Generator, first: list[str], last: list[str]) -> list[str]:
    styles = rng.choice(5, size=len(first), p=(0.42, 0.2, 0.14, 0.14, 0.1)).tolist()
    years = rng.integers(55, 105, len(first)).tolist()
    folded = {name: slug(name).replace("-", "") for name in {*first, *last}}
    taken: dict[str, int] = {}
    emails = []
    for a, b, style, year in zip(first, last, styles, years, strict=True):
        f, s = folded[a], folded[b]
        local = (f"{f}.{s}", f"{f}{s}", f"{f[0]}{s}", f"{f}.{s}{year % 100:02d}", f"{s}{f[0]}")[
            style
        ]
        again = taken[local] = taken.get(local, 0) + 1
        emails.append(f"{local}{again if again > 1 else ''}@example.com")
    return emails
