"""Forecasts of weekly counts, and how good they were: rolling origin, two methods side by side."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

Method = Literal["seasonal naive", "last value", "exponential smoothing",
                 "exponential smoothing with last year's season"]  # fmt: skip
YEAR = 52
ALPHAS = np.array([0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.65])
TAYLOR = 0.75  # the spread of a count grows with its mean to this power (Taylor 1961: 0.5 to 1)
WARM_UP = 8  # weeks before the first forecast


def seasonal_naive(history: np.ndarray, leads: int) -> np.ndarray:
    """The same week of last year; the last week where there is no year yet.

    >>> seasonal_naive(np.arange(60.0), 3).tolist()
    [8.0, 9.0, 10.0]
    """
    places = len(history) + np.arange(leads) - YEAR
    if places[0] < 0:
        return np.full(leads, history[-1])
    return history[places]


def smoothed_levels(series: np.ndarray) -> np.ndarray:
    """Simple exponential smoothing (Brown 1959): the level after each week, by ``ALPHAS`` (row)."""
    levels = np.empty((len(ALPHAS), len(series)))
    level = np.full(len(ALPHAS), series[: min(4, len(series))].mean())
    for week, value in enumerate(series):
        level = level + ALPHAS * (value - level)
        levels[:, week] = level
    return levels


def best_levels(series: np.ndarray) -> np.ndarray:
    """The level after each week, by the constant that foretold the weeks up to then best."""
    levels = smoothed_levels(series)
    missed = np.zeros_like(levels)
    missed[:, 1:] = np.cumsum(np.abs(series[1:] - levels[:, :-1]), axis=1)
    return levels[missed.argmin(axis=0), np.arange(len(series))]


def year_profile(pooled: np.ndarray) -> np.ndarray:
    """For each week from the second year on, the smoothed pooled count of a year before.

    Longer by a year than ``pooled``; nan in the first year. A profile pooled over channels is less
    noisy than a channel's own (Dekker, van Donselaar & Ouwehand 2004).
    """
    weights = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9
    smooth = np.convolve(np.pad(pooled, 2, mode="edge"), weights, "valid")
    return np.concatenate([np.full(YEAR, np.nan), np.maximum(smooth, 0.05 * pooled.mean() + 1e-9)])


@dataclass(frozen=True)
class Rolled:
    """Forecasts made at the end of each week ``origins``, for the weeks after it (columns).

    ``forecast`` and ``actual`` (nan beyond the data), events included.
    """

    method: Method
    origins: np.ndarray
    forecast: np.ndarray
    actual: np.ndarray

    def wape(self, leads: int) -> float:
        """Sum of absolute errors over the sum of what came, over the first ``leads`` weeks."""
        return float(self.wapes(leads, np.arange(len(self.origins))))

    def wapes(self, leads: int, picks: np.ndarray) -> np.ndarray:
        """:meth:`wape` of each pick of origins (last axis); nan where nothing came."""
        actual = self.actual[:, :leads]
        missed = np.nan_to_num(np.abs(actual - self.forecast[:, :leads])).sum(axis=1)[picks]
        came = np.nan_to_num(actual).sum(axis=1)[picks].sum(axis=-1)
        return missed.sum(axis=-1) / np.where(came > 0, came, np.nan)

    @cached_property
    def scaled_errors(self) -> np.ndarray:
        return (self.actual - self.forecast) / spread_of(self.forecast)


def spread_of(forecast: np.ndarray) -> np.ndarray:
    """What errors are divided by to be alike in weak and in strong weeks."""
    return np.maximum(forecast, 0.5) ** TAYLOR


def methods_for(weeks: int) -> tuple[Method, ...]:
    """The naive method first; the season of last year only where it can be tried out."""
    if weeks >= YEAR + 3 * WARM_UP:
        return ("seasonal naive", "exponential smoothing",
                "exponential smoothing with last year's season")  # fmt: skip
    return ("last value", "exponential smoothing")


def first_origin(weeks: int) -> int:
    """Of the week at whose end the first forecast is made: all methods are tried on the same."""
    return YEAR + WARM_UP if weeks >= YEAR + 3 * WARM_UP else max(WARM_UP, min(13, weeks // 2))


def roll(
    method: Method, counts: np.ndarray, event: np.ndarray, pooled: np.ndarray, leads: int
) -> Rolled:
    """Forecast from every origin with what was known then (Tashman 2000); the last row is now.

    Parameters
    ----------
    counts, pooled : what came by week, of this series and of all together
    event : factor that events make of a week, over the counts and the ``leads`` weeks after them
    """
    weeks = len(counts)
    normal, whole = counts / event[:weeks], pooled / event[:weeks]
    origins = np.arange(first_origin(weeks), weeks + 1)
    ahead = origins[:, None] + np.arange(leads)
    if method.startswith("exponential"):
        season = np.ones(weeks + YEAR)
        if method != "exponential smoothing":
            season = year_profile(whole)
        start = 0 if method == "exponential smoothing" else YEAR
        level = np.full(weeks, np.nan)
        level[start:] = best_levels(normal[start:] / season[start:weeks])
        forecast = level[origins - 1][:, None] * season[ahead]
    else:
        forecast = np.array([seasonal_naive(normal[:end], leads) for end in origins])
    actual = np.append(counts, np.full(leads, np.nan))[ahead]
    return Rolled(method, origins, forecast * event[ahead], actual)


def error_quantiles(rolled: Rolled, leads: slice, before: np.ndarray, levels) -> np.ndarray:
    """Quantiles (columns) of the scaled errors of forecasts whose outcome was known at each of the
    weeks ``before`` (rows); nan where none was.

    Split conformal in time (Vovk et al. 2005), with the finite-sample correction.
    """
    targets = (rolled.origins[:, None] + np.arange(rolled.forecast.shape[1]))[:, leads]
    known = targets < np.asarray(before)[:, None, None]
    errors = np.where(known, rolled.scaled_errors[:, leads], np.nan).reshape(len(before), -1)
    count = np.isfinite(errors).sum(axis=1, keepdims=True)
    wider = 1 + 1 / np.maximum(count, 1)
    last = np.maximum(count - 1, 0)
    place = np.clip(0.5 + (np.asarray(levels) - 0.5) * wider, 0, 1) * last
    below = place.astype(int)
    ranked = np.sort(errors, axis=1)  # what is not known comes last
    low = np.take_along_axis(ranked, below, axis=1)
    high = np.take_along_axis(ranked, np.minimum(below + 1, last), axis=1)
    return low + (high - low) * (place - below)


def coverage(rolled: Rolled, lead: int, share: float = 0.8, least: int = 12) -> float:
    """Share of outcomes ``lead`` weeks ahead inside intervals made from earlier errors alone."""
    window = slice(max(lead - 2, 0), lead + 1)
    tails = (0.5 - share / 2, 0.5 + share / 2)
    errors = rolled.scaled_errors[:, lead - 1]
    low, high = error_quantiles(rolled, window, rolled.origins, tails).T
    told = np.isfinite(errors) & np.isfinite(low) & (np.arange(len(errors)) >= least)
    inside = (low <= errors) & (errors <= high)
    return float(inside[told].mean()) if told.any() else np.nan
