"""Purchase orders and the calendar, by our templates and client.yml: value by value."""

from decimal import Decimal

import pytest
from goulot.errors import ExportError, SettingsError
from goulot.settings import ClientSettings, read_settings
from loaded_exports import (
    BLACK_FRIDAY,
    FIXTURES,
    changed,
    client_with,
    day,
    load,
    quarantine,
    table,
)


def test_purchase_orders_come_in_the_template(tmp_path):
    _, target = load(tmp_path, FIXTURES / "purchase_orders_template_fr.csv")
    columns = "po_id, sku, supplier, ordered_on, promised_on, received_on, quantity, unit_cost"
    assert table(target, "purchase_orders", columns)[1:] == [
        (
            "PO-2026-014",
            "BOU-BRU-180",
            "Cirier du Rhône",
            day("2026-03-02"),
            day("2026-03-16"),
            day("2026-03-18"),
            1200,
            Decimal("7.2"),
        ),
        (
            "PO-2026-021",
            "COF-DEC",
            "Cartonnages Martin & fils",
            day("2026-08-05"),
            None,
            None,
            300,
            Decimal("9.8"),
        ),
    ]


def test_an_event_that_returns_every_year_is_kept_every_year(tmp_path):
    _, target = load(tmp_path, FIXTURES / "calendar_template_fr.csv")
    columns = "event, kind, starts_on, ends_on, channel, expected_multiplier"
    assert table(target, "calendar", columns, "starts_on") == [
        ("Soldes d'été", "promotion", day("2025-06-25"), day("2025-07-22"), "Email", 1.6),
        ("Soldes d'été", "promotion", day("2026-06-24"), day("2026-07-21"), "Email", 1.8),
        ("Rentrée", "season", day("2026-09-01"), day("2026-09-15"), None, None),
        ("Vidéo de Léa", "influencer", day("2026-09-12"), day("2026-09-12"), "Influencer", 3.25),
        ("Bougie Ambre", "launch", day("2026-10-05"), day("2026-10-11"), "Paid Social", 2),
    ]


def test_an_unknown_kind_of_event_is_quarantined(tmp_path):
    path = changed(tmp_path, b";saison;", b";picnic;", FIXTURES / "calendar_template_fr.csv")
    _, target = load(tmp_path, path)
    assert [(q["column"], "not known" in q["reason"]) for q in quarantine(target)] == [
        ("kind", True)
    ]


def test_events_of_client_yml_stand_beside_those_of_the_file(tmp_path):
    from goulot.build import ensure_build

    build = ensure_build(client_with(tmp_path, BLACK_FRIDAY))
    found = table(build.folder, "calendar", "event, ends_on, expected_multiplier, source_file")
    assert len(found) == 7
    assert found[0] == ("Black Friday", day("2026-11-30"), 3.125, "client.yml")
    assert ("Calendrier de l'Avent", day("2026-12-01"), None, "client.yml") in found


def test_the_calendar_may_be_a_file_beside_client_yml(tmp_path):
    from goulot.build import ensure_build

    client = client_with(tmp_path, BLACK_FRIDAY.split("calendar:")[0] + "calendar: plan.csv")
    with pytest.raises(SettingsError, match=r"plan\.csv"):
        ensure_build(client)
    plan = "Event,Kind,Starts on\nSummer box,launch,2026-06-01\n"
    (client.folder / "plan.csv").write_text(plan, encoding="utf-8")
    found = table(ensure_build(client).folder, "calendar", "event, source_file", "1")
    assert ("Summer box", "plan.csv") in found
    assert len(found) == 6


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("kind: promotion, starts_on: 2026-11-27, ends_on", "kind: party, ends_on"),
        ("ends_on: 2026-11-30", "ends_on: 2026-11-02"),
        ("channel: Email", "channel: Mail"),
        ("expected_multiplier: 3.125", "expected_multiplier: -1"),
        ("event: Black Friday, ", "evnt: Black Friday, "),
    ],
)
def test_a_mistake_in_the_calendar_names_the_key(tmp_path, wrong, said):
    assert wrong in BLACK_FRIDAY
    path = tmp_path / "client.yml"
    path.write_text(BLACK_FRIDAY.replace(wrong, said, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"calendar\.0\.{said.split(':')[0]}"):
        read_settings(path)


def test_a_new_client_gets_templates_that_are_read_once_they_are_filled_in(tmp_path):
    from goulot.newclient import make_client

    folder = make_client(tmp_path, "brume", "ecommerce")
    assert list((folder / "exports").iterdir()) == []
    for name, line in {
        "purchase_orders.csv": "PO-1,A,Maker,2026-03-02,2026-03-16,,10,1.50\n",
        "commandes_fournisseurs.csv": "PO-2;A;Maker;2026-03-02;2026-03-16;;10;1,50\n",
        "calendar.csv": "Sale,promotion,2026-06-24,2026-06-30,,,2\n",
        "calendrier.csv": "Soldes;promotion;2026-06-24;2026-06-30;;;2\n",
        "campaigns.csv": "Search | Candles,can-1,\n",
        "campagnes.csv": "Search | Vases;;Vases\n",
    }.items():
        path = folder / "exports" / name
        path.write_bytes((folder / "templates" / name).read_bytes() + line.encode())
    ledger, target = load(tmp_path, *(folder / "exports").iterdir())
    assert {row.loaded for row in ledger.values()} == {1}
    assert table(target, "purchase_orders", "po_id, unit_cost") == [
        ("PO-1", Decimal("1.5")),
        ("PO-2", Decimal("1.5")),
    ]
    assert len(table(target, "calendar", "*")) == 2
    assert table(target, "ad_links", "campaign, sku, category") == [
        ("Search | Candles", "CAN-1", None),
        ("Search | Vases", None, "Vases"),
    ]


def test_an_empty_template_left_in_exports_is_refused_with_what_to_do(tmp_path):
    from goulot.newclient import make_client

    folder = make_client(tmp_path, "brume", "ecommerce")
    with pytest.raises(ExportError, match="no rows below"):
        load(tmp_path, folder / "templates" / "calendar.csv")


def test_a_client_without_a_calendar_has_none():
    bare = ClientSettings(name="Brume", currency="EUR", timezone="Europe/Paris")
    assert (bare.calendar, bare.calendar_file) == ([], "")
