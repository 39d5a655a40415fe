"""Which of many candidates to name, so that few of those named are named wrongly.

References
----------
Newton, Noueiry, Sarkar & Ahlquist (2004), Detecting differential gene expression with a
semiparametric hierarchical mixture method, Biostatistics 5; Müller, Parmigiani, Robert & Rousseau
(2004), Optimal sample size for multiple testing, JASA 99: naming the candidates whose posterior
probabilities of being named wrongly are smallest, as long as their mean stays within a bound, names
as many as can be at that false discovery rate.
"""

import numpy as np

LIKELIER = 0.5  # nobody is named who is more likely not to belong


def discovered(chance: np.ndarray, false_share: float) -> np.ndarray:
    """Whether each candidate is named.

    Parameters
    ----------
    chance : posterior probability that the candidate belongs, by candidate
    false_share : of those named, the share that may be expected not to belong (the Bayesian false
        discovery rate)

    Examples
    --------
    The third is named because the first two are beyond doubt; alone it would not be:

    >>> discovered(np.array([1.0, 0.99, 0.8, 0.45]), 0.10).tolist()
    [True, True, True, False]
    >>> discovered(np.array([0.8, 0.2]), 0.10).tolist()
    [False, False]
    """
    chance = np.asarray(chance, dtype=float)
    order = np.argsort(-chance, kind="stable")
    wrong = np.cumsum(1 - chance[order]) / np.arange(1, len(chance) + 1)
    named = np.zeros(len(chance), dtype=bool)
    named[order] = (wrong <= false_share) & (chance[order] > LIKELIER)
    return named
