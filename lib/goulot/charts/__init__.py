"""Every picture: a result in, an Altair chart out, titled with its finding. No arithmetic."""

from goulot.charts.theme import described, enable

__all__ = ["described", "enable"]

enable()
