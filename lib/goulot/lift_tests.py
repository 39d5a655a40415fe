"""Tests of what advertising brings, as client.yml declares them under ``lift_tests``."""

from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from goulot.errors import closest
from goulot.fields import CHANNELS


class LiftTest(BaseModel):
    """A test of what spend on a channel brings: customers that would not have come without it.

    ``incremental_customers`` over the whole test, with the ends of the 90 % interval; ``spend`` is
    what was spent more than without the test [currency], negative where spend was cut: then the
    customers are negative too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: str
    starts_on: date
    ends_on: date
    incremental_customers: float
    low: float
    high: float
    spend: float

    @field_validator("channel")
    @classmethod
    def _channel_is_known(cls, channel: str) -> str:
        if channel not in CHANNELS:
            near = closest(channel, CHANNELS) or ", ".join(CHANNELS)
            raise ValueError(f"names the channel {channel!r}; the closest is {near!r}")
        return channel

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        if not self.low <= self.incremental_customers <= self.high or self.low == self.high:
            raise ValueError(
                "low, incremental_customers and high must rise: write the 90 % interval of the test"
            )
        if self.ends_on < self.starts_on:
            raise ValueError("ends_on lies before starts_on")
        if self.spend == 0:
            raise ValueError("spend is 0: write what was spent more, or -500 where 500 was cut")
        return self
