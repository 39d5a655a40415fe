"""Feedback loops in sentences: what service adds, what to change, what is not known."""

from goulot.findings import Figure
from goulot.language import Language
from goulot.sentences.feedback_bids import bids_in_short
from goulot.sentences.markdown import as_text
from goulot.steps.ad_links import BY_NAME
from goulot.steps.category_cac import BY_LINKS, BY_ORDERS
from goulot.steps.feedback import FeedbackReport
from goulot.steps.feedback_figures import at_stake
from goulot.steps.late_places import LatePlaces
from goulot.steps.supplier_drift import Drift

SKUS_NAMED = 3


def verdict(report: FeedbackReport, language: Language) -> str:
    """What to do this week, in two or three sentences."""
    parts = [bids_in_short(report, language), _stock(report, language)]
    stake = at_stake(report.changes, report.throttled, report.declared.currency)
    if stake.value:
        parts.append(
            language.say(
                "Together they should bring {value} in a quarter ({low} to {high}).",
                value=language.money(stake.value),
                low=language.money(stake.low),
                high=language.money(stake.high),
            )
        )
    return " ".join(parts)


def _stock(report: FeedbackReport, language: Language) -> str:
    if report.links.empty:
        return language.say(
            "Ads cannot be held against stock: {reason}.", reason=_no_links(report, language)
        )
    if not report.throttled:
        return language.say("No advertised product sells out before goods come.")
    return language.say(
        "**{count} advertised products sell out before goods come**: {titles}.",
        count=language.number(len(report.throttled)),
        titles=_listed([as_text(outlook.title) for outlook in report.throttled], language),
    )


def _no_links(report: FeedbackReport, language: Language) -> str:
    if "sku_cover_quarter" not in report.seen:
        return language.say("no export counts the stock of this quarter")
    if "campaign_day" not in report.seen:
        return language.say("no export of advertising is there")
    return language.say("no campaign could be linked to a product in stock")


def _listed(names: list[str], language: Language) -> str:
    shown = ", ".join(names[:SKUS_NAMED])
    more = len(names) - SKUS_NAMED
    if more <= 0:
        return shown
    return language.say("{names} and {count} more", names=shown, count=language.number(more))


def costs(report: FeedbackReport, language: Language) -> str:
    """What each thing that goes wrong costs, and where the number comes from."""
    named = (
        (language.say("a late delivery of its own"), report.costs.late),
        (language.say("a refund"), report.costs.refund),
        (language.say("a ticket"), report.costs.ticket),
        (language.say("a replacement"), report.costs.replacement),
    )
    lines = [
        "- "
        + language.say(
            "{what}: {cost} ({basis})",
            what=what,
            cost=language.money(figure.value, 2),
            basis=_basis(figure, language),
        )
        for what, figure in named
    ]
    return "\n".join([*lines, "- " + _lost(report, language)])


def _basis(figure: Figure, language: Language) -> str:
    word = language.word(figure.basis)
    return f"{word}, {language.say(figure.note)}" if figure.note else word


def _lost(report: FeedbackReport, language: Language) -> str:
    figure = report.lost.figure
    if not isinstance(figure.value, float):
        return language.say(
            "repeat purchases lost after a late first delivery: not counted, {reason}",
            reason=language.say(figure.note),
        )
    said = language.say(
        "repeat purchases lost after a late first delivery: {value} in {days} ({low} to {high}; "
        "observed, {late} late first orders against {others} others, adjusted for channel, "
        "region, category, month and basket, as in the step on lifetime value)",
        days=language.quantity(report.lost.days, "days", 0),
        value=language.money(figure.value, 2),
        low=language.money(figure.low, 2),
        high=language.money(figure.high, 2),
        late=language.number(report.lost.late),
        others=language.number(report.lost.rows - report.lost.late),
    )
    return language.series([said, language.say(figure.note)]) if figure.note else said


def evidence(report: FeedbackReport, language: Language) -> str:
    """How small cells are read, from how much nothing is said, and how a category has a CAC."""
    read = language.say(
        "Shares are learned from {quarters} quarters. A cell with few orders is pulled toward its "
        "region, and that toward the shop, as far as cells differ at all; the pooled value stands "
        "beside it. Below {orders} orders a cell is not shown and never changes a bid.",
        quarters=language.number(report.policy.evidence_quarters),
        orders=language.number(report.policy.min_orders),
    )
    return f"{read}\n\n{_by_category(report, language)}"


def _by_category(report: FeedbackReport, language: Language) -> str:
    """By what the cost of finding a customer is told apart by category."""
    total = float(report.drawn.channels["spend"].sum())
    shares = {how: spent / total for how, spent in report.shared_spend.items() if total > 0}
    if not shares:
        return language.say(
            "Neither orders nor campaigns tell what advertising was for: within a region and "
            "channel, finding a customer costs the same in every category, and only service "
            "differs."
        )
    said = {
        BY_ORDERS: language.say("what the new customers of its campaign bought first"),
        BY_LINKS: language.say("the products that its campaign is linked to"),
    }
    told = [
        language.say("{share} by {what}", share=language.percent(share, 0), what=said[how])
        for how, share in sorted(shares.items(), key=lambda pair: -pair[1])
    ]
    return language.say(
        "Spend is divided between categories: {told}; what is left, alike for every new customer.",
        told=", ".join(told),
    )


def stock(report: FeedbackReport, language: Language) -> str:
    """How campaigns are linked to products, what was spent on empty shelves."""
    if report.links.empty:
        return _stock(report, language)
    parts = [
        language.say(
            "{share} of the quarter's spend could be linked to products in stock.",
            share=language.percent(report.linked_share, 0),
        )
    ]
    if (report.links["how"] == BY_NAME).any():
        parts.append(
            language.say(
                "Links are by category, where a campaign's name holds one: spend is shared among "
                "its products as they sell. To be exact, fill in templates/campaigns.csv."
            )
        )
    parts.append(_spent_while_out(report, language))
    if not report.throttled:
        parts.append(language.say("No advertised product sells out before goods come."))
    return " ".join(parts)


def _spent_while_out(report: FeedbackReport, language: Language) -> str:
    spent = report.figures["feedback.spend_on_out_of_stock"]
    if spent.value is None:
        return language.say(
            "What went to products that were out is not known: {reason}.",
            reason=language.say(spent.note),
        )
    return language.say(
        "In the quarter, {spend} went to {count} products on days on which they were out.",
        spend=language.money(spent.value),
        count=language.number(sum(1 for x in report.out_spend.values() if x > 0)),
    )


def operations(report: FeedbackReport, language: Language) -> str:
    """What marketing brings to the warehouse, and what suppliers do to marketing."""
    lines = [
        language.say(
            "{location}: most in the week of {day}, {orders} ({low} to {high}); most of them from "
            "{channel}.",
            location=as_text(row.location),
            day=language.short_day(row.week_starts_on),
            orders=language.quantity(row.expected, "orders", 0),
            low=language.number(row.low),
            high=language.number(row.high),
            channel=language.word(row.channel),
        )
        + (
            " " + language.say("What lifts it: {event}.", event=as_text(row.event))
            if row.event
            else ""
        )
        for row in report.load.busiest.itertuples()
    ]
    lines += [_drift(drift, language) for drift in report.drifts]
    if "purchase_line" not in report.seen:
        lines.append(
            language.say("No purchase order is there: how long suppliers take is not known.")
        )
    elif not report.drifts:
        lines.append(language.say("No supplier's lead time has grown for sure."))
    lines += _late_tickets(report, language)
    if report.load.rows.empty:
        lines.append(
            language.say("No parcel names its warehouse: the load cannot be divided among them.")
        )
    return "\n".join(f"- {line}" for line in lines)


def _late_tickets(report: FeedbackReport, language: Language) -> list[str]:
    """What lateness makes customers write, and what writing first would save."""
    tickets, late = report.late_tickets, LatePlaces.of(report)
    if tickets.refused:
        reason = language.say(tickets.refused)
        return [language.say("What lateness makes customers write is not known: {reason}.",
                             reason=reason)]  # fmt: skip
    said = language.say(
        "A late order brings {extra} more tickets than another ({others}).",
        extra=language.number(float(tickets.extra.mean()), 2),
        others=language.number(tickets.others, 2),
    )
    if not late.places:
        return [said]
    return [
        f"{said} "
        + language.say(
            "Writing first where parcels are often late would save {value} a quarter ({low} to "
            "{high}; {note}).",
            value=language.money(late.written.value, 0),
            low=language.money(late.written.low, 0),
            high=language.money(late.written.high, 0),
            note=language.say(late.written.note),
        )
    ]


def _drift(drift: Drift, language: Language) -> str:
    said = language.say(
        "{supplier} takes {days} longer than it used to ({before} → {lately}).",
        supplier=as_text(drift.supplier),
        days=language.quantity(drift.change.value, "days", 0),
        before=language.number(drift.before),
        lately=language.number(drift.lately),
    )
    parts = [said]
    if drift.daily_spend > 0:
        parts.append(
            language.say(
                "{spend} a day of advertising on {count} products depends on it.",
                spend=language.money(drift.daily_spend, 0),
                count=language.number(drift.skus),
            )
        )
    lost = drift.endangered
    if lost.value is None:
        reason = language.say(lost.note)
        parts.append(language.say("What that costs is not known: {reason}.", reason=reason))
    else:
        parts.append(
            language.say(
                "Until goods come, that costs about {value} ({low} to {high}) in ads on what is "
                "out and in sales missed.",
                value=language.money(lost.value, 0),
                low=language.money(lost.low, 0),
                high=language.money(lost.high, 0),
            )
        )
    return " ".join(parts)


def routes(report: FeedbackReport, language: Language) -> str:
    if report.routes:
        usual = report.routes[0].usual
        return language.say(
            "Late on all routes: {usual}. The table has the routes that are later for sure.",
            usual=language.percent(usual, 0),
        )
    if not report.drawn.places["judged_orders"].sum():
        return language.say("No export says which parcels were late: no route can be called slow.")
    return language.say("No carrier and region is late more often than the others for sure.")
