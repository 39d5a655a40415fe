"""Which places advertising should bid less or more for, because of what fulfillment sees there.

Platforms bid by what a click brings; what happens after the click (late parcels, tickets, customers
who do not come back) they never see. A place is listed where its customers cost more to serve than
the channel's by a stated margin, with so much certainty that of all places listed for that reason
no more than the policy's share is expected to be listed wrongly (``methods.discoveries``).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from goulot.findings import Figure
from goulot.methods.discoveries import discovered
from goulot.steps.added_costs import PLACE, Drawn, Shares
from goulot.steps.feedback_inputs import FeedbackPolicy
from goulot.steps.from_draws import drawn_figure
from goulot.steps.service_costs import ServiceCosts
from goulot.steps.spend_elasticity import Elasticity

DEARER = 1.25  # times the channel's adjusted CAC, from which a place is dear for its own part

Reason = Literal["slow", "dear", "good"]
REASONS: tuple[Reason, ...] = ("dear", "slow", "good")  # the first that holds is told


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
    (good: above) which the reason is gone, or the CAC for a place that is too dear; ``elasticity``
    what customers follow of spend, by the channel's curve or assumed.
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
    elasticity: Elasticity

    @property
    def key(self) -> tuple[str, str, str]:
        return self.channel, self.country, self.region

    @property
    def budget(self) -> float:
        """Spend of a quarter after the change [currency]."""
        return self.spend * (1 + self.modifier)


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
    elasticity: Elasticity
    material_share: float
    per_late: float

    @cached_property
    def basis(self) -> float:
        """What bids are proportional to [currency]: the worth left after service, or what a
        customer costs where the worth is not known."""
        if self.worth is None:
            return float(np.median(self.channel_cac + self.pooled))
        return max(float(np.median(self.worth - self.pooled)), 1e-9)

    @property
    def material(self) -> float:
        """The difference in service from which a place is called slow or good [currency]."""
        return self.material_share * self.basis

    @cached_property
    def excess(self) -> np.ndarray:
        return self.added - self.pooled

    @cached_property
    def usual_excess(self) -> float:
        return float(np.median(self.excess))

    def chance(self, reason: Reason, policy: FeedbackPolicy) -> float:
        """How probable the reason is; 0: it cannot be told."""
        if reason == "slow":
            return float((self.excess > self.material).mean())
        if reason == "good":
            return float((self.excess < -self.material).mean())
        if self.worth is None or self.new < policy.min_new_customers:
            return 0.0
        here, usual = self.cac + self.added, self.channel_cac + self.pooled
        return float(((here > self.worth) & (here > DEARER * usual)).mean())


@dataclass(frozen=True)
class Listed:
    """A place to bid less or more for, why, and how probable that is; how far is the policy's."""

    seen: _Seen
    reason: Reason
    probability: float
    currency: str

    def change(self, policy: FeedbackPolicy) -> TargetChange | None:
        """None: bids stay, or to move them should bring nothing."""
        modifier = _modifier(self.seen, self.reason, policy)
        effect = _effect(self.seen, self.reason, modifier)
        if modifier == 0 or effect.mean() <= 0:
            return None
        basis = self.seen.elasticity.basis
        figure = drawn_figure(effect, f"{self.currency}/quarter", basis=basis)
        return replace(self._without_effect, modifier=modifier, effect=figure)

    @cached_property
    def _without_effect(self) -> TargetChange:
        """The change as far as it is the same however far bids move."""
        seen, unit = self.seen, f"{self.currency}/quarter"
        channel, country, region = seen.key
        return TargetChange(
            channel=channel,
            country=country,
            region=region,
            reason=self.reason,
            spend=seen.spend,
            new_customers=seen.new,
            modifier=0.0,
            probability=self.probability,
            late_share=drawn_figure(seen.late, "share"),
            excess=drawn_figure(seen.excess, f"{self.currency}/customer"),
            at_stake=drawn_figure(seen.excess * seen.new, unit),
            effect=Figure(value=0.0, unit=unit, basis=seen.elasticity.basis),
            reverse_at=_reverse_at(seen, self.reason),
            elasticity=seen.elasticity,
        )


def listed_places(
    drawn: Drawn,
    costs: ServiceCosts,
    worth: Worth,
    elasticity: Mapping[str, Elasticity],
    policy: FeedbackPolicy,
    currency: str,
    no_more: Collection[str],
) -> tuple[Listed, ...]:
    """The places to bid less or more for, each for the first reason that holds.

    Parameters
    ----------
    elasticity : channel → what customers follow of spend; a channel without takes the policy's
    no_more : channels that may not be given more: operations are full, or cover is thin
    """
    places = _places(drawn, costs, worth, elasticity, policy)
    chances = {r: np.array([seen.chance(r, policy) for seen in places]) for r in REASONS}
    named = {r: discovered(chance, policy.false_share) for r, chance in chances.items()}
    found = []
    for row, seen in enumerate(places):
        reason = next((r for r in REASONS if named[r][row]), None)
        if reason is not None and not (reason == "good" and seen.key[0] in no_more):
            found.append(Listed(seen, reason, float(chances[reason][row]), currency))
    return tuple(found)


def target_changes(listed: Iterable[Listed], policy: FeedbackPolicy) -> tuple[TargetChange, ...]:
    """The changes, the one that brings most first: ``strength`` and bounds are the policy's."""
    kept = [change for one in listed if (change := one.change(policy)) is not None]
    return tuple(sorted(kept, key=lambda c: (-(c.effect.value or 0), c.channel, c.region)))


def _places(
    drawn: Drawn,
    costs: ServiceCosts,
    worth: Worth,
    elasticity: Mapping[str, Elasticity],
    policy: FeedbackPolicy,
) -> list[_Seen]:
    """The places of channels with spend and enough orders to be judged."""
    by_place, by_channel = drawn.by_place, drawn.by_channel
    added, pooled = by_place.added(costs), by_channel.added(costs)
    channel_row = {name: row for row, name in enumerate(by_channel.rows["channel"])}
    orders = by_place.rows["orders"].to_numpy()
    spend, new = (drawn.bought[name].to_numpy(dtype=float) for name in ("spend", "new_customers"))
    per_late = _per_late(by_place, costs)
    found = []
    for row, key in enumerate(_keys(by_place.rows)):
        at = drawn.bought_at.get(key)
        if at is None or not spend[at] > 0 or orders[row] < policy.min_orders:
            continue
        found.append(
            _Seen(
                key=key,
                spend=float(spend[at]),
                new=float(new[at]),
                late=by_place.shares["late"][row],
                added=added[row],
                pooled=pooled[channel_row[key[0]]],
                cac=drawn.cac[at],
                channel_cac=drawn.cac_of(key[0]),
                worth=worth.of(key[0]),
                elasticity=elasticity.get(key[0])
                or Elasticity.assumed(policy.spend_elasticity, added.shape[1]),
                material_share=policy.material_share,
                per_late=per_late,
            )
        )
    return found


def _modifier(seen: _Seen, reason: Reason, policy: FeedbackPolicy) -> float:
    """Bids in proportion to what a customer is worth after service, within the policy's bounds."""
    if reason == "dear":
        return policy.least_modifier
    ratio = -seen.usual_excess / seen.basis
    bounded = np.clip(policy.strength * ratio, policy.least_modifier, policy.most_modifier)
    return round(float(bounded), 2)


def _effect(seen: _Seen, reason: Reason, modifier: float) -> np.ndarray:
    """Contribution of a quarter, as draws.

    Customers go with spend to the power of the elasticity. What a slow place gives up is spent in
    the rest of the channel at equal CAC: it gains the difference in service. What a place gives up
    that costs more than its customers are worth is saved, less what they would have brought.
    """
    follow = seen.elasticity.draws
    if reason == "dear":
        share_lost = 1 - (1 + modifier) ** follow
        kept_worth = np.maximum(seen.worth - seen.added, 0)
        customers = seen.spend / seen.cac
        return -modifier * seen.spend - share_lost * customers * kept_worth
    moved = -modifier * seen.spend
    return moved * follow * seen.excess / seen.channel_cac


def _reverse_at(seen: _Seen, reason: Reason) -> float:
    if reason == "dear":
        return float(np.median(seen.worth - seen.added))
    gap = seen.usual_excess - (seen.material if reason == "slow" else -seen.material)
    return float(np.clip(np.median(seen.late) - gap / max(seen.per_late, 1e-9), 0, 1))


def _per_late(shares: Shares, costs: ServiceCosts) -> float:
    """What one more late order costs, as far as it is known to come from lateness [currency]."""
    return max(costs.of("late") + float(np.median(shares.lost)) + costs.of("ticket"), 0.01)


def _keys(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(rows[["channel", *PLACE]].itertuples(index=False, name=None))
