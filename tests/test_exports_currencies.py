"""Other currencies, several shops, cells too many, odd hours, blocks that are pasted."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml
from goulot.errors import ExportError
from goulot.exports.dialect import file_digest
from goulot.exports.load import Source, load_exports
from goulot.exports.rates import Rate, read_rates
from goulot.pasting import load_merging
from goulot.settings import ClientSettings

SHOPIFY = Path(__file__).parent / "fixtures" / "exports" / "shopify_orders_79.csv"
BRUME = ClientSettings(name="Brume", currency="EUR", timezone="Europe/Paris")
DOLLARS = (Rate("USD", date(2026, 1, 1), Decimal("0.5")),)
PLAIN = {
    "one_row_is": "orders",
    "read": {
        "id": {"header": "Ticket", "required": True},
        "paid_at": {"header": "When", "type": "timestamp", "required": True},
        "paid": {"header": "Paid", "type": "money", "required": True},
    },
    "tables": {"orders": {"order_id": "id", "ordered_at": "paid_at", "total": "paid"}},
}


def load(folder: Path, files: dict[str, bytes], client=BRUME, rates=()):
    sources = []
    for name, content in files.items():
        path = folder / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sources.append(Source(path, name, *file_digest(path)))
    build = folder / "build"
    ledger = load_exports(
        client, sources, build, kept=folder / "kept", secret="s", code="c", rates=rates
    )
    with duckdb.connect() as connection:
        orders = connection.execute(
            f"select order_id, ordered_at, total from '{build}/canonical/orders.parquet' order by 1"
        ).fetchall()
    return ledger, orders


def test_an_order_in_another_currency_is_converted_and_still_reconciles(tmp_path):
    content = SHOPIFY.read_bytes().replace(b"EUR,43.20", b"USD,43.20")
    (row,), orders = load(tmp_path, {"orders.csv": content}, rates=DOLLARS)
    totals = {number: total for number, _, total in orders}
    assert totals["#1002"] == Decimal("24.05")  # half of 48.10
    assert totals["#1001"] == Decimal("97.90")
    assert row.converted == {"USD": "48.1000"}
    assert row.amount == row.amount_loaded == sum(totals.values())


def test_a_day_before_the_first_rate_is_refused_with_the_line_to_add(tmp_path):
    late = (Rate("USD", date(2027, 1, 1), Decimal("0.5")),)
    content = SHOPIFY.read_bytes().replace(b"EUR,43.20", b"USD,43.20")
    with pytest.raises(ExportError, match=r"2026-\d\d-\d\d,USD,0.9100"):
        load(tmp_path, {"orders.csv": content}, rates=late)


def test_rates_are_read_by_name_and_a_slip_is_named_by_its_line(tmp_path):
    path = tmp_path / "fx_rates.csv"
    path.write_text("currency,rate,day\nUSD,0.91,2026-01-02\n", encoding="utf-8")
    assert read_rates(path) == (Rate("USD", date(2026, 1, 2), Decimal("0.91")),)
    path.write_text("day,currency,rate\n2026-01-02,USD,-1\n", encoding="utf-8")
    with pytest.raises(ExportError, match="line 2"):
        read_rates(path)


def test_two_shops_with_the_same_order_numbers_are_kept_apart_and_one_shops_files_merge(tmp_path):
    client = BRUME.model_copy(update={"shops": {"fr": "fr/*", "uk": "uk/*"}})
    content = SHOPIFY.read_bytes()
    files = {"fr/orders.csv": content, "uk/a.csv": content, "uk/b.csv": content}
    ledger, orders = load(tmp_path, files, client)
    assert len(orders) == 12
    assert {number[:4] for number, _, _ in orders} == {"fr:#", "uk:#"}
    assert sum(row.duplicates for row in ledger) == 9


def test_a_row_with_one_empty_cell_too_many_is_quarantined(tmp_path):
    client = BRUME.model_copy(update={"exports": {"till.csv": PLAIN}})
    rows = b"Ticket,When,Paid\nA1,2026-03-04 10:00:00,5\nA2,2026-03-04 11:00:00,7,\n"
    (row,), orders = load(tmp_path, {"till.csv": rows}, client)
    assert (row.loaded, row.quarantined) == (1, 1)
    assert [number for number, _, _ in orders] == ["A1"]


def test_an_hour_that_was_skipped_is_no_time_and_one_that_exists_twice_is_kept(tmp_path):
    client = BRUME.model_copy(update={"exports": {"till.csv": PLAIN}})
    rows = (
        b"Ticket,When,Paid\nA1,2026-03-29 02:30:00,5\nA2,2026-10-25 02:30:00,7\n"
        b"A3,2026-07-25 02:30:00,7\n"
    )
    (row,), orders = load(tmp_path, {"till.csv": rows}, client)
    assert row.quarantined == 1
    assert [at for _, at, _ in orders] == [
        datetime(2026, 10, 25, 2, 30),
        datetime(2026, 7, 25, 2, 30),
    ]


def test_the_line_for_ambiguous_dates_works_when_it_is_pasted_below(tmp_path):
    rows = b"Ticket,When,Paid\nA1,03/04/2026 10:00:00,5\nA2,05/06/2026 11:00:00,7\n"
    settings = yaml.safe_dump({"exports": {"till*.csv": PLAIN}})
    client = BRUME.model_copy(update=yaml.safe_load(settings))
    with pytest.raises(ExportError, match="3 Apr 2026 with the day first") as refusal:
        load(tmp_path, {"till_1.csv": rows}, client)
    block = str(refusal.value).split("run again:\n")[1]
    client = BRUME.model_copy(update=load_merging(f"{settings}\n{block}\n"))
    _, orders = load(tmp_path / "again", {"till_1.csv": rows}, client)
    assert orders[0][1] == datetime(2026, 4, 3, 10)


SHIPSTATION = SHOPIFY.with_name("shipstation_shipments.csv")


def in_dollars(content: bytes) -> bytes:
    """The parcels' costs as ShipStation's own tables show them."""
    content = content.replace("€".encode(), b"$")
    assert b",$4.35," in content
    return content.replace(b",5.10,", b",$5.10,")


def costs(folder: Path) -> dict[str, Decimal]:
    with duckdb.connect() as connection:
        return dict(
            connection.execute(
                f"select shipment_id, cost from '{folder}/build/canonical/shipments.parquet'"
            ).fetchall()
        )


def test_a_column_of_dollars_is_refused_once_with_both_cures(tmp_path):
    content = in_dollars(SHIPSTATION.read_bytes())
    with pytest.raises(ExportError, match=r"amounts bear the sign '\$'") as refusal:
        load(tmp_path, {"parcels.csv": content})
    said = str(refusal.value)
    assert said.count("\n2026-07-01,USD,0.9100\n") == 1
    block = said.split("run again:\n")[1]
    client = BRUME.model_copy(update=load_merging(block))
    load(tmp_path / "mapped", {"parcels.csv": content}, client)
    load(tmp_path / "plain", {"parcels.csv": SHIPSTATION.read_bytes()})
    assert costs(tmp_path / "mapped") == costs(tmp_path / "plain")
    path = tmp_path / "fx_rates.csv"
    path.write_text("\n".join(said.split("as in:\n")[1].split("\n")[:2]), encoding="utf-8")
    load(tmp_path / "rates", {"parcels.csv": content}, rates=read_rates(path))


def test_dollars_are_converted_by_their_sign_and_amounts_without_one_are_the_clients(tmp_path):
    content = SHIPSTATION.read_bytes().replace(",€4.35,6A".encode(), b",$4.00,6A", 1)
    (row,), _ = load(tmp_path, {"parcels.csv": content}, rates=DOLLARS)
    assert row.quarantined == 0
    converted = costs(tmp_path)
    load(tmp_path / "plain", {"parcels.csv": SHIPSTATION.read_bytes()})
    plain = costs(tmp_path / "plain")
    changed = {number for number in plain if plain[number] != converted[number]}
    assert {converted[number] for number in changed} == {Decimal("2.00")}


def test_a_sign_of_two_known_currencies_is_asked_for(tmp_path):
    rates = (*DOLLARS, Rate("CAD", date(2026, 1, 1), Decimal("0.7")))
    content = in_dollars(SHIPSTATION.read_bytes())
    with pytest.raises(ExportError, match="amounts_in: USD") as refusal:
        load(tmp_path, {"parcels.csv": content}, rates=rates)
    client = BRUME.model_copy(update=load_merging(str(refusal.value).split("run again:\n")[1]))
    load(tmp_path / "again", {"parcels.csv": content}, client, rates)
    assert Decimal("2.1750") in costs(tmp_path / "again").values()


def test_a_row_with_the_signs_of_two_currencies_is_quarantined(tmp_path):
    read = PLAIN["read"] | {"tip": {"header": "Tip", "type": "money"}}
    client = BRUME.model_copy(update={"exports": {"till.csv": PLAIN | {"read": read}}})
    rows = (
        b"Ticket,When,Paid,Tip\nA1,2026-03-04 10:00:00,$8,$1\n"
        b"A2,2026-03-04 11:00:00,$7,2 \xe2\x82\xac\nA3,2026-03-04 11:00:00,9 \xe2\x82\xac,\n"
    )
    (row,), orders = load(tmp_path, {"till.csv": rows}, client, DOLLARS)
    assert (row.loaded, row.quarantined) == (2, 1)
    assert [(number, total) for number, _, total in orders] == [("A1", 4), ("A3", 9)]
