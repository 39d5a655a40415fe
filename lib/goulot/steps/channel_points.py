"""The points that the pictures of the channels are drawn from."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from goulot.methods.response import ResponseFit
from goulot.steps.channels import ChannelReport
from goulot.steps.customer_money import brought_by_age

POINTS = 60  # of a curve
DRAWN_TO = 1.25  # of the highest weekly spend seen
OLDEST_DAYS = 400  # of a payback


def curve_points(fits: Mapping[str, ResponseFit]) -> pd.DataFrame:
    """channel, spend [currency/week], added, low, high [customers/week] and part: seen or beyond
    the highest spend seen; the two parts share a point."""
    frames = []
    for channel, fit in sorted(fits.items()):
        most = fit.curve.observed_max
        spend = np.linspace(0, DRAWN_TO * most, POINTS)
        low, high = np.percentile(fit.draws.added(spend), (5, 95), axis=0)
        frame = pd.DataFrame(
            {"channel": channel, "spend": spend, "added": fit.curve.added(spend), "low": low,
             "high": high}
        )  # fmt: skip
        frames.append(frame[spend <= most].assign(part="seen"))
        frames.append(frame[np.append(spend[1:], np.inf) > most].assign(part="beyond"))
    columns = ["channel", "spend", "added", "low", "high", "part"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def today_points(report: ChannelReport) -> pd.DataFrame:
    """channel, spend and added: where each channel with a curve stands."""
    rows = [
        {"channel": row.channel, "spend": row.spend_per_week,
         "added": float(report.curves.fits[row.channel].curve.added(row.spend_per_week))}
        for row in report.rows
        if row.channel in report.curves.fits
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["channel", "spend", "added"])


def payback_points(report: ChannelReport) -> pd.DataFrame:
    """channel, age_days, left: contribution per customer up to that age, less the CAC."""
    cac = {row.channel: row.cac.value for row in report.rows if row.cac.value is not None}
    known = [c for c in sorted(cac) if c in report.ages and report.ages[c].has_margin]
    if not known:
        return pd.DataFrame(columns=["channel", "age_days", "left"])
    rows = brought_by_age({channel: report.ages[channel] for channel in known})
    rows = rows[rows["age_days"] <= OLDEST_DAYS].reset_index(drop=True)
    left = rows["brought"] - rows["channel"].map(cac).astype(float)
    return rows.assign(left=left)[["channel", "age_days", "left"]]
