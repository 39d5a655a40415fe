"""Step 4: what a late delivery costs in repeat purchases."""

import numpy as np
import pytest
from feedback_frames import AS_OF, first_delivery, marts
from feedback_reports import read
from goulot.steps.delivery_effect import delivery_effect
from goulot.steps.first_deliveries import EffectPolicy
from goulot.steps.lost_repeats import lost_repeats


def late_costs(rows, *, has_margin=True):
    return lost_repeats(rows, AS_OF, "EUR", has_margin=has_margin, horizon_months=12, seed=1)


@pytest.mark.parametrize("effect", [0.0, 5.0])
def test_what_a_late_first_delivery_costs_is_told_from_where_it_happens(effect):
    found = late_costs(first_delivery(effect))
    assert found.figure.low <= effect <= found.figure.high
    assert found.counted == (0.0 if effect == 0 else found.figure.value)


def test_an_effect_whose_interval_holds_nothing_counts_for_nothing_but_stays_in_the_interval():
    with_it = read(marts(first_delivery=first_delivery(0.0)))
    assert with_it.lost.counted == 0
    assert with_it.lost.spread > 0
    without = read(marts())
    name = "feedback.added_cost.paid_search"
    one, other = with_it.figures[name], without.figures[name]
    assert one.value == pytest.approx(other.value, rel=0.02)
    assert one.high - one.low > other.high - other.low


def test_too_few_late_deliveries_say_nothing():
    few = first_delivery(5.0, rows=EffectPolicy().min_treated)
    assert late_costs(few.assign(later_180=0.0, later_90=0.0)).figure.value is None
    no_margin = late_costs(first_delivery(5.0), has_margin=False)
    assert no_margin.figure.value is None
    assert no_margin.counted == 0


def test_what_a_late_delivery_costs_is_what_step_five_says_it_does():
    """One estimate in both steps: over the longest window within the horizon."""
    rows = first_delivery(5.0)
    rows = rows.assign(
        later_180=rows["later_365"], later_90=rows["later_365"], second_after_days=np.nan,
        days_late=0, days_to_deliver=3.0,
    )  # fmt: skip
    days, told = delivery_effect(rows, AS_OF, EffectPolicy(seed=1)).value_over(12)
    mine = late_costs(rows)
    assert (mine.days, mine.figure.value) == (days, -told.effect.value)
