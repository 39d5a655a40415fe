"""Declared lift tests: read as they are, refused with the cure where they cannot be."""

import pytest
from goulot.errors import SettingsError
from goulot.settings import read_settings

HEAD = "name: A\ncurrency: EUR\ntimezone: Europe/Paris\nlift_tests:\n  - "
TEST = (
    "{channel: Paid Social, starts_on: 2026-05-04, ends_on: 2026-05-31, "
    "incremental_customers: 90, low: 40, high: 140, spend: 4000}"
)


def settings(tmp_path, test: str):
    path = tmp_path / "client.yml"
    path.write_text(HEAD + test, encoding="utf-8")
    return read_settings(path)


def test_a_declared_test_is_read(tmp_path):
    (test,) = settings(tmp_path, TEST).lift_tests
    assert (test.channel, test.spend, test.low) == ("Paid Social", 4000, 40)
    assert test.ends_on.isoformat() == "2026-05-31"


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("Paid Social", "Paid Socials", "Paid Social"),
        ("low: 40", "low: 95", "90 % interval"),
        ("2026-05-31", "2026-05-01", "ends_on"),
        ("spend: 4000", "spend: 0", "-500"),
        ("spend:", "spent:", "spend"),
    ],
)
def test_one_that_cannot_be_used_is_refused_with_the_cure(tmp_path, wrong, right, said):
    with pytest.raises(SettingsError, match="lift_tests") as refused:
        settings(tmp_path, TEST.replace(wrong, right))
    assert said in str(refused.value)
