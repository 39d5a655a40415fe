"""What the channels' findings will be next quarter if an action is taken."""

from collections.abc import Sequence

import numpy as np

from goulot.findings import Figure, Prediction
from goulot.steps.channel_figures import Z_90, marginal_cac_figure, slug
from goulot.steps.channel_plan import Room
from goulot.steps.channel_weeks import NO_CHANNEL
from goulot.steps.channels import ChannelReport
from goulot.steps.foretelling import at_most, falls, stays

STEPS = (0.5, 1.0)  # of the way to the best spend: where a quarter that shifts it lies on average


def when_shifted(report: ChannelReport, moves: Sequence[tuple[str, float]]) -> Prediction | None:
    """The marginal CAC of the channel that moves most, read off its curve at the new spend.

    ``moves``: channel, and by how much its spend changes [currency/week]. The curve's interval is
    that of what is true; what a longer history makes of it lies inside at least as often.
    """
    channel, by = max(moves, key=lambda move: (abs(move[1]), move[0]))
    today = report.plan.today[channel]
    if not today:
        return None
    row = report.weeks.row(channel)
    spent = np.nan_to_num(report.weeks.spend[row][report.weeks.in_quarter])
    at = [
        marginal_cac_figure(
            report.curves.fits[channel], "", spent * (1 + share * by / today),
            report.declared.currency, together=report.curves.together,
        )
        for share in STEPS
    ]  # fmt: skip
    if any(figure.low is None or figure.high is None for figure in at):
        return None
    return Prediction(
        finding=f"channels.marginal_cac.{slug(channel)}",
        now=_row(report, channel).marginal_cac.value,  # type: ignore[arg-type]
        low=min(figure.low for figure in at),  # type: ignore[type-var]
        high=max(figure.high for figure in at),  # type: ignore[type-var]
    )


def keeps_to_capacity(room: Room) -> Prediction | None:
    """The tightest stage is not asked for more than it can do."""
    if room.stage is None or not room.orders_at_limit:
        return None
    used = room.orders_today / room.orders_at_limit
    return at_most(f"constraint.utilization.{room.stage}", used, 1.0)


def tested(report: ChannelReport, channel: str) -> Prediction | None:
    """What the test finds lies in the present interval; None without a curve to be tested."""
    return stays(f"channels.marginal_cac.{slug(channel)}", _row(report, channel).marginal_cac)


def tracked(report: ChannelReport) -> Prediction | None:
    """Fewer new customers without a channel, by more than chance (normal approximation)."""
    count = report.new_customers
    if NO_CHANNEL not in report.weeks.channels or not count:
        return None
    share = float(_row(report, NO_CHANNEL).share.value or 0.0)
    half = float(Z_90 * np.sqrt(share * (1 - share) / count))
    today = Figure(value=share, low=share - half, high=share + half, unit="share", basis="observed")
    return falls(f"channels.share.{slug(NO_CHANNEL)}", today)


def _row(report: ChannelReport, channel: str):
    return next(row for row in report.rows if row.channel == channel)
