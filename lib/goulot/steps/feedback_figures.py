"""The figures of step 4 under the names that DESIGN gives them."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from goulot.findings import Basis, Figure
from goulot.steps.from_draws import drawn_figure

if TYPE_CHECKING:
    from goulot.steps.feedback import FeedbackReport
    from goulot.steps.stock_ads import SkuOutlook
    from goulot.steps.targeting import TargetChange

NO_SPEND = "no export of advertising names this channel"
NO_NEW_CUSTOMER = "no new customer in the quarter"
NO_LATENESS_KNOWN = "no export says which orders were late"
LINKED_BY_NAME = "campaigns are linked to products by the category in their name"
NO_LINKS = "no campaign could be linked to a product in stock"
SOME_ASSUMED = "the cost of a ticket, a refund or a replacement is assumed"
HARDLY_COUNTED = "less than half of the quarter's weeks have a stock count"
NOTES = (
    NO_SPEND,
    NO_NEW_CUSTOMER,
    NO_LATENESS_KNOWN,
    LINKED_BY_NAME,
    NO_LINKS,
    SOME_ASSUMED,
    HARDLY_COUNTED,
)

LEAST_COUNTED = 0.5  # of the quarter's weeks


def slug(name: str) -> str:
    """A name as it stands in a finding's.

    >>> slug("Île-de-France"), slug("Provence-Alpes-Côte d’Azur")
    ('ile_de_france', 'provence_alpes_cote_d_azur')
    """
    letters = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def named_figures(report: "FeedbackReport") -> dict[str, Figure]:
    late = {"feedback.ticket_share_of_late": report.late_tickets.late}
    return _by_channel(report) | _by_region(report) | _of_stock(report) | late


def _by_channel(report: "FeedbackReport") -> dict[str, Figure]:
    """CAC with and without what service costs; channels without spend have the latter alone."""
    drawn, costs = report.drawn, report.costs
    unit, shares = f"{report.declared.currency}/customer", report.drawn.by_channel
    added, value = shares.added(costs), shares.added_value(costs)
    row_of = {name: row for row, name in enumerate(shares.rows["channel"])}
    seen = {name for name in costs.assumed if shares.shares[name].any()}
    basis, note = ("assumed", SOME_ASSUMED) if seen else ("observed", "")
    found = {}
    for at, row in drawn.channels.iterrows():
        channel, mine = row["channel"], row_of.get(row["channel"])
        name = slug(channel)
        if mine is not None:
            found[f"feedback.added_cost.{name}"] = drawn_figure(
                added[mine], unit, value=value[mine], basis=basis, note=note
            )
        if not row["spend"] > 0:
            figure = Figure.unknown(unit, NO_SPEND)
        elif not row["new_customers"] > 0 or mine is None:
            figure = Figure.unknown(unit, NO_NEW_CUSTOMER)
        else:
            cac = row["spend"] / row["new_customers"]
            together = drawn.channel_cac[at] + added[mine]
            figure = drawn_figure(together, unit, value=cac + value[mine], basis=basis, note=note)
        found[f"feedback.adjusted_cac.{name}"] = figure
    return found


def _by_region(report: "FeedbackReport") -> dict[str, Figure]:
    """Share delivered late by region, of all channels; a country alone where no region is known."""
    drawn, found = report.drawn, {}
    for at, row in drawn.places.iterrows():
        place = slug(row["region"] or row["country"])
        if not place:
            continue
        known = row["judged_orders"] > 0
        share = drawn.late_by_place[at]
        found[f"feedback.late_share.{place}"] = (
            drawn_figure(share, "share") if known else Figure.unknown("share", NO_LATENESS_KNOWN)
        )
    return found


def _of_stock(report: "FeedbackReport") -> dict[str, Figure]:
    money = f"{report.declared.currency}/quarter"
    by_export = bool(len(report.links)) and bool((report.links["how"] == "export").all())
    basis = "observed" if by_export else "assumed"
    note = "" if by_export else LINKED_BY_NAME
    if report.links.empty:
        spent, count = Figure.unknown(money, NO_LINKS), Figure.unknown("SKUs", NO_LINKS)
    else:
        spent = _spent_while_out(report, money, basis, note)
        count = Figure(value=float(len(report.throttled)), unit="SKUs", basis=basis, note=note)
    return {
        "feedback.spend_on_out_of_stock": spent,
        "feedback.skus_to_throttle": count,
        "feedback.contribution_at_stake": at_stake(
            report.changes, report.throttled, report.declared.currency
        ),
    }


def _spent_while_out(report: "FeedbackReport", unit: str, basis: Basis, note: str) -> Figure:
    """Unknown where stock was counted for too little of the quarter; else at least so much where
    some weeks have no count."""
    if report.counted_share < LEAST_COUNTED:
        return Figure.unknown(unit, HARDLY_COUNTED)
    return Figure(
        value=float(sum(report.out_spend.values())), unit=unit, basis=basis, note=note,
        bound="exact" if report.counted_share >= 1 else "at least",
    )  # fmt: skip


def at_stake(
    changes: Iterable["TargetChange"], throttled: Iterable["SkuOutlook"], currency: str
) -> Figure:
    """What all listed changes should bring in a quarter [currency]; intervals are added as if
    independent. Observed only where every part is."""
    parts = [change.effect for change in changes] + [outlook.saved for outlook in throttled]
    value = sum(part.value for part in parts)
    below = float(np.sqrt(sum((part.value - part.low) ** 2 for part in parts)))
    above = float(np.sqrt(sum((part.high - part.value) ** 2 for part in parts)))
    return Figure(
        value=float(value), low=value - below, high=value + above,
        unit=f"{currency}/quarter",
        basis="assumed" if any(part.basis == "assumed" for part in parts) else "observed",
    )  # fmt: skip
