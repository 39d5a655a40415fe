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
ENOUGH = 1e-5  # of the loss: a data set from whose loss a step would take less is at rest
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
    before = spend[:4].mean()
    added = np.outer(1 - theta, spend)
    added[:, 0] += theta * before
    stock = _accumulated(added, theta)
    beyond = np.column_stack([np.full(len(theta), before), stock[:, :-1]]) - spend
    return stock, _accumulated(beyond, theta)


def _accumulated(added: np.ndarray, theta: np.ndarray) -> np.ndarray:
    r""":math:`A_t = x_t + \theta A_{t-1}` along each row: a scan whose passes double the weeks that
    are carried over (Kogge & Stone 1973), until what is left of them is below rounding."""
    stock, weeks, keep = added.copy(), 1, theta[:, None]
    while weeks < stock.shape[1] and keep.max() > np.finfo(float).eps:
        stock[:, weeks:] += keep * stock[:, :-weeks]
        weeks, keep = 2 * weeks, keep**2
    return stock


def expected(
    design: Design, parameters: np.ndarray, weeks=slice(None)
) -> tuple[np.ndarray, np.ndarray]:
    """Expected outcome by data set (row) and week, and its derivatives by data set, parameter and
    week; ``weeks`` selects those that are answered."""
    controls, first = design.controls[weeks].T, design.place(0)
    base = np.exp(parameters[:, :1].clip(-STEEPEST, STEEPEST))
    multiplies = design.form == "multiplicative"
    season = _season(design, parameters, weeks)
    mean = season * base
    if not multiplies:
        mean *= 1 + parameters[:, 1:first] @ controls
    by = np.empty((*parameters.shape, mean.shape[1]))
    by[:, 0] = mean
    for channel, spend in enumerate(design.spend):
        at = slice(design.place(channel), design.place(channel + 1))
        added, by[:, at] = _channel(spend, weeks, season, parameters[:, at])
        mean += added
    by[:, 1:first] = (mean if multiplies else base)[:, None] * controls
    return mean, by


def _channel(spend: np.ndarray, weeks, season: np.ndarray, parameters: np.ndarray):
    """What a channel's spend adds by data set and week, and its four derivatives."""
    theta = 1 / (1 + np.exp(-parameters[:, 2].clip(-STEEPEST, STEEPEST)))
    stock, by_theta = stock_and_slope(spend, theta)
    carried = by_theta[:, weeks] * (theta * (1 - theta))[:, None]
    return _response(stock[:, weeks], carried, season, parameters)


def _response(stock: np.ndarray, moved: np.ndarray, season: np.ndarray, parameters: np.ndarray):
    """Season times top times Hill at ``stock``, and its derivatives (second axis); ``moved``: of
    the stock, by the third."""
    log_top, log_half, _, log_shape = parameters.T.clip(-STEEPEST, STEEPEST)
    shape, stock = np.exp(log_shape)[:, None], np.maximum(stock, FLOOR)
    distance = np.log(stock) - log_half[:, None]
    reached = 1 / (1 + np.exp((-shape * distance).clip(-STEEPEST, STEEPEST)))
    added = season * np.exp(log_top)[:, None] * reached
    steep = added * (1 - reached) * shape
    return added, np.stack([added, -steep, steep * (moved / stock), steep * distance], axis=1)


def lift_residuals(design: Design, lifts: tuple[Lift, ...], found: np.ndarray):
    """Residuals of tests, and their derivatives, as a function of the parameters.

    What a test should have brought is the curve at that week's spend less the curve at the spend
    without the test; carryover over the ends of the test is left out. ``found``: customers by data
    set (row) and test. The function is asked for some ``rows`` of the data sets.
    """
    sd = np.array([lift.sd for lift in lifts])

    def at(parameters: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        off = np.empty((len(parameters), len(lifts)))
        by = np.zeros((len(parameters), parameters.shape[1], len(lifts)))
        for test, lift in enumerate(lifts):
            place = slice(design.place(lift.channel), design.place(lift.channel + 1))
            weeks = lift.share > 0
            spend = np.tile(design.spend[lift.channel, weeks], (len(parameters), 1))
            without = np.maximum(spend - lift.spend, 0)
            still = np.zeros_like(spend)
            season = _season(design, parameters, weeks) * lift.share[weeks]
            more, by_more = _response(spend, still, season, parameters[:, place])
            less, by_less = _response(without, still, season, parameters[:, place])
            off[:, test] = (more - less).sum(axis=1)
            by[:, place, test] = (by_more - by_less).sum(axis=2)
            if design.form == "multiplicative":
                by[:, 1 : design.place(0), test] = (more - less) @ design.controls[weeks]
        return (off - found[rows]) / sd, by / sd

    return at


def _season(design: Design, parameters: np.ndarray, weeks) -> np.ndarray:
    """What the season makes of media, by data set and week."""
    moved = parameters[:, 1 : design.place(0)] @ design.controls[weeks].T
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
    deviations down-weighted as in Huber (1964). A data set is at rest, and asked no more, once its
    step promises to lower its loss by less than ``ENOUGH``.

    Parameters
    ----------
    outcome : data sets in rows, weeks in columns
    sd : standard deviation of a week [same unit]
    start, prior.mean : data sets in rows, parameters in columns
    extra : callable from parameters, and which data sets they are of, to further residuals and
        their derivatives (lift tests)
    """
    residuals = _residuals(design, outcome, sd, prior, extra)
    rows, point, damping = np.arange(len(start)), start.copy(), np.full(len(start), 1e-2)
    loss, gradient, hessian = residuals(point, rows)
    for _ in range(STEPS):
        damped = hessian[rows]
        np.einsum("rpp->rp", damped)[:] *= 1 + damping[rows, None]
        step = np.linalg.solve(damped, gradient[rows][..., None])[..., 0]
        promised = (step * gradient[rows]).sum(axis=1)
        tried = point[rows] - step.clip(-1.5, 1.5)
        new_loss, *new_slopes = residuals(tried, rows)
        better = new_loss < loss[rows]
        kept = rows[better]
        point[kept], loss[kept] = tried[better], new_loss[better]
        gradient[kept], hessian[kept] = (new[better] for new in new_slopes)
        damping[rows] = np.where(better, damping[rows] / 3, damping[rows] * 8).clip(1e-8, 1e8)
        rows = rows[(promised > ENOUGH) & (damping[rows] < 1e3)]
        if not len(rows):
            break
    return point, loss


def _residuals(design: Design, outcome, sd, prior: Prior, extra):
    """Loss, half its gradient and half its (Gauss-Newton) Hessian at the parameters of some data
    sets."""
    outcome, sd, certain = outcome[:, design.used], sd[design.used], np.diag(1 / prior.sd**2)

    def at(point: np.ndarray, rows: np.ndarray):
        mean, by = expected(design, point, design.used)
        off = (mean - outcome[rows]) / sd
        size = np.abs(off)
        weight = np.minimum(1, HUBER / np.maximum(size, FLOOR))
        believed = (point - prior.mean[rows]) / prior.sd
        loss = np.where(size <= HUBER, off**2, 2 * HUBER * size - HUBER**2).sum(axis=1)
        loss += (believed**2).sum(axis=1)
        gradient = np.matmul(by, (weight * off / sd)[..., None])[..., 0] + believed / prior.sd
        hessian = np.matmul(by * (weight / sd**2)[:, None], by.transpose(0, 2, 1)) + certain
        if extra is not None:
            off, by = extra(point, rows)
            loss += (off**2).sum(axis=1)
            gradient += np.matmul(by, off[..., None])[..., 0]
            hessian += np.matmul(by, by.transpose(0, 2, 1))
        return loss, gradient, hessian

    return at
