"""Feedback loops: what marketing changes because of what fulfillment sees, and the reverse."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import pandas as pd

from goulot.findings import Figure, Missing
from goulot.quarter import Quarter
from goulot.steps.ad_changes import (
    CampaignChange,
    LocationBid,
    campaign_changes,
    location_bids,
)
from goulot.steps.added_costs import KEYS, Drawn, draw_costs
from goulot.steps.advertised import (
    advertised_outlooks,
    campaign_links,
    no_more,
    out_spend,
    unit_contributions,
)
from goulot.steps.cac_drift import cac_drifts
from goulot.steps.category_cac import spend_by_category
from goulot.steps.cost_table import cost_rows
from goulot.steps.feedback_borrowed import (
    counted_share,
    customer_worth,
    load_ahead,
    spend_elasticity,
    weeks_of,
)
from goulot.steps.feedback_figures import named_figures
from goulot.steps.feedback_inputs import (
    MARTS,
    Declared,
    FeedbackMarts,
    FeedbackPolicy,
    of_quarter,
)
from goulot.steps.feedback_missing import what_is_missing
from goulot.steps.late_tickets import LateTickets
from goulot.steps.lost_repeats import LostRepeats, lost_repeats
from goulot.steps.receipts import known_lines
from goulot.steps.service_costs import ServiceCosts, service_costs
from goulot.steps.slow_routes import SlowRoute, slow_routes
from goulot.steps.spend_elasticity import Elasticity
from goulot.steps.stock_ads import SkuOutlook, recent_spend
from goulot.steps.supplier_drift import Drift, supplier_drifts
from goulot.steps.targeting import Listed, TargetChange, Worth, listed_places, target_changes
from goulot.steps.warehouse_load import WarehouseLoad


@dataclass(frozen=True)
class FeedbackReport:
    """Everything that step 4 found.

    ``seen`` the marts that hold rows; ``drawn`` the draws behind adjusted CAC; ``listed`` places to
    bid less or more for (``changes``: how far); ``outlooks`` advertised SKUs; ``out_spend`` SKU →
    currency spent on it while it was out, and ``counted_share`` of the quarter's weeks with a stock
    count; ``links`` campaign → SKU; ``linked_share`` of the quarter's spend that is linked;
    ``full`` stages at their limit, so that nothing asks for more orders; ``daily_spend`` (platform,
    campaign) → currency a day lately; ``shared_spend`` how the spend of the quarter is told apart
    by category → currency; ``quarters_seen`` of evidence; ``cac_drift`` channel → how far its CAC
    moves from quarter to quarter (``cac_drift``); ``bids`` and ``budgets`` what to set in accounts.
    """

    quarter: Quarter
    as_of: date
    seen: frozenset[str]
    policy: FeedbackPolicy
    declared: Declared
    costs: ServiceCosts
    lost: LostRepeats
    late_tickets: LateTickets
    worth: Worth
    elasticity: Mapping[str, Elasticity]
    quarters_seen: int
    cac_drift: Mapping[str, float]
    drawn: Drawn
    listed: tuple[Listed, ...]
    links: pd.DataFrame
    linked_share: float
    outlooks: tuple[SkuOutlook, ...]
    out_spend: Mapping[str, float]
    counted_share: float
    daily_spend: Mapping[tuple[str, str], float]
    campaign_places: pd.DataFrame
    shared_spend: Mapping[str, float]
    routes: tuple[SlowRoute, ...]
    drifts: tuple[Drift, ...]
    load: WarehouseLoad
    full: tuple[str, ...]
    no_more: tuple[str, ...]
    missing: tuple[Missing, ...]

    @cached_property
    def changes(self) -> tuple[TargetChange, ...]:
        """What to change in the listed places, as far as the policy's strength and bounds say."""
        return target_changes(self.listed, self.policy)

    @cached_property
    def throttled(self) -> tuple[SkuOutlook, ...]:
        return tuple(outlook for outlook in self.outlooks if outlook.is_throttled)

    @cached_property
    def bids(self) -> tuple[LocationBid, ...]:
        return location_bids(self.changes, self.campaign_places)

    @cached_property
    def budgets(self) -> tuple[CampaignChange, ...]:
        return campaign_changes(
            self.changes, self.throttled, self.links, self.daily_spend, self.campaign_places,
            self.policy,
        )  # fmt: skip

    @cached_property
    def cell_costs(self) -> pd.DataFrame:
        """What a new customer costs by channel, place and category (``cost_table.cost_rows``)."""
        return cost_rows(self.drawn, self.costs, KEYS, min_orders=self.policy.min_orders)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure under its name in ``results.json``."""
        return named_figures(self)


def read_feedback(
    marts: FeedbackMarts,
    quarter: Quarter,
    as_of: date,
    declared: Declared,
    policy: FeedbackPolicy,
    full: Collection[str] = (),
) -> FeedbackReport:
    """Read what fulfillment knows of a quarter's customers, and what it means for advertising.

    Parameters
    ----------
    as_of : the last day that the data speak of, within the quarter
    full : stages at their limit (``constraint.ConstraintAudit``): nothing asks for more orders then
    """
    whole, marts = marts, of_quarter(marts, quarter)
    rows = marts.channel_region_quarter
    quarters = _quarters(quarter, policy.evidence_quarters)
    evidence, now = _of(rows, quarters), _of(rows, quarters[:1])
    lost = lost_repeats(
        marts.first_delivery,
        as_of,
        declared.currency,
        has_margin=declared.gross_margin is not None,
        horizon_months=declared.horizon_months,
        seed=policy.seed,
    )
    costs = service_costs(
        evidence, declared.service, declared.gross_margin, declared.cost_per_order,
        declared.currency,
    )  # fmt: skip
    weeks = weeks_of(marts, quarter)
    links, linked = campaign_links(marts, quarter)
    shared = spend_by_category(
        marts.campaign_place_quarter, marts.campaign_category_quarter, links,
        marts.sku_cover_quarter,
    )  # fmt: skip
    drawn = draw_costs(evidence, now, lost, shared, draws=policy.draws, seed=policy.seed)
    spending = recent_spend(marts.campaign_day, as_of)
    found = advertised_outlooks(marts, as_of, links, spending, policy, declared.currency)
    report = FeedbackReport(
        quarter=quarter,
        as_of=as_of,
        seen=frozenset(name for name in MARTS if len(getattr(marts, name))),
        policy=policy,
        declared=declared,
        costs=costs,
        lost=lost,
        late_tickets=LateTickets.of(evidence, now, draws=policy.draws, seed=policy.seed),
        quarters_seen=int(evidence.loc[evidence["orders"] > 0, "quarter"].nunique()),
        cac_drift=cac_drifts(rows, quarter),
        worth=customer_worth(marts.cohort_day, quarter, declared, policy),
        elasticity=spend_elasticity(weeks, policy, declared),
        drawn=drawn,
        listed=(),
        links=links,
        linked_share=linked,
        outlooks=found,
        out_spend=out_spend(marts, links, quarter),
        counted_share=counted_share(weeks),
        daily_spend=spending.to_dict(),
        campaign_places=marts.campaign_place_quarter,
        shared_spend=shared.groupby("how")["spend"].sum().to_dict(),
        routes=slow_routes(_of(marts.parcel_route_quarter, quarters), policy),
        drifts=supplier_drifts(
            known_lines(marts.purchase_line, as_of),
            as_of,
            found,
            unit_contributions(marts, declared.gross_margin),
            declared.currency,
        ),
        load=load_ahead(marts, weeks, as_of, policy),
        full=tuple(sorted(full)),
        no_more=no_more(drawn.channels["channel"], links, spending, found, full),
        missing=what_is_missing(whole, marts, now, links, declared),
    )
    return with_policy(report, policy)


def with_policy(
    report: FeedbackReport, policy: FeedbackPolicy, late_cost: float | None = None
) -> FeedbackReport:
    """The same evidence under other choices: cost of a late delivery, strength, cover."""
    return with_cover(with_bids(report, policy, late_cost), policy)


def with_bids(
    report: FeedbackReport, policy: FeedbackPolicy, late_cost: float | None = None
) -> FeedbackReport:
    """The same evidence with other bids: by what a late delivery costs, and by their policy."""
    costs = report.costs
    if late_cost is not None and late_cost != costs.late.value:
        costs = replace(costs, late=replace(costs.late, value=late_cost, basis="declared", note=""))
    listed = listed_places(
        report.drawn, costs, report.worth, report.elasticity, policy, report.declared.currency,
        report.no_more,
    )  # fmt: skip
    return replace(report, policy=policy, costs=costs, listed=listed)


def with_strength(report: FeedbackReport, strength: float) -> FeedbackReport:
    """Bids for the same places, moved more or less."""
    return replace(report, policy=replace(report.policy, strength=strength))


def with_cover(report: FeedbackReport, policy: FeedbackPolicy) -> FeedbackReport:
    """The same bids with other ads held back: by the cover to keep."""
    outlooks = tuple(outlook.under(policy) for outlook in report.outlooks)
    return replace(report, policy=policy, outlooks=outlooks)


def _of(rows: pd.DataFrame, quarters: list[str]) -> pd.DataFrame:
    return rows[rows["quarter"].isin(quarters)] if len(rows) else rows


def _quarters(quarter: Quarter, count: int) -> list[str]:
    named = [quarter]
    while len(named) < count:
        named.append(named[-1].previous)
    return [str(one) for one in named]
