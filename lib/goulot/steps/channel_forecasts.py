"""How predictable weekly counts are, and what the next quarter should bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from goulot.errors import ParameterError
from goulot.findings import Figure
from goulot.methods.forecasts import (
    Method,
    Rolled,
    coverage,
    error_quantiles,
    methods_for,
    roll,
    spread_of,
)
from goulot.quarter import Quarter
from goulot.steps.stages import interval

Grade = Literal["plan on it", "watch it", "don't build on it", "too short to say"]
SHORT, LONG = 4, 8  # weeks ahead that are graded
LEADS = 15  # weeks that reach over the next quarter from its eve
MIN_WEEKS = 26
TOTAL = "total"
PATH = ["week_starts_on", "expected", "low", "high"]

TOO_SHORT = "too few weeks to try a forecast out"
TOO_FEW = "too few a week to forecast"
NOTES = (TOO_SHORT, TOO_FEW)


@dataclass(frozen=True, kw_only=True)
class ForecastPolicy:
    """Grades: ``plan_from`` [1 − WAPE at four weeks] and not worse than the naive forecast to plan
    on it, ``watch_from`` to watch it; ``min_per_week``: fewer are not forecast."""

    plan_from: float = 0.80
    watch_from: float = 0.60
    min_per_week: float = 1.0
    replicates: int = 300
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 < self.watch_from <= self.plan_from < 1:
            raise ParameterError(
                f"watch_from={self.watch_from} and plan_from={self.plan_from} are shares, the "
                "second not below the first: write 0.6 and 0.8."
            )


@dataclass(frozen=True)
class SeriesForecast:
    """One series: the method that was better, how good it is, and what it says.

    ``wape`` by method at four weeks, all tried on the same weeks; ``coverage`` of the 80 %
    interval at four weeks; ``path``: week_starts_on, expected, low, high (80 % interval).
    """

    name: str
    grade: Grade
    method: Method | None
    wape: Mapping[str, float]
    predictability: Figure
    predictability_long: Figure
    skill: Figure
    coverage: float | None
    next_quarter: Figure
    path: pd.DataFrame


@dataclass(frozen=True)
class _Best:
    rolled: Rolled
    by_method: Mapping[str, Rolled]


def forecast_all(
    counts: Mapping[str, np.ndarray],
    starts: np.ndarray,
    events: Mapping[str, np.ndarray],
    quarter: Quarter,
    policy: ForecastPolicy,
    unit: str = "customers",
) -> tuple[SeriesForecast, ...]:
    """Every series and their total, which is the sum of its parts.

    Parameters
    ----------
    counts : series → count of each week of ``starts``
    events : series → factor of events in these weeks and the ``LEADS`` weeks after them
    quarter : the quarter that ended; the next one is forecast
    """
    names = sorted(counts)
    weeks = len(starts)
    if weeks < MIN_WEEKS:
        return tuple(_unknown(name, TOO_SHORT, unit) for name in (*names, TOTAL))
    best, whole = _best_of_all(counts, events, policy)
    shares = _days_of(quarter.next, starts[-1])
    ahead = _weeks_after(starts)
    made = [
        _told(name, best[name], [best[name].rolled], ahead, shares, policy, unit)
        if name in best else _unknown(name, TOO_FEW, unit)
        for name in names
    ]  # fmt: skip
    parts = [one.rolled for one in best.values()] or [whole.rolled]
    return (*made, _told(TOTAL, whole, parts, ahead, shares, policy, unit))


def total_path(
    counts: Mapping[str, np.ndarray],
    starts: np.ndarray,
    events: Mapping[str, np.ndarray],
    policy: ForecastPolicy,
) -> pd.DataFrame:
    """The ``path`` of the total of ``forecast_all``, without how good any of it is."""
    if len(starts) < MIN_WEEKS:
        return pd.DataFrame(columns=PATH)
    best, whole = _best_of_all(counts, events, policy)
    parts = [one.rolled for one in best.values()] or [whole.rolled]
    return _path(whole.rolled, parts, _weeks_after(starts))


def _best_of_all(
    counts: Mapping[str, np.ndarray], events: Mapping[str, np.ndarray], policy: ForecastPolicy
) -> tuple[dict[str, _Best], _Best]:
    """The best forecast of each series with enough a week to forecast, and of their total."""
    names = sorted(counts)
    pooled = np.sum([counts[name] for name in names], axis=0)
    shared = np.mean([events[name] for name in names], axis=0)
    enough = [name for name in names if counts[name].mean() >= policy.min_per_week]
    best = {name: _best(counts[name], events[name], pooled) for name in enough}
    return best, _best(pooled, shared, pooled)


def _weeks_after(starts: np.ndarray) -> np.ndarray:
    return starts[-1] + np.timedelta64(7, "D") * np.arange(1, LEADS + 1)


def _best(counts: np.ndarray, event: np.ndarray, pooled: np.ndarray) -> _Best:
    rolled = {m: roll(m, counts, event, pooled, LEADS) for m in methods_for(len(counts))}
    better = min(rolled, key=lambda m: (np.nan_to_num(rolled[m].wape(SHORT), nan=9.0), m))
    return _Best(rolled[better], rolled)


def _told(name, best: _Best, parts, ahead, shares, policy, unit) -> SeriesForecast:
    """``parts`` are the forecasts that add up to this series: itself, or the channels'."""
    rolled = best.rolled
    naive = next(iter(best.by_method.values()))
    short, long = (_predictability(rolled, leads, policy) for leads in (SHORT, LONG))
    skill = _skill(rolled, naive, policy)
    held = coverage(rolled, SHORT)
    return SeriesForecast(
        name=name,
        grade=_grade(short, skill, policy),
        method=rolled.method,
        wape={method: one.wape(SHORT) for method, one in best.by_method.items()},
        predictability=short,
        predictability_long=long,
        skill=skill,
        coverage=None if np.isnan(held) else held,
        next_quarter=_next_quarter(parts, shares, unit),
        path=_path(rolled, parts, ahead),
    )


def _unknown(name: str, why: str, unit: str) -> SeriesForecast:
    share = Figure.unknown("share", why)
    return SeriesForecast(
        name, "too short to say", None, {}, share, share, share, None, Figure.unknown(unit, why),
        pd.DataFrame(columns=PATH),
    )  # fmt: skip


def _grade(short: Figure, skill: Figure, policy: ForecastPolicy) -> Grade:
    if not isinstance(short.value, float):
        return "too short to say"
    beats = isinstance(skill.value, float) and skill.value >= 0
    if short.value >= policy.plan_from and beats:
        return "plan on it"
    return "watch it" if short.value >= policy.watch_from else "don't build on it"


def _picks(rolled: Rolled, leads: int, policy: ForecastPolicy) -> np.ndarray:
    """Resampled blocks of origins: their errors overlap, so that neighbors stay together."""
    count = int(np.isfinite(rolled.actual[:, leads - 1]).sum())
    rng = np.random.default_rng(policy.seed)
    starts = rng.integers(0, max(count, 1), (policy.replicates, -(-count // LONG)))
    places = (starts[..., None] + np.arange(LONG)) % max(count, 1)
    return places.reshape(policy.replicates, -1)[:, :count]


def _predictability(rolled: Rolled, leads: int, policy: ForecastPolicy) -> Figure:
    value = 1 - rolled.wape(leads)
    if np.isnan(value):
        return Figure.unknown("share", TOO_SHORT)
    low, high = interval(1 - rolled.wapes(leads, _picks(rolled, leads, policy)))
    return Figure(value=value, unit="share", basis="observed", low=min(low, value),
                  high=max(high, value))  # fmt: skip


def _skill(rolled: Rolled, naive: Rolled, policy: ForecastPolicy) -> Figure:
    """One less the error as a share of the naive forecast's."""
    worst = naive.wape(SHORT)
    if np.isnan(worst) or not worst:
        return Figure.unknown("share", TOO_SHORT)
    value = 1 - rolled.wape(SHORT) / worst
    picks = _picks(rolled, SHORT, policy)
    worse = np.maximum(naive.wapes(SHORT, picks), 1e-9)
    low, high = interval(1 - rolled.wapes(SHORT, picks) / worse)
    return Figure(value=value, unit="share", basis="observed", low=min(low, value),
                  high=max(high, value))  # fmt: skip


def _days_of(quarter: Quarter, last_start: np.datetime64) -> np.ndarray:
    """Share of each of the coming weeks that lies in the quarter."""
    starts = last_start + np.timedelta64(7, "D") * np.arange(1, LEADS + 1)
    first, last = np.datetime64(quarter.first_day), np.datetime64(quarter.last_day)
    begins, ends = np.maximum(starts, first), np.minimum(starts + np.timedelta64(6, "D"), last)
    return np.clip((ends - begins).astype(int) + 1, 0, 7) / 7


def _next_quarter(parts: list[Rolled], shares: np.ndarray, unit: str) -> Figure:
    """The sum over the quarter, and its interval from the errors of such sums in the past.

    Sums of overlapping quarters hang together: their spread is taken as known from a quarter as
    many cases (Student's t).
    """
    value = sum(float(part.forecast[-1] @ shares) for part in parts)
    last = int(np.flatnonzero(shares)[-1]) + 1
    weights = shares[:last]
    known = np.all([np.isfinite(p.actual[:, last - 1]) for p in parts], axis=0)
    if known.sum() >= 2 * SHORT:
        came = sum(p.actual[known, :last] @ weights for p in parts)
        said = sum(p.forecast[known, :last] @ weights for p in parts)
        errors = (came - said) / spread_of(said)
        half = stats.t.ppf(0.95, max(known.sum() / 4, 3)) * np.sqrt(np.mean(errors**2))
        half *= spread_of(np.array(value))
    else:  # errors of all weeks in one direction
        each = [_root_mean_square(p) * spread_of(p.forecast[-1, :last]) @ weights for p in parts]
        half = 1.645 * sum(each)
    return Figure(value=value, unit=unit, basis="observed", low=max(value - half, 0.0),
                  high=value + half)  # fmt: skip


def _root_mean_square(rolled: Rolled) -> float:
    errors = rolled.scaled_errors[:, :SHORT]
    errors = errors[np.isfinite(errors)]
    return float(np.sqrt(np.mean(errors**2))) if len(errors) else 1.0


def _path(rolled: Rolled, parts: list[Rolled], ahead: np.ndarray) -> pd.DataFrame:
    expected = np.sum([part.forecast[-1] for part in parts], axis=0)
    end = rolled.origins[-1:] + 1
    windows = [slice(max(min(n, SHORT) - 2, 0), min(n, LONG) + 1) for n in range(LEADS)]
    bands = np.vstack([error_quantiles(rolled, leads, end, (0.1, 0.9)) for leads in windows])
    low, high = (bands * spread_of(expected)[:, None] + expected[:, None]).T
    return pd.DataFrame(
        {
            "week_starts_on": ahead.astype("M8[s]"),
            "expected": expected,
            "low": np.maximum(low, 0.0),
            "high": high,
        }
    )
