"""One name for a country and a region, whoever wrote them: orders, parcels and ads meet."""

from collections import defaultdict

import duckdb
import pytest
from goulot.exports.places import lay_places, placed, region_names
from hypothesis import given, settings
from hypothesis import strategies as st
from loaded_exports import FIXTURES, load, rows
from test_attribution import shop


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        lay_places(connection)
        yield connection


def where(connection, country, region):
    connection.execute("create or replace temp table asked(country VARCHAR, region VARCHAR)")
    connection.execute("insert into asked values ($c, $r)", {"c": country, "r": region})
    return connection.execute(placed(connection, "select * from asked", "asked")).fetchall()[0]


@pytest.mark.parametrize(
    ("country", "region", "same"),
    [
        # what a postcode begins with, a code, English and German forms, a department, an old region
        ("FR", "75", ("FR", "Île-de-France")),
        ("France", "ILE DE FRANCE", ("FR", "Île-de-France")),
        ("Frankreich", "FR-IDF", ("FR", "Île-de-France")),
        ("fr", "Hauts-de-Seine", ("FR", "Île-de-France")),
        ("FR", "69", ("FR", "Auvergne-Rhône-Alpes")),
        ("FR", "ARA", ("FR", "Auvergne-Rhône-Alpes")),
        ("FR", "20", ("FR", "Corse")),
        ("FR", "2A", ("FR", "Corse")),
        ("FR", "974", ("FR", "La Réunion")),
        ("FR", "provence-alpes-cote d'azur", ("FR", "Provence-Alpes-Côte d’Azur")),
        ("FR", "Alsace", ("FR", "Grand Est")),
        ("Belgique", "10", ("BE", "Bruxelles-Capitale")),
        ("België", "Antwerpen", ("BE", "Flandre")),
        ("BE", "Liège", ("BE", "Wallonie")),
        ("BE", "50", ("BE", "Wallonie")),
        ("US", "CA", ("US", "California")),
        ("États-Unis", "california", ("US", "California")),
        ("Canada", "QC", ("CA", "Québec")),
        ("DE", "North Rhine-Westphalia", ("DE", "Nordrhein-Westfalen")),
        ("Deutschland", "BY", ("DE", "Bayern")),
        ("ES", "B", ("ES", "Catalunya")),
        ("ES", "08", ("ES", "Catalunya")),
        ("Spain", "Catalonia", ("ES", "Catalunya")),
        ("IT", "MI", ("IT", "Lombardia")),
        ("Italie", "Tuscany", ("IT", "Toscana")),
        ("UK", "SCT", ("GB", "Scotland")),
        # a region that tells its country, and one that does not
        (None, "Brittany", ("FR", "Bretagne")),
        (None, "Île-de-France", ("FR", "Île-de-France")),
        (None, "Georgia", (None, "Georgia")),
        (None, "Luxembourg", (None, "Luxembourg")),
        (None, "CA", (None, "CA")),
        # what is not known stays as it was written
        ("PT", "Lisboa", ("PT", "Lisboa")),
        ("FR", "Atlantide", ("FR", "Atlantide")),
        ("Freedonia", "Sylvania", ("Freedonia", "Sylvania")),
        ("FR", None, ("FR", None)),
        (None, None, (None, None)),
    ],
)
def test_a_place_has_one_name(connection, country, region, same):
    assert where(connection, country, region) == same


def test_no_way_to_write_a_region_means_two(connection):
    meanings = defaultdict(set)
    for country, written, region in region_names():
        folded = connection.execute("select folded_place($w)", {"w": written}).fetchall()[0][0]
        meanings[country, folded].add(region)
    assert {key: found for key, found in meanings.items() if len(found) > 1} == {}


def test_every_department_and_every_first_two_figures_of_a_french_postcode_have_a_region(
    connection,
):
    codes = [f"{number:02}" for number in range(1, 96)] + ["971", "972", "973", "974", "976"]
    found = {code: where(connection, "FR", code)[1] for code in codes}
    assert [code for code, region in found.items() if region == code] == []
    assert len(set(found.values())) == 18


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(region_names()), st.sampled_from([str.upper, str.lower, str.title]))
def test_any_way_to_write_a_region_is_that_region_in_any_case(connection, entry, write):
    country, written, region = entry
    assert where(connection, country, write(written)) == (country, region)


def test_orders_google_and_meta_name_the_same_region(tmp_path):
    orders = shop(
        tmp_path,
        {
            "#1001": {"Shipping Zip": "'75011", "Shipping Province": "", "Shipping Country": "FR"},
            "#1002": {"Shipping Zip": "35000", "Shipping Province": "", "Shipping Country": "FR"},
            "#1003": {"Shipping Province": "CA", "Shipping Country": "US"},
        },
    )
    google = FIXTURES / "google_ads_locations_by_day_excel.csv"
    meta = FIXTURES / "meta_ads_campaigns_reporting.csv"
    pivot = FIXTURES / "meta_ads_campaigns_pivot_fr.csv"
    _, target = load(tmp_path, orders, google, meta, pivot)
    query = (
        "select distinct o.country, o.region, a.platform from 'canonical/orders.parquet' as o"
        " join 'canonical/ad_spend.parquet' as a"
        " on o.country = a.country and o.region = a.region"
        " where order_id in ('#1001', '#1002', '#1003') order by 2, 3"
    )
    assert rows(target, query) == [
        ("FR", "Bretagne", "Google Ads"),
        ("FR", "Bretagne", "Meta Ads"),
        ("US", "California", "Google Ads"),
        ("FR", "Île-de-France", "Google Ads"),
        ("FR", "Île-de-France", "Meta Ads"),
    ]


def test_two_ways_to_write_a_region_in_one_file_are_one_row(tmp_path):
    path = tmp_path / "meta.csv"
    path.write_text(
        "Campaign name,Day,Region,Impressions,Amount spent (EUR)\n"
        "A,2026-07-01,Brittany,10,2.50\nA,2026-07-01,Bretagne,11,3.50\n"
    )
    ledger, target = load(tmp_path, path)
    assert ledger[path.name].loaded == 2
    query = "select region, spend from 'canonical/ad_spend.parquet'"
    assert [(r, float(s)) for r, s in rows(target, query)] == [("Bretagne", 6.0)]
