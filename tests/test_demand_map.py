"""The demand map: units conserved from level to level, paths ranked by what is at risk."""

import numpy as np
import pandas as pd
import pytest
from goulot import charts, sentences
from goulot.language import Language
from goulot.quarter import Quarter
from goulot.steps.demand_map import LEVELS, MapPolicy, map_demand
from goulot.warehouse.build import build_marts
from goulot.warehouse.read import open_readonly, read_mart
from hypothesis import given, settings
from hypothesis import strategies as st
from small_shop import SETTINGS, line, order, write_canonical

QUARTER = Quarter(2026, 3)
COLUMNS = [*LEVELS, "units", "contribution", "lead_time_days", "cover_days", "at_risk_share"]


def flow(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).assign(quarter="2026Q3", line_amount=0.0)


PATHS = flow(
    ("Email", "Candles", "Lyon", "Wax & Co", 60, 600.0, 20.0, 50.0, 0.0),
    ("Paid Search", "Candles", "Lyon", "Wax & Co", 30, 300.0, 20.0, 10.0, 0.5),
    ("Paid Search", "Vases", "Nantes", "Potter", 10, 400.0, 60.0, 30.0, 1.0),
)


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    """Two candles sold by e-mail and sent from Lyon, a vase that nobody restocks in time."""
    folder = tmp_path_factory.mktemp("shop")
    july = [f"2026-07-{day:02d}" for day in range(1, 29)]
    canonical = write_canonical(
        folder / "canonical",
        orders=[order(day, f"{day} 09:00", 100) for day in july],
        order_lines=[
            *(line(day, "CANDLE", 2, 30) for day in july),
            *(line(day, "VASE", 1, 40, line_no=2) for day in july),
        ],
        products=[
            {"sku": "CANDLE", "category": "Candles", "supplier": "Wax & Co"},
            {"sku": "VASE", "category": "Vases", "supplier": "Potter"},
        ],
        shipments=[
            {"shipment_id": day, "order_id": day, "location": "Lyon", "shipped_at": f"{day} 15:00"}
            for day in july
        ],
        stock_levels=[
            {"sku": "CANDLE", "snapshot_on": "2026-07-29", "location": "Lyon", "available": 600},
            {"sku": "VASE", "snapshot_on": "2026-07-29", "location": "Lyon", "available": 10},
        ],
        purchase_orders=[
            {"po_id": "1", "sku": sku, "supplier": supplier, "quantity": 9,
             "ordered_on": "2026-07-01", "received_on": f"2026-07-{1 + days}"}
            for sku, supplier, days in (("CANDLE", "Wax & Co", 20), ("VASE", "Potter", 27))
        ],
    )  # fmt: skip
    build_marts(folder / "w.duckdb", canonical, settings=SETTINGS)
    return open_readonly(folder / "w.duckdb", canonical)


def test_paths_are_walked_from_the_channel_to_the_supplier(marts):
    rows = read_mart(marts, "demand_flow").set_index("supplier")
    assert rows.loc["Wax & Co", ["channel", "category", "location"]].tolist() == [
        "Email",
        "Candles",
        "Lyon",
    ]
    assert rows["units"].to_dict() == {"Wax & Co": 56, "Potter": 28}
    # 100 at a margin of one half, less 2 of fee and 4 of packing, divided 60 to 40
    assert rows["contribution"].astype(float).to_dict() == pytest.approx(
        {"Wax & Co": 28 * 44 * 0.6, "Potter": 28 * 44 * 0.4}
    )
    assert rows["cover_days"].to_dict() == pytest.approx({"Wax & Co": 300, "Potter": 10})
    assert rows["at_risk_share"].to_dict() == {"Wax & Co": 0, "Potter": 1}


def test_paths_at_risk_are_ranked_by_the_contribution_that_rests_on_them():
    found = map_demand(PATHS, QUARTER, "EUR")
    assert found.at_risk["supplier"].tolist() == ["Potter", "Wax & Co"]
    assert found.figures["demand_map.at_risk_share"].value == pytest.approx(0.25)
    assert found.figures["demand_map.contribution_at_risk"].value == pytest.approx(550)
    table = charts.demand_map.risk_table(found, Language("en"))
    assert table["contribution_at_risk"].tolist() == ["€400", "€150"]


def test_another_quarter_is_left_out_and_no_demand_is_said():
    found = map_demand(PATHS, QUARTER.next, "EUR")
    assert found.figures["demand_map.at_risk_share"].value is None
    assert charts.demand_map.demand_map(found, Language("en")) is None
    assert "cannot be said" in sentences.demand_map.at_risk(found, Language("en"))


def test_what_no_export_tells_is_unknown_and_named_as_missing():
    rows = PATHS.assign(supplier="unknown", lead_time_days=np.nan, at_risk_share=np.nan)
    found = map_demand(rows, QUARTER, "EUR")
    assert found.untold == ("supplier",)
    assert [gap.export for gap in found.missing] == ["Purchase orders"]


names = st.sampled_from(["a", "b", "c", "unknown"])
paths = st.lists(
    st.tuples(names, names, names, names, st.integers(1, 500), st.floats(0, 1)),
    min_size=1,
    max_size=15,
    unique_by=lambda row: row[:4],
)


@settings(max_examples=25, deadline=None)
@given(paths, st.integers(1, 3))
def test_bands_leave_and_reach_names_without_losing_a_unit(drawn, most):
    rows = flow(*((*row[:5], row[4] * 2.0, 20.0, 30.0, row[5]) for row in drawn))
    found = map_demand(rows, QUARTER, "EUR", MapPolicy(most_names=most))
    assert found.flows["units"].sum() == rows["units"].sum()
    named, bands = charts.demand_map.demand_map_data(found, Language("en"))
    for level in range(len(LEVELS)):
        heights = (named["y2"] - named["y"])[named["level"] == level]
        assert named.loc[named["level"] == level, "units"].sum() == rows["units"].sum()
        assert (heights > 0).all()
    assert bands["y"].between(-1e-9, 1 + 1e-9).all()
    assert bands["y2"].between(-1e-9, 1 + 1e-9).all()
    first = bands.groupby("band").first()
    for level in range(len(LEVELS) - 1):
        height = (named["y2"] - named["y"])[named["level"] == level].sum()
        leaving = first[first.index.str.startswith(f"{level} ")]
        assert (leaving["y2"] - leaving["y"]).sum() == pytest.approx(height)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_diagram_says_cover_lead_time_and_risk_on_hover(language):
    words = Language(language)
    charts.enable(words)
    spec = charts.demand_map.demand_map(map_demand(PATHS, QUARTER, "EUR"), words).to_dict()
    assert "25" in spec["title"]["text"]
    fields = {tip["field"] for tip in spec["layer"][0]["encoding"]["tooltip"]}
    assert {"cover_text", "lead_text", "risk_text", "share_text"} <= fields
    assert not words.untranslated
