"""Events without a declared multiplier: what was seen of them, and of ones like them."""

import numpy as np
import pandas as pd
import pytest
from channel_frames import QUARTER, channel_week
from goulot.steps.channel_weeks import channel_weeks, event_factors
from goulot.steps.past_effects import with_past_effects


def event(name, starts_on, ends_on, times=None, kind="promotion", channel=None):
    return {"event": name, "kind": kind, "starts_on": starts_on, "ends_on": ends_on,
            "channel": channel, "category": None, "expected_multiplier": times}  # fmt: skip


EVENTS = pd.DataFrame(
    [
        event("spring", "2026-03-02", "2026-03-08"),
        event("summer", "2026-06-01", "2026-06-07"),
        event("declared", "2026-05-04", "2026-05-10", times=1.3),
        event("next", "2026-11-23", "2026-11-29"),
        event("never seen", "2026-12-01", "2026-12-05", kind="launch"),
    ]
)


@pytest.fixture
def found():
    frame = channel_week()
    during = frame["week_starts_on"].isin(pd.to_datetime(["2026-03-02", "2026-06-01"]))
    frame.loc[during, "new_customers"] *= 2
    return with_past_effects(EVENTS, channel_weeks(frame, QUARTER, EVENTS))


def test_past_events_get_what_was_seen_and_planned_ones_the_median_of_their_kind(found):
    times = found.set_index("event")["expected_multiplier"]
    assert times["spring"] == pytest.approx(2, rel=0.25)
    assert times["summer"] == pytest.approx(2, rel=0.25)
    assert times["next"] == pytest.approx(np.median([times["spring"], times["summer"]]))


def test_what_is_declared_stands_and_what_nothing_tells_of_stays_open(found):
    times = found.set_index("event")["expected_multiplier"]
    assert times["declared"] == 1.3
    assert np.isnan(times["never seen"])
    assert EVENTS["expected_multiplier"].notna().sum() == 1


def test_the_planned_event_lifts_its_week(found):
    starts = np.array(["2026-11-23"], dtype="datetime64[D]")
    factor, _ = event_factors(found, starts, ("Email",))
    assert factor[0, 0] > 1.6
