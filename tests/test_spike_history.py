"""Spikes that a shop has had, planted and real."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from goulot.steps.spike_history import expected_spikes, find_spikes, high_runs
from spike_marts import DAYS, marts

ONLINE_RETAIL = Path(__file__).parents[2] / "shared" / "data" / "online_retail.csv.gz"


def planted(times: float) -> pd.DataFrame:
    """100 orders a day with more at weekends, and one day of ``times`` the usual."""
    orders = 100.0 + 20 * (DAYS.day_of_week >= 5) + 4 * np.sin(np.arange(len(DAYS)))
    orders = orders * np.where(DAYS.isin(pd.to_datetime(["2026-05-20"])), times, 1.0)
    return pd.DataFrame({"day": DAYS, "orders": orders})


def test_a_planted_spike_is_found_with_its_size_and_what_became_of_its_orders():
    service = marts()["service_day"]
    hit = service["ordered_on"] == pd.Timestamp("2026-05-20")
    service = service.assign(late_orders=service["late_orders"].where(~hit, 60))
    sku_days = pd.DataFrame({"sku": "CANDLE", "day": DAYS, "lines": 2, "units": 2})
    sku_days.loc[sku_days["day"] == pd.Timestamp("2026-06-20"), ["lines", "units"]] = 24
    pallet = pd.DataFrame({"sku": ["VASE"], "day": [DAYS[200]], "lines": [1], "units": [5000]})
    weeks = pd.DataFrame(
        {"week_starts_on": pd.to_datetime(["2026-05-11", "2026-05-18"]), "units": [90, 60],
         "short_units": [10, 40]}
    )  # fmt: skip
    found = find_spikes(planted(3.0), pd.concat([sku_days, pallet]), service, weeks)
    (spike,) = found.shop.itertuples()
    assert spike.peak_on == pd.Timestamp("2026-05-20")
    assert spike.times == pytest.approx(3.0, rel=0.05)
    assert (spike.late_share, spike.usual_late_share) == (0.6, 0.05)
    assert (spike.short_share, spike.usual_short_share) == (0.4, 0.1)
    # One customer who buys a pallet is no spike.
    assert found.skus["sku"].tolist() == ["CANDLE"]
    assert found.skus["times"].iloc[0] == pytest.approx(12, rel=0.01)
    assert expected_spikes(found, 3.0).basis == "observed"
    assert expected_spikes(found, 10.0).basis == "assumed"
    assert find_spikes(planted(1.5), sku_days, service).shop.empty


def test_days_with_a_gap_of_at_most_three_are_one_spike_told_by_its_highest():
    rng = np.random.default_rng(5)
    usual = np.full((273, 4), 10.0)
    lines = np.where(rng.random(usual.shape) < 0.15, rng.integers(20, 60, usual.shape), 10.0)
    found = high_runs(DAYS, lines, usual, lines >= 20)
    expected = []
    for series, column in enumerate(lines.T):
        high = np.flatnonzero(column >= 20)
        for run in np.split(high, 1 + np.flatnonzero(np.diff(high) > 4)):
            peak = run[column[run].argmax()]
            expected.append((DAYS[run[0]], DAYS[run[-1]], DAYS[peak], column[peak], 10.0,
                             column[peak] / 10.0, series))  # fmt: skip
    assert list(found.itertuples(index=False, name=None)) == expected
    assert high_runs(DAYS, lines, usual, lines > 60).empty


@pytest.mark.skipif(not ONLINE_RETAIL.is_file(), reason="the Online Retail data are not there")
def test_online_retail_has_its_fullest_day_at_twice_and_single_products_at_ten_times_the_usual():
    columns = ["InvoiceNo", "StockCode", "InvoiceDate", "Quantity"]
    lines = pd.read_csv(ONLINE_RETAIL, usecols=columns, encoding="utf-8", dtype=str)
    lines = lines[~lines["InvoiceNo"].str.startswith("C")]
    lines["day"] = pd.to_datetime(lines["InvoiceDate"]).dt.normalize()
    orders = lines.groupby("day")["InvoiceNo"].nunique().asfreq("D", fill_value=0)
    sku_days = lines.groupby(["StockCode", "day"]).size().rename("lines").reset_index()
    found = find_spikes(
        orders.rename("orders").reset_index(),
        sku_days.rename(columns={"StockCode": "sku"}),
        marts()["service_day"].iloc[:0],
    )
    assert found.largest_day == pytest.approx(2.2, abs=0.15)
    assert (found.skus["times"] >= 10).sum() >= 10
