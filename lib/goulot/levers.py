"""What could be had when demand jumps, as client.yml declares it under ``levers``."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Lever(BaseModel):
    """Something that adds capacity or removes demand, at a lead time and a price.

    ``adds_per_day``: orders a working day; of the stages supply and stock, units a day.
    ``lead_hours`` from the call until it begins, ``ramp_hours`` more until it does all it can,
    ``lasts_days`` at most (left out: as long as need be). ``cost_per_order``: in full, of an order
    that it packs; of the stages supply and stock on top, of an order whose goods it brings.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    stage: Literal["acquisition", "stock", "supply", "fulfillment", "delivery", "support"]
    adds_per_day: float = Field(0, ge=0)
    removes_share: float = Field(0, ge=0, le=1)
    lead_hours: float = Field(0, ge=0)
    ramp_hours: float = Field(0, ge=0)
    lasts_days: float | None = Field(None, gt=0)
    cost_per_order: float = Field(0, ge=0)
    standby_per_month: float = Field(0, ge=0)
