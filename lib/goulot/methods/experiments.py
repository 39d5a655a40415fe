"""The test that would tell: how large and how long, to see the effect that changes the decision."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

Kind = Literal["regions", "weeks"]
_NORMAL = NormalDist()


@dataclass(frozen=True)
class TestDesign:
    """A test of a channel's spend.

    ``change`` of spend in the treated half [share: -1 switches it off]; ``weeks`` it lasts in all;
    ``effect``: customers a week that the treated part gains or loses if the next customer costs
    just what one is worth; ``power``: probability of seeing that effect at ``confidence``.
    """

    kind: Kind
    change: float
    weeks: int
    treated_share: float
    effect: float
    power: float
    confidence: float


def power(effect: float, standard_error: float, *, confidence: float = 0.90) -> float:
    """Probability that a two-sided test sees ``effect`` (normal; Cohen 1988).

    >>> round(power(2.8, 1.0, confidence=0.95), 2)
    0.8
    """
    if standard_error <= 0:
        return 1.0
    bound = _NORMAL.inv_cdf(0.5 + confidence / 2)
    return _NORMAL.cdf(abs(effect) / standard_error - bound)


def standard_error(kind: Kind, customers: float, dispersion: float, share: float, weeks: int):
    r"""Of the effect a week, by the length of the test [customers/week].

    Regions: the treated part's count less what the other part's predicts, both over-dispersed,
    :math:`\sqrt{\phi \mu s (1 + s / (1 - s)) / T}`. Weeks: the means of ``share`` of the weeks and
    of the others, :math:`\sqrt{\phi \mu / T\, (1/s + 1/(1-s))}`. A before-after comparison alone is
    no test: what else changed is in it.
    """
    if kind == "regions":
        return sqrt(dispersion * customers * share * (1 + share / (1 - share)) / weeks)
    return sqrt(dispersion * customers / weeks * (1 / share + 1 / (1 - share)))


def design_test(
    *,
    customers: float,
    dispersion: float,
    spend: float,
    worth: float,
    has_regions: bool,
    confidence: float = 0.90,
    wanted_power: float = 0.80,
    max_weeks: int = 12,
) -> TestDesign:
    """The shortest test that sees the effect which would change the decision.

    At the effect looked for, the customers that the changed spend moves cost ``worth`` each: more
    of them, and the channel deserves more; fewer, and less.

    Parameters
    ----------
    customers : new customers a week on which the effect would show
    dispersion : variance of a week as a multiple of its mean
    spend : of the channel [currency/week]
    worth : contribution of a customer before acquisition [currency]
    has_regions : whether orders can be told apart by region, and spend be set by region

    Returns
    -------
    The design; where even the largest test is too weak its ``power`` is below ``wanted_power``.
    """
    kind: Kind = "regions" if has_regions else "weeks"
    tried = []
    for change in (-0.5, -1.0):
        share = 0.5
        effect = change * spend / worth * (share if has_regions else 1.0)
        for weeks in range(4, max_weeks + 1, 2):
            error = standard_error(kind, customers, dispersion, share, weeks)
            reached = power(effect, error, confidence=confidence)
            found = TestDesign(kind, change, weeks, share, effect, reached, confidence)
            if reached >= wanted_power:
                return found
            tried.append(found)
    return max(tried, key=lambda found: found.power)


def cluster_standard_error(share: float, customers: float, clusters: float, likeness: float):
    r"""Of a difference of shares, half of the clusters drawn by lot into either arm.

    .. math:: \sqrt{\frac{4 p (1 - p)}{n} \left(1 + (n/k - 1) \rho\right)}

    Parameters
    ----------
    share : of customers who come back anyway.  :math:`p`
    customers : in both arms.  :math:`n`
    clusters : regions or postcodes.  :math:`k`
    likeness : intra-cluster correlation of coming back.  :math:`\rho`

    References
    ----------
    Donner & Klar (2000), Design and Analysis of Cluster Randomization Trials in Health Research.

    Examples
    --------
    Clusters of one are a plain test of customers:

    >>> round(cluster_standard_error(0.5, 400, 400, 0.05), 3)
    0.05
    """
    inflated = 1 + max(customers / clusters - 1, 0) * likeness
    return sqrt(4 * share * (1 - share) / customers * inflated)


def intra_cluster_correlation(sizes, shares) -> float:
    """Of a yes-or-no outcome, from the size and the share of each cluster (ANOVA estimator; Donner
    & Klar 2000); 0 where clusters differ by no more than chance, or there is but one.

    >>> intra_cluster_correlation([100, 100], [0.5, 0.5])
    0.0
    """
    pairs = [(float(n), float(p)) for n, p in zip(sizes, shares, strict=True) if n > 1]
    total, count = sum(n for n, _ in pairs), len(pairs)
    if count < 2 or total <= count:
        return 0.0
    mean = sum(n * p for n, p in pairs) / total
    between = sum(n * (p - mean) ** 2 for n, p in pairs) / (count - 1)
    within = sum(n * p * (1 - p) for n, p in pairs) / (total - count)
    size = (total - sum(n * n for n, _ in pairs) / total) / (count - 1)
    spread = between + (size - 1) * within
    return max((between - within) / spread, 0.0) if spread > 0 else 0.0
