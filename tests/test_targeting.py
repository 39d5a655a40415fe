"""Step 4: places to bid less or more for, and how far."""

from dataclasses import replace

import numpy as np
import pytest
from channel_frames import BASE, HALF, TOP, channel_week
from feedback_frames import marts, world
from feedback_reports import ENGLISH, POLICY, read
from goulot import sentences
from goulot.errors import ParameterError
from goulot.methods.discoveries import discovered
from goulot.steps.feedback import with_bids, with_policy, with_strength
from goulot.steps.feedback_inputs import FeedbackPolicy


@pytest.fixture(scope="module")
def report():
    return read()


@pytest.fixture(scope="module")
def truth():
    return world(1)[1]


def test_slow_places_are_listed_and_the_others_are_not(report, truth):
    slow = {change.region for change in report.changes if change.reason == "slow"}
    assert slow == set(truth.bad)


def test_bids_keep_within_their_bounds_and_follow_the_strength(report):
    strong = with_policy(report, replace(POLICY, strength=50.0))
    assert {c.modifier for c in strong.changes if c.modifier < 0} == {-0.5}
    assert all(-0.5 <= c.modifier <= 0.3 for c in strong.changes)
    weak = with_policy(report, replace(POLICY, strength=0.0))
    assert weak.changes == ()


def test_a_strength_moves_the_listed_places_as_if_all_were_read_anew(report):
    strong = replace(POLICY, strength=2.0)
    moved, anew = (
        with_strength(with_bids(report, POLICY, 7.0), 2.0),
        with_bids(report, strong, 7.0),
    )
    told = [[(c.key, c.modifier, c.effect) for c in found.changes] for found in (moved, anew)]
    assert told[0] == told[1] != []


def test_nothing_asks_for_more_orders_where_operations_are_full():
    free = read(policy=replace(POLICY, material_share=0.0))
    assert any(change.modifier > 0 for change in free.changes)
    full = read(policy=replace(POLICY, material_share=0.0), full=("fulfillment",))
    assert full.changes
    assert all(change.modifier < 0 for change in full.changes)
    assert "fulfillment" in sentences.feedback_bids.changes(full, ENGLISH)


def test_a_place_whose_customers_cost_more_than_they_bring_gives_up_its_spend():
    rows, truth = world(1)
    place = next(name for name in truth.late if name not in truth.bad)
    here = (rows["region"] == place) & (rows["channel"] == "Paid Social")
    rows.loc[here, "spend"] *= 4
    changes = read(marts(channel_region_quarter=rows)).changes
    dear = [change for change in changes if change.reason == "dear"]
    assert [change.region for change in dear] == [place]
    assert dear[0].modifier == -0.5
    said = sentences.feedback.verdict(read(marts(channel_region_quarter=rows)), ENGLISH)
    assert "costs more than one brings" in said
    assert dear[0].effect.low > 0


def test_places_are_named_so_that_few_are_named_wrongly():
    """Newton et al. (2004): the mean of what may be wrong stays within the bound."""
    chance = np.random.default_rng(1).beta(0.7, 0.7, 200)
    for bound in (0.02, 0.10, 0.30):
        named = discovered(chance, bound)
        assert (1 - chance[named]).mean() <= bound
        assert chance[named].min() >= chance[~named].max()
    assert not discovered(np.array([0.85, 0.4]), 0.10).any()


def test_customers_follow_spend_by_the_channels_curve_where_there_is_one():
    """Search gains by a curve that is known, social never moved its spend: there it is assumed."""
    found = read(marts(channel_week=channel_week(1)))
    search = found.elasticity["Paid Search"]
    spend = 1000.0
    truth = spend * TOP * HALF / (HALF + spend) ** 2 / (BASE + TOP * spend / (HALF + spend))
    low, high = np.quantile(search.draws, (0.05, 0.95))
    assert low <= truth <= high
    assert search.basis == "observed"
    assert "Paid Social" not in found.elasticity
    bases = {change.channel: change.effect.basis for change in found.changes}
    assert bases == {"Paid Search": "observed", "Paid Social": "assumed"}
    said = sentences.feedback_bids.changes(found, ENGLISH)
    assert "By the response curves" in said
    assert "0.7% is assumed" in said


def test_an_elasticity_that_no_curve_tells_is_assumed_and_marked(report):
    assert report.elasticity == {}
    assert {change.effect.basis for change in report.changes} == {"assumed"}
    assert "0.7% is assumed" in sentences.feedback_bids.changes(report, ENGLISH)
    assert report.figures["feedback.contribution_at_stake"].basis == "assumed"


def test_where_delivery_does_not_matter_the_list_is_empty_and_says_so():
    rows, _ = world(3, late_bad=0.10)
    quiet = read(marts(channel_region_quarter=rows))
    assert quiet.changes == ()
    assert "No bid needs changing" in sentences.feedback.verdict(quiet, ENGLISH)


def test_a_policy_says_what_is_wrong_with_it():
    with pytest.raises(ParameterError, match="least_modifier"):
        FeedbackPolicy(least_modifier=0.2)
    with pytest.raises(ParameterError, match="false_share"):
        FeedbackPolicy(false_share=10)
