"""The benchmark measures the same work on both sides, and says so when a bar is missed."""

import os
from pathlib import Path

import duckdb
import pandas as pd
from bench_import import SETTINGS
from clock import Ratio, as_table, run

BENCH = Path(__file__).parent / "bench"


def test_the_pandas_script_makes_the_same_marts_as_ours(tmp_path):
    exports = tmp_path / "data" / "bench" / "exports"
    exports.mkdir(parents=True)
    (exports.parent / "client.yml").write_text(SETTINGS, encoding="utf-8")
    run(BENCH / "shopify_lines.py", exports / "orders_export_1.csv", 3000)
    environment = os.environ | {"GOULOT_HOME": str(tmp_path)}
    run(BENCH / "ours_import.py", "bench", environment=environment)
    run(BENCH / "pandas_import.py", exports / "orders_export_1.csv", tmp_path)
    (warehouse,) = tmp_path.glob("data/bench/build/*/warehouse.duckdb")
    with duckdb.connect(warehouse, read_only=True) as connection:
        query = "select week_starts_on, channel, orders, new_customers, total, revenue from {}"
        ours = connection.execute(query.format("marts.channel_week where orders > 0")).df()
    theirs = pd.read_pickle(tmp_path / "channel_week.pkl")
    theirs = theirs.rename(columns={"week": "week_starts_on", "new": "new_customers"})
    both = ours.merge(theirs, on=["week_starts_on", "channel"], how="outer", indicator=True)
    assert (both["_merge"] == "both").all()
    for column in ("orders", "new_customers", "total", "revenue"):
        difference = both[f"{column}_x"].astype(float) - both[f"{column}_y"]
        assert difference.abs().max() < 0.01


def test_a_missed_bar_is_told_from_one_that_holds():
    table = as_table([Ratio("a", 3.0, "b", 2.0, "s", 1.0), Ratio("c", 1.0, "d", 2.0, "s", 1.0)])
    missed, holds = table.splitlines()[1:]
    assert "MISSED" in missed
    assert holds.endswith("holds")
