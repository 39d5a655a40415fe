"""The weeks of the channels as arrays: customers, spend, season, events, and what stock allowed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from goulot.quarter import Quarter

# Channels whose customers come by themselves: their season is the demand's, not the spend's.
UNPAID_DEMAND = ("Organic Search", "Direct", "Email", "Referral", "Organic Social")
NO_CHANNEL = "Unattributed"
MIN_UNPAID_PER_WEEK = 20.0  # below, their season is mostly noise
SMOOTHING = np.array([1.0, 2.0, 1.0]) / 4


@dataclass(frozen=True)
class ChannelWeeks:
    """Whole weeks up to the end of the quarter, in order.

    ``new`` and ``spend`` by channel (row) and week; spend is nan in all weeks of a channel that no
    advertising export names, and in those outside the export's days. ``claimed`` are the
    conversions that the platforms claim. ``event`` is the factor that declared events make of a
    normal week, by channel; ``open_event`` marks weeks with events of unknown strength.
    ``short`` is the share of the units wanted that was not there, nan where stock was not counted.
    ``in_quarter`` marks the weeks that begin and end in the quarter.
    """

    starts: np.ndarray
    channels: tuple[str, ...]
    new: np.ndarray
    orders: np.ndarray
    spend: np.ndarray
    claimed: np.ndarray
    event: np.ndarray
    open_event: np.ndarray
    short: np.ndarray
    in_quarter: np.ndarray

    def row(self, channel: str) -> int:
        return self.channels.index(channel)

    @property
    def count(self) -> int:
        return len(self.starts)

    @property
    def paid(self) -> tuple[str, ...]:
        """Channels that an export of advertising names, with spend in the quarter or before."""
        has = np.nansum(np.nan_to_num(self.spend), axis=1) > 0
        return tuple(name for name, is_paid in zip(self.channels, has, strict=True) if is_paid)

    @property
    def unattributed(self) -> float:
        """Share of all new customers that have no channel."""
        if NO_CHANNEL not in self.channels or not self.new.sum():
            return 0.0
        return float(self.new[self.row(NO_CHANNEL)].sum() / self.new.sum())

    @property
    def new_to_explain(self) -> np.ndarray:
        """New customers of the channels with spend and of no channel, by week."""
        rows = [self.row(name) for name in self.channels if name in (*self.paid, NO_CHANNEL)]
        return self.new[rows].sum(axis=0)

    @property
    def day_of_year(self) -> np.ndarray:
        """Of the middle of each week."""
        return pd.DatetimeIndex(self.starts + np.timedelta64(3, "D")).day_of_year.to_numpy()

    def unpaid_season(self) -> np.ndarray | None:
        """Log of demand that came by itself, events taken out, about 0; None: too few to tell."""
        rows = [self.row(name) for name in UNPAID_DEMAND
                if name in self.channels and name not in self.paid]  # fmt: skip
        came = self.new[rows].sum(axis=0) if rows else np.zeros(self.count)
        if not rows or came.mean() < MIN_UNPAID_PER_WEEK:
            return None
        usual = came / self.event[rows].mean(axis=0)
        smooth = np.convolve(np.pad(usual, 1, mode="edge"), SMOOTHING, "valid")
        log = np.log(np.maximum(smooth, 0.1 * usual.mean()))
        return log - log.mean()


def channel_weeks(
    channel_week: pd.DataFrame,
    quarter: Quarter,
    events: pd.DataFrame | None = None,
    shortage_week: pd.DataFrame | None = None,
) -> ChannelWeeks:
    """Lay the marts out by week.

    Parameters
    ----------
    channel_week, events, shortage_week : the marts ``channel_week``, ``event``, ``shortage_week``;
        weeks after the quarter are left out, so that a past quarter is read as it was then
    """
    frame = _whole_weeks(channel_week, quarter)
    starts = np.array(sorted(frame["week_starts_on"].unique()), dtype="datetime64[D]")
    channels = tuple(sorted(frame["channel"].unique()))
    table = frame.set_index(["channel", "week_starts_on"]).sort_index()

    def laid_out(column: str) -> np.ndarray:
        wide = table[column].astype("Float64").unstack()
        return wide.to_numpy(dtype=float, na_value=np.nan)

    event, open_event = event_factors(events, starts, channels)
    return ChannelWeeks(
        starts=starts,
        channels=channels,
        new=laid_out("new_customers"),
        orders=laid_out("orders"),
        spend=_within_export(laid_out("spend")),
        claimed=laid_out("conversions"),
        event=event,
        open_event=open_event,
        short=_short_share(shortage_week, starts),
        in_quarter=_inside(starts, quarter),
    )


def _whole_weeks(channel_week: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """Whole weeks between the first order and the end of the quarter."""
    ends = channel_week["week_starts_on"] + pd.Timedelta(days=6)
    frame = channel_week[(channel_week["days"] == 7) & (ends <= pd.Timestamp(quarter.last_day))]
    sold = frame.loc[frame["orders"] > 0, "week_starts_on"]
    return frame[frame["week_starts_on"].between(sold.min(), sold.max())]


def _inside(starts: np.ndarray, quarter: Quarter) -> np.ndarray:
    first, last = np.datetime64(quarter.first_day), np.datetime64(quarter.last_day)
    return (starts >= first) & (starts + np.timedelta64(6, "D") <= last)


def _within_export(spend: np.ndarray) -> np.ndarray:
    """Nan before the first and after the last week with spend: no export speaks of them."""
    known = spend.copy()
    for row in known:
        weeks = np.flatnonzero(np.nan_to_num(row) > 0)
        if len(weeks):
            row[: weeks[0]], row[weeks[-1] + 1 :] = np.nan, np.nan
    return known


def _short_share(shortage_week: pd.DataFrame | None, starts: np.ndarray) -> np.ndarray:
    if shortage_week is None or shortage_week.empty:
        return np.full(len(starts), np.nan)
    by_week = shortage_week.assign(week_starts_on=shortage_week["week_starts_on"].astype("M8[s]"))
    found = by_week.set_index("week_starts_on").reindex(starts.astype("M8[s]"))
    short, sold = found["short_units"].to_numpy(float), found["units"].to_numpy(float)
    return short / np.maximum(short + sold, 1e-9)


def event_factors(
    events: pd.DataFrame | None, starts: np.ndarray, channels: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """What events make of a normal week, by channel and week, and the weeks of the others.

    An event with a multiplier counts for the share of the week's days that it lasts, on its channel
    or on all. One for a category alone, or without a multiplier, is of unknown strength.
    """
    factor, unknown = np.ones((len(channels), len(starts))), np.zeros((len(channels), len(starts)))
    for event in [] if events is None else events.to_dict("records"):
        share = share_of_week(event["starts_on"], event["ends_on"], starts)
        rows = [n for n, name in enumerate(channels) if _text(event["channel"]) in ("", name)]
        times = event["expected_multiplier"]
        if pd.isna(times) or _text(event["category"]):
            unknown[rows] = np.maximum(unknown[rows], share)
        else:
            factor[rows] *= 1 + (float(times) - 1) * share
    return factor, unknown


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def share_of_week(first, last, starts: np.ndarray) -> np.ndarray:
    """Share of the seven days of each week between two days, both included."""
    first = np.datetime64(pd.Timestamp(first), "D")
    last = first if pd.isna(last) else np.datetime64(pd.Timestamp(last), "D")
    begins, ends = np.maximum(starts, first), np.minimum(starts + np.timedelta64(6, "D"), last)
    days = (ends - begins).astype("timedelta64[D]").astype(int) + 1
    return np.clip(days, 0, 7) / 7
