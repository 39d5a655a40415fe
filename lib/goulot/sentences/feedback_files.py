"""The files that each team takes along: for Google Ads Editor, for Meta, and one for people each.

Column names are the vendors':

- Google Ads Editor, "CSV file columns" (https://support.google.com/google-ads/editor/answer/57747):
  Campaign, Location, Bid modifier; Campaign status, Campaign daily budget. A blank field changes
  nothing; headers must be in English, whatever the language of the account.
- Meta Ads Manager, the sheet that "Export" writes and "Import ads in bulk" reads back: Campaign ID,
  Campaign Name, Campaign Status, Campaign Daily Budget. Meta finds a campaign by its ID, which no
  spend export carries: the column is left empty, and the README says where to copy it from.

Nothing here connects to anything: a person looks at a file, uploads it, and can undo it.
"""

from collections.abc import Sequence

from goulot.cells import csv_text
from goulot.language import Language
from goulot.sentences.feedback_bids import change_line
from goulot.sentences.places import place_name
from goulot.steps.ad_changes import GOOGLE, META, CampaignChange
from goulot.steps.feedback import FeedbackReport
from goulot.steps.late_places import LatePlaces

GOOGLE_LOCATIONS = ("Campaign", "Location", "Bid modifier")
GOOGLE_CAMPAIGNS = ("Campaign", "Campaign status", "Campaign daily budget")
META_CAMPAIGNS = ("Campaign ID", "Campaign Name", "Campaign Status", "Campaign Daily Budget")
ENGLISH = Language("en")  # in which the vendors name countries

Files = dict[str, str]


def action_files(report: FeedbackReport, language: Language) -> Files:
    """File name → text, for ``findings.leave_file``; vendors' files only where they have rows."""
    files = {
        "google_ads_locations.csv": _vendor(GOOGLE_LOCATIONS, _locations(report)),
        "google_ads_campaigns.csv": _vendor(GOOGLE_CAMPAIGNS, _google(report.budgets)),
        "meta_campaigns.csv": _vendor(META_CAMPAIGNS, _meta(report.budgets)),
        "marketing.csv": _for_people(
            _marketing_headings(language), _marketing(report, language), language
        ),
        "operations.csv": _for_people(
            _operations_headings(language), _operations(report, language), language
        ),
        "customer_service.csv": _for_people(
            _service_headings(language), _service(report, language), language
        ),
    }
    kept = {f"feedback_{name}": text for name, text in files.items() if text.count("\r\n") > 1}
    return kept | {"feedback_README.txt": readme(kept, language)} if kept else {}


def _vendor(headings: Sequence[str], rows: list) -> str:
    return csv_text(headings, rows)


def _for_people(headings: Sequence[str], rows: list, language: Language) -> str:
    return csv_text(headings, rows, ";" if language.code == "fr" else ",")


def _locations(report: FeedbackReport) -> list[tuple]:
    """Percent, as the Editor shows them: -7 is seven per cent less."""
    return [
        (bid.campaign, _location(bid.country, bid.region), round(100 * bid.modifier))
        for bid in report.bids
    ]


def _location(country: str, region: str) -> str:
    named = ENGLISH.country(country)
    return f"{region}, {named}" if region else named


def _google(budgets: Sequence[CampaignChange]) -> list[tuple]:
    return [
        (b.campaign, "Paused" if b.is_paused else "", "" if b.is_paused else b.daily_budget)
        for b in budgets
        if b.platform == GOOGLE
    ]


def _meta(budgets: Sequence[CampaignChange]) -> list[tuple]:
    return [
        (
            "",
            b.campaign,
            "PAUSED" if b.is_paused else "ACTIVE",
            "" if b.is_paused else b.daily_budget,
        )
        for b in budgets
        if b.platform == META
    ]


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


def readme(files: Files, language: Language) -> str:
    """How to upload each file, how to undo it, and what to check first."""
    parts = [
        language.say(
            "These files change nothing by themselves: nobody has been connected to any account. "
            "Open each one, strike out what you do not want, and upload the rest."
        )
    ]
    if "feedback_google_ads_locations.csv" in files or "feedback_google_ads_campaigns.csv" in files:
        parts.append(
            language.say(
                "GOOGLE ADS. In Google Ads Editor: get recent changes, then Account > Import > "
                "From file, choose the file, look at the proposed changes, keep or reject each, "
                "and post. Bid modifiers are per cent (-7: seven per cent less). Campaigns with "
                "automated bidding or Performance Max do not use bid adjustments by location: "
                "there, exclude the location or change the budget. Budgets are today's spend a "
                "day with the change in it: where the budget that is set is higher, lower that "
                "one by the same share. To undo before posting: reject the changes. Afterwards: "
                "in Google Ads, Change history, select the change and undo it; the Editor's own "
                "backup is Account > Export > Whole account, made before."
            )
        )
    if "feedback_meta_campaigns.csv" in files:
        parts.append(
            language.say(
                "META. In Ads Manager, export the campaigns of the file (Export & import > Export "
                "selected), copy their Campaign ID into the first column (without it Meta would "
                "make a second campaign), then Export & import > Import ads in bulk, look at the "
                "review, and publish. Meta has no bids by region: what a region would lose is in "
                "the budget of the campaign. To undo: import the file that was exported before."
            )
        )
    parts.append(
        language.say(
            "FOR PEOPLE. marketing, operations and customer_service say the same in words, with "
            "the reason of each line and what would take it back. A cell that begins with an "
            "apostrophe began with a character that a spreadsheet takes for a formula: take the "
            "apostrophe away before uploading."
        )
    )
    names = "\r\n".join(f"- {name}" for name in sorted(files))
    return "\ufeff" + "\r\n\r\n".join([*parts, names]) + "\r\n"
