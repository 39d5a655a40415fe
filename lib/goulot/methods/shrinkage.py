"""Shares and rates of small cells, pulled toward their parent as far as the data say.

Empirical Bayes: how much cells differ is learned from all of them, and a cell with little evidence
is mostly its parent. How much they differ is itself uncertain, and drawn: intervals that take it
as known are too short (Morris 1983).

References
----------
Morris (1983), Parametric empirical Bayes inference, JASA 78: why the spread must be uncertain too.
Christiansen & Morris (1997), Hierarchical Poisson regression modeling, JASA 92, and Daniels (1999),
A prior for the variance in hierarchical models, Canadian Journal of Statistics 27: the prior under
which the share of shrinkage is uniform.
Gelman et al. (2013), *Bayesian Data Analysis*, 3rd ed., ch. 5: the beta-binomial hierarchy.
"""

import numpy as np
from scipy.special import betaln, gammaln

GRID = 28  # positions of the concentration, and of the mean
WEAKEST, STRONGEST = 1.0, 20_000.0  # concentration: worth so many trials of the cell itself


def shrunk_shares(
    hits: np.ndarray,
    trials: np.ndarray,
    *,
    draws: int,
    seed: int,
    parent: np.ndarray | None = None,
) -> np.ndarray:
    r"""Draws of each cell's share, cells x draws, given its hits among its trials.

    Parameters
    ----------
    hits, trials : counts by cell, :math:`y_i \le n_i`; a cell without trials is its parent
    parent : cells x draws of the share of each cell's parent; None: one common mean, learned too
    seed : of the draws

    Notes
    -----
    .. math:: \theta_i \sim Beta(\kappa m_i, \kappa (1 - m_i)), \quad y_i \sim Bin(n_i, \theta_i)

    so that a cell weighs :math:`n_i / (n_i + \kappa)` and its parent the rest. :math:`\kappa` has
    the prior under which that weight is uniform for a cell of median size.

    Examples
    --------
    Nine cells at 10 % and one that saw a single hit in two trials: the small one is not at 50 %.

    >>> hits, trials = np.array([10] * 9 + [1]), np.array([100] * 9 + [2])
    >>> bool(shrunk_shares(hits, trials, draws=400, seed=1).mean(axis=1)[-1] < 0.2)
    True
    """
    hits, trials = np.asarray(hits, dtype=float), np.asarray(trials, dtype=float)
    rng = np.random.default_rng(seed)
    if not len(hits):
        return np.empty((0, draws))
    kappas = np.geomspace(WEAKEST, STRONGEST, GRID)
    means = _possible_means(hits, trials) if parent is None else _held(parent.mean(axis=1))[None]
    fit = _beta_binomial(hits, trials, kappas, means) + _log_prior(kappas, trials)[:, None]
    at = _chosen(fit, draws, rng)
    kappa = kappas[at[0]]
    mean = means[at[1]].T if parent is None else _held(parent[:, :draws])
    return rng.beta(kappa * mean + hits[:, None], kappa * (1 - mean) + (trials - hits)[:, None])


def shrunk_rates(
    counts: np.ndarray,
    exposure: np.ndarray,
    *,
    draws: int,
    seed: int,
    parent: np.ndarray | None = None,
) -> np.ndarray:
    r"""Draws of each cell's rate (count a unit of exposure), cells x draws.

    Parameters
    ----------
    counts, exposure : what happened, and how much there was to make it happen (above 0)
    parent : cells x draws of the rate that each cell is pulled to; None: one common rate, learned

    Notes
    -----
    .. math:: \lambda_i \sim Gamma(\kappa, \kappa / m_i), \quad y_i \sim Poisson(e_i \lambda_i)

    Examples
    --------
    >>> rates = shrunk_rates(np.array([100, 90, 0]), np.array([1000, 1000, 5.0]), draws=400, seed=1)
    >>> bool(0.05 < rates.mean(axis=1)[2] < 0.11)
    True
    """
    counts, exposure = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    rng = np.random.default_rng(seed)
    if not len(counts):
        return np.empty((0, draws))
    kappas = np.geomspace(WEAKEST, STRONGEST, GRID)
    means = _possible_rates(counts, exposure) if parent is None else parent.mean(axis=1)[None]
    fit = _gamma_poisson(counts, exposure, kappas, means) + _log_prior(kappas, counts)[:, None]
    at = _chosen(fit, draws, rng)
    kappa = kappas[at[0]]
    mean = means[at[1]].T if parent is None else parent[:, :draws]
    return rng.gamma(kappa + counts[:, None], 1 / (kappa / mean + exposure[:, None]))


def _possible_rates(counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Positions of the common rate, a row each: a few standard errors around the pooled one, in
    logarithms."""
    pooled = (counts.sum() + 0.5) / exposure.sum()
    spread = 4 * (1 / np.sqrt(counts.sum() + 1) + _cell_spread(counts, exposure, pooled))
    return pooled * np.exp(np.linspace(-spread, spread, GRID))[:, None]


def _possible_means(hits: np.ndarray, trials: np.ndarray) -> np.ndarray:
    """Positions of the common mean, a row each: a few standard errors around the pooled share, in
    log odds."""
    share = (hits.sum() + 0.5) / (trials.sum() + 1)
    seen = trials > 0
    apart = np.std((hits[seen] + 0.5) / (trials[seen] + 1)) if seen.any() else 0.5
    error = np.sqrt(share * (1 - share) / (trials.sum() + 1)) + apart / np.sqrt(max(seen.sum(), 1))
    width = min(4 * error / (share * (1 - share)), 8.0)
    odds = np.log(share / (1 - share)) + np.linspace(-width, width, GRID)
    return _held(1 / (1 + np.exp(-odds)))[:, None]


def _cell_spread(counts: np.ndarray, exposure: np.ndarray, pooled: float) -> float:
    """How far apart the cells' rates lie, as a standard error of their mean, relative to it."""
    apart = np.average((counts / exposure - pooled) ** 2, weights=exposure) ** 0.5
    return float(apart / pooled / np.sqrt(len(counts)))


def _held(shares: np.ndarray) -> np.ndarray:
    return np.clip(shares, 1e-6, 1 - 1e-6)


def _beta_binomial(
    hits: np.ndarray, trials: np.ndarray, kappas: np.ndarray, means: np.ndarray
) -> np.ndarray:
    """Log likelihood of all cells, concentrations x ``means`` (rows: of all cells, or by cell)."""
    kappas = kappas[:, None, None]
    a, b = kappas * means, kappas * (1 - means)
    return (betaln(a + hits, b + trials - hits) - betaln(a, b)).sum(axis=2)


def _gamma_poisson(
    counts: np.ndarray, exposure: np.ndarray, kappas: np.ndarray, means: np.ndarray
) -> np.ndarray:
    """Log likelihood of all cells, concentrations x ``means`` (rows: of all cells, or by cell)."""
    kappas = kappas[:, None, None]
    rates = kappas / means
    return (
        gammaln(kappas + counts) - gammaln(kappas) + kappas * np.log(rates)
        - (kappas + counts) * np.log(rates + exposure)
    ).sum(axis=2)  # fmt: skip


def _log_prior(kappas: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Uniform on the share of shrinkage of a cell of median size; the grid is one of logarithms."""
    seen = sizes[sizes > 0]
    typical = max(float(np.median(seen)), 1.0) if len(seen) else 1.0
    return np.log(kappas * typical / (typical + kappas) ** 2)


def _chosen(fit: np.ndarray, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Positions on the grid, drawn by how well they fit."""
    weight = np.exp(fit - fit.max()).ravel()
    chosen = rng.choice(len(weight), size=draws, p=weight / weight.sum())
    return np.unravel_index(chosen, fit.shape)
