"""The ledger: predictions appended, statuses kept, last quarter's held against what happened."""

import pytest
from goulot import ledger as books
from goulot.errors import SettingsError
from goulot.ledger import read_ledger, write_ledger
from goulot.quarter import Quarter
from goulot.steps.predictions import hit_share, over_time

Q2, Q3 = Quarter(2026, 2), Quarter(2026, 3)


def after_report(ledger, quarter, recommendations, found, steps=("feedback", "channels")):
    return books.after_report(ledger, quarter, recommendations, found, steps)


def recommendation(name="feedback.throttle", **others):
    told = {"finding": "feedback.late_share.corse", "now": 0.3, "low": 0.0, "high": 0.2}
    row = {"id": name, "step": "feedback", "owner": "marketing", "action": "=Throttle", "due": ""}
    row |= {"effect": 1240.0, "low": 310.0, "high": 2100.0, "unit": "EUR/quarter"}
    return row | {"prediction": told} | others


def findings(late=0.15, email=102):
    return {
        "feedback.late_share.corse": {"value": late, "unit": "share"},
        "channels.new_customers.email": {"value": email, "unit": "customers"},
        "channels.forecast_new_customers.email": {
            "value": 110.0, "low": 90.0, "high": 130.0, "unit": "customers",
        },
    }  # fmt: skip


def by_id(ledger, quarter=Q2):
    return {p.id: p for p in ledger if p.quarter == str(quarter)}


def done(ledger, name="feedback.throttle"):
    from dataclasses import replace

    return [replace(p, status="done") if p.id == name else p for p in ledger]


def test_a_report_appends_its_recommendations_and_its_forecasts(tmp_path):
    path = tmp_path / "ledger.csv"
    ledger = after_report([], Q2, [recommendation()], findings())
    write_ledger(path, ledger)
    assert read_ledger(path) == ledger
    assert "'=Throttle" in path.read_text(encoding="utf-8")
    rows = by_id(ledger)
    assert rows["feedback.throttle"].status == "open"
    forecast = rows["channels.forecast_new_customers.email"]
    assert (forecast.measure, forecast.low) == ("channels.new_customers.email", 90.0)


def test_the_next_report_judges_what_was_done_and_what_was_forecast():
    ledger = done(after_report([], Q2, [recommendation()], findings()))
    rows = by_id(after_report(ledger, Q3, [], findings(late=0.15, email=131)))
    assert (rows["feedback.throttle"].happened, rows["feedback.throttle"].verdict) == (0.15, "hit")
    assert rows["channels.forecast_new_customers.email"].verdict == "miss"


@pytest.mark.parametrize(
    ("status", "late", "verdict"),
    [("open", 0.1, "not done"), ("declined", 0.1, "not done"), ("done", None, "not measured"),
     ("done", 0.25, "miss")],
)  # fmt: skip
def test_what_was_not_done_or_not_measured_is_no_miss(status, late, verdict):
    ledger = after_report([], Q2, [recommendation()], findings())
    ledger = done(ledger) if status == "done" else ledger
    rows = by_id(after_report(ledger, Q3, [], findings(late=late)))
    assert rows["feedback.throttle"].verdict == verdict


def test_the_same_report_made_again_changes_nothing_and_keeps_what_a_person_set():
    ledger = done(after_report([], Q2, [recommendation()], findings()))
    again = after_report(ledger, Q2, [recommendation()], findings())
    assert again == ledger
    gone = after_report(ledger, Q2, [], findings())
    assert by_id(gone)["feedback.throttle"].status == "done"
    assert "channels.forecast_new_customers.email" in by_id(gone)
    open_ = after_report([], Q2, [recommendation()], {})
    assert by_id(after_report(open_, Q2, [], {})) == {}
    assert by_id(after_report(open_, Q2, [], {}, steps=["channels"])) == by_id(open_)


def test_a_spreadsheet_may_have_saved_it_with_semicolons(tmp_path):
    path = tmp_path / "ledger.csv"
    ledger = after_report([], Q2, [recommendation(action="Throttle")], findings())
    write_ledger(path, ledger)
    text = path.read_text(encoding="utf-8").replace(",", ";").replace("1240.0", "1240,0")
    path.write_text("\ufeff" + text.replace("open", "Done", 1), encoding="utf-8")
    rows = by_id(read_ledger(path))
    assert rows["feedback.throttle"].effect == 1240.0
    assert [p.status for p in rows.values()].count("done") == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("open", "finished", "not one of open, done, declined"), ("1240.0", "viel", "not a number"),
     ("verdict", "Urteil", "no column 'verdict'")],
)  # fmt: skip
def test_a_mistake_in_the_ledger_names_row_and_cure(tmp_path, old, new, said):
    path = tmp_path / "ledger.csv"
    write_ledger(path, after_report([], Q2, [recommendation()], findings()))
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SettingsError, match=said):
        read_ledger(path)


def test_the_share_of_hits_has_an_interval_and_needs_five_predictions():
    ledger = done(after_report([], Q2, [recommendation()], findings()))
    found = after_report(ledger, Q3, [], findings())
    assert hit_share(found).value is None
    assert over_time(found) == [("2026Q2", 2, 2)]
    share = hit_share(found * 5)
    assert share.value == 1.0
    assert 0.7 < share.low < 1.0
    assert share.high == 1.0
