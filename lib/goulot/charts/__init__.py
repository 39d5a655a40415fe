"""Every picture: a result in, an Altair chart out, titled with its finding. No arithmetic."""

from goulot.charts import (
    calendar,
    channels,
    constraint,
    delivery,
    demand_map,
    feedback,
    feedback_tables,
    intake,
    lifetime,
    outlook,
    premium,
    review,
    spikes,
    subscribers,
)
from goulot.charts.theme import described, enable

__all__ = [
    "calendar",
    "channels",
    "constraint",
    "delivery",
    "demand_map",
    "described",
    "enable",
    "feedback",
    "feedback_tables",
    "intake",
    "lifetime",
    "outlook",
    "premium",
    "review",
    "spikes",
    "subscribers",
]

enable()
