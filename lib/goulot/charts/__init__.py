"""Every picture: a result in, an Altair chart out, titled with its finding. No arithmetic."""

from goulot.charts import constraint, demand_map, intake
from goulot.charts.theme import described, enable

__all__ = ["constraint", "demand_map", "described", "enable", "intake"]

enable()
