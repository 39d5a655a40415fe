"""Which places advertising should bid less or more for, because of what fulfillment sees there.

Platforms bid by what a click brings; what happens after the click (late parcels, tickets, customers
who do not come back) they never see. A place is listed only where the posterior probability that
its customers cost more to serve than the channel's, by a stated margin, is as high as the policy
asks: with 0.90, a place as good as the others is listed by chance once in ten at the very most.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.steps.added_costs import PLACE, Drawn, Shares
from goulot.steps.feedback_inputs import FeedbackPolicy
from goulot.steps.from_draws import drawn_figure
from goulot.steps.service_costs import ServiceCosts

DEARER = 1.25  # times the channel's adjusted CAC, from which a place is dear for its own part

Reason = Literal["slow", "dear", "good"]
REASONS: tuple[Reason, ...] = ("slow", "dear", "good")


@dataclass(frozen=True)
class Worth:
    """Contribution of a customer before CAC, draws by channel; empty: not known."""

    draws: dict[str, np.ndarray]

    def of(self, channel: str) -> np.ndarray | None:
        return self.draws.get(channel)


@dataclass(frozen=True)
class TargetChange:
    """One place of one channel: what to change, why, what it brings, what would reverse it.

    ``modifier`` is the proposed change of bids (or of the budget for the place), as a share;
    ``excess`` [currency per new customer] what its customers cost to serve beyond the channel's;
    ``at_stake`` that, times the new customers of the quarter; ``reverse_at`` the late share under
    (good: above) which the reason is gone, or the CAC for a place that is too dear.
    """

    channel: str
    country: str
    region: str
    reason: Reason
    spend: float
    new_customers: float
    modifier: float
    probability: float
    late_share: Figure
    excess: Figure
    at_stake: Figure
    effect: Figure
    reverse_at: float

    @property
    def budget(self) -> float:
        """Spend of a quarter after the change [currency]."""
        return self.spend * (1 + self.modifier)


def target_changes(
    drawn: Drawn,
    costs: ServiceCosts,
    worth: Worth,
    policy: FeedbackPolicy,
    currency: str,
    no_more: Collection[str],
) -> tuple[TargetChange, ...]:
    """The changes, the one that brings most first.

    Parameters
    ----------
    no_more : channels that may not be given more: operations are full, or cover is thin
    """
    by_place, by_channel = drawn.by_place, drawn.by_channel
    added, pooled = by_place.added(costs), by_channel.added(costs)
    channel_row = {name: row for row, name in enumerate(by_channel.rows["channel"])}
    changes = []
    for row, key in enumerate(_keys(by_place.rows)):
        at = drawn.bought_at.get(key)
        if at is None or not drawn.bought["spend"][at] > 0:
            continue
        if by_place.rows["orders"][row] < policy.min_orders:
            continue
        seen = _Seen(
            key=key,
            spend=float(drawn.bought["spend"][at]),
            new=float(drawn.bought["new_customers"][at]),
            late=by_place.shares["late"][row],
            added=added[row],
            pooled=pooled[channel_row[key[0]]],
            cac=drawn.cac[at],
            channel_cac=drawn.cac_of(key[0]),
            worth=worth.of(key[0]),
        )
        change = _change(seen, policy, currency, no_more, _per_late(by_place, costs))
        if change is not None:
            changes.append(change)
    return tuple(sorted(changes, key=lambda c: (-(c.effect.value or 0), c.channel, c.region)))


@dataclass(frozen=True)
class _Seen:
    """What is known of one place of one channel, as draws."""

    key: tuple[str, str, str]
    spend: float
    new: float
    late: np.ndarray
    added: np.ndarray
    pooled: np.ndarray
    cac: np.ndarray
    channel_cac: np.ndarray
    worth: np.ndarray | None

    @property
    def excess(self) -> np.ndarray:
        return self.added - self.pooled


def _change(
    seen: _Seen, policy: FeedbackPolicy, currency: str, no_more: Collection[str], per_late: float
) -> TargetChange | None:
    material = policy.material_share * float(np.median(seen.channel_cac + seen.pooled))
    reason, probability = _reason(seen, material, policy)
    if reason is None or (reason == "good" and seen.key[0] in no_more):
        return None
    modifier = _modifier(seen, reason, policy)
    if modifier == 0:
        return None
    effect = _effect(seen, reason, modifier, policy)
    figure = drawn_figure(effect, f"{currency}/quarter")
    if figure.value <= 0:
        return None
    channel, country, region = seen.key
    return TargetChange(
        channel=channel,
        country=country,
        region=region,
        reason=reason,
        spend=seen.spend,
        new_customers=seen.new,
        modifier=modifier,
        probability=probability,
        late_share=drawn_figure(seen.late, "share"),
        excess=drawn_figure(seen.excess, f"{currency}/customer"),
        at_stake=drawn_figure(seen.excess * seen.new, f"{currency}/quarter"),
        effect=figure,
        reverse_at=_reverse_at(seen, reason, material, per_late),
    )


def _reason(seen: _Seen, material: float, policy: FeedbackPolicy) -> tuple[Reason | None, float]:
    """Why the place is listed, and how probable that is; None: it is not."""
    chances: dict[Reason, float] = {
        "slow": float((seen.excess > material).mean()),
        "good": float((seen.excess < -material).mean()),
    }
    if seen.worth is not None and seen.new >= policy.min_new_customers:
        here, usual = seen.cac + seen.added, seen.channel_cac + seen.pooled
        chances["dear"] = float(((here > seen.worth) & (here > DEARER * usual)).mean())
    for reason in ("dear", "slow", "good"):
        if chances.get(reason, 0.0) >= policy.sure_probability:
            return reason, chances[reason]
    return None, 0.0


def _modifier(seen: _Seen, reason: Reason, policy: FeedbackPolicy) -> float:
    """Bids in proportion to what a customer is worth after service, within the policy's bounds."""
    if reason == "dear":
        return policy.least_modifier
    if seen.worth is None:
        ratio = -np.median(seen.excess) / np.median(seen.channel_cac + seen.pooled)
    else:
        left = max(float(np.median(seen.worth - seen.pooled)), 1e-9)
        ratio = -float(np.median(seen.excess)) / left
    bounded = np.clip(policy.strength * ratio, policy.least_modifier, policy.most_modifier)
    return round(float(bounded), 2)


def _effect(seen: _Seen, reason: Reason, modifier: float, policy: FeedbackPolicy) -> np.ndarray:
    """Contribution of a quarter, as draws.

    Customers go with spend to the power ``spend_elasticity``. What a slow place gives up is spent
    in the rest of the channel at equal CAC: it gains the difference in service. What a place gives
    up that costs more than its customers are worth is saved, less what they would have brought.
    """
    if reason == "dear":
        share_lost = 1 - (1 + modifier) ** policy.spend_elasticity
        kept_worth = np.maximum(seen.worth - seen.added, 0)
        customers = seen.spend / seen.cac
        return -modifier * seen.spend - share_lost * customers * kept_worth
    moved = -modifier * seen.spend
    return moved * policy.spend_elasticity * seen.excess / seen.channel_cac


def _reverse_at(seen: _Seen, reason: Reason, material: float, per_late: float) -> float:
    if reason == "dear":
        return float(np.median(seen.worth - seen.added))
    gap = float(np.median(seen.excess)) - (material if reason == "slow" else -material)
    return float(np.clip(np.median(seen.late) - gap / max(per_late, 1e-9), 0, 1))


def _per_late(shares: Shares, costs: ServiceCosts) -> float:
    """What one more late order costs, as far as it is known to come from lateness [currency]."""
    return max(costs.of("late") + float(np.median(shares.lost)) + costs.of("ticket"), 0.01)


def _keys(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(rows[["channel", *PLACE]].itertuples(index=False, name=None))
