"""What the findings of step 4 will be next quarter if an action is taken."""

from collections.abc import Sequence

import numpy as np

from goulot.findings import Prediction
from goulot.steps.feedback import FeedbackReport
from goulot.steps.feedback_figures import slug
from goulot.steps.foretelling import at_most, falls
from goulot.steps.late_places import LatePlaces
from goulot.steps.targeting import TargetChange

BY_THE_END = 0.5  # of a quarter: how long a change of carriers has held by its end, at least


def when_bids_move(report: FeedbackReport, changes: Sequence[TargetChange]) -> Prediction | None:
    """Adjusted CAC of the channel with the listed bids: less is spent where it is too dear, the
    rest of the channel serves what slow places gave up. The range holds what is not known of it
    today, the chance in the next quarter's count of customers, and the channel's own drift from
    quarter to quarter as it was seen. None where it is not known today.
    """
    channel = changes[0].channel
    finding = f"feedback.adjusted_cac.{slug(channel)}"
    figure = report.figures.get(finding)
    if figure is None or not isinstance(figure.value, float):
        return None
    rng = np.random.default_rng(report.policy.seed + 81)
    drawn, shares = report.drawn, report.drawn.by_channel
    row = list(shares.rows["channel"]).index(channel)
    cac, added = drawn.cac_of(channel), shares.added(report.costs)[row]
    spend = float(drawn.channels.set_index("channel")["spend"][channel])
    customers = spend / cac
    for change in changes:
        here = change.spend / drawn.cac[drawn.bought_at[change.key]]
        if change.reason == "dear":
            spend += change.modifier * change.spend
            customers = customers - here * (1 - (1 + change.modifier) ** change.elasticity.draws)
        else:
            moved = -change.modifier * change.elasticity.draws * here
            added = added - moved * change.excess.value / np.maximum(customers, 1.0)
    counted = np.maximum(rng.poisson(np.maximum(customers, 1.0)), 1.0)
    drift = np.exp(rng.normal(0.0, report.cac_drift.get(channel, 0.0), len(cac)))
    low, high = np.quantile(spend / counted * drift + added, (0.05, 0.95))
    return Prediction(finding=finding, now=figure.value, low=float(low), high=float(high))


def when_parcels_go_faster(report: FeedbackReport, late: LatePlaces) -> Prediction:
    """Late share of the place with most late orders, which is learned from several quarters: the
    new one is as the other places are, from its middle on or all along."""
    rows, draws = report.drawn.places, report.drawn.late_by_place
    country, region = late.places[0]
    here = draws[_row(rows, country, region)]
    part = 1 / max(report.quarters_seen, 1)
    then = here + part * np.minimum(late.elsewhere - here, 0.0)
    half = here + BY_THE_END * (then - here)
    low, high = np.quantile(then, 0.05), np.quantile(half, 0.95)
    return Prediction(
        finding=f"feedback.late_share.{slug(region or country)}",
        now=float(here.mean()),
        low=float(low),
        high=float(high),
    )


def _row(places, country: str, region: str) -> int:
    return int(np.flatnonzero((places["country"] == country) & (places["region"] == region))[0])


def when_ads_are_held(report: FeedbackReport) -> Prediction | None:
    """No more is spent on products that are out than was in this quarter."""
    spent = report.figures["feedback.spend_on_out_of_stock"].value
    if not isinstance(spent, float) or not spent > 0:
        return None
    return at_most("feedback.spend_on_out_of_stock", spent, spent)


def when_we_write_first(report: FeedbackReport) -> Prediction | None:
    """Fewer late orders bring a ticket, by more than chance."""
    return falls("feedback.ticket_share_of_late", report.late_tickets.late)
