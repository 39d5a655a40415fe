"""First deliveries, some late, with a planted effect on repeat purchases."""

from datetime import date

import numpy as np
import pandas as pd

FIRST, LAST = date(2024, 10, 1), date(2026, 9, 30)


def deliveries(seed: int = 1, rows: int = 4000, effect: float = -0.12) -> pd.DataFrame:
    """The mart ``first_delivery``: remote customers get it late more often and buy less anyway."""
    rng = np.random.default_rng(seed)
    remote = rng.random(rows) < 0.3
    late = rng.random(rows) < np.where(remote, 0.35, 0.12)
    chance = np.where(remote, 0.25, 0.40) + effect * late
    back = rng.random(rows) < chance
    basket = rng.gamma(4, 15, rows)
    later = back * rng.gamma(4, 8, rows)
    first = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 250, rows), unit="D")
    after = pd.Series(np.where(back, rng.integers(5, 170, rows), -1), dtype="Int64")
    return pd.DataFrame(
        {
            "first_ordered_on": first,
            "channel": rng.choice(["Email", "Direct"], rows),
            "country": "FR",
            "region": np.where(remote, "Corse", "Bretagne"),
            "category": "A",
            "basket": basket,
            "is_late": pd.array(late, dtype="boolean"),
            "is_split": pd.array(rng.random(rows) < 0.05, dtype="boolean"),
            "days_late": pd.array(np.where(late, rng.integers(1, 6, rows), -1), dtype="Int64"),
            "days_to_deliver": pd.array(np.where(late, 7, rng.integers(1, 5, rows)), dtype="Int64"),
            "seen_days": 400,
            "second_after_days": after.where(after > 0),
            "later_90": later / 2,
            "later_180": later,
            "later_365": later,
        }
    )
