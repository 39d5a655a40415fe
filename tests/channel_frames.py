"""Marts of a small shop with channels, made up so that what is true of it is known."""

import numpy as np
import pandas as pd
from goulot.quarter import Quarter

QUARTER = Quarter(2026, 3)
WEEKS = 104
MONDAYS = pd.date_range("2024-10-07", periods=WEEKS, freq="7D")
SEASON = 1 + 0.25 * np.sin(2 * np.pi * (np.arange(WEEKS) + 40) / 52.18)
TOP, HALF, BASE = 90.0, 1200.0, 10.0  # of paid search, customers a week and currency a week


def channel_week(seed: int = 1, *, spread: float = 0.35, tracked: float = 1.0) -> pd.DataFrame:
    """The mart ``channel_week``: search (a curve), social (spend that never moved), organic."""
    rng = np.random.default_rng(seed)
    spend = {
        "Paid Search": 1000 * np.exp(rng.normal(0, spread, WEEKS)),
        "Paid Social": np.full(WEEKS, 800.0),
        "Organic Search": np.full(WEEKS, np.nan),
    }
    search = BASE + TOP * spend["Paid Search"] / (HALF + spend["Paid Search"])
    mean = {"Paid Search": search, "Paid Social": 30.0, "Organic Search": 80.0}
    new = {name: rng.poisson(SEASON * mean[name]) for name in mean}
    if tracked < 1:
        lost = {name: rng.binomial(count, 1 - tracked) for name, count in new.items()}
        new = {name: count - lost[name] for name, count in new.items()}
        new["Unattributed"] = np.sum(list(lost.values()), axis=0)
        spend["Unattributed"] = np.full(WEEKS, np.nan)
    parts = [_rows(name, count, spend[name]) for name, count in new.items()]
    return pd.concat(parts, ignore_index=True)


def _rows(channel: str, new: np.ndarray, spend: np.ndarray) -> pd.DataFrame:
    frame = {
        "week_starts_on": MONDAYS,
        "channel": channel,
        "days": 7,
        "orders": new * 2,
        "new_customers": new,
        "orders_without_customer": 0,
        "revenue": new * 2 * 60.0,
        "contribution": new * 2 * 30.0,
        "spend": spend,
        "conversions": np.where(np.isnan(spend), np.nan, new * 1.3),
    }
    return pd.DataFrame(frame)


def true_slope(spend: float) -> float:
    """Of paid search at a weekly spend, in the season of the third quarter."""
    season = SEASON[(pd.Timestamp("2026-07-01") <= MONDAYS) & (MONDAYS <= "2026-09-24")].mean()
    return float(season * TOP * HALF / (HALF + spend) ** 2)
