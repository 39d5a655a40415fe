"""Stripe, sign-ups, Zendesk and Gorgias: what their rows become, and what is left out of them."""

import csv
from datetime import date, datetime
from decimal import Decimal

import pytest
from goulot.errors import ExportError
from goulot.newclient import make_client
from goulot.tables import TABLES
from loaded_exports import BRUME, FIXTURES, is_balanced, load, rows

PERSONAL = (
    "fixture@example.com", "Camille", "Noé", "Inès", "rue des Essais", "75011", "99 00", "sonner",
    "cus_FIX", "call me", "Ma facture", "FixturePrint", "Dana",
)  # fmt: skip
CASES = {
    "stripe_payments.csv": ("Stripe payments", 5, {"in the shop's export": 1, "not paid": 1}, 0),
    "stripe_payments_excel.csv": ("Stripe payments", 5, {"not paid": 1}, 0),
    "stripe_invoices.csv": ("Stripe invoices", 2, {"not paid": 1}, 0),
    "stripe_subscriptions.csv": ("Stripe subscriptions", 4, {"not paid": 1}, 0),
    "signups_accounts.csv": ("Sign-ups", 5, {}, 0),
    "signups_inscriptions_fr.csv": ("Sign-ups", 2, {}, 0),
    "zendesk_tickets.csv": ("Zendesk tickets", 4, {"not data": 1}, 0),
    "zendesk_tickets_new_names.csv": ("Zendesk tickets", 4, {"not data": 1}, 0),
    "gorgias_tickets.csv": ("Gorgias tickets", 3, {}, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_the_file_is_recognised_and_nothing_of_a_person_is_kept(tmp_path, name):
    ledger, target = load(tmp_path, FIXTURES / name)
    row = ledger[name]
    assert (row.title, row.loaded, row.ignored_as, row.quarantined) == CASES[name]
    assert is_balanced(row)
    kept = (target / "quarantine.csv").read_text(encoding="utf-8")
    kept += "".join(str(rows(target, f"select * from 'canonical/{t}.parquet'")) for t in TABLES)
    kept += "".join(
        str(rows(target, f"select * from '{path}'")) for path in tmp_path.rglob("rows.parquet")
    )
    assert not [text for text in PERSONAL if text.lower() in kept.lower()]


def test_a_paid_payment_is_an_order_in_the_currency_it_was_settled_in(tmp_path):
    _, target = load(tmp_path, FIXTURES / "stripe_payments.csv")
    query = (
        "select order_id, ordered_at, total, refunded from 'canonical/orders.parquet' order by 2"
    )
    assert rows(target, query) == [
        ("in_1FIX0001", datetime(2026, 7, 1, 9, 15, 2), Decimal(49), 0),
        ("in_1FIX0002", datetime(2026, 7, 4, 0, 40, 11), Decimal(29), 0),  # a day later in Paris
        ("in_1FIX0004", datetime(2026, 7, 6, 11, 0, 41), Decimal(29), Decimal(29)),
        ("in_1FIX0005", datetime(2026, 8, 1, 9, 15, 44), Decimal("51.27"), 0),  # 60 USD
        ("ch_3FIX0006", datetime(2026, 8, 3, 1, 30), Decimal(129), Decimal("19.5")),
    ]


def test_the_total_of_payments_is_that_of_the_file_read_another_way(tmp_path):
    path = FIXTURES / "stripe_payments.csv"
    ledger, _ = load(tmp_path, path)
    with path.open(encoding="utf-8", newline="") as file:
        lines = [x for x in csv.DictReader(file) if not x["order_id (metadata)"]]
    paid = sum(Decimal(x["Converted Amount"]) for x in lines if x["Status"] != "Failed")
    assert ledger[path.name].amount_loaded == paid == Decimal("287.27")


def test_the_channel_of_a_payment_is_decided_by_its_own_tags_or_its_metadata(tmp_path):
    _, target = load(tmp_path, FIXTURES / "stripe_payments.csv")
    query = "select channel, channel_rule, count(*) from 'canonical/orders.parquet' group by all"
    assert sorted(rows(target, query)) == [
        ("Email", "utm", 1),
        ("Paid Search", "utm", 1),
        ("Unattributed", "none", 3),
    ]


def test_a_payments_file_saved_again_with_fewer_columns_reads_the_same(tmp_path):
    ledger, target = load(tmp_path, FIXTURES / "stripe_payments_excel.csv")
    query = "select order_id, total, refunded from 'canonical/orders.parquet' order by ordered_at"
    found = rows(target, query)
    assert found[:4] == [
        ("FIX-0001", 49, 0),
        ("FIX-0002", 29, 0),
        ("FIX-0004", 29, 29),  # paid back whole: the status says so
        ("FIX-0005", Decimal("51.27"), 0),
    ]
    assert found[4][0].startswith("payment ")
    assert ledger["stripe_payments_excel.csv"].amount_loaded == Decimal("287.27")


def test_payments_and_invoices_together_count_nothing_twice(tmp_path):
    files = [FIXTURES / name for name in ("stripe_payments.csv", "stripe_invoices.csv")]
    ledger, target = load(tmp_path, *files)
    assert sum(row.duplicates for row in ledger.values()) == 2
    query = "select count(*), sum(total) from 'canonical/orders.parquet'"
    assert rows(target, query) == [(5, Decimal("287.27"))]


def test_settled_in_another_currency_a_file_is_refused_with_the_rates_to_give(tmp_path):
    path = tmp_path / "payments.csv"
    content = (FIXTURES / "stripe_payments.csv").read_bytes()
    path.write_bytes(content.replace(b",51.27,0.00,eur,", b",51.27,0.00,gbp,"))
    with pytest.raises(ExportError, match="1 of its rows hold amounts in GBP"):
        load(tmp_path, path)


def test_recurring_revenue_is_amount_by_quantity_a_month_whatever_the_interval(tmp_path):
    _, target = load(tmp_path, FIXTURES / "stripe_subscriptions.csv")
    query = (
        "select plan, mrr, started_on, trial_ends_on, ended_on"
        " from 'canonical/subscriptions.parquet' order by subscription_id"
    )
    assert rows(target, query) == [
        ("team-monthly", 45, date(2026, 6, 17), date(2026, 7, 1), None),
        ("starter-monthly", 29, date(2026, 7, 1), None, date(2026, 9, 1)),  # days of Paris
        ("business-yearly", 50, date(2026, 7, 6), None, None),
        ("starter-weekly", Decimal("60.8750"), date(2026, 9, 21), date(2026, 10, 5), None),
    ]


def test_an_interval_that_is_not_known_leaves_the_revenue_empty(tmp_path):
    path = tmp_path / "subscriptions.csv"
    content = (FIXTURES / "stripe_subscriptions.csv").read_bytes()
    path.write_bytes(content.replace(b",eur,year,", b",eur,biennium,"))
    _, target = load(tmp_path, path)
    query = "select plan from 'canonical/subscriptions.parquet' where mrr is null"
    assert rows(target, query) == [("business-yearly",)]


@pytest.mark.parametrize("heading", [b"Ended At (UTC)", b"Trial End (UTC)", b"Quantity"])
def test_subscriptions_without_their_end_or_quantity_are_refused(tmp_path, heading):
    path = tmp_path / "subscriptions.csv"
    content = (FIXTURES / "stripe_subscriptions.csv").read_bytes()
    path.write_bytes(content.replace(heading, b"Other", 1))
    with pytest.raises(ExportError, match=r"Quantity|UTC"):
        load(tmp_path, path)


def test_an_account_has_the_key_of_its_subscription_and_its_tickets(tmp_path):
    names = ("signups_accounts.csv", "stripe_subscriptions.csv", "zendesk_tickets.csv")
    _, target = load(tmp_path, *(FIXTURES / name for name in names))
    query = (
        "select count(*) from 'canonical/signups.parquet' where user_key in"
        " (select customer_key from 'canonical/{}.parquet')"
    )
    assert rows(target, query.format("subscriptions")) == [(3,)]
    assert rows(target, query.format("tickets")) == [(3,)]


def test_the_channel_of_an_account_is_its_own_word_or_its_tags_or_a_rule_of_the_client(tmp_path):
    rules = BRUME.channels.model_copy(update={"sources": {"salon *": "Referral"}})
    client = BRUME.model_copy(update={"channels": rules})
    _, target = load(tmp_path, FIXTURES / "signups_accounts.csv", client=client)
    query = "select channel, campaign from 'canonical/signups.parquet' order by signed_up_at"
    assert rows(target, query) == [
        ("Paid Search", "fr_search_planning"),
        ("Email", "juin"),
        ("Paid Social", None),
        ("Referral", None),
        ("Unattributed", None),
    ]


def test_the_template_of_a_new_client_is_recognised_once_it_is_filled(tmp_path):
    template = make_client(tmp_path, "planio", "saas") / "templates" / "signups.csv"
    filled = tmp_path / "accounts.csv"
    row = b"17,noe.fixture@example.com,2026-06-29 21:10,2026-06-30 08:00,,google,cpc,essai\n"
    filled.write_bytes(template.read_bytes() + row)
    ledger, _ = load(tmp_path, filled)
    assert (ledger["accounts.csv"].title, ledger["accounts.csv"].loaded) == ("Sign-ups", 1)


def test_a_signups_file_without_activation_is_refused_with_what_is_missing(tmp_path):
    path = tmp_path / "accounts.csv"
    path.write_bytes(b"email,signed_up_at\nnoe.fixture@example.com,2026-06-29 21:10:45\n")
    with pytest.raises(ExportError, match="activated_at"):
        load(tmp_path, path)


@pytest.mark.parametrize("name", ["zendesk_tickets.csv", "zendesk_tickets_new_names.csv"])
def test_first_replies_of_zendesk_are_minutes_after_the_ticket(tmp_path, name):
    _, target = load(tmp_path, FIXTURES / name)
    query = (
        "select ticket_id, first_reply_at, solved_at, channel_of_contact, tags"
        " from 'canonical/tickets.parquet' order by 1"
    )
    assert rows(target, query) == [
        ("501", datetime(2026, 7, 2, 10, 35), datetime(2026, 7, 3, 9), "email", "billing,commande"),
        ("502", datetime(2026, 7, 4, 9, 22, 30), None, "web form", "import,first_week"),
        ("503", None, None, "chat", None),
        ("504", datetime(2026, 7, 5, 9), datetime(2026, 7, 5, 9, 15), "email", "facturation,#1004"),
    ]


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("zendesk_tickets.csv", ["#1001", None, None, "FR-10045"]),
        ("zendesk_tickets_new_names.csv", ["#1001", None, None, "#1004"]),  # no order field
        ("gorgias_tickets.csv", ["#1003", "#1002", "#1005"]),
    ],
)
def test_a_ticket_keeps_the_order_it_speaks_of_and_not_the_text(tmp_path, name, orders):
    _, target = load(tmp_path, FIXTURES / name)
    query = "select order_id from 'canonical/tickets.parquet' order by ticket_id"
    assert [order for (order,) in rows(target, query)] == orders


@pytest.mark.parametrize(
    ("subject", "order"),
    [
        ("Commande n°#1234 en retard", "#1234"),
        ("Re: [Ticket #1234] order #98765?", "#98765"),
        ("Request #1234", None),
        ("C&#39;est pour quand ?", None),
        ("Réf. A#12345", None),
        ("#12", None),
    ],
)
def test_a_number_is_an_order_only_where_it_is_written_as_one(tmp_path, subject, order):
    path = tmp_path / "tickets.csv"
    text = (FIXTURES / "gorgias_tickets.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("Merci", subject).replace(",#1005,", ",,"), encoding="utf-8")
    _, target = load(tmp_path, path)
    query = "select order_id from 'canonical/tickets.parquet' where ticket_id = '7003'"
    assert rows(target, query) == [(order,)]


def test_first_replies_of_gorgias_are_seconds_after_the_ticket(tmp_path):
    _, target = load(tmp_path, FIXTURES / "gorgias_tickets.csv")
    query = (
        "select first_reply_at, solved_at, channel_of_contact, tags"
        " from 'canonical/tickets.parquet' order by ticket_id"
    )
    assert rows(target, query) == [
        (
            datetime(2026, 7, 4, 9, 45, 30),
            datetime(2026, 7, 4, 12),
            "email",
            "late,VIP,order #1003",
        ),
        (None, None, "chat", "return"),
        (
            datetime(2026, 7, 6, 10, 10),
            datetime(2026, 7, 6, 10, 20),
            "instagram-direct-message",
            None,
        ),
    ]
