"""How far a channel's CAC moves from one quarter to the next, whatever anybody does."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from goulot.quarter import Quarter

MOST_QUARTERS = 9  # looked back on
LEAST_CHANGES = 3  # of a channel; fewer say nothing


def cac_drifts(rows: pd.DataFrame, quarter: Quarter) -> Mapping[str, float]:
    """Channel → root mean square of the change of log CAC between quarters that follow each other.

    Seasons are in it: the next quarter has one too. A channel with too few quarters is left out.

    Parameters
    ----------
    rows : the mart ``channel_region_quarter``
    """
    named = [quarter]
    while len(named) < MOST_QUARTERS:
        named.append(named[-1].previous)
    order = [str(one) for one in reversed(named)]
    sums = rows[rows["quarter"].isin(order)].groupby(["channel", "quarter"], sort=True)
    sums = sums[["spend", "new_customers"]].sum().astype(float)
    told = sums[(sums["spend"] > 0) & (sums["new_customers"] > 0)]
    log_cac = (
        np.log(told["spend"] / told["new_customers"]).unstack("quarter").reindex(columns=order)
    )
    change = log_cac.diff(axis=1)
    known = change.notna().sum(axis=1) >= LEAST_CHANGES
    spread = np.sqrt((change**2).mean(axis=1))[known]
    return {str(name): float(value) for name, value in spread.items()}
