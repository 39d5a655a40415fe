"""A small part of ``make truth``: every measure on its quick worlds, with one seed."""

import pytest
from harness import lived, measures
from known_short import KNOWN_SHORT

SEEDS = (1,)


@pytest.mark.parametrize("module", measures(), ids=lambda m: m.__name__)
def test_the_quick_worlds_are_judged_as_before(module):
    rows = module.measure(lived, SEEDS, module.QUICK)
    assert rows
    short = {(row.step, row.what, row.world): row.note for row in rows if not row.ok}
    named = {key: why for key, why in KNOWN_SHORT.items() if key[0] in {row.step for row in rows}}
    assert short.keys() == named.keys(), "fix what fell short, or name it in known_short.py"
