"""The response curve of each channel with spend, or the reason why it has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from goulot.errors import ParameterError
from goulot.methods.response import ResponseFit
from goulot.methods.response_fit import Weeks, fit_response
from goulot.methods.response_model import Lift
from goulot.quarter import Quarter
from goulot.steps.channel_weeks import ChannelWeeks, channel_weeks, share_of_week

# Why a channel has no curve: messages for ``Language.say``.
HARDLY_VARIED = "no curve: spend hardly varied"
ONLY_SEASON = "no curve: spend moved with the season and the trend alone"
TOO_FEW_WEEKS = "no curve: too few weeks with spend"
TOO_FEW_CUSTOMERS = "no curve: too few new customers"
NO_CURVE = (HARDLY_VARIED, ONLY_SEASON, TOO_FEW_WEEKS, TOO_FEW_CUSTOMERS)

LEAST_RELATIVE = 0.05  # of mean spend: a week with less counts as so much in logarithms
Z_90 = 1.645  # standard errors from the middle to the end of a 90 % interval


@dataclass(frozen=True, kw_only=True)
class CurvePolicy:
    """When a curve is fitted, and from which weeks.

    ``max_unattributed``: where a larger share of the new customers has no channel, a channel's own
    count is too low to learn from; all curves are then learned together from the customers of the
    channels with spend and of no channel;
    ``min_variation``: standard deviation of weekly spend as a share of its mean, below which there
    is no curve; ``min_own_variation``: the same beside season and trend, above what the noise in
    the season alone would leave; ``min_weeks`` of spend; ``min_customers`` a
    week; ``max_short``: weeks in which a larger share of the units wanted was not there are left
    out.
    """

    min_variation: float = 0.10
    min_own_variation: float = 0.15
    min_weeks: int = 26
    min_customers: float = 3.0
    max_short: float = 0.10
    max_unattributed: float = 0.20
    replicates: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("min_variation", "min_own_variation", "max_short", "max_unattributed"):
            if not 0 < getattr(self, name) <= 1:
                raise ParameterError(
                    f"{name}={getattr(self, name)} is not a share above 0 and up to 1: "
                    "write 0.10 for 10 %."
                )
        for name in ("min_weeks", "replicates"):
            if getattr(self, name) < 8:
                raise ParameterError(f"{name}={getattr(self, name)} is too few: write 8 or more.")


@dataclass(frozen=True)
class LiftTest:
    """A test that the client ran, as client.yml declares it; 90 % interval."""

    channel: str
    starts_on: date
    ends_on: date
    incremental_customers: float
    low: float
    high: float
    spend: float


@dataclass(frozen=True)
class ChannelCurves:
    """``fits``: channel → its curve; ``why_not``: channel → why it has none.

    ``variation``: channel → spread of weekly spend, and what of it season and trend leave [share of
    the mean]; ``left_out`` weeks were not learned from for want of stock; ``stock_known`` weeks had
    a count of the stock; ``tested``: channels whose curve a declared test holds;
    ``unattributed``: share of new customers without a channel; ``is_untracked``: so many that the
    channels' own counts are too low; ``together``: the curves were for that reason learned from all
    of them at once.
    """

    fits: Mapping[str, ResponseFit] = field(default_factory=lambda: MappingProxyType({}))
    why_not: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    variation: Mapping[str, tuple[float, float]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    left_out: int = 0
    stock_known: int = 0
    tested: tuple[str, ...] = ()
    unattributed: float = 0.0
    is_untracked: bool = False
    together: bool = False


def learn_curves(
    channel_week: pd.DataFrame,
    quarter: Quarter,
    policy: CurvePolicy | None = None,
    *,
    events: pd.DataFrame | None = None,
    shortage_week: pd.DataFrame | None = None,
    lift_tests: Sequence[LiftTest] = (),
) -> ChannelCurves:
    """Curves from the marts: what the constraint audit asks for.

    ``lift_tests`` are those of client.yml: anything with the attributes of ``LiftTest``.
    """
    weeks = channel_weeks(channel_week, quarter, events, shortage_week)
    return curves_of(weeks, policy or CurvePolicy(), lift_tests)


def curves_of(
    weeks: ChannelWeeks, policy: CurvePolicy, lift_tests: Sequence[LiftTest] = ()
) -> ChannelCurves:
    """A curve for every channel with spend that moved.

    Trend, harmonics of the year, declared events and the season of the demand that comes by itself
    are controls; the same blocks of weeks are resampled for all.
    """
    short = np.nan_to_num(weeks.short) > policy.max_short
    learners = {name: _Learner(weeks, name, ~short, policy) for name in weeks.paid}
    lifts = {name: one.lifts(lift_tests) for name, one in learners.items()}
    reasons = {name: one.why_not(is_tested=bool(lifts[name])) for name, one in learners.items()}
    why_not = {name: reason for name, reason in reasons.items() if reason}
    moved = [one for name, one in learners.items() if name not in why_not]
    share = weeks.unattributed
    is_untracked = share > policy.max_unattributed
    together = is_untracked and bool(moved)
    groups = [moved] if together else [[one] for one in moved]
    fits: dict[str, ResponseFit] = {}
    for group in groups:
        found = fit_response(
            _weeks_of(group, weeks, lifts, together),
            replicates=policy.replicates,
            seed=policy.seed,
        )
        fits |= {one.channel: fit for one, fit in zip(group, found, strict=True)}
    return ChannelCurves(
        fits=fits,
        why_not=why_not,
        variation={name: one.variation for name, one in learners.items()},
        left_out=int(short.sum()),
        stock_known=int(np.isfinite(weeks.short).sum()),
        tested=tuple(name for name in fits if lifts[name]),
        unattributed=share,
        is_untracked=is_untracked,
        together=together,
    )


def _weeks_of(
    group: Sequence["_Learner"],
    weeks: ChannelWeeks,
    lifts: Mapping[str, tuple[Lift, ...]],
    together: bool,
) -> Weeks:
    """The weeks in which all of ``group`` have spend, as a fit wants them."""
    span = slice(max(one.span.start for one in group), min(one.span.stop for one in group))
    controls = controls_of(weeks, group[0].row, span)
    level_at = weeks.in_quarter[span]
    return Weeks(
        outcome=(weeks.new_to_explain if together else weeks.new[group[0].row])[span],
        spend=np.array([np.nan_to_num(weeks.spend[one.row, span]) for one in group]),
        controls=controls.columns,
        control_mean=controls.mean,
        control_sd=controls.sd,
        used=group[0].stocked[span],
        level_at=level_at if level_at.any() else np.ones(len(level_at), dtype=bool),
        lifts=tuple(
            replace(lift, channel=place, share=lift.share[span])
            for place, one in enumerate(group)
            for lift in lifts[one.channel]
        ),
    )


class Controls(NamedTuple):
    """What moves demand beside spend: ``columns`` by week and control, and what is believed of
    their effects on the log of demand."""

    columns: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


def controls_of(weeks: ChannelWeeks, row: int, span: slice) -> Controls:
    """Trend, the year, events, and the season of the demand that comes by itself."""
    season = weeks.unpaid_season()
    turn = 2 * np.pi * weeks.day_of_year[span] / 365.25
    waves = 3 if len(turn) >= 52 else 1
    free = 0.4 if season is None else 0.2
    named = [(np.linspace(-1, 1, len(turn)), 0.0, 0.3)]
    named += [(f(k * turn) / k, 0.0, free) for k in range(1, waves + 1) for f in (np.sin, np.cos)]
    named.append((np.log(weeks.event[row, span]), 1.0, 0.3))
    named.append((weeks.open_event[row, span], 0.0, 0.3))
    if season is not None:
        named.append((season[span], 1.0, 0.3))
    columns, mean, sd = zip(*(part for part in named if np.ptp(part[0]) > 0), strict=True)
    return Controls(np.array(columns).T, np.array(mean), np.array(sd))


class _Learner:
    """One channel's weeks with spend, and whether they can teach a curve."""

    def __init__(
        self, weeks: ChannelWeeks, channel: str, stocked: np.ndarray, policy: CurvePolicy
    ) -> None:
        self.weeks, self.row, self.channel, self.policy = weeks, weeks.row(channel), channel, policy
        self.stocked = stocked
        known = np.flatnonzero(np.isfinite(weeks.spend[self.row]))
        self.span = slice(int(known[0]), int(known[-1]) + 1)
        self.variation = self._variation()

    def _variation(self) -> tuple[float, float]:
        """Spread of weekly spend: over all, as a share of its mean, and of its logarithm beside
        the controls (spend that follows the season to any power is explained by it)."""
        used = self.stocked[self.span]
        spend = np.nan_to_num(self.weeks.spend[self.row, self.span])[used]
        if len(spend) < 2 or not spend.mean():
            return 0.0, 0.0
        relative = spend / spend.mean()
        log = np.log(np.maximum(relative, LEAST_RELATIVE))
        controls = controls_of(self.weeks, self.row, self.span).columns[used]
        columns = np.column_stack([np.ones(len(spend)), controls])
        left = log - columns @ np.linalg.lstsq(columns, log, rcond=None)[0]
        freedom = max(len(spend) - columns.shape[1], 1)
        return float(relative.std()), float(np.sqrt((left**2).sum() / freedom))

    def why_not(self, *, is_tested: bool) -> str:
        """Why the channel has no curve; a test stands for spend that did not move by itself."""
        over_all, alone = self.variation
        if self.stocked[self.span].sum() < self.policy.min_weeks:
            return TOO_FEW_WEEKS
        if over_all < self.policy.min_variation and not is_tested:
            return HARDLY_VARIED
        if alone < self.policy.min_own_variation and not is_tested:
            return ONLY_SEASON
        new = self.weeks.new[self.row, self.span].mean()
        return TOO_FEW_CUSTOMERS if new < self.policy.min_customers else ""

    def lifts(self, tests: Sequence[LiftTest]) -> tuple[Lift, ...]:
        """The tests of this channel, over all weeks."""
        found = []
        for test in (t for t in tests if t.channel == self.channel):
            share = share_of_week(test.starts_on, test.ends_on, self.weeks.starts)
            if share.any():
                weekly = test.spend / share.sum()
                sd = (test.high - test.low) / (2 * Z_90)
                found.append(Lift(0, share, weekly, test.incremental_customers, sd))
        return tuple(found)
