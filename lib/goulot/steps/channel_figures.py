"""What a channel costs, as figures with interval and basis."""

import re

import numpy as np

from goulot.findings import Figure
from goulot.methods.response import ResponseFit
from goulot.steps.channel_weeks import ChannelWeeks
from goulot.steps.customer_money import NO_CUSTOMERS, NO_SPEND, Worth
from goulot.steps.stages import interval

Z_90 = 1.645  # standard errors from the middle to the end of a 90 % interval

UNTRACKED = "many new customers have no channel: the true cost per customer is lower"
LEARNED_TOGETHER = "learned from all new customers, because many have no channel"
FLAT = "the curve is flat there: more spend adds next to nothing"
NOTES = (UNTRACKED, LEARNED_TOGETHER, FLAT)


def slug(channel: str) -> str:
    """``Paid Search`` → ``paid_search``, as findings are named."""
    return re.sub(r"[^a-z0-9]+", "_", channel.lower()).strip("_")


def cac_figure(spend: Figure, customers: float, dispersion: float, currency: str, *,
               untracked: bool) -> Figure:  # fmt: skip
    """Spend over new customers; the interval is that of an over-dispersed count."""
    if not isinstance(spend.value, float) or not spend.value:
        return Figure.unknown(currency, spend.note or NO_SPEND)
    if not customers:
        return Figure.unknown(currency, NO_CUSTOMERS)
    half = float(Z_90 * np.sqrt(dispersion * customers))
    return Figure(
        value=spend.value / customers,
        low=spend.value / (customers + half),
        high=spend.value / max(customers - half, 1.0),
        unit=currency,
        basis="observed",
        bound="at most" if untracked else "exact",
        note=UNTRACKED if untracked else "",
    )


def added_cac_figure(fit: ResponseFit, spend: np.ndarray, currency: str) -> Figure:
    """Spend over the new customers that it added by the curve: what a channel's own count, too low
    where many customers have no channel, cannot tell."""
    if not spend.sum() > 0:
        return Figure.unknown(currency, NO_SPEND)
    value = float(spend.sum()) / max(float(fit.curve.added(spend).sum()), 1e-9)
    low, high = interval(spend.sum() / np.maximum(fit.draws.added(spend).sum(axis=1), 1e-9))
    return Figure(value=value, low=min(low, value), high=max(high, value), unit=currency,
                  basis="observed", note=LEARNED_TOGETHER)  # fmt: skip


def marginal_cac_figure(
    fit: ResponseFit | None, why_not: str, spend: np.ndarray, currency: str, *, together: bool
) -> Figure:
    """What the next customer costs if the quarter's weekly ``spend`` is raised in proportion."""
    if fit is None or not spend.sum() > 0:
        return Figure.unknown(currency, why_not or NO_SPEND)
    total = spend.sum()
    value = float(total / max(float(fit.curve.slope(spend) @ spend), 1e-9 * total))
    draws = total / np.maximum(fit.draws.slope(spend) @ spend, 1e-9 * total)
    low, high = interval(draws)
    note = LEARNED_TOGETHER if together else ""
    if high > 100 * value:
        note = FLAT
    return Figure(value=value, low=min(low, value), high=max(high, value), unit=currency,
                  basis="observed", note=note)  # fmt: skip


def saturation_figure(fit: ResponseFit | None, why_not: str, spend: float) -> Figure:
    """Share of what spend can add at most that today's spend reaches."""
    if fit is None or not spend > 0:
        return Figure.unknown("share", why_not or NO_SPEND)
    value = float(fit.curve.saturation(spend))
    draws = fit.draws.added(spend)[:, 0] / np.maximum(fit.draws.top, 1e-9)
    low, high = interval(draws)
    return Figure(value=value, low=min(low, value), high=max(high, value), unit="share",
                  basis="observed")  # fmt: skip


def ltv_to_cac_figure(worth: Worth | None, cac: Figure, ltv: Figure) -> Figure:
    """Worth of a customer over its cost [times]."""
    if worth is None or not isinstance(cac.value, float):
        return Figure.unknown("times", ltv.note if worth is None else cac.note)
    value = worth.value / cac.value
    low, high = (ltv.low / cac.high, ltv.high / cac.low)
    bound = "at least" if "at most" in cac.bound or ltv.bound == "at least" else "exact"
    return Figure(value=value, low=min(low, value), high=max(high, value), unit="times",
                  basis="observed", bound=bound, note=ltv.note)  # fmt: skip


def spend_figure(weeks: ChannelWeeks, channel: str, currency: str) -> Figure:
    """Spend in the whole weeks of the quarter; unknown where no export names the channel."""
    spend = weeks.spend[weeks.row(channel)][weeks.in_quarter]
    if not np.isfinite(spend).any():
        return Figure.unknown(currency, NO_SPEND)
    return Figure(value=float(np.nansum(spend)), unit=currency, basis="observed")
