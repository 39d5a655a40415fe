"""Response curves learned from weeks: the most probable curve, and replicates around it.

Replicates are randomized: each refits the model to weeks rebuilt from resampled blocks of residuals
(Künsch 1989, moving blocks) with beliefs drawn anew (Bardsley et al. 2014, randomize-then-optimize)
so that what the weeks do not tell stays open instead of being pinned to a belief.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from goulot.methods.response import HillCurve, HillDraws, ResponseFit
from goulot.methods.response_model import (
    Design,
    Lift,
    Prior,
    expected,
    lift_residuals,
    solve,
)

BLOCK_WEEKS = 4
LEAST_SHARE = 0.05  # of the mean outcome: no week is held to be surer than a week of so few


@dataclass(frozen=True, kw_only=True)
class Beliefs:
    """What is believed of a curve before its weeks are seen: normal, on the scales of the model.

    Half saturation somewhat above the mean spend; a week's carryover between 0.02 and 0.31 (Robyn's
    range for digital media is 0 to 0.3); a shape between 0.5 and 2 (Robyn: 0.5 to 3); four in ten
    customers without spend. The spreads are wide enough for the weeks to overrule them.
    """

    half_saturation: float = 1.3
    half_saturation_sd: float = 1.0
    carryover: float = 0.08
    carryover_sd: float = 1.0
    shape_sd: float = 0.45
    base_share: float = 0.4
    base_sd: float = 1.0
    top_sd: float = 1.5

    def prior(self, weeks: "Weeks") -> Prior:
        channels = len(weeks.spend)
        mean = max(float(weeks.outcome[weeks.used].mean()), 0.1)
        top = np.log(2 * (1 - self.base_share) * mean / channels)
        logit = np.log(self.carryover / (1 - self.carryover))
        each = [top, np.log(self.half_saturation), logit, 0.0]
        spread = [self.top_sd, self.half_saturation_sd, self.carryover_sd, self.shape_sd]
        return Prior(
            np.array([np.log(self.base_share * mean), *weeks.control_mean, *each * channels]),
            np.array([self.base_sd, *weeks.control_sd, *spread * channels]),
        )


@dataclass(frozen=True)
class Weeks:
    """The weeks to learn from, in order and without gaps.

    ``outcome``: new customers; ``spend`` by channel (row) [currency]; ``controls`` by week and
    control (about 0 on average), with what is believed of their effects on the log of the outcome;
    ``used``: weeks that teach, the others only carry spend over; ``level_at``: weeks whose season
    the curve is for (a quarter); ``lifts``: tests that were run, spend in currency a week.
    """

    outcome: np.ndarray
    spend: np.ndarray
    controls: np.ndarray
    control_mean: np.ndarray
    control_sd: np.ndarray
    used: np.ndarray
    level_at: np.ndarray
    lifts: tuple[Lift, ...] = ()


class _Problem(NamedTuple):
    design: Design
    outcome: np.ndarray
    prior: Prior
    lifts: tuple[Lift, ...]


class _Settled(NamedTuple):
    """The most probable parameters, a week's standard deviation, its variance per unit of mean, and
    how many parameters' worth the weeks were bent to."""

    point: np.ndarray
    sd: np.ndarray
    dispersion: float
    freedom: float


def fit_response(
    weeks: Weeks, *, replicates: int = 200, seed: int = 1, beliefs: Beliefs | None = None
) -> tuple[ResponseFit, ...]:
    """One fit per channel of ``weeks.spend``; several channels share the outcome (a joint fit).

    The variance of a week is a multiple of its mean (quasi-Poisson, McCullagh & Nelder 1989, ch.
    9). Whether the season moves all that comes or the base alone is decided by the better fit.
    """
    scale = weeks.spend.mean(axis=1)
    design = Design(weeks.spend / scale[:, None], weeks.controls, weeks.used, "multiplicative")
    lifts = tuple(replace(lift, spend=lift.spend / scale[lift.channel]) for lift in weeks.lifts)
    prior = (beliefs or Beliefs()).prior(weeks)
    problem = _Problem(design, np.asarray(weeks.outcome, dtype=float), prior, lifts)
    forms = [problem, problem._replace(design=replace(design, form="additive"))]
    starts = [_climb(form) for form in forms]
    better = int(np.argmin([loss for _, loss in starts]))
    problem, settled = forms[better], _settle(forms[better], starts[better][0])
    draws = _replicates(problem, settled, replicates, np.random.default_rng(seed))
    return tuple(
        _fit(weeks, problem.design, channel, scale[channel], settled, draws)
        for channel in range(len(scale))
    )


def _climb(problem: _Problem) -> tuple[np.ndarray, float]:
    """The best of several climbs, from corners of what is believed."""
    mean, sd = problem.prior.mean, problem.prior.sd
    corners = list(product((-0.8, 0.0, 1.2), (-0.7, 0.9), (0.0, 1.5)))
    starts = np.tile(mean, (len(corners), 1))
    for channel in range(len(problem.design.spend)):
        at = problem.design.place(channel) + 1
        starts[:, at : at + 3] += np.array(corners) * sd[at : at + 3]
    smooth = np.convolve(np.pad(problem.outcome, 4, mode="reflect"), np.full(9, 1 / 9), "valid")
    noise = np.sqrt(2 * np.maximum(smooth, LEAST_SHARE * problem.outcome.mean() + 1e-9))
    points, losses = _solve(problem, problem.outcome, noise, starts, mean)
    best = int(losses.argmin())
    return points[best], float(losses[best])


def _solve(problem: _Problem, outcome, sd, starts, beliefs, lifted=None):
    count = len(starts)
    outcome = np.broadcast_to(outcome, (count, len(problem.outcome)))
    prior = Prior(np.broadcast_to(beliefs, (count, len(problem.prior.mean))), problem.prior.sd)
    extra: Callable | None = None
    if problem.lifts:
        found = np.array([lift.customers for lift in problem.lifts]) if lifted is None else lifted
        found = np.broadcast_to(found, (count, len(problem.lifts)))
        extra = lift_residuals(problem.design, problem.lifts, found)
    return solve(problem.design, outcome, sd, starts, prior, extra)


def _settle(problem: _Problem, point: np.ndarray) -> _Settled:
    """Estimate the dispersion around the fit, and fit again with it, three times."""
    design, outcome, prior = problem.design, problem.outcome, problem.prior
    for _ in range(3):
        mean, by = expected(design, point[None])
        mean = np.maximum(mean[0], LEAST_SHARE * outcome.mean() + 1e-9)
        off = ((outcome - mean) / np.sqrt(mean))[design.used]
        scaled = (by[0] / np.sqrt(mean))[:, design.used]
        raw = max(_variance(off), 1e-9)
        inner = scaled @ scaled.T / raw
        freedom = float(np.trace(np.linalg.solve(inner + np.diag(1 / prior.sd**2), inner)))
        dispersion = raw * _inflated(len(off), freedom)
        sd = np.sqrt(dispersion * mean)
        point = _solve(problem, outcome, sd, point[None], prior.mean)[0][0]
    return _Settled(point, sd, dispersion, freedom)


def _inflated(weeks: int, freedom: float) -> float:
    """What a variance of residuals is multiplied by for the parameters that were fitted."""
    return weeks / max(weeks - freedom, weeks / 4)


def _variance(off: np.ndarray) -> float:
    """Of residuals, those beyond three robust standard deviations counting as if they lay there."""
    bound = 3 * max(1.4826 * float(np.median(np.abs(off))), 1e-9)
    return float(np.mean(np.minimum(np.abs(off), bound) ** 2))


def _replicates(
    problem: _Problem, settled: _Settled, count: int, rng: np.random.Generator
) -> np.ndarray:
    design, prior = problem.design, problem.prior
    mean = expected(design, settled.point[None])[0][0]
    used = np.flatnonzero(design.used)
    off = ((problem.outcome - mean) / settled.sd)[used]
    off = (off - off.mean()) * np.sqrt(_inflated(len(off), settled.freedom))
    starts = rng.integers(0, len(used), (count, -(-len(used) // BLOCK_WEEKS)))
    places = (starts[..., None] + np.arange(BLOCK_WEEKS)) % len(used)
    rebuilt = np.tile(mean, (count, 1))
    rebuilt[:, used] += off[places.reshape(count, -1)[:, : len(used)]] * settled.sd[used]
    beliefs = prior.mean + prior.sd * rng.standard_normal((count, len(prior.mean)))
    tests = rng.standard_normal((count, len(problem.lifts)))
    lifted = np.array([lift.customers for lift in problem.lifts]) + tests * np.array(
        [lift.sd for lift in problem.lifts]
    )
    start = np.tile(settled.point, (count, 1))
    return _solve(problem, rebuilt, settled.sd, start, beliefs, lifted)[0]


def _fit(weeks: Weeks, design: Design, channel: int, unit, settled: _Settled, draws) -> ResponseFit:
    at = design.place(channel)
    point = settled.point[None]
    most = float(weeks.spend[channel].max())
    found = [float(values[0]) for values in _natural(weeks, design, at, unit, point)]
    return ResponseFit(
        curve=HillCurve(*found, observed_max=most),
        draws=HillDraws(*_natural(weeks, design, at, unit, draws)),
        carryover=float(1 / (1 + np.exp(-settled.point[at + 2]))),
        weeks=int(weeks.used.sum()),
        left_out=int((~weeks.used).sum()),
        dispersion=settled.dispersion,
    )


def _natural(weeks: Weeks, design: Design, at: int, unit: float, points: np.ndarray):
    """Base, top, half saturation and shape in the season of ``level_at``, by data set."""
    moved = points[:, 1 : 1 + weeks.controls.shape[1]] @ weeks.controls[weeks.level_at].T
    media = base = np.exp(moved).mean(axis=1)
    if design.form == "additive":
        media, base = np.ones(len(points)), 1 + moved.mean(axis=1)
    half, shape = np.exp(points[:, at + 1]) * unit, np.exp(points[:, at + 3])
    return np.exp(points[:, 0]) * base, np.exp(points[:, at]) * media, half, shape
