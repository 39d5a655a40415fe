"""The channel of an order: Google's groups to the letter, tags however written, and the order."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from goulot.exports.ga4 import CHANNEL, CHANNEL_OF_GROUP, GROUP_MACRO, group_sql, with_group
from goulot.exports.utm import NOTE_MACROS
from goulot.fields import CHANNELS
from goulot.settings import ChannelRules
from hypothesis import given, settings
from hypothesis import strategies as st
from loaded_exports import BRUME, FIXTURES, SHOPIFY, load, rows

# source, medium, campaign; Google's group (its answer/9756891); our channel
VISITS = [
    ("(direct)", "(none)", "", "Direct", "Direct"),
    ("(direct)", "(not set)", "", "Direct", "Direct"),
    ("google", "cpc", "Cross-network PMax", "Cross-network", "Paid Search"),
    ("amazon.fr", "cpc", "", "Paid Shopping", "Paid Search"),
    ("google", "cpc", "Shopping Bougies", "Paid Shopping", "Paid Search"),
    ("facebook", "paid", "workshop", "Paid Social", "Paid Social"),  # no shop; an eshop is one
    ("facebook", "paid", "shop automne", "Paid Shopping", "Paid Social"),
    ("google", "cpc", "Marque", "Paid Search", "Paid Search"),
    ("bing", "ppc", "", "Paid Search", "Paid Search"),
    ("duckduckgo.com", "paidsearch", "", "Paid Search", "Paid Search"),
    ("m.facebook.com", "cpc", "", "Paid Social", "Paid Social"),
    ("ig", "paid_social", "", "Paid Social", "Paid Social"),
    ("tiktok", "retargeting", "", "Paid Social", "Paid Social"),
    ("youtube", "cpm", "", "Paid Video", "Paid Search"),
    ("youtube.com", "cpv", "", "Paid Video", "Paid Search"),
    ("youtube.com", "referral", "", "Organic Video", "Organic Social"),
    ("lemonde.fr", "display", "", "Display", "Paid Search"),
    ("lemonde.fr", "banner", "", "Display", "Paid Search"),
    ("lemonde.fr", "cpm", "", "Display", "Paid Search"),
    ("criteo", "retargeting", "", "Paid Other", None),
    ("partner", "cpa", "", "Paid Other", None),
    ("chatgpt.com", "referral", "", "AI Assistant", "Referral"),
    ("chatgpt.com", "(not set)", "", "AI Assistant", "Referral"),
    ("gemini.google.com", "referral", "", "AI Assistant", "Referral"),
    ("ebay.de", "referral", "", "Organic Shopping", "Marketplace"),
    ("checkout.stripe.com", "referral", "", "Organic Shopping", None),
    ("news", "email", "shop", "Organic Shopping", "Email"),
    ("l.instagram.com", "referral", "", "Organic Social", "Organic Social"),
    ("lnkd.in", "referral", "", "Organic Social", "Organic Social"),
    ("partner", "social media", "", "Organic Social", "Organic Social"),
    ("vimeo.com", "referral", "", "Organic Video", "Organic Social"),
    ("partner", "instream-video", "", "Organic Video", "Organic Social"),
    ("google", "organic", "", "Organic Search", "Organic Search"),
    ("ecosia.org", "referral", "", "Organic Search", "Organic Search"),
    ("unknown", "organic", "", "Organic Search", "Organic Search"),
    ("blog.example", "referral", "", "Referral", "Referral"),
    ("partner", "link", "", "Referral", "Referral"),
    ("klaviyo", "email", "", "Email", "Email"),
    ("e_mail", "x", "", "Email", "Email"),
    ("partner", "e mail", "", "Email", "Email"),
    ("awin", "affiliate", "", "Affiliates", "Affiliates"),
    ("podcast", "audio", "", "Audio", "Influencer"),
    ("sms", "x", "", "SMS", "Email"),
    ("x", "sms", "", "SMS", "Email"),
    ("app", "web-push", "", "Mobile Push Notifications", "Email"),
    ("app", "mobile", "", "Mobile Push Notifications", "Email"),
    ("firebase", "x", "", "Mobile Push Notifications", "Email"),
    ("partner", "other", "", "Unassigned", None),
    # what Google does not assign, and the tags tell
    ("newsletter", "crm", "", "Unassigned", "Email"),
    ("awin", "affiliates", "", "Unassigned", "Affiliates"),
    ("instagram", "influencer", "", "Organic Social", "Influencer"),
    # sites whose names only look like another's
    ("facebookmarketplacehelp.example", "referral", "", "Referral", "Referral"),
    ("mygoogle", "cpc", "", "Paid Other", None),
    ("notamazon.com", "referral", "", "Referral", "Referral"),
]


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        for macro in (*NOTE_MACROS, GROUP_MACRO):
            connection.execute(macro)
        yield connection


def judged(connection, sql, source, medium, campaign):
    values = {"s": source.lower(), "m": medium.lower(), "c": campaign.lower()}
    visit = "select $s as source_, $m as medium_, $c as campaign_"
    query = f"select {sql} from ({with_group(visit)})"
    return connection.execute(query, values).fetchall()[0][0]


@pytest.mark.parametrize(("source", "medium", "campaign", "group", "channel"), VISITS)
def test_a_visit_is_in_google_s_group_and_in_our_channel(
    connection, source, medium, campaign, group, channel
):
    assert judged(connection, group_sql(), source, medium, campaign) == group
    assert judged(connection, CHANNEL, source, medium, campaign) == channel


def test_every_group_of_google_has_a_decision_and_a_case():
    assert {group for *_, group, _ in VISITS} == set(CHANNEL_OF_GROUP)
    assert {c for c in CHANNEL_OF_GROUP.values() if c} <= set(CHANNELS)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_any_visit_is_in_one_of_the_groups(connection, source, medium, campaign):
    assert judged(connection, group_sql(), source, medium, campaign) in CHANNEL_OF_GROUP


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("Cross-network", "Paid Search"),
        ("Organic Search", "Organic Search"),
        ("SMS", "Email"),
        ("Unassigned", "Unattributed"),
        ("Marketplace", "Marketplace"),
        ("A custom group", "Unattributed"),
        (None, "Unattributed"),
    ],
)
def test_a_group_named_by_google_is_one_of_our_channels(connection, name, channel):
    found = connection.execute("select channel_of_group($name)", {"name": name}).fetchall()
    assert found == [(channel,)]


@pytest.mark.parametrize(
    "note",
    [
        "utm_source: google\nutm_medium: cpc",
        "gift: yes\n  UTM_SOURCE = google\r\nUTM_MEDIUM: cpc\r\n",
        '{"utm_source": "google", "utm_medium": "cpc"}',
        '[{"name":"utm_source","value":"google"},{"name":"utm_medium","value":"cpc"}]',
        "landing_site: /bougies?utm_source=google&utm_medium=cpc#top",
        "Landing page: https://brume.example/?gclid=x&utm_medium=cpc&utm_source=google",
        "landing: %2Fbougies%3Futm_source%3Dgoogle%26utm_medium%3Dcpc",
        "utm_source%3Dgoogle%26utm_medium%3Dcpc",
        "utm_source=google&utm_medium=cpc",
        "_utm_source: google\n_utm_medium: cpc",
    ],
)
def test_tags_are_read_however_a_shop_writes_them(connection, note):
    query = "select note_value($note, 'utm_source'), note_value($note, 'utm_medium')"
    assert connection.execute(query, {"note": note}).fetchall() == [("google", "cpc")]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("utm_campaign: Soldes d%27%C3%A9t%C3%A9", "Soldes d'été"),
        ("/?utm_campaign=rentr%C3%A9e+2026&x=1", "rentrée 2026"),
        ("utm_campaign: (not set)", None),
        ("utm_campaign: null", None),
        ("utm_campaign:", None),
        ("utm_campaign: 100% naturel", "100% naturel"),
        ("gift message: no campaign here", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_s_value_is_decoded_and_an_empty_one_is_none(connection, note, said):
    query = "select note_value($note, 'utm_campaign')"
    assert connection.execute(query, {"note": note}).fetchall() == [(said,)]


def shop(folder: Path, changes: dict[str, dict[str, str]]) -> Path:
    """Shopify orders with some cells of the first row of some orders changed."""
    with SHOPIFY.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        if line["Total"]:
            line.update(changes.get(line["Name"], {}))
    text = io.StringIO()
    writer = csv.DictWriter(text, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    path = folder / "orders.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


CHANNEL_QUERY = "select order_id, channel, channel_rule from 'canonical/orders.parquet' order by 1"


def test_analytics_then_tags_then_codes_then_source_decide_and_the_rule_says_which(tmp_path):
    rules = ChannelRules(codes={"LEA*": "Influencer"}, sources={"580111": "Referral"})
    client = BRUME.model_copy(update={"channels": rules})
    tagged = {"Note Attributes": "utm_source: facebook\nutm_medium: paid"}
    coded = {"Discount Code": "lea15", "Note Attributes": ""}
    orders = shop(
        tmp_path,
        {
            "#1001": tagged | coded,  # analytics says google / cpc
            "#1002": tagged | {"Discount Code": "LEA15"},
            "#1005": coded | {"Note Attributes": ""},
            "#1006": {"Note Attributes": "", "Discount Code": "", "Source": "web"},
        },
    )
    _, target = load(tmp_path, orders, FIXTURES / "ga4_transactions.csv", client=client)
    assert rows(target, CHANNEL_QUERY) == [
        ("#1001", "Paid Search", "ga4"),
        ("#1002", "Paid Social", "utm"),
        ("#1003", "Direct", "ga4"),
        ("#1004", "Email", "ga4"),
        ("#1005", "Influencer", "code"),
        ("#1006", "Unattributed", "none"),  # criteo / retargeting says nothing by itself
    ]
    query = "select campaign from 'canonical/orders.parquet' where order_id = '#1001'"
    assert rows(target, query) == [("Marque FR",)]
    assert rows(target, "select count(*) from 'canonical/order_sources.parquet'") == [(5,)]


def test_analytics_may_know_an_order_by_the_shop_s_own_id(tmp_path):
    orders = shop(tmp_path, {"#1004": {"Id": "6123450001999"}})
    visits = tmp_path / "visits.csv"
    visits.write_text("Transaction ID,Source / medium\n6123450001999,bing / organic\n#1001,x / y\n")
    _, target = load(tmp_path, orders, visits)
    assert ("#1004", "Organic Search", "ga4") in rows(target, CHANNEL_QUERY)


def test_an_order_that_analytics_writes_two_ways_is_still_one_order(tmp_path):
    visits = tmp_path / "visits.csv"
    visits.write_text("Transaction ID,Source / medium\n#1001,google / cpc\n1001,google / cpc\n")
    _, target = load(tmp_path, SHOPIFY, visits)
    assert rows(target, "select count(*) from 'canonical/orders.parquet'") == [(6,)]


@pytest.mark.parametrize(
    ("rules", "channel"),
    [
        ({"utm": {"criteo / *": "Paid Social"}}, "Paid Social"),
        ({"campaigns": {"lea *": "Influencer"}}, "Influencer"),
        (
            {"campaigns": {"lea *": "Influencer"}, "utm": {"criteo / *": "Paid Social"}},
            "Influencer",
        ),
        ({"codes": {"NOEL_10": "Affiliates"}}, "Affiliates"),
        ({"codes": {"NOELX10": "Affiliates"}}, "Unattributed"),
    ],
)
def test_rules_of_the_client_decide_what_tags_leave_open(tmp_path, rules, channel):
    tags = "utm_source: Criteo\nutm_medium: Retargeting\nutm_campaign: Lea automne"
    orders = shop(
        tmp_path,
        {"#1004": {"Note Attributes": tags, "Discount Code": "noel_10", "Source": "web"}},
    )
    client = BRUME.model_copy(update={"channels": ChannelRules(**rules)})
    _, target = load(tmp_path, orders, client=client)
    found = {order: found for order, found, _ in rows(target, CHANNEL_QUERY)}
    assert found["#1004"] == channel
