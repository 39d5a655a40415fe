"""Queues and inventory: textbook numbers, limits, and what must hold of any queue."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from goulot.errors import ParameterError
from goulot.methods.inventory import newsvendor_normal, newsvendor_poisson, safety_stock
from goulot.methods.queues import (
    mmc,
    mmc_impatient,
    served_within,
    served_within_impatient,
    servers_needed,
)
from hypothesis import given
from hypothesis import strategies as st

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"


def cases(method: str) -> list[dict]:
    if not REFERENCE.is_file():
        return []
    found = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))["case"]
    return [case for case in found if case["method"] == method]


@pytest.mark.parametrize("case", cases("mmc"))
def test_mmc_as_in_the_reference(case):
    queue = mmc(**case["given"])
    got = {name: getattr(queue, name) for name in case["expect"]}
    assert got == pytest.approx(case["expect"], rel=case["rel_tol"])


@pytest.mark.parametrize("case", cases("erlang_c"))
def test_erlang_c_as_in_the_reference(case):
    seconds = case["given"]
    arrivals, service = seconds["calls_per_hour"] / 3600, 1 / (60 * seconds["handle_minutes"])
    queue = mmc(arrivals, service, seconds["agents"])
    got = {
        "probability_of_waiting": queue.probability_of_waiting,
        "service_level": served_within(
            arrivals, service, seconds["agents"], seconds["target_seconds"]
        ),
        "mean_wait_seconds": queue.queue_wait,
        "occupancy": queue.occupancy,
    }
    assert got == pytest.approx(case["expect"], rel=case["rel_tol"])


@pytest.mark.parametrize("case", cases("newsvendor_normal"))
def test_newsvendor_with_normal_demand(case):
    got = newsvendor_normal(**case["given"])._asdict()
    assert got == pytest.approx(case["expect"], rel=case["rel_tol"])


@pytest.mark.parametrize("case", cases("newsvendor_poisson"))
def test_newsvendor_with_poisson_demand(case):
    got = newsvendor_poisson(**case["given"])._asdict()
    assert got == pytest.approx(case["expect"], rel=case["rel_tol"])


@pytest.mark.parametrize("case", cases("safety_stock"))
def test_safety_stock(case):
    assert safety_stock(**case["given"]) == pytest.approx(case["expect"]["units"], rel=1e-5)


stable = st.tuples(st.floats(0.05, 0.97), st.floats(0.05, 20), st.integers(1, 60)).map(
    lambda t: (t[0] * t[1] * t[2], t[1], t[2])
)


@given(stable)
def test_little_s_law_and_patience_without_end(rates):
    arrivals, service, servers = rates
    queue = mmc(arrivals, service, servers)
    assert queue.in_system == pytest.approx(arrivals * queue.sojourn)
    patient = mmc_impatient(arrivals, service, servers, patience=1e7 / service)
    assert patient.probability_of_waiting == pytest.approx(queue.probability_of_waiting, abs=1e-3)


@given(stable, st.floats(0.05, 20), st.floats(0.3, 4))
def test_impatience_conserves_arrivals_and_helps_those_who_stay(rates, patience, overload):
    arrivals, service, servers = rates[0] * overload, rates[1], rates[2]
    queue = mmc_impatient(arrivals, service, servers, patience)
    assert 0 <= queue.abandonment <= 1
    assert queue.occupancy <= 1 + 1e-9
    assert queue.queue_wait <= mmc(arrivals, service, servers).queue_wait + 1e-9
    within = [served_within_impatient(arrivals, service, servers, patience, t) for t in (0, 1, 50)]
    assert np.diff(within).min() >= -1e-7
    assert within[-1] <= 1 - queue.abandonment + 1e-6


def test_erlang_a_agrees_with_the_birth_and_death_process():
    """The stationary law of the number in the system, solved directly."""
    arrivals, service, servers, patience = 30.0, 2.0, 12, 0.4
    rates = [min(n, servers) * service + max(0, n - servers) / patience for n in range(1, 400)]
    chance = np.cumprod([1.0, *(arrivals / rate for rate in rates)])
    chance /= chance.sum()
    waiting = np.maximum(np.arange(400) - servers, 0) @ chance
    queue = mmc_impatient(arrivals, service, servers, patience)
    assert queue.queue_length == pytest.approx(waiting, rel=1e-6)
    assert queue.probability_of_waiting == pytest.approx(chance[servers:].sum(), rel=1e-6)


def test_the_fewest_servers_are_enough_and_one_less_is_not():
    for patience in (None, 0.5):
        needed = servers_needed(40, 3, 0.05, 0.9, patience)
        levels = [
            served_within(40, 3, n, 0.05)
            if patience is None
            else served_within_impatient(40, 3, n, patience, 0.05)
            for n in (needed - 1, needed)
        ]
        assert levels[0] < 0.9 <= levels[1]


def test_odd_numbers_are_refused_with_what_to_write():
    with pytest.raises(ParameterError, match="write 0\\.95 for 95 %"):
        safety_stock(95, 75, 20, 7)
    with pytest.raises(ParameterError, match="write 1 or more"):
        mmc(1, 2, 0)
    assert mmc(5, 1, 3).queue_wait == float("inf")
