"""Events of the marketing calendar: what past ones did to demand, what planned ones will do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from goulot.findings import Basis

NO_PAST_SD = 0.20  # of a logarithm: how wrong a lift is told where no similar event is known
LEAST_SD = 0.05
CLOSE_DAYS = 2  # an event and its twin of another year may differ so much in length

# How the demand of an event is told: messages for ``Language.say``.
SAME_EVENT = "from the same event in earlier years"
SAME_KIND = "from past events of its kind"
AS_DECLARED = "as declared in the calendar: no similar event is known"
DETECTED = "from a spike at this time of last year: no calendar names it"
NO_LIFT = "no similar event is known, and the calendar declares no multiple"
NOTES = (SAME_EVENT, SAME_KIND, AS_DECLARED, DETECTED, NO_LIFT)


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event; ``channel`` and ``category`` are empty where it is for the whole shop."""

    name: str
    kind: str
    starts_on: date
    ends_on: date
    channel: str = ""
    category: str = ""
    declared: float | None = None

    @property
    def days(self) -> pd.DatetimeIndex:
        return pd.date_range(self.starts_on, self.ends_on)

    @property
    def series(self) -> str:
        """The name without its year: what returns every year.

        >>> day = date(2026, 11, 27)
        >>> Event(name="Black Friday 2026", kind="promotion", starts_on=day, ends_on=day).series
        'black friday'
        """
        return " ".join(re.sub(r"\d+", " ", self.name).casefold().split())


@dataclass(frozen=True)
class Lift:
    """What an event makes of a usual day: a multiple, the standard deviation of its logarithm, and
    the multiple of its fullest day; ``past`` events it is told from."""

    times: float
    log_sd: float
    peak_times: float
    basis: Basis
    note: str
    past: tuple[str, ...] = ()


def events_of(frame: pd.DataFrame) -> tuple[Event, ...]:
    """The events of the mart ``event``, by first day."""
    rows = frame.sort_values(["starts_on", "event"])
    return tuple(
        Event(
            name=str(row.event), kind=str(row.kind or ""), starts_on=_day(row.starts_on),
            ends_on=_day(row.starts_on if pd.isna(row.ends_on) else row.ends_on),
            channel=_text(row.channel), category=_text(row.category),
            declared=None if pd.isna(row.expected_multiplier) else float(row.expected_multiplier),
        )
        for row in rows.itertuples()
    )  # fmt: skip


def _day(value) -> date:
    return pd.Timestamp(value).date()


def _text(value) -> str:
    return "" if pd.isna(value) else str(value)


def recurring(spikes: pd.DataFrame, as_of: date, until: date) -> tuple[Event, ...]:
    """Last year's spikes of the shop as events of this year, where no calendar names any: the same
    weekday 52 weeks later."""
    shifted = spikes.assign(
        starts_on=spikes["starts_on"] + pd.Timedelta(days=364),
        ends_on=spikes["ends_on"] + pd.Timedelta(days=364),
    )
    rows = shifted[(shifted["starts_on"] > pd.Timestamp(as_of))
                   & (shifted["starts_on"] <= pd.Timestamp(until))]  # fmt: skip
    return tuple(
        Event(
            name=f"{row.starts_on - pd.Timedelta(days=364):%Y-%m-%d}", kind="season",
            starts_on=row.starts_on.date(), ends_on=row.ends_on.date(), declared=float(row.times),
        )
        for row in rows.sort_values("starts_on").itertuples()
    )  # fmt: skip


def observed_lifts(
    past: Sequence[Event], orders: pd.Series, usual: pd.Series
) -> dict[str, tuple[float, float]]:
    """Event → ``(orders as a multiple of the usual, the same of its fullest day)``.

    ``orders`` and ``usual`` by day; events that the days do not cover whole are left out.
    """
    found = {}
    for event in past:
        days = event.days
        if not days.isin(orders.index).all():
            continue
        mine, normal = orders[days], usual[days]
        if normal.sum() > 0:
            ratio = (mine / normal.clip(lower=1e-9)).max()
            found[event.name] = (float(mine.sum() / normal.sum()), float(ratio))
    return found


def expected_lift(
    event: Event, past: Sequence[Event], lifts: dict[str, tuple[float, float]], is_detected: bool
) -> Lift | None:
    """What a planned event will do: as its earlier years did, else as its kind did, else as
    declared. None where nothing tells.

    The mean of the logarithms; the spread is that between the events, and never less than that of
    all events of the history around their own series.
    """
    known = [e for e in past if e.name in lifts]
    same = [e for e in known if e.series == event.series]
    kin = [e for e in known if e.kind == event.kind and bool(e.channel) == bool(event.channel)
           and bool(e.category) == bool(event.category)]  # fmt: skip
    if is_detected and event.declared:
        return Lift(event.declared, NO_PAST_SD, event.declared, "observed", DETECTED)
    for group, note in ((same, SAME_EVENT), (kin, SAME_KIND)):
        if group and (note == SAME_EVENT or (len(group) >= 3 and not event.declared)):
            return _told_by(group, lifts, known, note)
    if event.declared:
        return Lift(event.declared, NO_PAST_SD, event.declared, "declared", AS_DECLARED)
    return None


def _told_by(group, lifts, known, note: str) -> Lift:
    logs = np.log([max(lifts[e.name][0], 0.05) for e in group])
    peaks = np.log([max(lifts[e.name][1], 0.05) for e in group])
    spread = float(logs.std(ddof=1)) if len(logs) > 1 else 0.0
    sd = max(spread, _between_years(known, lifts), LEAST_SD) * np.sqrt(1 + 1 / len(logs))
    return Lift(
        float(np.exp(logs.mean())), float(sd), float(np.exp(peaks.mean())), "observed", note,
        tuple(e.name for e in group),
    )  # fmt: skip


def _between_years(known: Sequence[Event], lifts: dict[str, tuple[float, float]]) -> float:
    """Pooled standard deviation of the logarithm of a lift from year to year of one event."""
    squares, count = 0.0, 0
    for series in sorted({e.series for e in known}):
        logs = np.log([max(lifts[e.name][0], 0.05) for e in known if e.series == series])
        if len(logs) > 1:
            squares += float(((logs - logs.mean()) ** 2).sum())
            count += len(logs) - 1
    return float(np.sqrt(squares / count)) if count else NO_PAST_SD / 2


def event_slug(name: str) -> str:
    """The name as the end of a finding's name.

    >>> event_slug("Fête des Mères 2026")
    'fete_des_meres_2026'
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "_".join(words) or "event"
