"""What a step found, in a sentence of the reader's language."""

from goulot.sentences import (
    calendar,
    channel_actions,
    channel_money,
    channel_outlook,
    channels,
    constraint,
    demand_map,
    feedback,
    feedback_actions,
    feedback_files,
    intake,
    review,
    spikes,
)

__all__ = [
    "calendar",
    "channel_actions",
    "channel_money",
    "channel_outlook",
    "channels",
    "constraint",
    "demand_map",
    "feedback",
    "feedback_actions",
    "feedback_files",
    "intake",
    "review",
    "spikes",
]
