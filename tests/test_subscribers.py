"""How long subscribers stay and what they are worth: from rows to months, from months to money."""

import pandas as pd
import pytest
from goulot.warehouse.build import build_marts
from goulot.warehouse.read import open_readonly, read_mart
from small_shop import SETTINGS, order, write_canonical


def subscription(number: int, started_on: str, **others) -> dict:
    row = {"subscription_id": f"s{number}", "customer_key": f"c{number}", "mrr": 30}
    return row | {"started_on": started_on, "billed_months": 1, "channel": "Email"} | others


@pytest.fixture
def months(tmp_path):
    """The mart, over days up to 30 September 2026: renewals up to the 15th are decided."""

    def built(*subscriptions: dict, **tables) -> pd.DataFrame:
        last = order("9", "2026-09-30 10:00")
        folder = write_canonical(
            tmp_path / "canonical", subscriptions=list(subscriptions), orders=[last], **tables
        )
        build_marts(tmp_path / "w.duckdb", folder, settings=SETTINGS | {"sells_access": True})
        return read_mart(open_readonly(tmp_path / "w.duckdb", folder), "subscription_month")

    return built


@pytest.mark.parametrize(
    ("days", "tenure", "lost"),
    [
        ({"started_on": "2026-04-10"}, 5, 0),  # runs: the renewal of 10 September is decided
        ({"started_on": "2026-04-20"}, 4, 0),  # that of 20 September is not yet
        ({"started_on": "2026-09-20"}, 0, 0),
        ({"started_on": "2026-04-10", "ended_on": "2026-07-10"}, 3, 1),  # not renewed
        ({"started_on": "2026-04-10", "ended_on": "2026-07-18"}, 3, 1),  # a card that failed
        ({"started_on": "2026-04-10", "ended_on": "2026-07-30"}, 4, 1),  # in the month paid for
        ({"started_on": "2026-04-10", "ended_on": "2026-04-12"}, 1, 1),
        ({"started_on": "2026-04-10", "ended_on": "2026-09-28"}, 5, 0),  # at a renewal to come
        ({"started_on": "2026-01-31", "ended_on": "2026-02-28"}, 1, 1),  # a month without a 31st
        ({"started_on": "2026-03-27", "trial_ends_on": "2026-04-10"}, 5, 0),
    ],
)
def test_paid_tenure_is_counted_in_renewals_that_are_decided(months, days, tenure, lost):
    (row,) = months(subscription(1, **days)).to_dict("records")
    assert (row["tenure_months"], row["subscribers_lost"]) == (tenure, lost)
    assert row["subscribers_last_seen"] == 1
    paid_from = days.get("trial_ends_on", days["started_on"])
    assert str(row["cohort_month"])[:7] == paid_from[:7]


def test_a_trial_that_was_cancelled_or_is_still_on_is_no_customer(months):
    cancelled = {"trial_ends_on": "2026-04-24", "ended_on": "2026-04-24"}
    running = {"trial_ends_on": "2026-10-04"}
    assert months(
        subscription(1, "2026-04-10", **cancelled), subscription(2, "2026-09-20", **running)
    ).empty


def test_plans_paid_by_the_year_are_renewed_by_the_year_and_accounts_tell_the_channel(months):
    left = subscription(
        1, "2025-03-10", billed_months=12, ended_on="2026-03-10", channel="Unattributed"
    )
    stays = subscription(2, "2025-12-10", billed_months=12)
    account = {"user_key": "c1", "signed_up_at": "2025-03-01 09:00", "channel": "Referral"}
    found = months(left, stays, signups=[account]).set_index("channel")
    assert found["billed_months"].tolist() == [12, 12]
    assert found["tenure_months"].to_dict() == {"Referral": 12, "Email": 0}
    assert found["subscribers_lost"].to_dict() == {"Referral": 1, "Email": 0}
