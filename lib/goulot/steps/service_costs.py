"""What it costs when something goes wrong: declared, read off the exports, or assumed."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from goulot.findings import Figure

ASSUMED_TICKET_COST = 5.0  # ten minutes of an agent, in any currency like the euro
NOTHING_DECLARED = "client.yml declares no cost of a late delivery beyond refunds and tickets"
TEN_MINUTES = "ten minutes of an agent: declare it in client.yml, service"
GOODS_AND_PARCEL = "the goods and the parcel of a mean order, once more"
WHOLE_REFUND = "without a gross margin the whole refund counts"
MARGIN_OF_REFUND = "the margin of what was paid back; the goods are taken as back in stock"
NO_REFUND = "nothing was refunded"
NOTES = (NOTHING_DECLARED, TEN_MINUTES, GOODS_AND_PARCEL, WHOLE_REFUND, MARGIN_OF_REFUND, NO_REFUND)

LAYERS = ("late", "refund", "ticket", "replacement", "lost")


@dataclass(frozen=True)
class ServiceCosts:
    """Cost of one event [currency], each with its basis: late, refund, ticket, replacement."""

    late: Figure
    refund: Figure
    ticket: Figure
    replacement: Figure

    def of(self, layer: str) -> float:
        return float(getattr(self, layer).value or 0.0)

    @property
    def assumed(self) -> tuple[str, ...]:
        """The costs that are assumptions and not 0."""
        return tuple(name for name in LAYERS[:-1]
                     if getattr(self, name).basis == "assumed" and self.of(name))  # fmt: skip


def service_costs(
    evidence: pd.DataFrame,
    declared: Mapping[str, float | None],
    margin: float | None,
    pick_pack: float | None,
    currency: str,
) -> ServiceCosts:
    """The four costs; what neither client.yml nor an export knows is assumed, and says so.

    Parameters
    ----------
    evidence : rows of the mart ``channel_region_quarter``
    declared : late_cost, ticket_cost, replacement_cost of client.yml, None where left out
    margin, pick_pack : gross margin [share] and cost of packing an order [currency] as declared
    """
    return ServiceCosts(
        late=_declared(declared.get("late_cost"), 0.0, currency, "delivery", NOTHING_DECLARED),
        refund=_refund(evidence, margin, currency),
        ticket=_declared(
            declared.get("ticket_cost"), ASSUMED_TICKET_COST, currency, "ticket", TEN_MINUTES
        ),
        replacement=_declared(
            declared.get("replacement_cost"),
            _goods_and_parcel(evidence, margin, pick_pack),
            currency,
            "replacement",
            GOODS_AND_PARCEL,
        ),
    )


def _declared(value: float | None, otherwise: float, currency: str, per: str, note: str) -> Figure:
    if value is not None:
        return Figure(value=float(value), unit=f"{currency}/{per}", basis="declared")
    return Figure(value=otherwise, unit=f"{currency}/{per}", basis="assumed", note=note)


def _refund(evidence: pd.DataFrame, margin: float | None, currency: str) -> Figure:
    """Contribution that a refunded order gives back, on average."""
    unit, refunds = f"{currency}/refund", float(evidence["refunded_orders"].sum())
    if not refunds:
        return Figure(value=0.0, unit=unit, basis="observed", note=NO_REFUND)
    paid_back = float(evidence["refunded_revenue"].sum()) / refunds
    if margin is None:
        return Figure(value=paid_back, unit=unit, basis="assumed", note=WHOLE_REFUND)
    return Figure(value=paid_back * margin, unit=unit, basis="observed", note=MARGIN_OF_REFUND)


def _goods_and_parcel(
    evidence: pd.DataFrame, margin: float | None, pick_pack: float | None
) -> float:
    orders = float(evidence["orders"].sum())
    basket = float(evidence["revenue"].sum()) / orders if orders else 0.0
    priced = float(evidence["priced_orders"].sum())
    parcel = float(evidence["parcel_cost"].fillna(0).sum()) / priced if priced else 0.0
    return basket * (1 - (margin or 0.0)) + parcel + (pick_pack or 0.0)
