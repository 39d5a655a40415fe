"""Response curves: the published numbers, and what must hold of every curve."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from goulot.methods.response import (
    HillCurve,
    concave_segments,
    geometric_adstock,
    hill,
    spend_grid,
)
from hypothesis import given
from hypothesis import strategies as st

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "cases.toml"


def case(method: str) -> dict:
    if not REFERENCE.is_file():
        pytest.skip("the folder with reference cases is not here")
    cases = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))["case"]
    return next(found for found in cases if found["method"] == method)


def test_adstock_as_robyn_has_it():
    known = case("geometric_adstock")
    got = geometric_adstock(np.array(known["given"]["spend"]), known["given"]["theta"])
    assert got == pytest.approx(known["expect"]["adstocked"], rel=known["rel_tol"])


def test_hill_as_robyn_has_it():
    known = case("hill")
    given_ = known["given"]
    got = hill(np.array(given_["x"]), given_["shape"], given_["half_saturation"])
    assert got == pytest.approx(known["expect"]["response"], rel=known["rel_tol"])


def test_marginal_cac_in_closed_form():
    known = case("marginal_cac")
    given_ = known["given"]
    curve = HillCurve(0, given_["ceiling"], given_["half_saturation"], given_["shape"], 1e6)
    spend = np.array(given_["spend"])
    assert curve.cac(spend) == pytest.approx(known["expect"]["cac"], rel=known["rel_tol"])
    expected = known["expect"]["marginal_cac"]
    assert curve.marginal_cac(spend) == pytest.approx(expected, rel=known["rel_tol"])


curves = st.builds(
    HillCurve,
    base=st.floats(0, 100),
    top=st.floats(1, 1000),
    half_saturation=st.floats(50, 50_000),
    shape=st.floats(0.5, 4),
    observed_max=st.just(10_000.0),
)


@given(curves, st.floats(100, 50_000))
def test_the_slope_is_the_derivative(curve, spend):
    step = spend * 1e-5
    rise = (curve.added(spend + step) - curve.added(spend - step)) / (2 * step)
    assert curve.slope(spend) == pytest.approx(rise, rel=1e-4, abs=1e-12)


@given(curves, st.floats(100, 100_000))
def test_segments_end_where_the_curve_ends_lie_above_it_and_never_steepen(curve, most):
    widths, slopes = curve.segments(most, 24)
    assert widths.sum() == pytest.approx(most)
    assert (widths * slopes).sum() == pytest.approx(curve.added(most), rel=1e-6)
    assert (np.diff(slopes) <= 1e-9 * slopes.max()).all()
    corners = np.concatenate([[0], widths.cumsum()])
    heights = np.concatenate([[0], (widths * slopes).cumsum()])
    grid = spend_grid(most, 24)
    over = np.interp(grid, corners, heights) - curve.added(grid)
    assert over.min() > -1e-9 * curve.top


def test_a_threshold_becomes_one_long_segment():
    segments = concave_segments(np.array([0.0, 1, 2, 3]), np.array([0.0, 0, 4, 5]))
    assert segments.widths.tolist() == [2, 1]
    assert segments.slopes.tolist() == [2, 1]
