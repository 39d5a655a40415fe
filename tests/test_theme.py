"""How charts look: colors that everybody tells apart."""

from itertools import combinations

import numpy as np
import pytest
from goulot.charts.theme import CATEGORIES

# Full deficiency, on linear RGB (Machado, Oliveira & Fernandes 2009, table 1).
SEEN = {
    "all": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = [0.9505, 1.0, 1.089]  # D65


def linear(color: str) -> np.ndarray:
    """sRGB as linear light (IEC 61966-2-1)."""
    parts = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """Linear light as CIE L*a*b*."""
    x, y, z = np.cbrt(np.array(XYZ) @ light.clip(0, 1) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", SEEN)
def test_categories_are_told_apart_with_each_kind_of_color_blindness(kind):
    seen = {color: lab(np.array(SEEN[kind]) @ linear(color)) for color in CATEGORIES}
    apart = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]])
             for pair in combinations(CATEGORIES, 2)}  # fmt: skip
    assert min(apart.values()) > 15  # 2.3 is just noticeable
