"""The model behind a response curve, solved for many data sets at once.

Expected new customers of week t, for channels c that share one outcome:

    mu_t = season_t * (base + sum_c top_c * hill(stock_ct, shape_c, k_c))

with log season_t linear in controls (trend, harmonics of the year, events) and stock_ct the
normalised geometric adstock of spend. In the additive form the season moves the base alone.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from goulot.methods.response import FLOOR

Form = Literal["multiplicative", "additive"]
PER_CHANNEL = 4  # log top, log half saturation, logit carryover, log shape
HUBER = 2.0  # standard deviations from which on a week pulls no harder
STEPS = 40  # of Levenberg-Marquardt, at most
STEEPEST = 30.0  # bound of what is exponentiated


@dataclass(frozen=True)
class Design:
    """What the weeks were like: ``spend`` by channel (row) and week, in units of its mean;
    ``controls`` by week and control; ``used`` marks the weeks that teach (the others only carry
    spend over into them); ``form`` says what the season moves."""

    spend: np.ndarray
    controls: np.ndarray
    used: np.ndarray
    form: Form

    def place(self, channel: int) -> int:
        """Where a channel's four parameters begin, behind the base and the controls."""
        return 1 + self.controls.shape[1] + PER_CHANNEL * channel


@dataclass(frozen=True)
class Lift:
    """A test that was run: ``spend`` a week more than without it brought ``customers`` in all.

    ``share`` is the share of each week that the test lasted; ``sd`` the standard error of
    ``customers``. Spend that was cut is negative, and so are the customers.
    """

    channel: int
    share: np.ndarray
    spend: float
    customers: float
    sd: float


@dataclass(frozen=True)
class Prior:
    """Normal beliefs about the parameters before the weeks are seen; ``sd`` inf: none."""

    mean: np.ndarray
    sd: np.ndarray


def stock_and_slope(spend: np.ndarray, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normalised adstock of one channel for each theta, and its derivative by theta (rows)."""
    stock, slope = np.empty((2, len(theta), len(spend)))
    level, change = np.full(len(theta), spend[:4].mean()), np.zeros(len(theta))
    for week, amount in enumerate(spend):
        change = level - amount + theta * change
        level = amount + theta * (level - amount)
        stock[:, week], slope[:, week] = level, change
    return stock, slope


def expected(
    design: Design, parameters: np.ndarray, jacobian: bool = True
) -> tuple[np.ndarray, np.ndarray | None]:
    """Expected outcome by data set (row) and week, and its derivatives by parameter (last axis)."""
    base = np.exp(parameters[:, :1].clip(-STEEPEST, STEEPEST))
    moved = parameters[:, 1 : 1 + design.controls.shape[1]] @ design.controls.T
    multiplies = design.form == "multiplicative"
    season = _season(design, parameters, slice(None))
    brought, parts = np.zeros_like(moved), []
    for channel, spend in enumerate(design.spend):
        at = design.place(channel)
        added, by = _channel(spend, parameters[:, at : at + PER_CHANNEL])
        brought += added
        parts.append(by)
    level = base if multiplies else base * (1 + moved)
    mean = season * (level + brought)
    if not jacobian:
        return mean, None
    by_control = (mean if multiplies else base)[..., None] * design.controls
    by_base = (season * level)[..., None]
    by_channel = [season[..., None] * by for by in parts]
    return mean, np.concatenate([by_base, by_control, *by_channel], axis=2)


def _channel(spend: np.ndarray, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a channel's spend adds by data set and week, and its four derivatives."""
    theta = 1 / (1 + np.exp(-parameters[:, 2].clip(-STEEPEST, STEEPEST)))
    stock, by_theta = stock_and_slope(spend, theta)
    return _response(stock, by_theta * (theta * (1 - theta))[:, None], parameters)


def _response(stock: np.ndarray, moved: np.ndarray, parameters: np.ndarray):
    """Top times Hill at ``stock``, and its derivatives; ``moved``: of the stock, by the third."""
    log_top, log_half, _, log_shape = parameters.T.clip(-STEEPEST, STEEPEST)
    shape = np.exp(log_shape)[:, None]
    distance = np.log(np.maximum(stock, FLOOR)) - log_half[:, None]
    reached = 1 / (1 + np.exp((-shape * distance).clip(-STEEPEST, STEEPEST)))
    added = np.exp(log_top)[:, None] * reached
    steep = added * (1 - reached) * shape
    carried = moved / np.maximum(stock, FLOOR)
    return added, np.stack([added, -steep, steep * carried, steep * distance], axis=2)


def lift_residuals(design: Design, lifts: tuple[Lift, ...], found: np.ndarray):
    """Residuals of tests, and their derivatives, as a function of the parameters.

    What a test should have brought is the curve at that week's spend less the curve at the spend
    without the test; carryover over the ends of the test is left out. ``found``: customers by data
    set (row) and test.
    """

    def at(parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        off = np.empty((len(parameters), len(lifts)))
        by = np.zeros((len(parameters), len(lifts), parameters.shape[1]))
        for test, lift in enumerate(lifts):
            place = slice(design.place(lift.channel), design.place(lift.channel + 1))
            weeks = lift.share > 0
            spend = np.tile(design.spend[lift.channel, weeks], (len(parameters), 1))
            without = np.maximum(spend - lift.spend, 0)
            still = np.zeros_like(spend)
            more, by_more = _response(spend, still, parameters[:, place])
            less, by_less = _response(without, still, parameters[:, place])
            season = _season(design, parameters, weeks) * lift.share[weeks]
            off[:, test] = ((more - less) * season).sum(axis=1)
            by[:, test, place] = ((by_more - by_less) * season[..., None]).sum(axis=1)
        sd = np.array([lift.sd for lift in lifts])
        return (off - found) / sd, by / sd[:, None]

    return at


def _season(design: Design, parameters: np.ndarray, weeks) -> np.ndarray:
    """What the season makes of media, by data set and week."""
    moved = parameters[:, 1 : 1 + design.controls.shape[1]] @ design.controls[weeks].T
    if design.form == "additive":
        return np.ones_like(moved)
    return np.exp(moved.clip(-STEEPEST, STEEPEST))


def solve(
    design: Design,
    outcome: np.ndarray,
    sd: np.ndarray,
    start: np.ndarray,
    prior: Prior,
    extra=None,
) -> tuple[np.ndarray, np.ndarray]:
    """Most probable parameters for each data set, and their penalised loss.

    Levenberg-Marquardt on all data sets at once (Moré 1978), residuals beyond ``HUBER`` standard
    deviations down-weighted as in Huber (1964).

    Parameters
    ----------
    outcome : data sets in rows, weeks in columns
    sd : standard deviation of a week [same unit]
    start, prior.mean : data sets in rows, parameters in columns
    extra : callable from parameters to further residuals and their derivatives (lift tests)
    """
    point, damping = start.copy(), np.full(len(start), 1e-2)
    residuals = _residuals(design, outcome, sd, prior, extra)
    loss, gradient, hessian = residuals(point)
    eye = np.eye(point.shape[1])
    for _ in range(STEPS):
        scale = damping[:, None, None] * (hessian * eye + 1e-9 * eye)
        step = np.linalg.solve(hessian + scale, gradient[..., None])[..., 0]
        tried = point - step.clip(-1.5, 1.5)
        new_loss, new_gradient, new_hessian = residuals(tried)
        better = new_loss < loss
        gain = np.where(better, loss - new_loss, 0)
        point = np.where(better[:, None], tried, point)
        gradient = np.where(better[:, None], new_gradient, gradient)
        hessian = np.where(better[:, None, None], new_hessian, hessian)
        loss = np.where(better, new_loss, loss)
        damping = np.where(better, damping / 5, damping * 4).clip(1e-8, 1e8)
        if (gain < 1e-4).all() and (better | (damping > 1e3)).all():
            break
    return point, loss


def _residuals(design: Design, outcome, sd, prior: Prior, extra):
    used = design.used

    def at(point: np.ndarray):
        mean, by = expected(design, point)
        off = (mean - outcome)[:, used] / sd[..., used]
        by = by[:, used] / sd[..., used, None]
        size = np.abs(off)
        weight = np.minimum(1, HUBER / np.maximum(size, FLOOR))
        loss = np.where(size <= HUBER, off**2, 2 * HUBER * size - HUBER**2).sum(axis=1)
        believed = (point - prior.mean) / prior.sd
        gradient = np.einsum("rt,rtp->rp", weight * off, by) + believed / prior.sd
        hessian = np.matmul((by * weight[..., None]).transpose(0, 2, 1), by)
        hessian += np.diag(1 / prior.sd**2)
        loss = loss + (believed**2).sum(axis=1)
        if extra is not None:
            off, by = extra(point)
            loss = loss + (off**2).sum(axis=1)
            gradient = gradient + np.einsum("rt,rtp->rp", off, by)
            hessian = hessian + np.matmul(by.transpose(0, 2, 1), by)
        return loss, gradient, hessian

    return at
