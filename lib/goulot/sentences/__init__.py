"""What a step found, in a sentence of the reader's language."""

from goulot.sentences import constraint, intake

__all__ = ["constraint", "intake"]
