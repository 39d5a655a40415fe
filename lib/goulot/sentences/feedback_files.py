"""The files that each team takes along: one for people each, and a README for all of them.

Nothing here connects to anything: a person looks at a file, uploads it, and can undo it. The files
that advertising accounts read are in ``ad_account_files``.
"""

from collections.abc import Sequence

from goulot.cells import csv_text
from goulot.language import Language
from goulot.sentences.ad_account_files import account_files
from goulot.sentences.feedback_bids import change_line
from goulot.sentences.feedback_cells import cells_file
from goulot.sentences.feedback_readme import readme
from goulot.sentences.places import place_name
from goulot.steps.feedback import FeedbackReport
from goulot.steps.late_places import LatePlaces

Files = dict[str, str]


def action_files(report: FeedbackReport, language: Language) -> Files:
    """File name → text, for ``findings.leave_file``; vendors' files only where they have rows."""
    files = account_files(report.bids, report.budgets) | {
        "marketing.csv": _for_people(
            _marketing_headings(language), _marketing(report, language), language
        ),
        "operations.csv": _for_people(
            _operations_headings(language), _operations(report, language), language
        ),
        "customer_service.csv": _for_people(
            _service_headings(language), _service(report, language), language
        ),
        "adjusted_cac.csv": cells_file(report, language),
    }
    kept = {f"feedback_{name}": text for name, text in files.items() if text.count("\r\n") > 1}
    return kept | {"feedback_README.txt": readme(kept, language)} if kept else {}


def _for_people(headings: Sequence[str], rows: list, language: Language) -> str:
    return csv_text(headings, rows, ";" if language.code == "fr" else ",")


def _marketing_headings(language: Language) -> list[str]:
    return [
        language.say("What"),
        language.say("Channel or campaign"),
        language.say("Region or product"),
        language.say("Today"),
        language.say("Proposed"),
        language.say("From"),
        language.say("Effect in a quarter"),
        language.say("Why, and when to undo it"),
    ]


def _marketing(report: FeedbackReport, language: Language) -> list[tuple]:
    money, bids = language.money, []
    for change in report.changes:
        bids.append((
            language.say("Bid"), language.word(change.channel),
            place_name(change.country, change.region, language), money(change.spend, 0),
            _signed(change.modifier, language), language.day(report.as_of),
            money(change.effect.value), change_line(change, language),
        ))  # fmt: skip
    budgets = [
        (
            language.say("Pause") if b.is_paused else language.say("Budget a day"),
            b.campaign, ", ".join(b.held), money(b.daily_spend, 2),
            money(0.0 if b.is_paused else b.daily_budget, 2),
            language.day(b.starts_on or report.as_of), "",
            language.say("Products that sell out, or regions of the list; back once goods are in."),
        )
        for b in report.budgets
    ]  # fmt: skip
    held = [
        (
            language.say("Hold ads back"), ", ".join(o.campaigns), f"{o.sku} {o.title}",
            money(o.daily_spend, 2), money(0.0, 2), language.day(o.throttle_from),
            money(o.saved.value),
            language.say(
                "Out before goods come: {share} probable. Back once goods are in.",
                share=language.percent(o.oversell, 0),
            ),
        )
        for o in report.throttled
    ]  # fmt: skip
    return [*bids, *budgets, *held]


def _signed(share: float, language: Language) -> str:
    """A change that a spreadsheet does not take for a formula: no plus sign in front."""
    text = language.percent(share, 0)
    return text if share < 0 else f"{text} ↑"


def _operations_headings(language: Language) -> list[str]:
    return [
        language.say("What"), language.say("Warehouse or supplier"),
        language.say("Region, product or week"), language.say("Seen"),
        language.say("Usual or promised"), language.say("Note"),
    ]  # fmt: skip


def _operations(report: FeedbackReport, language: Language) -> list[tuple]:
    routes = [
        (
            language.say("Slow route"), f"{r.location} · {r.carrier}",
            place_name(r.country, r.region, language), language.percent(r.late_share.value, 0),
            language.percent(r.usual, 0),
            language.say("{count} parcels in the evidence", count=language.number(r.parcels)),
        )
        for r in report.routes
    ]  # fmt: skip
    goods = [
        (
            language.say("Goods come too late"), o.supplier, f"{o.sku} {o.title}",
            language.quantity(o.cover_days, "days", 0),
            language.quantity(o.receipt.median, "days", 0) if o.receipt.is_known else "",
            language.say("on order") if o.receipt.on_order else language.say("not on order"),
        )
        for o in report.throttled
    ]  # fmt: skip
    weeks = [
        (
            language.say("Orders to send"), row.location, language.day(row.week_starts_on),
            language.number(row.expected),
            f"{language.number(row.low)} – {language.number(row.high)}", row.event,
        )
        for row in report.load.rows.itertuples()
    ]  # fmt: skip
    drifts = [
        (
            language.say("Longer lead time"), d.supplier, "", language.number(d.lately),
            language.number(d.before),
            language.say("{money} a day of ads depend on it",
                         money=language.money(d.daily_spend, 0)),
        )
        for d in report.drifts
    ]  # fmt: skip
    return [*routes, *goods, *drifts, *weeks]


def _service_headings(language: Language) -> list[str]:
    return [language.say("What"), language.say("Region or product"), language.say("Seen"),
            language.say("What to do")]  # fmt: skip


def _service(report: FeedbackReport, language: Language) -> list[tuple]:
    late = LatePlaces.of(report)
    places = [
        (
            language.say("Often late"), place_name(country, region, language),
            language.percent(late.share, 0),
            language.say("Write first when a parcel is a day late; do not wait for the ticket."),
        )
        for country, region in late.places
    ]  # fmt: skip
    goods = [
        (
            language.say("Sells out"), f"{o.sku} {o.title}",
            language.quantity(o.cover_days, "days", 0),
            language.say("Goods expected in {days}: say so, and offer to wait or to change.",
                         days=language.quantity(o.receipt.median, "days", 0))
            if o.receipt.is_known
            else language.say("No goods are announced: offer another product."),
        )
        for o in report.throttled
    ]  # fmt: skip
    return [*places, *goods]
