"""What events of unknown strength did in the past, and what ones like them should do again."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from goulot.steps.channel_weeks import ChannelWeeks, share_of_week

NEIGHBORS = 4  # weeks on either side that tell what would have come anyway
LEAST_SHARE = 2 / 7  # of a week that an event must last to be seen in it


def with_past_effects(events: pd.DataFrame, weeks: ChannelWeeks) -> pd.DataFrame:
    """``events`` with a multiplier where none is declared: of past ones as seen, of planned ones
    the median of the past ones of their kind. Those that nothing tells of stay without."""
    if events.empty:
        return events
    times = events["expected_multiplier"].astype(float).to_numpy(copy=True)
    open_ended = np.isnan(times) & events["category"].isna().to_numpy()
    shares = [
        share_of_week(row["starts_on"], row["ends_on"], weeks.starts)
        for row in events.to_dict("records")
    ]
    quiet = np.sum(shares, axis=0) == 0
    for place in np.flatnonzero(open_ended):
        times[place] = _seen(shares[place], _counts(events["channel"].iloc[place], weeks), quiet)
    by_kind = _median_by_kind(events["kind"], times, open_ended)
    for place in np.flatnonzero(open_ended & np.isnan(times)):
        times[place] = by_kind.get(str(events["kind"].iloc[place]), np.nan)
    return events.assign(expected_multiplier=times)


def _counts(channel: object, weeks: ChannelWeeks) -> np.ndarray:
    if isinstance(channel, str) and channel in weeks.channels:
        return weeks.new[weeks.row(channel)]
    return weeks.new.sum(axis=0)


def _seen(share: np.ndarray, counts: np.ndarray, quiet: np.ndarray) -> float:
    """Multiple of the neighboring weeks without events, scaled to a whole week; nan: not seen."""
    during = np.flatnonzero(share >= LEAST_SHARE)
    if not len(during):
        return np.nan
    near = np.arange(max(during[0] - NEIGHBORS, 0), min(during[-1] + NEIGHBORS + 1, len(counts)))
    near = near[quiet[near]]
    usual = counts[near].mean() if len(near) else 0.0
    if not usual > 0:
        return np.nan
    return max(1 + float(counts[during].mean() / usual - 1) / float(share[during].mean()), 0.1)


def _median_by_kind(
    kinds: pd.Series, times: np.ndarray, open_ended: np.ndarray
) -> Mapping[str, float]:
    seen = open_ended & np.isfinite(times)
    found = pd.Series(times[seen]).groupby(kinds.astype(str).to_numpy()[seen]).median()
    return {str(kind): float(value) for kind, value in found.items()}
