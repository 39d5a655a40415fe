"""The ledger: predictions appended, statuses kept, last quarter's held against what happened."""

import pytest
from goulot import charts, sentences
from goulot import ledger as books
from goulot.errors import SettingsError
from goulot.language import Language
from goulot.ledger import read_ledger, write_ledger
from goulot.quarter import Quarter
from goulot.steps.predictions import Tally, hit_share, judged, judged_so_far, moved_by, over_time

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
        "channels.quarter_new_customers.email": {"value": email, "unit": "customers"},
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
    assert (forecast.measure, forecast.low) == ("channels.quarter_new_customers.email", 90.0)


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
    assert over_time(found) == [Tally("2026Q2", 1, 1, 1, 1)]
    share = hit_share(found * 5)
    assert share.value == 1.0
    assert 0.7 < share.low < 1.0
    assert share.high == 1.0


def two_actions_and_a_forecast():
    """Q2's report, of which both actions, on one figure, were done; judged by Q3's."""
    both = [recommendation(), recommendation("feedback.bids")]
    ledger = done(done(after_report([], Q2, both, findings())), "feedback.bids")
    return ledger, judged(ledger, Q3, findings(late=0.15))


def test_what_acted_on_one_figure_is_not_told_apart():
    ledger, foretold = two_actions_and_a_forecast()
    rows = by_id(foretold)
    assert [p.id for p in moved_by(rows["feedback.throttle"], foretold)] == ["feedback.bids"]
    assert moved_by(rows["channels.forecast_new_customers.email"], foretold) == []
    said = sentences.predictions.not_apart(foretold, Language("en"))
    assert "several actions aimed" in said
    assert "without a test" in said
    alone = judged(ledger[:1], Q3, findings())
    assert "several actions" not in sentences.predictions.not_apart(alone, Language("en"))


def test_a_forecast_says_which_actions_of_its_step_may_have_moved_it():
    spend = recommendation("channels.shift_spend", step="channels", action="Shift spend")
    ledger = done(after_report([], Q2, [spend], findings()), "channels.shift_spend")
    said = sentences.predictions.not_apart(judged(ledger, Q3, findings()), Language("en"))
    assert "Done since: “Shift spend”" in said
    open_ = after_report([], Q2, [spend], findings())
    said = sentences.predictions.not_apart(judged(open_, Q3, findings()), Language("en"))
    assert "Done since" not in said


def test_calibration_counts_all_reports_up_to_the_quarter_and_none_after():
    ledger, foretold = two_actions_and_a_forecast()
    assert judged_so_far(ledger, Q3, foretold) == foretold
    later = after_report(ledger, Q3, [], findings())
    assert judged_so_far(later, Q2, []) == []
    assert len(judged_so_far(later, Q3.next, [])) == 3


def test_what_was_foretold_is_told_with_the_unit_of_its_figure():
    _, foretold = two_actions_and_a_forecast()
    said = sentences.predictions.actions(foretold, findings(late=0.15), Language("en"))
    assert "was 30%, is 15%; foretold was 0% to 20%: **came true**" in said.replace("0 to", "0% to")
    table = charts.review.forecast_table(foretold, findings(email=102), Language("en"))
    assert table["happened"].tolist() == ["102\N{NO-BREAK SPACE}customers"]


def test_an_action_that_was_not_done_is_told_without_a_verdict():
    ledger = after_report([], Q2, [recommendation()], findings())
    foretold = judged(ledger, Q3, findings(late=0.1))
    said = sentences.predictions.actions(foretold, findings(late=0.1), Language("en"))
    assert "(open)" in said
    assert "was 30%, is 10%." in said
    assert "true" not in said


def test_text_of_the_ledger_is_text():
    hostile = recommendation(action="**Stop** <script>alert(1)</script>")
    ledger = done(after_report([], Q2, [hostile], findings()))
    said = sentences.predictions.actions(judged(ledger, Q3, findings()), {}, Language("en"))
    assert "<script>" not in said
