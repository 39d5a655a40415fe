"""What it costs the client when something goes wrong with an order, as client.yml declares it."""

from pydantic import BaseModel, ConfigDict, Field


class Service(BaseModel):
    """Currency an event; what is left out is assumed, and marked so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    late_cost: float | None = Field(None, ge=0)  # voucher or postage given back, per late order
    ticket_cost: float | None = Field(None, ge=0)
    replacement_cost: float | None = Field(None, ge=0)
