"""What marketing has planned: the events that client.yml may list."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from goulot.errors import closest
from goulot.fields import CHANNELS


class CalendarEvent(BaseModel):
    """An event of the marketing calendar: days as 2026-11-27, demand as a multiple of normal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    event: str = Field(min_length=1)
    kind: Literal["promotion", "season", "influencer", "launch"]
    starts_on: date
    ends_on: date | None = None  # the first day, where it is left out
    channel: str | None = None
    category: str | None = None
    expected_multiplier: float | None = Field(None, gt=0)

    @field_validator("channel")
    @classmethod
    def _channel_is_known(cls, channel: str | None) -> str | None:
        if channel and channel not in CHANNELS:
            near = closest(channel, CHANNELS) or ", ".join(CHANNELS)
            raise ValueError(f"is not a channel; the closest is {near!r}")
        return channel

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        starts_on = info.data.get("starts_on")
        if ends_on and starts_on and ends_on < starts_on:
            raise ValueError(f"lies before starts_on, {starts_on}")
        return ends_on
