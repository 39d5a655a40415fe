"""Advertising, web analytics, newsletters: recognised, one sum told once, refused with the fix."""

from decimal import Decimal
from pathlib import Path

import pytest
from goulot.asking import DataRequest
from goulot.errors import ExportError
from goulot.exports.spec import platform_formats
from goulot.language import Language
from goulot.steps.needs import STEPS
from hypothesis import given, settings
from hypothesis import strategies as st
from loaded_exports import FIXTURES, is_balanced, load, quarantine, rows

CAMPAIGNS = FIXTURES / "google_ads_campaigns_by_day.csv"
AD_GROUPS = FIXTURES / "google_ads_ad_groups_by_day_excel.csv"
KEYWORDS = FIXTURES / "google_ads_keywords_by_day.csv"
LOCATIONS = FIXTURES / "google_ads_locations_by_day_excel.csv"
META_DAY = FIXTURES / "meta_ads_campaigns_by_day.csv"
META_REGION = FIXTURES / "meta_ads_campaigns_reporting.csv"
SPEND = "select sum(spend) from 'canonical/ad_spend.parquet'"


@pytest.mark.parametrize(
    ("name", "loaded", "ignored", "amount"),
    [
        ("google_ads_campaigns_fr.csv", 2, {"not data": 1, "preamble": 2, "totals": 1}, "1032.90"),
        ("google_ads_campaigns_de.csv", 2, {"preamble": 2, "totals": 1}, "1282.66"),
        ("google_ads_ad_groups_by_day_excel.csv", 4, {"preamble": 2, "totals": 2}, "58.92"),
        ("google_ads_keywords_by_day.csv", 3, {"preamble": 2, "totals": 2}, "28.12"),
        ("google_ads_locations_by_day_excel.csv", 4, {"preamble": 2, "totals": 1}, "53.45"),
        ("meta_ads_campaigns_by_day.csv", 2, {"totals": 1}, "170.60"),
        ("meta_ads_campaigns_manager.csv", 2, {}, "79.25"),
        ("meta_ads_campaigns_pivot_fr.csv", 2, {"totals": 2}, "72.80"),
        ("meta_ads_campaigns_de.csv", 2, {}, "1110.65"),
        ("meta_ads_campaigns_es.csv", 2, {}, "86.00"),
        ("meta_ads_campaigns_pt.csv", 2, {}, "53.15"),
        ("tiktok_ads_by_day.xlsx", 3, {}, "99.95"),
        ("ga4_traffic_by_day.csv", 4, {"preamble": 9}, "0"),
        ("ga4_traffic_by_hour.csv", 3, {"preamble": 5}, "0"),
        ("ga4_traffic_fr.csv", 2, {"preamble": 5}, "0"),
        ("ga4_transactions.csv", 5, {"not data": 1, "preamble": 10, "totals": 1}, "0"),
        ("klaviyo_campaigns.csv", 2, {}, "0"),
        ("klaviyo_campaigns_variants.csv", 2, {}, "0"),
    ],
)
def test_every_fixture_is_its_format_and_adds_up(tmp_path, name, loaded, ignored, amount):
    ledger, _ = load(tmp_path, FIXTURES / name)
    row = ledger[name]
    assert name.startswith(row.format)
    assert (row.loaded, row.ignored_as, row.quarantined) == (loaded, ignored, 0)
    assert row.amount == row.amount_loaded == Decimal(amount)
    assert is_balanced(row)


def test_a_report_of_ad_groups_or_keywords_adds_nothing_to_that_of_campaigns(tmp_path):
    ledger, target = load(tmp_path, CAMPAIGNS, AD_GROUPS, KEYWORDS)
    assert rows(target, SPEND) == [(Decimal("1135.1200"),)]
    assert ledger[AD_GROUPS.name].duplicates_as == {"other grain": 4}
    assert ledger[KEYWORDS.name].duplicates_as == {"other grain": 3}
    assert ledger[AD_GROUPS.name].amount_duplicates == Decimal("58.92")


def test_ad_groups_tell_the_sum_where_no_report_of_campaigns_does(tmp_path):
    ledger, target = load(tmp_path, AD_GROUPS, KEYWORDS)
    assert rows(target, SPEND) == [(Decimal("58.9200"),)]
    assert ledger[KEYWORDS.name].loaded == 0


def test_locations_split_the_campaigns_money_and_add_none(tmp_path):
    ledger, target = load(tmp_path, CAMPAIGNS, LOCATIONS, KEYWORDS)
    assert rows(target, SPEND) == [(Decimal("1135.1200"),)]
    query = (
        "select day::varchar, country, region, spend, impressions, clicks, conversions"
        " from 'canonical/ad_spend.parquet' where campaign = 'Marque FR' and day < '2026-07-03'"
        " order by day, region nulls last"
    )
    assert rows(target, query) == [
        ("2026-07-01", "FR", "Bretagne", Decimal("8"), 300, None, 2.0),
        ("2026-07-01", "FR", "Île-de-France", Decimal("18.4"), 700, None, 4.0),
        ("2026-07-01", None, None, Decimal("5.47"), 204, 88, 0.0),
        ("2026-07-02", "US", "California", Decimal("10.5"), 390, None, 1.0),
        ("2026-07-02", "FR", "Île-de-France", Decimal("16.55"), 600, None, 2.0),
        ("2026-07-02", None, None, Decimal("0"), 0, 71, 0.0),
    ]
    row = ledger[CAMPAIGNS.name]
    assert (row.loaded, row.duplicates) == (4, 0)
    assert (row.amount_loaded, row.amount_duplicates) == (Decimal("1081.67"), Decimal("53.45"))


def test_a_region_file_says_where_and_the_day_file_what_it_brought(tmp_path):
    ledger, target = load(tmp_path, META_DAY, META_REGION)
    query = (
        "select campaign, sum(spend), sum(conversions), count(region)"
        " from 'canonical/ad_spend.parquet' group by 1 order by 1"
    )
    assert rows(target, query) == [
        ("Prospection Été", Decimal("98.6"), 3.0, 2),
        ("Reciblage", Decimal("72"), 12.0, 1),
    ]
    # every figure of Reciblage stands in the region file, so that nothing is left to the day file
    assert ledger[META_DAY.name].duplicates_as == {"other grain": 1}
    assert all(is_balanced(row) for row in ledger.values())


def test_parts_beyond_the_whole_stand_alone(tmp_path):
    older = tmp_path / "meta_older.csv"
    older.write_bytes(META_DAY.read_bytes().replace(b"98.6,", b"40.6,"))
    ledger, target = load(tmp_path, older, META_REGION)
    query = SPEND + " where campaign = 'Prospection Été'"
    assert rows(target, query) == [(Decimal("94.6000"),)]
    assert ledger[older.name].duplicates_as == {"other grain": 2}


money = st.integers(0, 5_000).map(lambda cents: Decimal(cents) / 100)
whole = st.dictionaries(st.sampled_from("ABC"), money, min_size=1)
places = st.sampled_from(["Bretagne, France", "Corse, France", "Spain", "Unspecified"])
split = st.lists(st.tuples(st.sampled_from("ABC"), places, money), max_size=8)


@settings(max_examples=10, deadline=None)
@given(whole, split, split)
def test_whatever_the_reports_the_sum_is_that_of_one_teller(tmp_path_factory, whole, split, twice):
    folder = tmp_path_factory.mktemp("grains")
    campaigns = [f"2026-07-01,{c},5,{cost}" for c, cost in whole.items()]
    (folder / "campaigns.csv").write_text("\n".join(["Day,Campaign,Impr.,Cost", *campaigns, ""]))
    files = [folder / "campaigns.csv"]
    told = {"campaigns.csv": whole}
    for name, parts in (("locations.csv", split), ("again.csv", twice)):
        if not parts:
            continue
        unlike = [f'2026-07-01,{c},"{p}",{n},{cost}' for n, (c, p, cost) in enumerate(parts, 1)]
        (folder / name).write_text("\n".join(["Day,Campaign,Location,Impr.,Cost", *unlike, ""]))
        files.append(folder / name)
        told[name] = {c: sum(m for d, _, m in parts if d == c) for c in {c for c, *_ in parts}}
    ledger, target = load(folder, *files)
    assert all(is_balanced(row) for row in ledger.values())
    query = "select campaign, sum(spend) from 'canonical/ad_spend.parquet' group by 1"
    for campaign, spend in rows(target, query):
        claims = [sums[campaign] for sums in told.values() if campaign in sums]
        assert min(claims) <= spend <= max(claims)
        if campaign in whole:
            assert spend >= whole[campaign]


def test_two_devices_of_one_campaign_add_up_and_the_same_row_twice_does_not(tmp_path):
    path = tmp_path / "google.csv"
    line = "2026-07-01,{},Marque,10,2.50"
    body = [line.format(d) for d in ("Computers", "Mobile phones", "Mobile phones")]
    path.write_text("\n".join(["Day,Device,Campaign,Impr.,Cost", *body, ""]))
    ledger, target = load(tmp_path, path)
    assert rows(target, SPEND) == [(Decimal("5.0000"),)]
    assert ledger[path.name].duplicates_as == {"duplicate": 1}


@pytest.mark.parametrize(
    ("fixture", "old", "new", "said"),
    [
        (AD_GROUPS, "\nDay\t", "\nTag der Woche\t", "Segment › Time › Day"),
        (KEYWORDS, "Device,Day,", "Device,Week,", "Segment › Time › Day"),
        (LOCATIONS, "\nDay\t", "\nMonth\t", "Segment › Time › Day"),
        (
            FIXTURES / "meta_ads_campaigns_manager.csv",
            "2026-08-03,2026-08-03",
            "2026-08-01,2026-08-31",
            "Breakdown › Time › Day",
        ),
        (FIXTURES / "ga4_traffic_by_day.csv", ",Date,", ",Nth day,", "Time › Date"),
    ],
    ids=["ad groups", "keywords", "locations", "meta period", "nth day"],
)
def test_a_file_without_days_is_refused_with_how_to_export_it_again(
    tmp_path, fixture, old, new, said
):
    encoding = "utf-16" if "excel" in fixture.name else "utf-8-sig"
    text = fixture.read_bytes().decode(encoding)
    assert old in text
    path = tmp_path / "report.csv"
    path.write_bytes(text.replace(old, new).encode(encoding))
    with pytest.raises(ExportError) as refusal:
        load(tmp_path, path)
    assert said in str(refusal.value)


def test_a_snapshot_of_stacked_tables_is_refused_with_the_report_to_download(tmp_path):
    with pytest.raises(ExportError, match=r"3 tables stand in this file.*Traffic acquisition"):
        load(tmp_path, FIXTURES / "ga4_stacked_snapshot.csv")


def months(*texts: bytes, path: Path) -> Path:
    """Downloads of Google Analytics put one under the other."""
    path.write_bytes(b"\n".join(texts))
    return path


def test_of_stacked_tables_those_of_the_traffic_are_read_and_the_others_counted(tmp_path):
    traffic = (FIXTURES / "ga4_traffic_by_day.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    snapshot = (FIXTURES / "ga4_stacked_snapshot.csv").read_bytes()
    later = traffic.replace(b"202607", b"202608")
    whole, _ = load(tmp_path, FIXTURES / "ga4_traffic_by_day.csv")
    path = months(snapshot, traffic, snapshot, later, path=tmp_path / "all.csv")
    ledger, target = load(tmp_path, path)
    row, one = ledger["all.csv"], whole["ga4_traffic_by_day.csv"]
    assert is_balanced(row)
    assert (row.loaded, row.quarantined) == (2 * one.loaded, 0)
    assert row.ignored_as["another table"] == 8
    assert row.last_day[:7] == "2026-08"
    assert rows(target, "select count(distinct month(day)) from 'canonical/traffic.parquet'") == [
        (2,)
    ]


def test_a_stacked_table_that_breaks_in_the_middle_costs_its_row_only(tmp_path):
    traffic = (FIXTURES / "ga4_traffic_by_day.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    broken = traffic.rstrip() + b",1,2,3\n"
    path = months(traffic.replace(b"202607", b"202608"), broken, path=tmp_path / "two.csv")
    row = load(tmp_path, path)[0]["two.csv"]
    assert is_balanced(row)
    assert row.quarantined == 1


def test_a_day_column_left_empty_costs_its_row_only(tmp_path):
    path = tmp_path / "meta.csv"
    path.write_bytes(META_DAY.read_bytes().replace(b'"Reciblage",2026-07-02', b'"Reciblage",'))
    path.write_bytes(path.read_bytes().replace(b"72,2026-07-02", b"72,2026-07-01"))
    ledger, target = load(tmp_path, path)
    assert (ledger[path.name].loaded, ledger[path.name].quarantined) == (1, 1)
    assert quarantine(target)[0]["column"] == "day"


def test_hours_add_up_to_days_and_a_day_is_counted_from_one_file(tmp_path):
    hourly, daily = FIXTURES / "ga4_traffic_by_hour.csv", FIXTURES / "ga4_traffic_by_day.csv"
    _, target = load(tmp_path, hourly, daily)
    query = "select day::varchar, sum(sessions) from 'canonical/traffic.parquet' group by 1"
    assert dict(rows(target, query)) == {"2026-07-01": 481, "2026-07-02": 100}


def test_a_newsletter_costs_nothing_and_therefore_is_no_spend(tmp_path):
    _, target = load(tmp_path, FIXTURES / "klaviyo_campaigns.csv")
    assert rows(target, "select count(*) from 'canonical/ad_spend.parquet'") == [(0,)]
    query = (
        "select campaign, message_kind, recipients, claimed_orders, claimed_revenue"
        " from 'canonical/sends.parquet' order by sent_at"
    )
    assert rows(target, query) == [
        ("Soldes d'été", "email", 12_400, 96, Decimal("4812.4000")),
        ("Rappel", "sms", 3_100, 12, Decimal("540.0000")),
    ]


def test_variants_of_a_send_are_kept_apart(tmp_path):
    _, target = load(tmp_path, FIXTURES / "klaviyo_campaigns_variants.csv")
    query = "select send_id, claimed_orders, claimed_revenue from 'canonical/sends.parquet'"
    assert rows(target, query) == [
        ("Lancement Figue / A", 44, Decimal("2010.5000")),
        ("Lancement Figue / B", 51, Decimal("2377.0000")),
    ]


@pytest.mark.parametrize(
    "name", [n for n in platform_formats() if n.startswith(("google", "meta", "tik", "ga4", "kla"))]
)
def test_the_request_says_where_to_click_in_both_languages(name):
    spec = platform_formats()[name]
    for language in ("en", "fr"):
        menu, tick = spec.asked_for(language)
        assert "›" in menu
        assert tick
    assert list(Path(FIXTURES).glob(f"{name}*"))


def test_the_request_asks_for_each_sum_once():
    needs = tuple(step for step in STEPS if any(n.table == "ad_spend" for n in step.needs))
    text = DataRequest("Brume", needs, {}, None, (), Language("fr")).text()
    assert "Segment › Heure › Jour" in text
    assert "Zones correspondantes" in text
    assert "Groupes d'annonces" not in text
    assert "Mots clés" not in text
