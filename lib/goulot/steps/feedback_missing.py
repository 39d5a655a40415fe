"""What step 4 would need to say more, by what is not there."""

import pandas as pd

from goulot.findings import Missing
from goulot.steps.ad_links import BY_NAME
from goulot.steps.feedback_inputs import Declared, FeedbackMarts
from goulot.steps.needs import FEEDBACK_NEEDS


def what_is_missing(
    whole: FeedbackMarts,
    marts: FeedbackMarts,
    now: pd.DataFrame,
    links: pd.DataFrame,
    declared: Declared,
) -> tuple[Missing, ...]:
    """Spend by region, lateness, links from campaigns to SKUs, stock, a gross margin.

    Tables that are missing as a whole are told by the step's needs; this is about columns, and
    about quarters: ``whole`` are the marts of all quarters, ``marts`` those of this one.
    """
    spent = now[now["spend"].fillna(0) != 0]
    holes = {
        "regions": len(spent) > 0 and not spent["country"].notna().any(),
        "late": len(now) > 0 and not now["judged_orders"].sum() > 0,
        "stock": len(whole.sku_cover_quarter) > 0 and marts.sku_cover_quarter.empty,
        "links": len(marts.campaign_day) > 0
        and len(marts.sku_cover_quarter) > 0
        and (links.empty or (links["how"] == BY_NAME).any()),
        "margin": declared.gross_margin is None,
    }
    return tuple(
        Missing(step="feedback", export=FEEDBACK_NEEDS[name][0], costs=FEEDBACK_NEEDS[name][1])
        for name, is_open in holes.items()
        if is_open
    )
