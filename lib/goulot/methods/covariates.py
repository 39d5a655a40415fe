"""Covariates, and what regressions on them need of their design matrix, without the matrix.

A covariate with levels is a column of 0 and 1 for each level but the first. Hardly any of a row is
1, so that a product with such columns is a sum of the rows by level, and one of two such columns a
sum by pair of levels: far less work than with the matrix itself.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np

RIDGE = 1.0  # prior precision of standardised coefficients, worth one row


@dataclass(frozen=True)
class Covariates:
    """What may drive both a treatment and its outcome.

    ``numbers`` : rows x covariates that are numbers
    ``levels`` : covariates with levels x rows, as codes; 0 is what the others are compared with
    ``names`` : of the numbers, then of those with levels
    """

    numbers: np.ndarray
    levels: np.ndarray
    names: tuple[str, ...]

    @classmethod
    def of(cls, numbers: np.ndarray) -> "Covariates":
        """Of numbers alone: rows x columns."""
        numbers = np.asarray(numbers, dtype=float)
        names = tuple(f"column {n}" for n in range(numbers.shape[1]))
        return cls(numbers, np.empty((0, len(numbers)), dtype=np.intp), names)

    def without(self, name: str) -> "Covariates":
        kept = np.array(self.names) != name
        of_numbers = kept[: self.numbers.shape[1]]
        names = tuple(np.array(self.names)[kept].tolist())
        return Covariates(self.numbers[:, of_numbers], self.levels[kept[len(of_numbers) :]], names)

    def rows(self, which: np.ndarray) -> "Covariates":
        return Covariates(self.numbers[which], self.levels[:, which], self.names)


@dataclass(frozen=True)
class Design:
    """The design matrix of covariates: a constant, the numbers standardised, the levels that occur.

    Its columns that are the same in every row are left out. Every sum is told by fold.

    ``numbers`` : rows x (1 + numbers), the constant first
    ``levels`` : covariates with levels x rows, the column that is 1; the first level's is ``width``
    ``penalty`` : by column, the precision of a ridge prior that is ``RIDGE`` for the standardised
        column; the constant has none
    ``names`` : the covariate of each column but the constant
    """

    numbers: np.ndarray
    levels: np.ndarray
    fold: np.ndarray
    folds: int
    penalty: np.ndarray
    names: np.ndarray

    @property
    def width(self) -> int:
        """Columns of the matrix."""
        return len(self.penalty)

    def rows(self, which: np.ndarray) -> "Design":
        """The same columns of some rows."""
        return Design(self.numbers[which], self.levels[:, which], self.fold[which], self.folds,
                      self.penalty, self.names)  # fmt: skip

    def times(self, weights: np.ndarray) -> np.ndarray:
        """Each row's product with ``weights``, or with those of its fold (folds x columns)."""
        few = self.numbers.shape[1]
        by_level = np.zeros((self.folds, self.width + 1))
        by_level[:, :-1] = weights
        if weights.ndim == 1:
            told = self.numbers @ weights[:few]
        else:
            told = np.einsum("rn,rn->r", self.numbers, weights[self.fold, :few])
        for place in self._places:
            told += by_level.take(place, mode="clip")  # whose check of bounds is quick
        return told

    def summed(self, values: np.ndarray) -> np.ndarray:
        """Sums of each column times ``values``: folds x columns."""
        found = np.zeros((self.folds, self.width + 1))
        for place in self._places:
            found += self._by(place, values, found.shape)
        for number, column in enumerate(self.numbers.T):
            found[:, number] = np.bincount(self.fold, column * values, self.folds)
        return found[:, :-1]

    def crossed(self, values: np.ndarray) -> np.ndarray:
        """Sums of each product of two columns times ``values``: folds x columns x columns."""
        size, few = self.width + 1, self.numbers.shape[1]
        found = np.zeros((self.folds, size, size))
        for pair in self._pairs:
            found += self._by(pair, values, found.shape)
        for number, column in enumerate(self.numbers.T):
            scaled = column * values
            for place in self._places:
                found[:, number] += self._by(place, scaled, (self.folds, size))
            for other in range(number, few):
                found[:, number, other] = np.bincount(
                    self.fold, scaled * self.numbers[:, other], self.folds
                )
        own = np.arange(few, size)
        found[:, own, own] = found[:, 0, few:]  # a level's square is itself
        upper = np.triu(found, 1)
        return (found + upper.transpose(0, 2, 1))[:, :-1, :-1]

    def variances(self, counted: np.ndarray) -> np.ndarray:
        """Of each column over the rows ``counted``."""
        share = counted / counted.sum()
        means = self.summed(share).sum(axis=0)
        squares = means.copy()  # a level's square is itself
        squares[: self.numbers.shape[1]] = share @ self.numbers**2
        return squares - means**2

    @staticmethod
    def _by(place: np.ndarray, values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        return np.bincount(place, values, prod(shape)).reshape(shape)

    @cached_property
    def _places(self) -> np.ndarray:
        """Of each covariate with levels, where a row is in an array of folds x (width + 1)."""
        return self.fold * (self.width + 1) + self.levels

    @cached_property
    def _pairs(self) -> list[np.ndarray]:
        """Of each two of them, where a row is in one of folds x (width + 1) x (width + 1)."""
        both = combinations(range(len(self.levels)), 2)
        return [self._places[one] * (self.width + 1) + self.levels[other] for one, other in both]


def design_of(covariates: Covariates, fold: np.ndarray, folds: int) -> Design:
    """The design of covariates whose rows are divided into ``folds``, numbered from 0."""
    of_numbers = covariates.names[: covariates.numbers.shape[1]]
    spread = covariates.numbers.std(axis=0)
    moving = spread > 1e-12
    numbers = covariates.numbers[:, moving]
    numbers = (numbers - numbers.mean(axis=0)) / spread[moving]
    names = [name for name, moves in zip(of_numbers, moving, strict=True) if moves]
    penalty, levels = [0.0] + [RIDGE] * len(names), []
    for name, level in zip(covariates.names[len(of_numbers) :], covariates.levels, strict=True):
        share = np.bincount(level) / len(level)
        shown = np.flatnonzero((share > 0) & (share < 1))
        shown = shown[shown > 0]
        column = np.full(len(share), -1)
        column[shown] = len(penalty) + np.arange(len(shown))
        levels += [column[level]] if len(shown) else []
        penalty += (RIDGE * share[shown] * (1 - share[shown])).tolist()
        names += [name] * len(shown)
    at = np.array(levels, dtype=np.intp).reshape(len(levels), len(fold))
    at[at < 0] = len(penalty)
    with_constant = np.column_stack([np.ones(len(fold)), numbers])
    return Design(with_constant, at, fold, folds, np.array(penalty), np.array(names, dtype=str))
