"""The panel of feedback loops: what ads held back save, product by product, as the cover moves."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from goulot.charts.theme import GOOD
from goulot.language import Language
from goulot.steps.feedback import FeedbackReport

MOST_SKUS = 12


def held_data(report: FeedbackReport, skus: Sequence[str]) -> pd.DataFrame:
    """One row per SKU of ``skus``: what holding its ads back saves, 0 where they are not."""
    found = {outlook.sku: outlook for outlook in report.outlooks}
    rows = [
        {
            "row": f"{found[sku].title} ({sku})",
            "saved": found[sku].saved.value if found[sku].is_throttled else 0.0,
        }
        for sku in skus
    ]
    return pd.DataFrame(rows, columns=["row", "saved"])


def held(report: FeedbackReport, skus: Sequence[str], language: Language) -> alt.LayerChart:
    """Bars over the dataset ``held``, on an axis that keeps still."""
    most = max((o.saved.value for o in report.outlooks if o.sku in set(skus)), default=1.0)
    bars = (
        alt.Chart(alt.NamedData("held"))
        .mark_bar(height={"band": 0.6}, color=GOOD)
        .encode(
            y=alt.Y("row:N", axis=alt.Axis(labelLimit=300)).title(None),
            x=alt.X("saved:Q", axis=alt.Axis(format="$,.0f"))
            .scale(domain=[0, most], clamp=True)
            .title(language.say("saved by holding ads back")),
        )
    )
    return alt.layer(bars).properties(
        width="container",
        height=alt.Step(22),
        description=language.say("What holding ads back saves, by product"),
    )
