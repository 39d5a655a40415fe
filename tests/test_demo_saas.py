"""The simulated subscription business: its laws, its exports, and the truth it tells."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from goulot.demo.saas import write_saas
from goulot.demo.saas.company import SaasCompany, live
from goulot.demo.saas.staffing import agents_for, erlang_c
from goulot.demo.saas.truth import tell_truth
from goulot.demo.saas.worlds import SAAS, SAAS_WORLDS
from goulot.demo.worlds import find_world
from goulot.settings import ClientSettings
from loaded_exports import is_balanced, load, rows

SMALL = SAAS.with_(size=0.1)


@cache
def lived(name: str) -> SaasCompany:
    return live(find_world(name), 1)


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """A sixth of the company: its folder, and the ledger and tables made of its exports."""
    folder = tmp_path_factory.mktemp("saas")
    write_saas(folder, SMALL, 1)
    settings = yaml.safe_load((folder / "client.yml").read_text(encoding="utf-8"))
    client = ClientSettings.model_validate(settings)
    ledger, target = load(folder, *(folder / "exports").iterdir(), client=client)
    return folder, ledger, target


@pytest.fixture(scope="module", params=SAAS_WORLDS, ids=lambda world: world.name)
def company(request):
    return lived(request.param.name)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(simulated, tmp_path):
    folder, _, _ = simulated
    write_saas(tmp_path / "again", SMALL, 1)
    write_saas(tmp_path / "other", SMALL, 2)
    made = [f"exports/{p.name}" for p in (folder / "exports").iterdir()]
    made.remove("exports/calendrier.csv")  # what is planned does not depend on luck
    first, again, other = (content(f) for f in (folder, tmp_path / "again", tmp_path / "other"))
    assert {name: first[name] for name in again} == again
    assert all(first[name] != other[name] for name in made)


def test_every_row_is_recognised_and_the_money_is_that_of_the_truth(simulated):
    folder, ledger, _ = simulated
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["totals"]
    assert all(is_balanced(row) for row in ledger.values())
    assert sum(row.quarantined + row.duplicates for row in ledger.values()) == 0
    loaded = {title: [r for r in ledger.values() if r.title == title] for title in
              ("Sign-ups", "Stripe payments", "Zendesk tickets")}  # fmt: skip
    assert sum(r.loaded for r in loaded["Sign-ups"]) == truth["signups"]
    assert sum(r.loaded for r in loaded["Zendesk tickets"]) == truth["tickets"]
    assert sum(r.loaded for r in loaded["Stripe payments"]) == truth["paid_payments"]
    failed = sum(r.ignored_as["not paid"] for r in loaded["Stripe payments"])
    assert failed == truth["failed_payments"]
    assert float(sum(r.amount_loaded for r in loaded["Stripe payments"])) == truth["paid"]
    spend = sum(r.amount_loaded for r in ledger.values() if r.measure == "spend")
    assert float(spend) == pytest.approx(truth["spend"], rel=1e-4)


def test_an_account_is_one_key_from_sign_up_to_subscription_and_ticket(simulated):
    _, _, target = simulated
    query = (
        "select count(*), count(*) filter (user_key in (select customer_key"
        " from 'canonical/subscriptions.parquet')), count(*) filter (user_key in"
        " (select customer_key from 'canonical/tickets.parquet')) from 'canonical/signups.parquet'"
    )
    accounts, subscribed, wrote = rows(target, query)[0]
    assert 0.3 < subscribed / accounts < 0.6
    assert 0.2 < wrote / accounts < 0.7


def test_what_is_paid_a_month_is_what_the_subscriptions_say_recurs(simulated):
    _, _, target = simulated
    query = (
        "select sum(mrr) from 'canonical/subscriptions.parquet' where ended_on is null"
        " and trial_ends_on <= date '2026-08-31' and plan <> 'equipe-annuel'"
    )
    recurring = float(rows(target, query)[0][0])
    query = (
        "select sum(total) from 'canonical/orders.parquet' where ordered_at >= timestamp"
        " '2026-09-01' and ordered_at < timestamp '2026-10-01' and customer_key in (select"
        " customer_key from 'canonical/subscriptions.parquet' where ended_on is null"
        " and trial_ends_on <= date '2026-08-31' and plan <> 'equipe-annuel')"
    )
    assert float(rows(target, query)[0][0]) == pytest.approx(recurring, rel=0.02)


def test_set_up_calls_never_exceed_the_slots_and_are_given_in_turn(company):
    called = company.accounts["called"].dropna()
    slots = company.world.extra.onboarding.slots_per_week
    week = ((called // 24 + company.world.first_day.weekday()) // 7).astype(int)
    assert week.value_counts().max() <= np.ceil(slots)
    assert (called >= company.accounts["hour"][called.index]).all()
    assert (called // 24).is_monotonic_increasing


def test_agents_answer_in_turn_and_no_more_than_they_can(company):
    tickets = company.tickets.dropna()
    assert (tickets["replied"] >= tickets["hour"]).all()
    assert tickets["replied"].is_monotonic_increasing
    week = ((tickets["replied"] // 24 + company.world.first_day.weekday()) // 7).astype(int)
    assert week.value_counts().max() < 1.15 * company.world.extra.desk.tickets_per_week


def test_nobody_pays_in_the_trial_or_after_the_end_and_no_period_is_paid_twice(company):
    payments, accounts = company.payments, company.accounts
    paid = payments[payments["is_paid"]]
    who = accounts.loc[paid["account"]]
    assert (paid["hour"].to_numpy() > who["trial_ends"].to_numpy()).all()
    assert not (paid["hour"].to_numpy() > who["ended"].to_numpy() + 24).any()
    assert not paid.duplicated(["account", "period"]).any()
    assert who["will_pay"].all()


def test_customers_stay_as_long_as_the_shifted_beta_geometric_says():
    company = live(SAAS.with_(size=3.0), 1)
    accounts = company.accounts
    place = [c.name for c in company.world.channels].index("Organic Search")
    old = accounts["trial_ends"] < company.last_hour - 13 * 31 * 24
    chosen = accounts[accounts["will_pay"] & old & (accounts["channel"] == place)]
    chosen = chosen[chosen["plan"] < 2]
    traits = company.world.extra.traits["Organic Search"]
    alpha, beta = traits.churn * traits.churn_spread, (1 - traits.churn) * traits.churn_spread
    expected = np.cumprod([(beta + n - 1) / (alpha + beta + n - 1) for n in range(1, 13)])
    stayed = (chosen["renewals"].to_numpy()[:, None] > np.arange(1, 13)).mean(axis=0)
    spread = np.sqrt(expected * (1 - expected) / len(chosen))
    assert (np.abs(stayed - expected) < 4 * spread).all()
    assert len(chosen) > 1000


def test_waiting_for_the_call_lowers_activation():
    easy, hard = lived("saas").accounts, lived("saas_onboarding").accounts
    assert easy["called"].notna().mean() > 0.95
    assert hard["called"].notna().mean() < 0.75
    assert hard["activated"].notna().mean() < 0.7 * easy["activated"].notna().mean()


def test_slow_replies_cost_customers():
    easy, hard = lived("saas"), lived("saas_support")
    lost = [c.accounts["ended"][c.accounts["will_pay"]].notna().mean() for c in (easy, hard)]
    assert lost[1] > lost[0] + 0.02


@pytest.mark.parametrize("world", SAAS_WORLDS, ids=lambda world: world.name)
def test_the_stage_that_binds_is_the_only_one_at_its_limit(world):
    assert find_world(world.name) is world
    truth = tell_truth(lived(world.name), world)
    over = [name for name, stage in truth["stages"].items() if stage["utilization"] > 0.95]
    assert over == ([] if world.constraint == "acquisition" else [world.constraint])
    assert truth["binding_stage"] == world.constraint


def test_erlang_c_is_that_of_the_textbook():
    """Gross et al. 2008, Fundamentals of Queueing Theory: one server waits with probability rho."""
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert agents_for(7.2, 3.6) == 3


def test_the_exports_look_lived_in(simulated):
    folder, _, _ = simulated
    accounts = pd.read_csv(folder / "exports" / "accounts.csv", parse_dates=["signed_up_at"])
    weekday = accounts["signed_up_at"].dt.day_of_week.value_counts(normalize=True)
    assert weekday[5] < 0.6 * weekday[1]
    night = accounts["signed_up_at"].dt.hour.between(2, 5).mean()
    assert 0 < night < 0.04
    assert accounts["email"].is_unique
    assert 0.02 < accounts["utm_source"].isna().mean() < 0.07
