"""How long subscribers stay and what they are worth: from rows to months, from months to money."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from goulot.charts.lifetime import ltv_table, tracking
from goulot.charts.subscribers import survival, survival_data
from goulot.language import Language
from goulot.methods.retention import ShiftedBetaGeometric
from goulot.sentences import lifetime as sentences
from goulot.steps.subscribers import NOBODY_LEFT, TOO_FEW, SubscriberPolicy, subscribers
from goulot.steps.tenures import month_number, tenures
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


ALPHA, BETA, MRR = 0.8, 9.2, 40.0
AS_OF = date(2026, 9, 30)


def lived(subscribers: int, channel: str, pace: float = 1.0, seed: int = 1) -> pd.DataFrame:
    """The mart of subscribers whose probabilities of leaving are beta, begun over thirty months."""
    rng = np.random.default_rng(seed)
    churn = np.minimum(pace * rng.beta(ALPHA, BETA, subscribers), 0.99)
    age = rng.integers(0, 30, subscribers)  # renewals that are decided
    left = rng.geometric(churn)
    start = np.datetime64("2026-09") - age - 1
    rows = pd.DataFrame(
        {
            "cohort_month": start.astype("datetime64[ns]"),
            "channel": channel,
            "billed_months": 1,
            "tenure_months": np.minimum(age, left),
            "subscribers_last_seen": 1,
            "subscribers_lost": (left <= age).astype(int),
            "mrr": MRR,
        }
    )
    keys = ["cohort_month", "channel", "billed_months", "tenure_months"]
    return rows.groupby(keys, as_index=False).sum()


POLICY = SubscriberPolicy(gross_margin=0.82, payment_fee=0.02, horizon_months=24)


def test_worth_is_what_is_paid_for_as_long_as_subscribers_stay():
    found = subscribers(lived(4000, "Email"), AS_OF, POLICY, "EUR")
    alive = ShiftedBetaGeometric(ALPHA, BETA, 0.0, np.eye(2)).survival(np.arange(24))
    true = MRR * 0.80 * alive @ 1.1 ** (-np.arange(24) / 12)
    assert found.used == "sBG"
    assert found.total.ltv.low < true < found.total.ltv.high
    assert found.total.ltv.value == pytest.approx(true, rel=0.03)
    stay = ShiftedBetaGeometric(ALPHA, BETA, 0.0, np.eye(2)).survival(12)
    assert found.total.retention.low < stay < found.total.retention.high
    assert set(found.figures) == {
        f"lifetime.{what}.{slug}"
        for what in ("ltv", "retention_month_12")
        for slug in ("email", "total")
    }


def test_the_months_held_back_are_foretold_by_who_is_there_and_for_how_long():
    held = subscribers(lived(4000, "Email"), AS_OF, POLICY, "EUR").held
    assert held.cut_on == date(2026, 2, 28)
    assert held.better == "sBG"
    assert held.misses["sBG"] < 0.15 < held.misses["constant churn"]
    assert held.monthly["actual"].is_monotonic_increasing
    assert list(held.monthly.columns[1:]) == ["actual", *held.misses]


def test_departures_foretold_and_come_add_up_over_cohorts():
    whole = tenures(lived(500, "Email"), AS_OF)
    at_risk, lost = whole.by_renewal
    assert at_risk[0] == whole.began.sum() - (whole.at_risk[:, 0] == 0) @ whole.began
    assert (at_risk[1:] <= at_risk[:-1] - lost[:-1]).all()
    before = whole.until(month_number(date(2026, 3, 31)))
    assert (before.renewed_in[before.at_risk > 0] <= month_number(date(2026, 3, 1))).all()


def test_a_small_channel_leans_on_all_channels_as_far_as_it_knows_little():
    few = lived(40, "Influencer", pace=4.0, seed=2)
    found = subscribers(pd.concat([lived(4000, "Email"), few]), AS_OF, POLICY, "EUR")
    by_name = {one.channel: one for one in found.channels}
    small, large = by_name["Influencer"], by_name["Email"]
    assert (small.is_small, large.is_small) == (True, False)
    assert small.retention.value < large.retention.value - 0.1
    assert small.retention.high - small.retention.low > 3 * (
        large.retention.high - large.retention.low
    )
    assert small.ltv.note == TOO_FEW


def test_without_margin_or_subscriptions_what_cannot_be_said_is_not():
    rows = lived(1000, "Email")
    unknown = subscribers(rows, AS_OF, replace(POLICY, gross_margin=None), "EUR")
    assert unknown.total.ltv.value is None
    assert unknown.total.retention.value is not None
    assert "cannot be said" in sentences.verdict(unknown, Language("en"))
    assert subscribers(rows.head(0), AS_OF, POLICY, "EUR") is None
    young = subscribers(rows[rows["tenure_months"] == 0], AS_OF, POLICY, "EUR")
    assert young.total.ltv.note == NOBODY_LEFT
    assert survival(young, Language("en")) is None


def test_subscribers_are_told_in_sentences_a_table_and_pictures():
    rows = pd.concat([lived(2000, "Email"), lived(40, "Influencer", seed=3)])
    found = subscribers(rows, AS_OF, POLICY, "EUR")
    for code, words in (("en", "no parcel is sent"), ("fr", "aucun colis ne part")):
        language = Language(code)
        assert words in sentences.verdict(found, language)
        assert "sBG" in sentences.method(found, language)
        assert ltv_table(found, {}, language)["ltv"].str.contains("(", regex=False).all()
        assert survival(found, language).to_dict()
        assert tracking(found, language).to_dict()
    seen = survival_data(found, Language("en"))
    assert set(seen["channel"]) == {"Email", "total"}
    assert seen["share"].between(0, 1).all()
