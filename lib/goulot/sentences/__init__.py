"""What a step found, in a sentence of the reader's language."""

from goulot.sentences import constraint, demand_map, intake

__all__ = ["constraint", "demand_map", "intake"]
